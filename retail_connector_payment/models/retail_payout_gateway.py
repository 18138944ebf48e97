from odoo import models

from .retail_gateway import ROLE_FIELDS


class RetailGateway(models.Model):
    """A gateway whose accounts are set: payouts that waited for one go on."""

    _inherit = "retail.gateway"

    def write(self, vals):
        """Override: let parked payouts be tied out again when an account is set."""
        result = super().write(vals)
        if vals.keys() & {*ROLE_FIELDS.values(), "journal_id", "booking"}:
            domain = [("gateway_id", "in", self.ids), ("state", "=", "parked")]
            self.env["retail.payout"].sudo().search(domain)._settle_again()
        return result

    def _note_missed(self):
        """Override: note what payouts did to the balance while the gateway was not booked here."""
        result = super()._note_missed()
        for payout in self.env["retail.payout"].sudo().search([("gateway_id", "in", self.ids)]):
            if payout.state not in ("settling", "settled"):
                payout._advance()
        return result
