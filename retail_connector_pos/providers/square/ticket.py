"""A finished order is a ticket: the order with its payments, refunds and place.

Source: the schema ``Order``;
developer.squareup.com/docs/payments-api/take-payments/offline-payments for the time of what was
sold offline. What is kept of an answer is ``{"order", "payments", "refunds", "location",
"customer", "variations", "gift_cards"}``, all but the first where known.
"""

from datetime import datetime, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from odoo.addons.retail_connector_base.canonical import Customer, PosTicket

from .node import ZERO, Node
from .order_amounts import OrderAmounts
from .order_lines import LineReader
from .order_tenders import TenderReader
from .vocabulary import CANCELED, COMPLETED, DRAFT

# The register of what no device is told of.
COUNTER = "counter"
_PREFIXES = ("device:", "DEVICE:", "DEVICEID:")


class Sale:
    """An order and what belongs to it, as it came."""

    def __init__(self, content: Node) -> None:
        order = content.child("order")
        if order is None:
            raise content.wrong("order", "is missing")
        self.order = order
        self.payments = {one.required_identifier(): one for one in content.children("payments")}
        self.refunds = {one.required_identifier(): one for one in content.children("refunds")}
        self.location = content.child("location") or Node({}, "location")
        self.customer = content.child("customer")
        self.variations = {
            one.required_identifier(): one.inner("item_variation_data")
            for one in content.children("variations")
        }
        self.cards = list(content.children("gift_cards"))

    @property
    def state(self) -> str:
        """How far the order has come, in Square's word."""
        return self.order.text("state") or ""

    def own_payments(self) -> list[Node]:
        """Return the payments of this order, and not those that its refunds give back."""
        numbers = [one.text("payment_id") or one.text("id") for one in self._tenders()]
        return [self.payments[number] for number in numbers if number in self.payments]

    def _tenders(self) -> list[Node]:
        return list(self.order.children("tenders"))

    def offline(self) -> list[datetime]:
        """Return when each payment was taken that was taken offline (UTC)."""
        taken = [one for one in self.own_payments() if is_offline(one)]
        moments = [one.inner("offline_payment_details").utc("client_created_at") for one in taken]
        return [moment or self.finished_at() for moment in moments]

    def finished_at(self) -> datetime:
        """Return when the order was finished at the server (UTC)."""
        order = self.order
        paid = [moment for one in self._tenders() if (moment := one.utc("created_at"))]
        found = (
            order.utc("closed_at") or max(paid, default=None)
            or order.utc("updated_at") or order.utc("created_at")
        )  # fmt: skip
        if found is None:
            raise order.wrong("closed_at", "is missing")
        return found

    def updated_at(self) -> datetime:
        """Return which state this is: of the order, or of a payment or refund after it."""
        parts = [self.order, *self.payments.values(), *self.refunds.values()]
        moments = [moment for part in parts if (moment := part.utc("updated_at"))]
        return max(moments, default=None) or self.finished_at()

    def is_finished(self) -> bool:
        """Tell whether the order is a ticket: paid, or gone with a promise to pay."""
        if self.state == COMPLETED:
            return True
        # Nothing was ever paid: no ticket, not even a voided one.
        if self.state == DRAFT or not self._tenders():
            return False
        if self.state == CANCELED:
            return True
        due = self.order.child("net_amount_due_money")
        return bool(self.offline()) or (due is not None and not due.whole("amount"))


def is_offline(payment: Node) -> bool:
    """Tell whether a payment was taken while its device could not reach Square."""
    return payment.flag("is_offline_payment") or "offline_payment_details" in payment


def to_ticket(content: Node) -> PosTicket:
    """Read a finished order. Raises ``MalformedPayloadError`` for one that is not finished."""
    sale = Sale(content)
    if not sale.is_finished():
        raise sale.order.wrong("state", "is of an order that is not paid yet")
    order, amounts = sale.order, OrderAmounts.of(sale.order)
    reader = LineReader(amounts, sale.variations, _sold_cards(sale))
    tip, rounding = _tip(order, amounts), _rounding(order, amounts)
    own, offline = sale.own_payments(), sale.offline()
    sold_at = max(offline, default=None) or sale.finished_at()
    return PosTicket(
        external_id=order.required_identifier(),
        updated_at=sale.updated_at(),
        store_external_id=order.required_identifier("location_id"),
        register_external_id=register_of(sale),
        number=_number(order, own),
        business_date=sold_at.astimezone(zone_of(sale.location)).date(),
        sold_at=sold_at,
        currency=amounts.currency,
        taxes_included=amounts.included,
        lines=tuple(reader.lines(order)),
        tenders=tuple(_tender_reader(sale, amounts).tenders(order)),
        tip=tip,
        rounding=rounding,
        total=_total(order, amounts, reader.total(order) + rounding, tip),
        total_tax=_net(order, amounts, "tax_money", "total_tax_money"),
        customer=_customer(sale),
        cashier_external_id=_first(own, "team_member_id", "employee_id")
        or _first(list(sale.refunds.values()), "team_member_id"),
        offline=bool(offline),
        voided=sale.state == CANCELED,
        note=order.inner("source").text("name"),
    )


def zone_of(location: Node) -> ZoneInfo | timezone:
    """Return a location's time zone, UTC where nobody knows it."""
    try:
        return ZoneInfo(location.text("timezone") or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return timezone.utc


def register_of(sale: Sale) -> str:
    """Return the device that took the payment, or the one whose payment goes back."""
    payments = [*sale.own_payments(), *sale.payments.values()]
    here = sale.order.text("location_id")
    for payment in payments:
        found = device_of(payment)
        if found and payment.text("location_id") in (here, None):
            return found
    return COUNTER


def device_of(payment: Node) -> str | None:
    """Return the id of the device of a payment; since when it is told there it varies."""
    for details in (payment.inner("device_details"),
                    payment.inner("card_details", "device_details")):  # fmt: skip
        found = details.text("device_id") or details.text("device_installation_id")
        if found:
            return bare_device(found)
    return None


def bare_device(name: str) -> str:
    """Return a device's id without the prefix that only some parts of the API write."""
    prefix = next((one for one in _PREFIXES if name.startswith(one)), "")
    return name[len(prefix) :] or name


def _tender_reader(sale: Sale, amounts: OrderAmounts) -> TenderReader:
    return TenderReader(amounts, sale.payments, sale.refunds, _used_cards(sale))


def _tip(order: Node, amounts: OrderAmounts) -> Decimal:
    """Return the tips less what is given back of them."""
    told = amounts.told(order, "total_tip_money")
    if told is None:
        told = sum((amounts.amount(one, "tip_money") for one in order.children("tenders")), ZERO)
    returned = [
        amounts.amount(tip, "applied_money")
        for part in order.children("returns")
        for tip in part.children("return_tips")
    ]
    return told - sum(returned, ZERO)


def _rounding(order: Node, amounts: OrderAmounts) -> Decimal:
    """Return the rounding of the sale less that of what comes back."""
    parts = [part.inner("rounding_adjustment") for part in order.children("returns")]
    returned = sum((amounts.amount(part, "amount_money") for part in parts), ZERO)
    return amounts.amount(order.inner("rounding_adjustment"), "amount_money") - returned


def _net(order: Node, amounts: OrderAmounts, key: str, total_key: str) -> Decimal:
    """Return a total of what was sold less what came back."""
    told = amounts.told(order.inner("net_amounts"), key)
    if told is not None:
        return told
    returned = amounts.told(order.inner("return_amounts"), key)
    if returned is None:
        parts = [part.inner("return_amounts") for part in order.children("returns")]
        returned = sum((amounts.amount(part, key) for part in parts), ZERO)
    return amounts.amount(order, total_key) - returned


def _total(order: Node, amounts: OrderAmounts, without_tip: Decimal, tip: Decimal) -> Decimal:
    """Return the order's own total. It has the tip in it, unless it ties only without."""
    told = _net(order, amounts, "total_money", "total_money")
    return told + tip if tip and told == without_tip else told


def _number(order: Node, payments: list[Node]) -> str:
    """Return what is printed on the receipt, where a payment tells it."""
    return (
        _first(payments, "receipt_number")
        or order.text("ticket_name")
        or (order.text("reference_id") or order.required_identifier())
    )


def _first(nodes: list[Node], *keys: str) -> str | None:
    found = (node.text(key) for node in nodes for key in keys)
    return next((text for text in found if text), None)


def _customer(sale: Sale) -> Customer | None:
    """Return who bought, by name where he was asked for. Nobody proved his address."""
    shown = sale.customer
    parts = [sale.order, *sale.own_payments(), *sale.order.children("tenders")]
    number = (shown and shown.text("id")) or _first(parts, "customer_id")
    if not number:
        return None
    if shown is None:
        return Customer(external_id=number)
    return Customer(
        external_id=number,
        first_name=shown.text("given_name"),
        last_name=shown.text("family_name"),
        company=shown.text("company_name"),
        email=shown.text("email_address"),
        phone=shown.text("phone_number"),
    )


def _sold_cards(sale: Sale) -> dict[str, str]:
    """Return the numbers of gift cards by the line that sold or loaded them."""
    found = {}
    for activity in sale.cards:
        for key in ("activate_activity_details", "load_activity_details"):
            line = activity.inner(key).text("line_item_uid")
            number = activity.text("gift_card_gan")
            if line and number:
                found[line] = number
    return found


def _used_cards(sale: Sale) -> dict[str, str]:
    """Return the numbers of gift cards by the payment that took from them, or gave back."""
    found = {}
    for activity in sale.cards:
        number = activity.text("gift_card_gan")
        payment = activity.inner("redeem_activity_details").text("payment_id")
        refund = activity.inner("refund_activity_details").text("payment_id")
        for name in (payment, refund):
            if name and number:
                found[name] = number
    return found
