from odoo import api, models

from odoo.addons.retail_connector_base.providers import Capability


class RetailExporterVoidPayment(models.AbstractModel):
    """Authorised money that is set free."""

    _name = "retail.exporter.void_payment"
    _description = "Retail Exporter: voids"
    _inherit = ["retail.exporter.capture_payment"]

    _capability = Capability.VOID_PAYMENT

    @api.model
    def _is_wanted(self, command):
        """Override: not when it was set free already, or nothing is left to set free."""
        payment = self._payment(command)
        return not payment or not (self._is_set_free(payment) or self._is_all_taken(payment))

    def _is_all_taken(self, payment):
        taken = payment.search(
            [
                ("backend_id", "=", payment.backend_id.id),
                ("parent_external_id", "=", payment.external_id),
                ("kind", "=", "capture"),
                ("state", "=", "success"),
            ]
        )
        return payment.currency_id.compare_amounts(
            sum(taken.mapped("amount")), payment.amount
        ) >= 0  # fmt: skip
