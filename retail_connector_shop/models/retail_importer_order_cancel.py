from odoo import api, models

from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass


class RetailImporterOrder(models.AbstractModel):
    """Orders that the channel cancelled or deleted."""

    _inherit = "retail.importer.order"

    def _check_cancellations(self, drafts):
        """Note the orders that cannot be cancelled any more."""
        for draft in drafts:
            problem = self._uncancellable(draft.binding)
            if problem:
                draft.fail(problem)

    def _cancel_order(self, draft):
        """Cancel an order unless it is, and keep the channel's state.

        What a warehouse has been told to send is cancelled when it agrees.
        """
        reason = draft.order.cancel_reason or ""
        (draft.binding - draft.binding._ask_to_stop(reason))._cancel(reason)
        draft.binding.write(self._binding_values(draft))

    @api.model
    def _on_deleted(self, binding):
        """Cancel the order that the channel deleted; raise when it is too late for that."""
        problem = self._uncancellable(binding)
        if problem:
            raise ImportProblem(problem)
        reason = self.env._("Deleted in the channel")
        (binding - binding._ask_to_stop(reason))._cancel(reason)

    def _uncancellable(self, binding):
        """Return the problem of an order that has left or was invoiced, ``None`` when it may go."""
        order = binding.odoo_id
        if binding.state == "cancelled" or order.state == "cancel":
            return None
        if any(move.state == "done" for move in order.order_line.move_ids):
            return self._cancel_problem(
                binding,
                "cancel_after_shipment",
                self.env._("Goods have left already. Agree on a return with the customer."),
            )
        if any(move.state == "posted" for move in order.invoice_ids):
            return self._cancel_problem(
                binding,
                "cancel_after_invoice",
                self.env._("It is invoiced. Credit the invoice, then retry."),
            )
        return None

    def _cancel_problem(self, binding, code, cause):
        return Problem(
            error_class=ErrorClass.CONFLICT,
            code=code,
            subject=binding.external_id,
            title=self.env._("Order %(name)s cannot be cancelled any more", name=binding.name),
            cause=cause,
            fix="open_record",
            fix_values={"res_model": "sale.order", "res_id": binding.odoo_id.id},
            amount=None,
            currency=binding.currency_id.name,
        )
