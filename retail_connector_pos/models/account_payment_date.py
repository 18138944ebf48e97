from odoo import api, models

from .account_move_date import POSTING_DATE


class AccountPayment(models.Model):
    """Card payments of a closed day bear its business date."""

    _inherit = "account.payment"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: what closes a business day is paid on its date."""
        date = self.env.context.get(POSTING_DATE)
        if date:
            vals_list = [{**vals, "date": date} for vals in vals_list]
        return super().create(vals_list)
