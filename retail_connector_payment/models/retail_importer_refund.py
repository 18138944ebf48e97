from odoo import api, models

from odoo.addons.retail_connector_base.decisions.moment import naive_utc
from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome
from odoo.addons.retail_connector_base.decisions.problem import (
    ImportProblem,
    ItemFailures,
    Problem,
)
from odoo.addons.retail_connector_base.providers import Capability
from odoo.addons.retail_connector_base.providers.errors import ErrorClass, TransientError

CLOSED = ("posted", "settled", "cancelled")
# Parts of a refund that a posted credit note stands for.
CREDITED = ("lines", "adjustments")


class RetailImporterRefund(models.AbstractModel):
    """Remembers what a channel gave back; ``retail.credit.note`` credits it when it can.

    A refund does not make its message wait: the messages of its order, which it waits for, come
    after it and would wait for it in turn.
    """

    _name = "retail.importer.refund"
    _description = "Retail Importer: refunds"
    _inherit = ["retail.importer"]

    _binding_model = "retail.refund.binding"

    @api.model
    def _apply(self, backend, pairs):
        """Override: keep the refunds, then make the credit notes that can be made."""
        wanted = [item.canonical.order_external_id for item, _binding in pairs]
        orders = self.env["retail.order.binding"]._by_external_id(backend, wanted)
        self._wait_for_our_own(backend, orders, pairs)
        kept = self.env[self._binding_model]
        for item, binding in pairs:
            kept |= self._keep(backend, item, binding, orders)
        self.env["retail.credit.note"]._try(kept.filtered(lambda one: one.state not in CLOSED))
        by_id = {one.external_id: one for one in kept}
        return {
            item.message_id: self._result(by_id[item.canonical.external_id]) for item, _b in pairs
        }

    def _wait_for_our_own(self, backend, orders, pairs):
        """Put refunds off that may be what a command of ours made whose result is not known."""
        failures = {}
        for item, binding in pairs:
            order = orders.get(item.canonical.order_external_id)
            if order and not binding and self._is_one_on_its_way(backend, order):
                failures[item.message_id] = TransientError(
                    self.env._("A refund of ours is just being sent."), retry_after=2
                )
        if failures:
            raise ItemFailures(failures)

    def _is_one_on_its_way(self, backend, order):
        ours = self.env["retail.refund"].search(
            [("backend_id", "=", backend.id), ("order_binding_id", "=", order.id)]
        )
        return any(
            command.state == "leased" or (command.in_doubt and command.state != "done")
            for command in ours.command_id
        )

    def _keep(self, backend, item, binding, orders):
        """Store a refund as it is told now; return its binding."""
        order = orders.get(item.canonical.order_external_id)
        if not binding:
            return self._new(backend, item, order)
        if binding.state == "posted" and self._says_something_else(binding, item.canonical):
            self._report(backend, self._changed_problem(item.canonical, binding), binding)
        binding.write(self._values(item))
        return binding

    def _new(self, backend, item, order):
        refund = item.canonical
        binding = self.env[self._binding_model].create(
            {
                **self._values(item),
                "backend_id": backend.id,
                "external_id": refund.external_id,
                "order_external_id": refund.order_external_id,
                "order_binding_id": order.id if order else False,
                "waits_for": "invoice" if order else "order",
            }
        )
        if not order:
            self._ask_for_order(backend, refund)
        return binding

    def _values(self, item):
        refund = item.canonical
        at = refund.created_at or refund.updated_at
        return {
            **self.env[self._binding_model]._state_values(item),
            "refunded_at": naive_utc(at),
            "note": (refund.note or "")[:500] or False,
            "snapshot": refund.model_dump(mode="json"),
        }

    def _ask_for_order(self, backend, refund):
        provider = backend._provider_class()
        if provider and Capability.ORDER_FETCH in provider.capabilities:
            order_id = refund.order_external_id
            self.env["retail.poll"]._refetch_after_commit(backend, "order", order_id)

    def _result(self, binding):
        record = (binding._name, binding.id)
        if binding.odoo_id:
            record = ("account.move", binding.odoo_id.id)
        labels = dict(binding._fields["waits_for"]._description_selection(self.env))
        note = ""
        if binding.state == "waiting":
            note = self.env._("Kept. It waits for: %(what)s", what=labels[binding.waits_for])
        return ImportResult(Outcome.DONE, note, record)

    # What cannot be undone by itself

    def _says_something_else(self, binding, refund):
        before = binding._refund()
        return any(getattr(before, part) != getattr(refund, part) for part in CREDITED)

    def _report(self, backend, problem, binding):
        self.env["retail.exception"]._report(backend, problem, record=binding.odoo_id or binding)

    def _changed_problem(self, refund, binding):
        return Problem(
            error_class=ErrorClass.FINANCE,
            code="refund_changed",
            subject=refund.external_id,
            title=self.env._(
                "A refund of order %(name)s was changed after it was credited",
                name=binding.order_binding_id.name or refund.order_external_id,
            ),
            cause=self.env._(
                "The credit note is posted and stays. Compare it with the channel, and correct it "
                "with another document where needed."
            ),
            fix="open_record",
            amount=abs(self.env["retail.credit.note"]._told(binding)),
            currency=binding.currency_id.name,
        )

    @api.model
    def _on_deleted(self, binding):
        """Override: forget what was not credited; a posted credit note is for a person."""
        if binding.state == "posted":
            raise ImportProblem(self._changed_problem(binding._refund(), binding))
        binding.write({"state": "cancelled", "waits_for": False})
