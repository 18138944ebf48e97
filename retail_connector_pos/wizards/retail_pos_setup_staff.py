from odoo import fields, models


class RetailPosSetupStaff(models.TransientModel):
    """Whom registers mean by a cashier's id. Nobody has to be chosen."""

    _name = "retail.pos.setup.staff"
    _description = "Set Up Stores: a cashier"
    _order = "word, id"

    setup_id = fields.Many2one("retail.pos.setup", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="setup_id.company_id")
    word = fields.Char(string="Registers Call Them", required=True)
    user_id = fields.Many2one(
        "res.users", string="Cashier", domain="[('company_ids', 'in', company_id)]"
    )

    def _title(self):
        return self.word

    def _problems(self):
        return []
