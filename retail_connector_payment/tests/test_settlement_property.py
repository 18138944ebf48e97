from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import (
    DisputeState,
    Money,
    PaymentKind,
    PayoutState,
    TransactionState,
)

from ..decisions.ledger import Role
from ..models import retail_payout_settle
from .common import payment_message, set_rate
from .payouts import Category, PayoutCase, dispute_message, payout_message, transaction

PLACES = {"EUR": 2, "USD": 2, "JPY": 0, "BHD": 3}
# What one EUR is worth, and of one EUR's worth what the gateway pays for it.
RATES = {"EUR": Decimal(1), "USD": Decimal("1.25"), "JPY": Decimal(160), "BHD": Decimal("0.4")}


class History:
    """What happens at a gateway, and the messages that tell of it.

    The oracle: plain sums by account and currency, kept as each thing happens, by someone who knows
    nothing of entries, lanes or payouts that wait.
    """

    def __init__(self, random, currency):
        self.random = random
        self.currency = currency
        self.messages = []
        self.balance = []  # what the gateway has not paid out: (entry's currency, amount, line)
        self.paid = []
        self.books = defaultdict(Decimal)  # by (role, currency)
        self.minute = 0

    def live(self, steps):
        """Let some things happen, then pay out what is left or not."""
        kinds = ("charge", "charge", "charge", "refund", "dispute", "reserve", "fee line", "adjust",
                 "payout", "return", "refund fails", "converted charge", "manual")  # fmt: skip
        self.charges, self.refunds = [], []
        for _step in range(steps):
            self.minute += 1
            getattr(self, "_" + self.random.choice(kinds).replace(" ", "_"))()
        if self.random.random() < 0.6:
            self._payout(whole=True)

    # What happens

    def _charge(self):
        self._take(self.currency)

    def _converted_charge(self):
        self._take(self.random.choice(sorted(PLACES)))

    def _take(self, currency):
        amount = self._amount(currency)
        pending = payment_message(amount, currency, minutes=self.minute, state=_PENDING)
        done = pending.model_copy(
            update={"state": TransactionState.SUCCESS, "updated_at": self._later(pending)}
        )
        self.messages += [pending, done] if self.random.random() < 0.5 else [done]
        self.charges.append((done, amount, currency))
        self._move(Category.CHARGE, amount, currency, done.external_id, fee=self._fee())

    def _refund(self):
        if not self.charges:
            return
        charge, amount, currency = self.random.choice(self.charges)
        part = self._part(amount, currency)
        message = payment_message(
            part, currency, minutes=self.minute, payment_kind=PaymentKind.REFUND,
            parent_external_id=charge.external_id,
        )  # fmt: skip
        self.messages.append(message)
        self.refunds.append((message, part, currency))
        self._move(Category.REFUND, -part, currency, message.external_id)

    def _refund_fails(self):
        if not self.refunds:
            return
        refund, part, currency = self.refunds.pop(self.random.randrange(len(self.refunds)))
        self.messages.append(
            refund.model_copy(
                update={"state": TransactionState.FAILURE, "updated_at": self._later(refund)}
            )
        )
        self._move(Category.REFUND_FAILURE, part, currency, refund.external_id)

    def _dispute(self):
        amount = self._amount(self.currency)
        opened = dispute_message(amount, self.currency, minutes=self.minute)
        self.messages.append(opened)
        fee = self._amount(self.currency) if self.random.random() < 0.5 else Decimal(0)
        self._move(Category.DISPUTE, -amount, self.currency, opened.external_id, fee)
        end = self.random.choice((None, "won", "lost", "partly"))
        if not end:
            self.books[Role.DISPUTE, self.currency] += amount
            return
        won = {"won": amount, "lost": Decimal(0), "partly": self._part(amount, self.currency)}[end]
        state = DisputeState.LOST if end == "lost" else DisputeState.WON
        self.messages.append(
            opened.model_copy(
                update={"state": state, "won_amount": won, "updated_at": self._later(opened)}
            )
        )
        self.books[Role.LOSS, self.currency] += amount - won
        if won:
            self._move(Category.DISPUTE_REVERSAL, won, self.currency, opened.external_id)

    def _reserve(self):
        amount = self._amount(self.currency)
        self._move(Category.RESERVE_HOLD, -amount, self.currency)
        if self.random.random() < 0.5:
            self._move(Category.RESERVE_RELEASE, amount, self.currency)

    def _fee(self):
        return self._unit(self.currency) * self.random.randint(0, 300)

    def _fee_line(self):
        self._move(Category.FEE, -self._amount(self.currency), self.currency)

    def _adjust(self):
        sign = self.random.choice((1, -1))
        self._move(Category.ADJUSTMENT, sign * self._amount(self.currency), self.currency)

    def _payout(self, whole=False):
        lines = [one for one in self.balance if whole or self.random.random() < 0.7]
        if not lines:
            return
        self.balance = [one for one in self.balance if one not in lines]
        message = payout_message(
            *(line for _currency, _amount, line in lines),
            currency=self.currency,
            minutes=self.minute,
        )
        self._settle(lines, message.amount.amount)
        if self.random.random() < 0.5:
            early = message.model_copy(
                update={
                    "state": self.random.choice((PayoutState.PENDING, PayoutState.IN_TRANSIT)),
                    "transactions": (),
                    "transactions_complete": False,
                    "updated_at": message.updated_at - timedelta(minutes=30),
                }
            )
            self.messages.append(early)
        self.messages.append(message)
        self.paid.append(message)

    def _manual(self):
        """Pay out by hand: such a payout lists no transactions, and may come back as well."""
        amount = self._amount(self.currency)
        message = payout_message(
            amount=amount, currency=self.currency, minutes=self.minute, automatic=False
        )
        self.messages.append(message)
        if self.random.random() < 0.3:
            failed = {"state": PayoutState.FAILED, "updated_at": self._later(message)}
            self.messages.append(message.model_copy(update=failed))
            return
        self.books[Role.CLEARING, self.currency] -= amount
        self.books[Role.TRANSIT, self.currency] += amount

    def _return(self):
        """Let the bank send a payout back: a later payout has it among its transactions."""
        if not self.paid:
            return
        message = self.paid.pop(self.random.randrange(len(self.paid)))
        self.messages.append(
            message.model_copy(
                update={"state": PayoutState.FAILED, "updated_at": self._later(message)}
            )
        )
        amount = message.amount.amount
        if amount:
            self.books[Role.TRANSIT, self.currency] -= amount
            self._move(Category.PAYOUT_FAILURE, amount, self.currency, message.external_id)

    # The oracle's arithmetic

    def _move(self, category, amount, currency, key=None, fee=Decimal(0)):
        """Add a transaction to the gateway's balance, in the gateway's currency."""
        gross, more = amount, {}
        if currency != self.currency:
            gross = amount * RATES[self.currency] / RATES[currency]
            unit = self._unit(self.currency)
            gross = gross.quantize(unit) or unit.copy_sign(amount)
            more = {"original": Money(amount=amount, currency=currency)}
        if category is Category.FEE:
            fee = Decimal(0)
        line = transaction(category, gross, key, fee, self.currency, **more)
        self.balance.append((currency, amount, line))
        if category in POSTED_AT_ONCE:
            self.books[Role.CLEARING, currency] += amount

    def _settle(self, lines, total):
        for currency, amount, line in lines:
            if line.category in POSTED_AT_ONCE:
                self.books[Role.CLEARING, currency] -= amount
            else:
                self.books[WHERE[line.category], self.currency] -= amount
            is_dispute = line.category in (Category.DISPUTE, Category.DISPUTE_REVERSAL)
            fee = Role.DISPUTE_FEE if is_dispute else Role.FEE
            self.books[fee, self.currency] += line.fee
        self.books[Role.TRANSIT, self.currency] += total

    def _amount(self, currency):
        return self._unit(currency) * self.random.randint(1, 50_000)

    def _part(self, amount, currency):
        units = int(amount / self._unit(currency))
        return self._unit(currency) * self.random.randint(1, units)

    def _unit(self, currency):
        return Decimal(1).scaleb(-PLACES[currency])

    def _later(self, message):
        return message.updated_at + timedelta(hours=self.random.randint(1, 48))


_PENDING = TransactionState.PENDING
POSTED_AT_ONCE = {
    Category.CHARGE,
    Category.REFUND,
    Category.REFUND_FAILURE,
    Category.DISPUTE,
    Category.DISPUTE_REVERSAL,
    Category.PAYOUT_FAILURE,
}
WHERE = {
    Category.FEE: Role.FEE,
    Category.RESERVE_HOLD: Role.RESERVE,
    Category.RESERVE_RELEASE: Role.RESERVE,
    Category.ADJUSTMENT: Role.ADJUSTMENT,
}
SEEN = (
    Role.CLEARING,
    Role.TRANSIT,
    Role.FEE,
    Role.DISPUTE,
    Role.DISPUTE_FEE,
    Role.LOSS,
    Role.RESERVE,
    Role.ADJUSTMENT,
)
BALANCES = """
    SELECT currency.name, sum(line.amount_currency)::text
      FROM account_move_line line JOIN res_currency currency ON currency.id = line.currency_id
     WHERE line.account_id = %s AND line.parent_state = 'posted' GROUP BY currency.name
"""
UNBALANCED = """
    SELECT line.move_id FROM account_move_line line WHERE line.journal_id = %s
     GROUP BY line.move_id HAVING sum(line.balance) <> 0
"""


@tagged("post_install", "-at_install")
class TestSettlementAgainstOracle(PayoutCase):
    """Whatever happens, told in any order and more than once: the books come out the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for currency, rate in RATES.items():
            if currency != "EUR":
                set_rate(cls.env, cls.company, currency, float(rate))
                worse = float(rate * Decimal("1.03"))
                set_rate(cls.env, cls.company, currency, worse, "2026-05-05")

    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(st.integers(0, 2**32), st.sampled_from(("EUR", "USD", "JPY")))
    def test_any_history_in_any_order(self, seed, currency):
        random = Random(seed)
        self.patch(retail_payout_settle, "CHUNK_LINES", random.randint(1, 4))
        history = History(random, currency)
        history.live(steps=random.randint(4, 14))
        told = [*history.messages, *random.sample(history.messages, len(history.messages) // 3)]
        random.shuffle(told)
        savepoint = self.env.cr.savepoint()
        try:
            self._tell(told, random)
            self._compare(history)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def _tell(self, told, random):
        """Deliver messages; what must wait for another is delivered again, as the inbox does."""
        for _round in range(3):
            waiting = []
            for message in told:
                _results, failures = self.run_import(message)
                waiting += [message] if failures else []
                if random.random() < 0.3:
                    self.post()
            self.post()
            if not waiting:
                return
            told = waiting
        self.fail(f"{len(waiting)} messages do not come through")

    def _compare(self, history):
        payouts = self.env["retail.payout"].search([("backend_id", "=", self.backend.id)])
        self.assertLessEqual(set(payouts.mapped("state")), {"settled"}, payouts.mapped("problem"))
        self.env.flush_all()
        self.env.cr.execute(UNBALANCED, [self.gateway.journal_id.id])
        self.assertEqual(self.env.cr.fetchall(), [], "debits equal credits")
        found = {
            (role, currency): Decimal(amount)
            for role in SEEN
            for currency, amount in self._balances(role)
        }
        for key in found.keys() | history.books.keys():
            self.assertEqual(found.get(key, 0), history.books.get(key, 0), key)
        self.assert_tied()

    def _balances(self, role):
        self.env.cr.execute(BALANCES, [self.gateway._role_account(role).id])
        return self.env.cr.fetchall()
