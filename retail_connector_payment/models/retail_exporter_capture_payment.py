from odoo import api, models

from odoo.addons.retail_connector_base.providers import Capability


class RetailExporterCapturePayment(models.AbstractModel):
    """Authorised money that is taken."""

    _name = "retail.exporter.capture_payment"
    _description = "Retail Exporter: captures"
    _inherit = ["retail.exporter.payment_command"]

    _capability = Capability.CAPTURE_PAYMENT

    @api.model
    def _is_wanted(self, command):
        """Override: not for an authorisation that was set free or that failed."""
        payment = self._payment(command)
        return not payment or not self._is_set_free(payment)

    def _is_set_free(self, payment):
        domain = [
            ("backend_id", "=", payment.backend_id.id),
            ("parent_external_id", "=", payment.external_id),
            ("kind", "=", "void"),
            ("state", "=", "success"),
        ]
        failed = payment.state in ("failure", "error")
        return failed or bool(payment.search_count(domain, limit=1))

    @api.model
    def _on_done(self, command, result):
        """Override: ask for the payment, so that the books do not depend on one event."""
        wanted = command._command().payment_external_id
        self.env["retail.poll"]._refetch_after_commit(command.backend_id, "payment", wanted)
