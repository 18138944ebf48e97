"""What was paid with and given back: the tenders of an order, with their payments and refunds.

Source: the schemas ``Tender``, ``Payment``, ``PaymentRefund``, ``Refund``. A tender's amount has
its tip. Whether its money is ours its payment says: one that was taken offline is known only after
the device has reached Square, and can be declined then.
"""

from collections.abc import Iterator, Mapping

from odoo.addons.retail_connector_base.canonical import Tender, TenderKind, TenderState

from .node import Node
from .order_amounts import OrderAmounts
from .vocabulary import (
    EXTERNAL_KINDS,
    GIFT_CARD_BRAND,
    REFUND_STATES,
    TENDER_KINDS,
    TENDER_STATES,
)

_DETAILS = (
    "card_details", "bank_account_details", "buy_now_pay_later_details", "square_account_details",
)  # fmt: skip
EXTERNAL = "EXTERNAL"


class TenderReader:
    """Reads the tenders of one order. ``payments`` and ``refunds`` are by their ids."""

    def __init__(
        self,
        amounts: OrderAmounts,
        payments: Mapping[str, Node],
        refunds: Mapping[str, Node],
        cards: Mapping[str, str],
    ) -> None:
        self._amounts = amounts
        self._payments = payments
        self._refunds = refunds
        self._cards = cards

    def tenders(self, order: Node) -> Iterator[Tender]:
        """Yield what was paid, change apart; then what was given back."""
        for tender in order.children("tenders"):
            yield from self._paid(tender)
        # The refunds of a sale are listed with it, too: they belong to the order that returns.
        if any(True for _part in order.children("returns")):
            for refund in order.children("refunds"):
                yield self._given_back(refund)

    def _paid(self, tender: Node) -> Iterator[Tender]:
        amount = self._amounts.amount(tender, "amount_money")
        number = _number(tender)
        payment = self._payments.get(number) or Node({})
        method, kind = _method(tender, payment)
        if not amount and method == "NO_SALE":
            return
        cash = tender.inner("cash_details")
        back = self._amounts.amount(cash, "change_back_money")
        given = self._amounts.told(cash, "buyer_tendered_money")
        has_change = back and given is not None and given - back == amount
        shared = {"method": method, "kind": kind, "state": _state(tender, payment)}
        yield Tender(
            external_id=tender.text("id") or number or tender.path,
            amount=given if has_change else amount,
            reference=payment.text("reference_id") or tender.text("payment_id"),
            gift_card_code=self._cards.get(number) if kind is TenderKind.GIFT_CARD else None,
            **shared,
        )
        if has_change:
            yield Tender(external_id=f"{number}:change", amount=-back, **shared)

    def _given_back(self, refund: Node) -> Tender:
        """Read a refund. What money goes back on, its own record says, or the payment's."""
        number, tender = refund.required_identifier(), refund.text("tender_id") or ""
        record = self._refunds.get(number) or Node({})
        source = record.text("payment_id") or tender
        paid = self._payments.get(source) or Node({})
        method, kind = _method_of_refund(record, paid)
        status = record.text("status") or refund.text("status") or ""
        return Tender(
            external_id=number,
            method=method,
            kind=kind,
            amount=-self._amounts.amount(refund, "amount_money"),
            state=REFUND_STATES.get(status, TenderState.PENDING),
            reference=source or None,
            gift_card_code=self._cards.get(source) if kind is TenderKind.GIFT_CARD else None,
        )


def _number(tender: Node) -> str:
    return tender.text("payment_id") or tender.text("id") or ""


def _method(tender: Node, payment: Node) -> tuple[str, TenderKind]:
    """Return what a tender is called and what it is. An unknown type keeps its word."""
    word = tender.text("type") or payment.text("source_type") or "OTHER"
    if _is_gift_card(tender) or _is_gift_card(payment):
        word = GIFT_CARD_BRAND
    outside = payment.child("external_details")
    if outside is not None and word in ("OTHER", EXTERNAL):
        return _outside(outside)
    return word, TENDER_KINDS.get(word, TenderKind.OTHER)


def _method_of_refund(record: Node, paid: Node) -> tuple[str, TenderKind]:
    word = record.text("destination_type") or paid.text("source_type") or "OTHER"
    outside = record.inner("destination_details").child("external_details") or paid.child(
        "external_details"
    )
    if word == EXTERNAL and outside is not None:
        return _outside(outside)
    if _is_gift_card(record.inner("destination_details")) or (
        word == "CARD" and _is_gift_card(paid)
    ):
        word = GIFT_CARD_BRAND
    return word, TENDER_KINDS.get(word, TenderKind.OTHER)


def _outside(details: Node) -> tuple[str, TenderKind]:
    """Return the tender that a payment outside of Square is, e.g. a voucher or a cheque."""
    kind = details.text("type") or ""
    word = f"{EXTERNAL}:{kind}" if kind else EXTERNAL
    return word, EXTERNAL_KINDS.get(kind, TenderKind.OTHER)


def _is_gift_card(node: Node) -> bool:
    return node.inner("card_details", "card").text("card_brand") == GIFT_CARD_BRAND


def _state(tender: Node, payment: Node) -> TenderState:
    """Return whether the money is ours: as the payment says, else the tender's own details."""
    words = [payment.text("status")]
    words += [tender.inner(key).text("status") for key in _DETAILS]
    word = next((word for word in words if word), None)
    if word is None:
        return TenderState.ACCEPTED
    return TENDER_STATES.get(word, TenderState.PENDING)
