from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical import is_whole
from odoo.addons.retail_connector_base.decisions.moment import text_of_moment
from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome
from odoo.addons.retail_connector_base.decisions.problem import (
    ImportProblem,
    ItemFailures,
    Problem,
)
from odoo.addons.retail_connector_base.decisions.version import Verdict
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.payment_state import Core, Told, merge
from .retail_payment import CLUES, MOMENTS


class RetailImporterPayment(models.AbstractModel):
    """Keeps what gateways and shops tell of payments, whether it is booked or not.

    Which of two states holds is not decided by their versions alone, which webhooks of one payment
    may share, but by what a payment can become (``decisions/payment_state.py``).
    """

    _name = "retail.importer.payment"
    _description = "Retail Importer: payments"
    _inherit = ["retail.importer"]

    _binding_model = "retail.payment"

    def _judge(self, item, binding, is_dead, left_out=None):
        """Override: every state is joined to what is known; nobody has to be asked again."""
        return Verdict.STALE if is_dead else Verdict.APPLY

    @api.model
    def _apply(self, backend, pairs):
        """Override: store facts, then let everything follow that depends on them."""
        currencies = self._currencies(backend, pairs)
        news = [(item, payment, self._join(item, payment)) for item, payment in pairs]
        gateways = self._gateways(backend, [fact for _item, _payment, fact in news])
        changed = [
            (item, payment, self._values(item, payment, fact, currencies, gateways))
            for item, payment, fact in news
            if not payment or fact != payment._fact()
        ]
        stored = self._store(backend, changed)
        self.env["retail.payment"].union(*stored.values())._follow()
        return {
            item.message_id: self._result(stored.get(item.message_id), payment)
            for item, payment in pairs
        }

    def _join(self, item, payment):
        return merge(payment._fact() if payment else None, self._told(item))

    def _told(self, item):
        message = item.canonical
        core = Core(
            kind=message.payment_kind,
            state=message.state,
            amount=message.amount.amount,
            currency=message.amount.currency,
            failure=message.failure,
            test=message.test,
        )
        words = {name: getattr(message, name) for name in CLUES}
        words |= {name: text_of_moment(words[name]) for name in MOMENTS}
        clues = {name: word for name, word in words.items() if word}
        return Told(core, item.version, item.observed_at, item.content_hash, clues)

    # Storing

    def _values(self, item, payment, fact, currencies, gateways):
        values = {
            **self.env["retail.payment"]._values_of_fact(fact),
            "currency_id": currencies[fact.core.currency].id,
            "last_seen_at": fields.Datetime.now(),
            "correlation_id": item.correlation_id,
        }
        # What was noted in one gateway's ledger must not be noted in another's as well.
        if not payment.ledger_entry_ids:
            values["gateway_id"] = gateways[_gateway_of(fact)].id
        return values

    def _store(self, backend, changed):
        """Make the payments that are new, change the others; return them by message id."""
        new = [(item, values) for item, payment, values in changed if not payment]
        own = {"backend_id": backend.id, "company_id": backend.company_id.id}
        made = self.env["retail.payment"].create(
            [{**values, **own, "external_id": item.canonical.external_id} for item, values in new]
        )
        stored = {item.message_id: payment for (item, _v), payment in zip(new, made, strict=True)}
        for item, payment, values in changed:
            if payment:
                payment.write(values)
                stored[item.message_id] = payment
        return stored

    def _gateways(self, backend, facts):
        return self.env["retail.gateway"]._of(backend, {_gateway_of(fact) for fact in facts})

    def _result(self, stored, payment):
        if stored is None:
            note = self.env._("It tells nothing that was not known.")
            return ImportResult(Outcome.DONE, note, (payment._name, payment.id))
        return ImportResult(Outcome.DONE, record=(stored._name, stored.id))

    # What cannot be stored

    def _currencies(self, backend, pairs):
        """Return currencies by name. Raises ``ItemFailures`` for what cannot be an amount."""
        names = {item.canonical.amount.currency for item, _payment in pairs}
        currencies = self.env["res.currency"].with_context(active_test=False)
        found = {c.name: c for c in currencies.search([("name", "in", list(names))])}
        failures = {}
        for item, _payment in pairs:
            problem = self._wrong_with(item.canonical, found)
            if problem:
                failures[item.message_id] = ImportProblem(problem)
        if failures:
            raise ItemFailures(failures)
        return found

    def _wrong_with(self, payment, currencies):
        money = payment.amount
        if money.currency not in currencies:
            return self._currency_problem(payment)
        if money.amount < 0 or not is_whole(money.amount, money.currency):
            return self._amount_problem(payment)
        return None

    def _currency_problem(self, payment):
        code = payment.amount.currency
        return Problem(
            error_class=ErrorClass.CONFIGURATION,
            code="currency",
            subject=code,
            title=self.env._("The currency %(code)s cannot be used", code=code),
            cause=self.env._("Odoo does not know this currency. Create it, then retry."),
            fix="retry",
        )

    def _amount_problem(self, payment):
        money = payment.amount
        return Problem(
            error_class=ErrorClass.DATA,
            code="payment_amount",
            subject=payment.external_id,
            title=self.env._(
                "%(amount)s %(currency)s is no amount of a payment",
                amount=money.amount,
                currency=money.currency,
            ),
            cause=self.env._(
                "Payments have positive amounts that can be paid in their currency; their kind "
                "says whether money comes or goes. Let the sender correct it, then skip this one."
            ),
        )


def _gateway_of(fact):
    """Return the name of a payment's gateway as it was told last, ``None`` when never."""
    return fact.clues["gateway"][1] if "gateway" in fact.clues else None
