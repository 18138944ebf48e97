from odoo import fields, models


class RetailProductAttribute(models.Model):
    """One statement about a product, e.g. material: wool, told by the system that owns content.

    Kept apart from Odoo's attributes, which make variants and are chosen when something is sold.
    """

    _name = "retail.product.attribute"
    _description = "Retail Product Attribute"
    _order = "product_tmpl_id, sequence, id"

    product_tmpl_id = fields.Many2one(
        "product.template", required=True, readonly=True, ondelete="cascade", index=True
    )
    backend_id = fields.Many2one(
        "retail.backend", string="Told by", required=True, readonly=True, ondelete="cascade",
        index=True,
    )  # fmt: skip
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    sequence = fields.Integer(readonly=True)
    name = fields.Char(required=True, readonly=True)
    value = fields.Char(required=True, readonly=True)
