from odoo import models

from ..decisions.order_process import Step, StepState, may_become


class RetailOrderBinding(models.Model):
    """Cancelling: stock is freed, holds end, and the record shows what was taken back.

    Whoever has the order's goods is asked first: an addon that releases orders to somebody
    overrides ``_ask_to_stop`` and cancels the order itself (``_cancel``) once it was answered.
    """

    _inherit = "retail.order.binding"

    def _ask_to_stop(self, reason=""):
        """Ask whoever was told to send these orders not to; return those that must wait for that.

        The others may be cancelled at once. An order that waits is cancelled when all have agreed;
        where one refuses, an exception shows it. Asking again while an answer is awaited, or after
        it was refused, asks nobody a second time.
        """
        return self.browse()

    def _may_change_address(self):
        """Tell whether an order may still be sent to another address."""
        self.ensure_one()
        return may_become(self.state, "released")

    def _cancel(self, note):
        """Cancel orders that are not cancelled yet, without any mail. Nobody is asked any more."""
        for binding in self.filtered(lambda b: b.state != "cancelled"):
            order = binding.odoo_id.with_context(**binding._quiet(binding.backend_id))
            if order.state != "cancel":
                order.action_unlock()
                order.action_cancel()
            binding.hold_ids.filtered("active")._end()
            binding.state = "cancelled"
            self.env["retail.channel.sale"]._give_back(binding)
            taken_back = [Step.VALIDATED, Step.RESERVED]
            binding._record_steps(*taken_back, state=StepState.COMPENSATED, note=note)
