from odoo import api, models

# Context key: the date of entries that a day's closing makes. Odoo takes today's.
POSTING_DATE = "retail_posting_date"


class AccountMove(models.Model):
    """Entries of a closed day bear its business date: also the cash statement lines' ones."""

    _inherit = "account.move"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: what closes a business day is posted on its date."""
        date = self.env.context.get(POSTING_DATE)
        if date:
            vals_list = [{**vals, "date": date} for vals in vals_list]
        return super().create(vals_list)
