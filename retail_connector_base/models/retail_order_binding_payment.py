from odoo import models

from ..decisions.hold import ConfirmOn, payment_suffices
from ..decisions.order_process import Step, StepState


class RetailOrderBinding(models.Model):
    """What the money of an order lets happen."""

    _inherit = "retail.order.binding"

    def _payment_suffices(self, state):
        """Tell whether a payment state lets this order go on: what is authorised, or more.

        An addon with a policy of its own overrides it.
        """
        self.ensure_one()
        is_free = self.currency_id.is_zero(self.amount_total)
        return payment_suffices(ConfirmOn.AUTHORIZED, state, is_free)

    def _counted_payment_state(self, word):
        """Return the payment state that counts when the channel says ``word``.

        The channel's own, unless an addon knows more.
        """
        return word

    def _take_back_payment(self):
        """Note that a payment which sufficed does not any more (voided, expired)."""
        for binding in self:
            if binding._latest(binding.process_log or (), Step.PAID) is StepState.DONE:
                binding._record_steps(Step.PAID, state=StepState.COMPENSATED)
