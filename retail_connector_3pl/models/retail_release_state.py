from odoo import api, fields, models

from odoo.addons.retail_connector_base.decisions.order_process import Step, StepState

from ..decisions.release_progress import AT_WAREHOUSE, ENDED, is_contradiction, may_go

ANSWERED = ("accepted", "rejected", "on_hold")


class RetailRelease(models.Model):
    """How far a release has come, and what follows from that for its order."""

    _inherit = "retail.release"

    sent_at = fields.Datetime(readonly=True, copy=False, help="When the warehouse was told.")
    answered_at = fields.Datetime(
        readonly=True, copy=False, help="When the warehouse said that it takes it, or does not."
    )
    ended_at = fields.Datetime(readonly=True, copy=False)
    expected_ship_at = fields.Datetime(
        readonly=True, copy=False, help="When the warehouse means to send it."
    )

    def _take_state(self, state, reason="", external_id=None, reason_code=None, expected_at=None):
        """Note how far releases have come; return those that went on.

        ``state`` is a state of a release. Whatever would lead backwards changes nothing, so that
        words may come twice and late; a word that contradicts what left is shown to a person.
        ``reason`` are the warehouse's words, ``reason_code`` its code (see
        ``decisions.release_rejection``), ``external_id`` its number of the order, ``expected_at``
        when it means to send it (naive UTC). Callers hold no rights: it is the connector's.
        """
        moved = self.browse()
        for release in self.sudo():
            release._take_identity(external_id, expected_at)
            if may_go(release.state, state):
                release._go_to(state, reason, reason_code)
                moved |= release
            elif release.state == state and state in ("rejected", "on_hold"):
                release.reason = reason or release.reason
            elif is_contradiction(release.state, state):
                release._report_contradiction(state, reason)
        return moved

    def _take_identity(self, external_id, expected_at):
        if external_id and not self.external_id:
            self.external_id = external_id
        if expected_at:
            self.expected_ship_at = expected_at

    def _go_to(self, state, reason, reason_code):
        before, now = self.state, fields.Datetime.now()
        values = {"state": state, "reason": reason if state in ("rejected", "on_hold") else False}
        if state != "cancelled" and not self.sent_at:
            values["sent_at"] = now
        if state in ANSWERED or (not self.answered_at and state in ENDED):
            values["answered_at"] = now
        if state in ENDED:
            values["ended_at"] = now
        self.write(values)
        self._solve_problems()
        if before == "ready" and state in AT_WAREHOUSE:
            # What was changed while it was under way.
            self._mark_changed(self.picking_id)
        if before not in AT_WAREHOUSE and state in AT_WAREHOUSE:
            self._note_released()
        getattr(self, f"_on_{state}", self._on_other)(reason, reason_code)

    # What follows

    def _on_other(self, reason, reason_code):
        """React to a state from which nothing follows."""

    def _on_rejected(self, reason, reason_code):
        """Show the rejection to whoever can put it right; the order is not released any more."""
        self._report_rejection(reason, reason_code)
        self._note_taken_back(reason)
        # It need not be asked any more: it does not have it.
        cancelling = self.request_ids.filtered(lambda one: one.kind == "cancel")
        cancelling._answer(True, reason)

    def _on_on_hold(self, reason, reason_code):
        """Show why the warehouse waits."""
        self._report_hold(reason, reason_code)

    def _on_shipped(self, reason, reason_code):
        """Answer what was asked about goods that have left."""
        self._answer_what_left()

    def _on_delivered(self, reason, reason_code):
        """Move the order on when all of its releases have arrived."""
        self._answer_what_left()
        for binding in self.order_id.retail_binding_ids:
            if all(one.state in ("delivered", "cancelled") for one in self._of_order()):
                binding._advance("delivered")

    def _on_cancelled(self, reason, reason_code):
        """Carry out what the cancellation was asked for; one that nobody asked for is shown."""
        asked = self.request_ids.filtered(
            lambda request: request.kind == "cancel" and request.state != "dropped"
        )
        self._note_taken_back(reason)
        if asked:
            asked.filtered(lambda one: one.state == "asked")._close("accepted", reason)
            self._solve_problems(["release_cancel_refused"])
            asked._carry_out_cancellation()
        else:
            self._report_cancelled_there(reason)
        self.request_ids._drop(self.env._("The release is cancelled."))

    @api.model
    def _of(self, orders):
        """Return the releases of some orders."""
        return self.sudo().search([("order_id", "in", orders.ids)])

    def _of_order(self):
        return self._of(self.order_id)

    # The order's process

    def _note_released(self):
        for binding in self.sudo().order_id.retail_binding_ids:
            binding._record_steps(Step.RELEASED, note=self.name)
            binding._advance("released")

    def _note_taken_back(self, reason):
        """Note that an order is not released any more, unless another release of it stands."""
        if any(one.state in AT_WAREHOUSE or one.shipment_ids for one in self._of_order()):
            return
        for binding in self.sudo().order_id.retail_binding_ids:
            if binding._latest(binding.process_log or (), Step.RELEASED) is StepState.DONE:
                note = reason or self.name
                binding._record_steps(Step.RELEASED, state=StepState.COMPENSATED, note=note)
