from odoo import models


class AccountTax(models.Model):
    """Taxes bear upon prices that are shown with or without them."""

    _inherit = "account.tax"

    def write(self, vals):
        """Override: another rate means other prices."""
        result = super().write(vals)
        if {"amount", "amount_type", "price_include_override", "children_tax_ids"} & vals.keys():
            self.env["retail.backend"]._compare_all_prices()
        return result
