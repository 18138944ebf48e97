from odoo import api, models

from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome
from odoo.addons.retail_connector_base.decisions.problem import (
    ImportProblem,
    ItemFailures,
    Problem,
)
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from .order_draft import OrderDraft


class RetailImporterOrder(models.AbstractModel):
    """Makes sale orders of a channel's orders, whole or not at all.

    First everything is found and computed, over the whole batch; what cannot be imported is named
    in one go. Only then is anything written.
    """

    _name = "retail.importer.order"
    _description = "Retail Importer: orders"
    _inherit = ["retail.importer"]

    _binding_model = "retail.order.binding"

    @api.model
    def _apply(self, backend, pairs):
        """Override: import the orders of a batch; what does not tell all of one is asked for."""
        partial = [item for item, _binding in pairs if not item.canonical.lines_complete]
        asked = {item.message_id: self._ask_for_whole(backend, item) for item in partial}
        pairs = [(item, binding) for item, binding in pairs if item.message_id not in asked]
        importer = self.with_context(**self.env[self._binding_model]._quiet(backend))
        drafts = [importer._draft(backend, item, binding) for item, binding in pairs]
        notes = {draft.item.message_id: importer._ignored(backend, draft) for draft in drafts}
        wanted = [draft for draft in drafts if not notes[draft.item.message_id]]
        importer._prepare(backend, wanted)
        importer._raise_failures(wanted)
        importer._write(backend, wanted)
        importer._raise_failures(wanted)
        importer._let_go_on(backend, wanted)
        ignored = {mid: ImportResult(Outcome.IGNORED, note) for mid, note in notes.items() if note}
        done = {draft.item.message_id: importer._result(draft) for draft in wanted}
        return asked | ignored | done

    def _ask_for_whole(self, backend, item):
        """Let the channel be asked for an order of which a message tells a part.

        Raises ``ItemFailures`` for a channel that cannot be asked: it has to send the whole order.
        """
        order = item.canonical
        if not self.env["retail.poll"]._can_refetch(backend):
            raise ItemFailures({item.message_id: ImportProblem(self._partial_problem(order))})
        self.env["retail.poll"]._refetch_after_commit(backend, order.kind, order.external_id)
        note = self.env._("It does not tell which units were taken out: the channel is asked.")
        return ImportResult(Outcome.SUPERSEDED, note)

    def _partial_problem(self, order):
        return Problem(
            error_class=ErrorClass.DATA,
            code="partial_order",
            subject=order.external_id,
            title=self.env._("Order %(order)s came without all of its lines", order=order.name),
            cause=self.env._(
                "It does not tell which units were taken out (“lines_complete” is false), and the "
                "system that sent it cannot be asked. Nothing of it was applied: let that system "
                "send the whole order, then skip this message."
            ),
        )

    def _draft(self, backend, item, binding):
        """Start a draft. The side of the currency is frozen with the first import."""
        side = binding.currency_side if binding else backend.currency_side
        return OrderDraft(item, binding, presentment=side == "presentment")

    def _ignored(self, backend, draft):
        """Return why an order is left out on purpose, "" when it is wanted."""
        order = draft.order
        if order.test and not backend.import_test_orders:
            return self.env._("Test orders are not imported by this backend.")
        if draft.binding:
            return ""
        if order.cancelled_at:
            return self.env._("It was cancelled before it was imported.")
        if not order.shipping_lines and not any(line.quantity for line in order.lines):
            return self.env._("Nothing of it is wanted any more.")
        return ""

    def _prepare(self, backend, drafts):
        """Find and compute all that orders need; write nothing. Failures are noted on drafts."""
        alive = [draft for draft in drafts if not draft.is_cancelled]
        self._find_currencies(backend, alive)
        self._find_lines(backend, alive)
        self._find_taxes(backend, alive)
        for draft in alive:
            if not draft.error:
                self._tie_out(backend, draft)
        self._plan_edits(backend, [draft for draft in alive if draft.binding])
        self._check_cancellations([draft for draft in drafts if draft.is_cancelled])

    def _write(self, backend, drafts):
        """Make new orders, edit known ones, cancel those that are over."""
        alive = [draft for draft in drafts if not draft.is_cancelled]
        self._find_partners(backend, alive)
        self._create_orders(backend, [draft for draft in alive if not draft.binding])
        for draft in alive:
            if draft.plan:
                self._edit_order(backend, draft)
        self._check_amounts(alive)
        for draft in drafts:
            if draft.is_cancelled:
                self._cancel_order(draft)

    def _raise_failures(self, drafts):
        failures = {draft.item.message_id: draft.error for draft in drafts if draft.error}
        if failures:
            raise ItemFailures(failures)

    def _result(self, draft):
        return ImportResult(Outcome.DONE, record=("sale.order", draft.binding.odoo_id.id))
