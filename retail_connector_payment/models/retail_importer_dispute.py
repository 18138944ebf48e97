from odoo import api, models

from odoo.addons.retail_connector_base.canonical import DisputeState
from odoo.addons.retail_connector_base.decisions.moment import naive_utc
from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome
from odoo.addons.retail_connector_base.decisions.problem import (
    ImportProblem,
    ItemFailures,
    Problem,
)
from odoo.addons.retail_connector_base.decisions.receipt import printable
from odoo.addons.retail_connector_base.decisions.version import Verdict
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.dispute_state import Step, step


class RetailImporterDispute(models.AbstractModel):
    """Disputes as the gateway tells them: the money they move, and until when to answer."""

    _name = "retail.importer.dispute"
    _description = "Retail Importer: disputes"
    _inherit = ["retail.importer"]

    _binding_model = "retail.dispute"

    def _judge(self, item, binding, is_dead, left_out=None):
        """Override: of two states of one age the one that is further holds (``step``)."""
        verdict = super()._judge(item, binding, is_dead, left_out)
        if verdict is Verdict.REFETCH or (
            verdict is Verdict.STALE and self._is_as_old(item, binding)
        ):
            return Verdict.APPLY
        return verdict

    def _is_as_old(self, item, binding):
        return bool(binding) and item.version == binding._seen().version

    @api.model
    def _apply(self, backend, pairs):
        """Override: store the facts, note the entries, watch the deadlines."""
        currencies = self._currencies(pairs)
        names = {item.canonical.gateway for item, _dispute in pairs if not item.canonical.test}
        gateways = self.env["retail.gateway"]._of(backend, names)
        links = self._links(backend, [item.canonical for item, _dispute in pairs])
        results = {}
        for item, dispute in pairs:
            if item.canonical.test:
                note = self.env._("It is a test: no money.")
                results[item.message_id] = ImportResult(Outcome.IGNORED, note)
                continue
            gateway = dispute.gateway_id or gateways[item.canonical.gateway]
            results[item.message_id] = self._apply_one(item, dispute, gateway, currencies, links)
        return results

    def _apply_one(self, item, dispute, gateway, currencies, links):
        told = item.canonical
        known = DisputeState(dispute.state) if dispute else None
        is_newer = not dispute or item.version > dispute._seen().version
        taken = step(known, told.state, is_newer)
        if taken is Step.STALE:
            note = self.env._("The dispute has come further by now.")
            return ImportResult(Outcome.SUPERSEDED, note, (dispute._name, dispute.id))
        values = self._values(item, currencies, links)
        if dispute:
            dispute._change(values, taken)
        else:
            identity = {
                "backend_id": gateway.backend_id.id,
                "gateway_id": gateway.id,
                "external_id": told.external_id,
            }
            dispute = dispute.create({**values, **identity})
        dispute._follow()
        return ImportResult(Outcome.DONE, "", (dispute._name, dispute.id))

    def _values(self, item, currencies, links):
        told = item.canonical
        payments, orders = links
        payment = payments.get(told.payment_external_id)
        order = orders.get(told.order_external_id) or (payment and payment.order_binding_id)
        values = {
            **self.env["retail.dispute"]._state_values(item),
            "state": told.state.value,
            "currency_id": currencies[told.amount.currency].id,
            "amount": float(told.amount.amount),
            "won_amount": float(told.won_amount or 0),
            "won_told": told.won_amount is not None,
            "fee": float(told.fee or 0),
            "fee_returned": told.fee_returned,
        }
        known = {
            "reason": told.reason and printable(told.reason),
            "payment_external_id": told.payment_external_id,
            "payment_id": payment and payment.id,
            "order_external_id": told.order_external_id,
            "order_binding_id": order and order.id,
            "opened_at": naive_utc(told.opened_at),
            "respond_until": naive_utc(told.respond_until),
            "closed_at": naive_utc(told.closed_at),
        }
        # What an event leaves out is known from another one.
        return {**values, **{key: value for key, value in known.items() if value}}

    def _links(self, backend, told):
        """Return the payments and the orders that disputes are about, by external id."""
        payments = {one.payment_external_id for one in told} - {None}
        orders = {one.order_external_id for one in told} - {None}
        return (
            self.env["retail.payment"]._by_external_id(backend, payments),
            self.env["retail.order.binding"]._by_external_id(backend, orders),
        )

    def _currencies(self, pairs):
        """Return the currencies by name; raise for what Odoo cannot book."""
        names = {item.canonical.amount.currency for item, _dispute in pairs}
        currencies = self.env["res.currency"].with_context(active_test=False)
        found = {one.name: one for one in currencies.search([("name", "in", list(names))])}
        failures = {
            item.message_id: ImportProblem(self._refusal(item.canonical))
            for item, _dispute in pairs
            if not self._can_book(item.canonical, found.get(item.canonical.amount.currency))
        }
        if failures:
            raise ItemFailures(failures)
        return found

    def _can_book(self, told, currency):
        amounts = (told.amount.amount, told.won_amount or 0)
        return bool(currency) and all(
            amount >= 0 and amount == round(amount, currency.decimal_places) for amount in amounts
        )

    def _refusal(self, told):
        return Problem(
            error_class=ErrorClass.FINANCE,
            code="dispute_refused",
            subject=told.external_id,
            title=self.env._("Dispute %(name)s cannot be kept", name=told.external_id),
            cause=self.env._(
                "%(amount)s %(currency)s is no amount that Odoo can book. Check the currency and "
                "its decimal places, then try again.",
                amount=told.amount.amount,
                currency=told.amount.currency,
            ),
            fix="retry",
            amount=abs(told.amount.amount),
            currency=told.amount.currency,
        )
