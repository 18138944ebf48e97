from odoo import api, models

from odoo.addons.retail_connector_base.providers import Capability


class RetailExporterRefundPayment(models.AbstractModel):
    """Money that goes back: the request follows what becomes of its command."""

    _name = "retail.exporter.refund_payment"
    _description = "Retail Exporter: refunds"
    _inherit = ["retail.exporter.payment_command"]

    _capability = Capability.REFUND_PAYMENT

    @api.model
    def _request(self, command):
        """Return the request that a command comes from, empty without one."""
        refunds = self.env["retail.refund"].sudo()
        return refunds.search([("command_id", "=", command.id)], limit=1)

    @api.model
    def _is_wanted(self, command):
        """Override: not when its request is over."""
        request = self._request(command)
        return not request or request.state in ("approved", "failed")

    @api.model
    def _on_done(self, command, result):
        """Override: note the gateway's id; its report confirms the refund."""
        request = self._request(command)
        if request:
            request._note_sent(result.external_ids)

    @api.model
    def _on_failed(self, command, error, text):
        """Override: show on the request what hinders it. It keeps its amount: it may yet go."""
        request = self._request(command)
        if not request or request.state not in ("approved", "failed"):
            return
        values = {"failure": text[:500]}
        if command.state == "blocked" and not command.in_doubt:
            values["state"] = "failed"
        request.write(values)

    @api.model
    def _on_cancelled(self, command):
        """Override: what will not be sent can be asked for anew."""
        request = self._request(command)
        if request and request.state in ("approved", "failed"):
            request._end("cancelled", self.env.user)
