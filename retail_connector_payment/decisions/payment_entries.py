"""Which entries of the ledger a payment wants: what it did to the gateway's balance."""

from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import BalanceCategory, PaymentKind

from .payment_state import MONEY_IN, MONEY_OUT


def wanted_entries(
    kind: PaymentKind, has_moved: bool, has_failed: bool, amount: Decimal, test: bool = False
) -> dict[BalanceCategory, Decimal]:
    """Return signed amounts by category; money that came to us is positive.

    An authorisation and a void move nothing, nor does what is pending. A refund that failed after
    it had succeeded came back. A charge that failed after it had succeeded keeps its entry: how the
    gateway takes the money back is told by a transaction of its own, and a person is told.
    """
    if test or not has_moved or not amount:
        return {}
    if kind in MONEY_IN:
        return {BalanceCategory.CHARGE: amount}
    if kind not in MONEY_OUT:
        return {}
    # Cash change leaves the drawer as a refund does.
    entries = {BalanceCategory.REFUND: -amount}
    if kind is PaymentKind.REFUND and has_failed:
        entries[BalanceCategory.REFUND_FAILURE] = amount
    return entries


def claims_money(kind: PaymentKind, succeeded: bool, amount: Decimal, test: bool) -> bool:
    """Tell whether a payment of a kind that nobody knows says that money moved."""
    return kind is PaymentKind.UNKNOWN and succeeded and bool(amount) and not test
