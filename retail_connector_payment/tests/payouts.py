"""Payouts and disputes as a gateway tells them, for tests."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from odoo.addons.retail_connector_base.canonical import (
    BalanceCategory,
    BalanceTransaction,
    Dispute,
    DisputeState,
    Money,
    PaymentKind,
    Payout,
    PayoutState,
)

from .common import START, PaymentCase, numbers

Category = BalanceCategory


def transaction(category, gross, key=None, fee="0", currency="EUR", **values):
    """Return a transaction of a payout; ``key`` is the payment or the dispute that it settles."""
    gross, fee = Decimal(str(gross)), Decimal(str(fee))
    name = "dispute_external_id" if category.value.startswith("dispute") else "payment_external_id"
    return BalanceTransaction(
        **{
            "external_id": f"T{next(numbers)}-{uuid4().hex[:6]}",
            "category": category,
            "vendor_type": category.value,
            "gross": Money(amount=gross, currency=currency),
            "fee": fee,
            "net": gross - fee,
            "occurred_at": START,
            name: key,
            **values,
        }
    )


def payout_message(*transactions, amount=None, currency="EUR", minutes=0, **values):
    """Return a payout that was paid; without an amount it is the sum of its transactions."""
    total = sum((one.net for one in transactions), Decimal(0)) if amount is None else amount
    at = START + timedelta(days=2, minutes=minutes)
    return Payout(
        **{
            "external_id": f"po_{next(numbers)}_{uuid4().hex[:6]}",
            "state": PayoutState.PAID,
            "amount": Money(amount=Decimal(str(total)), currency=currency),
            "created_at": at,
            "arrival_date": date(2026, 5, 7),
            "transactions": transactions,
            "updated_at": at,
            **values,
        }
    )


def dispute_message(amount="50.00", currency="EUR", minutes=0, **values):
    """Return a dispute that must be answered."""
    at = START + timedelta(days=1, minutes=minutes)
    return Dispute(
        **{
            "external_id": f"dp_{next(numbers)}_{uuid4().hex[:6]}",
            "state": DisputeState.NEEDS_RESPONSE,
            "amount": Money(amount=Decimal(str(amount)), currency=currency),
            "opened_at": at,
            "updated_at": at,
            **values,
        }
    )


class PayoutCase(PaymentCase):
    """A booked gateway that pays out."""

    def charge(self, amount="100.00", currency="EUR", **values):
        """Import a payment that succeeded and post it; return its message."""
        message = self.payment_message(amount, currency, **values)
        self.drain(message)
        self.post()
        return message

    def refund(self, amount, currency="EUR", parent=None, **values):
        """Import a refund that succeeded and post it; return its message."""
        parent = parent and parent.external_id
        return self.charge(
            amount, currency, payment_kind=PaymentKind.REFUND, parent_external_id=parent, **values
        )

    def line_of(self, payment, fee="0", **values):
        """Return the transaction that settles a payment."""
        is_refund = payment.payment_kind is PaymentKind.REFUND
        category = Category.REFUND if is_refund else Category.CHARGE
        sign = -1 if is_refund else 1
        return transaction(
            category,
            sign * payment.amount.amount,
            payment.external_id,
            fee,
            payment.amount.currency,
            **values,
        )

    def settle(self, message):
        """Import a payout and run the lane; return its record."""
        self.drain(message)
        self.post()
        return self.payout(message)

    def payout(self, message):
        """Return the stored payout of a message."""
        found = self.env["retail.payout"]._by_external_id(self.backend, [message.external_id])
        return found[message.external_id]

    def dispute(self, message):
        """Return the stored dispute of a message."""
        found = self.env["retail.dispute"]._by_external_id(self.backend, [message.external_id])
        return found[message.external_id]

    def assert_tied(self, gateway=None):
        """Fail unless the clearing account holds exactly the unsettled entries (I4)."""
        self.assertEqual((gateway or self.gateway)._clearing_difference(), {})

    def assert_balanced(self):
        """Fail unless debits equal credits in every entry of the gateway."""
        moves = self.env["account.move"].search([("journal_id", "=", self.gateway.journal_id.id)])
        for move in moves:
            total = sum(move.line_ids.mapped("balance"))
            self.assertTrue(self.company.currency_id.is_zero(total), move.ref)
