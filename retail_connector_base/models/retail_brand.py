from odoo import fields, models


class RetailBrand(models.Model):
    """A brand under which a company trades. Several backends may serve one brand."""

    _name = "retail.brand"
    _description = "Retail Brand"
    _order = "name"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )

    _name_unique = models.UniqueIndex("(company_id, name)", "A brand's name is unique.")
