from odoo import fields, models


class RetailPayment(models.Model):
    """From a payment to what was booked of it."""

    _inherit = "retail.payment"

    def action_open_ledger_entries(self):
        """Open what happened at the gateway through this payment."""
        self.check_access("read")
        return self.env["retail.ledger.entry"]._open_for([("payment_id", "in", self.ids)])


class RetailOrderBinding(models.Model):
    """From an order to what was booked of its payments."""

    _inherit = "retail.order.binding"

    ledger_entry_count = fields.Integer(
        compute="_compute_ledger_entry_count", compute_sudo=True, string="Entries at Gateways"
    )

    def _compute_ledger_entry_count(self):
        counts = dict(
            self.env["retail.ledger.entry"]._read_group(
                [("order_binding_id", "in", self.ids)], ["order_binding_id"], ["__count"]
            )
        )
        for binding in self:
            binding.ledger_entry_count = counts.get(binding, 0)

    def action_open_ledger_entries(self):
        """Open what happened at gateways for this order."""
        self.check_access("read")
        return self.env["retail.ledger.entry"]._open_for([("order_binding_id", "in", self.ids)])


class RetailLedgerEntry(models.Model):
    """Lists of entries."""

    _inherit = "retail.ledger.entry"

    def _open_for(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_connector_payment.retail_ledger_entry_action"
        )
        return action | {"domain": domain, "context": {}}
