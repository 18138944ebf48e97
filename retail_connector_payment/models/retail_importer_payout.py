from decimal import Decimal

from odoo import api, models

from odoo.addons.retail_connector_base.canonical import PayoutState
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

from ..decisions.payout_state import later

LOCK = "SELECT FROM retail_payout WHERE id = ANY(%s) FOR UPDATE"


class RetailImporterPayout(models.AbstractModel):
    """Payouts as the gateway tells them, and their transactions.

    Events of one payout add up, whatever their order: its state only moves on, and an older event
    may bring the list that a newer one had not. What is posted already is never changed.
    """

    _name = "retail.importer.payout"
    _description = "Retail Importer: payouts"
    _inherit = ["retail.importer"]

    _binding_model = "retail.payout"

    def _judge(self, item, binding, is_dead, left_out=None):
        """Override: an older event may still add something."""
        verdict = super()._judge(item, binding, is_dead, left_out)
        if is_dead or verdict is Verdict.SAME:
            return verdict
        return Verdict.APPLY

    @api.model
    def _apply(self, backend, pairs):
        """Override: store the facts; what they mean for the books is up to the payout."""
        currencies = self._currencies(pairs)
        self._refuse_what_cannot_be_kept(pairs, currencies)
        real = [(item, payout) for item, payout in pairs if not item.canonical.test]
        names = {item.canonical.gateway for item, _payout in real}
        gateways = self.env["retail.gateway"]._of(backend, names)
        known = [payout.id for _item, payout in real if payout]
        self.env.cr.execute(LOCK, [known])
        results = {
            item.message_id: ImportResult(Outcome.IGNORED, self.env._("It is a test: no money."))
            for item, _payout in pairs
            if item.canonical.test
        }
        for item, payout in real:
            gateway = payout.gateway_id or gateways[item.canonical.gateway]
            payout = self._apply_one(item, payout, gateway, currencies)
            results[item.message_id] = ImportResult(Outcome.DONE, "", (payout._name, payout.id))
        return results

    def _apply_one(self, item, payout, gateway, currencies):
        told = item.canonical
        is_newer = not payout or item.version >= payout._seen().version
        if not payout:
            payout = self._create(item, gateway, currencies)
        elif payout._is_started():
            if is_newer:
                payout._compare_with(told, currencies)
                payout.write(self._description_values(item))
        else:
            payout.write(self._values(item, currencies) if is_newer else {})
        if not payout._is_started():
            self._store_list(payout, told, currencies, is_newer)
        state = later(PayoutState(payout.gateway_state), told.state).value
        if payout.gateway_state != state:
            payout.gateway_state = state
        payout._advance(item)
        return payout

    def _create(self, item, gateway, currencies):
        identity = {
            "backend_id": gateway.backend_id.id,
            "gateway_id": gateway.id,
            "external_id": item.canonical.external_id,
            "gateway_state": item.canonical.state.value,
        }
        return self.env["retail.payout"].create({**self._values(item, currencies), **identity})

    def _values(self, item, currencies):
        """Return what a newer event says of a payout of which nothing is posted."""
        told = item.canonical
        return {
            **self._description_values(item),
            "currency_id": currencies[told.amount.currency].id,
            "amount": float(told.amount.amount),
            "issued_at": naive_utc(told.created_at),
            "automatic": told.automatic,
        }

    def _description_values(self, item):
        """Return what nothing is computed of, and the version that was applied."""
        told = item.canonical
        values = {
            **self.env["retail.payout"]._state_values(item),
            "arrival_date": told.arrival_date,
            "reference": told.reference and printable(told.reference),
            "bank_last_four": told.bank_last_four and printable(told.bank_last_four),
            "failure": told.failure and printable(told.failure),
        }
        # What an event leaves out is known from another one.
        return {key: value for key, value in values.items() if value}

    def _store_list(self, payout, told, currencies, is_newer):
        """Keep the transactions: a whole list replaces what was known, unless it is an older one.

        A part of a list adds to what is known.
        """
        if payout.is_complete and not (told.transactions_complete and is_newer):
            return
        is_whole = told.transactions_complete
        self.env["retail.payout.line"]._store(payout, told.transactions, currencies, is_whole)
        payout.is_complete = is_whole

    # What cannot be kept

    def _currencies(self, pairs):
        told = [item.canonical for item, _payout in pairs]
        names = {payout.amount.currency for payout in told}
        names |= {line.gross.currency for payout in told for line in payout.transactions}
        currencies = self.env["res.currency"].with_context(active_test=False)
        return {one.name: one for one in currencies.search([("name", "in", list(names))])}

    def _refuse_what_cannot_be_kept(self, pairs, currencies):
        failures = {}
        for item, _payout in pairs:
            reason = self._reason_to_refuse(item.canonical, currencies)
            if reason:
                failures[item.message_id] = ImportProblem(self._refusal(item.canonical, reason))
        if failures:
            raise ItemFailures(failures)

    def _reason_to_refuse(self, told, currencies):
        names = {told.amount.currency, *(line.gross.currency for line in told.transactions)}
        unknown = sorted(names - currencies.keys())
        if unknown:
            return self.env._("Odoo has no currency %(name)s.", name=", ".join(unknown))
        places = currencies[told.amount.currency].decimal_places
        if told.amount.amount != round(told.amount.amount, places):
            return self.env._(
                "%(amount)s %(currency)s cannot be paid: the currency has %(places)s decimal "
                "places in Odoo.",
                amount=told.amount.amount,
                currency=told.amount.currency,
                places=places,
            )
        return None

    def _refusal(self, told, reason):
        return Problem(
            error_class=ErrorClass.FINANCE,
            code="payout_refused",
            subject=told.external_id,
            title=self.env._("Payout %(name)s cannot be kept", name=told.external_id),
            cause=reason,
            fix="retry",
            amount=abs(Decimal(told.amount.amount)),
            currency=told.amount.currency,
        )
