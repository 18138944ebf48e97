from odoo import models


class RetailGateway(models.Model):
    """Where the figures of a gateway's page lead."""

    _inherit = "retail.gateway"

    def action_open_unsettled(self):
        """Open the entries that no payout has settled yet."""
        domain = [("state", "=", "posted")]
        return self._open_list("retail.ledger.entry", self.env._("Unsettled"), domain)

    def action_open_to_post(self):
        """Open the entries that wait to be posted."""
        domain = [("state", "=", "to_post")]
        return self._open_list("retail.ledger.entry", self.env._("Waiting to Be Posted"), domain)

    def action_open_entries(self):
        """Open everything that happened at the gateway."""
        return self._open_list("retail.ledger.entry", self.env._("Ledger"))

    def action_open_payments(self):
        """Open its payments."""
        return self._open_list("retail.payment", self.env._("Payments"))

    def action_open_payouts(self):
        """Open its payouts."""
        return self._open_list("retail.payout", self.env._("Payouts"))

    def action_open_parked(self):
        """Open the payouts that cannot be settled yet."""
        domain = [("state", "=", "parked")]
        return self._open_list("retail.payout", self.env._("Parked Payouts"), domain)

    def action_open_exceptions(self):
        """Open the problems of this gateway."""
        self.ensure_one()
        self.check_access("read")
        ids = [exception_id for exception_id, _amount in self.sudo()._open_exceptions()[self.id]]
        xmlid = "retail_connector_base.retail_exception_action"
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {**action, "domain": [("id", "in", ids)], "context": {}}

    def action_open_clearing(self):
        """Open the journal items of the clearing account."""
        return self._open_items("clearing_account_id", self.env._("Clearing Account"))

    def action_open_in_transit(self):
        """Open the payouts' journal items that the bank has not shown yet."""
        action = self._open_items("transit_account_id", self.env._("In Transit to the Bank"))
        domain = [("journal_id", "=", self.sudo().journal_id.id), ("reconciled", "=", False)]
        return {**action, "domain": [*action["domain"], *domain]}

    def action_open_flow(self):
        """Open what came and went in the last 30 days, drawn."""
        self.ensure_one()
        self.check_access("read")
        xmlid = "retail_connector_payment.retail_gateway_report_action"
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {**action, "context": {"search_default_gateway_id": self.id,
                                      "search_default_last_month": 1}}  # fmt: skip

    def action_set_up(self):
        """Open the set-up of these gateways."""
        self.check_access("read")
        return self.env["retail.gateway.setup"]._open(self)

    def _open_list(self, model, name, domain=()):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": f"{name}: {self.name}",
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("gateway_id", "=", self.id), *domain],
            "context": {"create": False},
        }

    def _open_items(self, account, name):
        action = self._open_list("account.move.line", name)
        posted = [("account_id", "=", self.sudo()[account].id), ("parent_state", "=", "posted")]
        return {**action, "domain": posted}
