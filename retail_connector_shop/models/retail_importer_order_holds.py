from odoo import models

from odoo.addons.retail_connector_base.canonical import FulfillmentState, PaymentState
from odoo.addons.retail_connector_base.decisions.hold import HoldReason
from odoo.addons.retail_connector_base.decisions.order_process import Step
from odoo.addons.retail_connector_base.models.stock_move import UNRESERVED


class RetailImporterOrder(models.AbstractModel):
    """Holds orders until they are paid as the backend's policy wants, and lets them go on."""

    _inherit = "retail.importer.order"

    def _let_go_on(self, backend, drafts):
        """Set and lift the payment hold of orders, then confirm in one go what may go on."""
        alive = [draft for draft in drafts if not draft.is_cancelled]
        paid = self._bindings(alive).filtered(
            lambda binding: binding._payment_suffices(PaymentState(binding.payment_state))
        )
        unpaid = self._bindings(alive) - paid
        holds = self.env["retail.order.hold"]
        if unpaid:
            holds._hold(unpaid, HoldReason.PAYMENT)
            unpaid.filtered("process_log")._take_back_payment()
        known = paid.filtered("is_held")
        if known:
            holds._lift(known, HoldReason.PAYMENT)
        paid._record_steps(Step.PAID)
        gone = self._bindings(draft for draft in alive if self._left_before(draft))
        if gone:
            holds._hold(gone, HoldReason.FULFILLED)
        self._confirm_ready(self._bindings(alive) if backend.hold_stock else paid, gone)

    def _left_before(self, draft):
        """Tell whether an order's goods had left when it was first heard of."""
        is_new = draft.plan is None
        return is_new and draft.order.fulfillment_state is FulfillmentState.FULFILLED

    def _confirm_ready(self, ready, gone):
        """Confirm orders that are quotations and may go on; what has left is not reserved again."""
        keeps_stock = ready.backend_id.hold_stock
        ready = ready.filtered(
            lambda b: (
                b.odoo_id.state in ("draft", "sent") and (keeps_stock or not b.is_held or b in gone)
            )
        )
        for bindings in (ready - gone, (ready & gone).with_context(**{UNRESERVED: True})):
            if bindings:
                bindings._confirm()

    def _bindings(self, drafts):
        return self.env["retail.order.binding"].union(*(draft.binding for draft in drafts))
