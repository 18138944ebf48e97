"""WooCommerce: one shop, by its webhooks and the REST API v3.

Sources: woocommerce.github.io/woocommerce-rest-api-docs (wp-api-v3), and where it is silent the
plugin's own code: ``class-wc-webhook.php`` (deliveries), ``class-wc-rest-orders-v2-controller.php``
(what an order shows).
"""

import base64
import hashlib
import html
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from odoo.addons.retail_connector_base.canonical import (
    Address,
    CanonicalMessage,
    Command,
    Customer,
    Deletion,
    Fulfill,
    FulfillmentState,
    LineKind,
    Money,
    MoneySet,
    Order,
    OrderLine,
    PayableMoneySet,
    PaymentState,
    Product,
    ProductOption,
    ProductState,
    ProductVariant,
    Refund,
    RefundAdjustment,
    RefundLine,
    RefundTransaction,
    RestockKind,
    ShippingLine,
    TaxLine,
    Tracking,
    UpdateTracking,
    version_of,
)
from odoo.addons.retail_connector_base.providers import (
    Acknowledgement,
    Answer,
    AuthenticationError,
    Capability,
    CommandResult,
    ConnectionReport,
    CredentialSpec,
    Delivery,
    Direction,
    FlowSpec,
    HttpResponse,
    Location,
    MalformedPayloadError,
    Mode,
    Page,
    PriceChange,
    Provider,
    ProviderContext,
    RawRequest,
    ReceivedMessage,
    RejectedError,
    SettingSpec,
    StockChange,
    StockKey,
    StoredMessage,
    SubscriptionReport,
    TransientError,
    Verdict,
    strict_json,
)
from odoo.addons.retail_connector_base.providers.json_node import JsonNode
from odoo.addons.retail_connector_base.providers.reading import understood
from odoo.addons.retail_connector_base.providers.redaction import redact_text
from odoo.addons.retail_connector_base.providers.signature import require_hmac_sha256_base64

ZERO, ONE = Decimal(0), Decimal(1)
PAGE_SIZE = 100

# --- The vendor's words -------------------------------------------------------------------------


@dataclass(frozen=True)
class Topic:
    """The canonical kind a topic is read as, and the entity that it is about."""

    kind: str
    entity: str


TOPICS: dict[str, Topic] = {
    **{
        f"{entity}.{event}": Topic(entity, entity)
        for entity in ("order", "customer", "product")
        for event in ("created", "updated", "restored")
    },
    **{
        f"{entity}.deleted": Topic("deletion", entity)
        for entity in ("order", "customer", "product")
    },
    # Polled entities come through the same inbox under topics of our own.
    **{f"poll/{entity}": Topic(entity, entity) for entity in ("order", "customer", "product")},
    "poll/refund": Topic("refund", "order"),
}

# A checkout that was begun is no order yet; it becomes one under the same id.
DRAFTS = frozenset(("auto-draft", "draft", "checkout-draft", "new"))
CANCELLED = frozenset(("cancelled", "trash"))
# Waiting statuses; any other is left as it is when goods leave.
OPEN = frozenset(("pending", "on-hold", "processing"))
PAYMENT_STATES = {
    "pending": PaymentState.PENDING,
    "on-hold": PaymentState.PENDING,
    "failed": PaymentState.PENDING,
    # Without a date of payment: cash on delivery.
    "processing": PaymentState.PENDING,
    "completed": PaymentState.PAID,
    "refunded": PaymentState.REFUNDED,
    "cancelled": PaymentState.VOIDED,
    "trash": PaymentState.VOIDED,
}
FULFILLMENT_STATES = {
    **dict.fromkeys((*OPEN, "failed", *CANCELLED), FulfillmentState.UNFULFILLED),
    "completed": FulfillmentState.FULFILLED,
}
PRODUCT_STATES = {
    "publish": ProductState.ACTIVE,
    **dict.fromkeys(("draft", "pending", "private", "future"), ProductState.DRAFT),
    "trash": ProductState.ARCHIVED,
}
# Products that only lead to others, or to another shop.
NOT_SOLD = frozenset(("grouped", "external"))
# Under these keys polled entities hold what the API lists apart from them: a product's variations,
# an order's refunds.
VARIATIONS = "retail_variations"
REFUNDS = "retail_refunds"

_LONG = re.compile(r"[+-]?\d{1,15}\.\d{11,30}", re.ASCII)
_PING = re.compile(rb"webhook_id=\d{1,20}")
_FORM = "application/x-www-form-urlencoded"


class Node(JsonNode):
    """A JSON object of WooCommerce's: absent numbers are "", times in UTC have no offset."""

    def decimal(self, key: str) -> Decimal | None:
        """Override: "" is no number; taxes that are rounded later have up to 14 digits."""
        value = self.raw.get(key)
        if value == "":
            return None
        if isinstance(value, str) and _LONG.fullmatch(value):
            return round(Decimal(value), 10)
        return super().decimal(key)

    def gmt(self, key: str) -> datetime | None:
        """Return a moment that is written in UTC without saying so; whole seconds."""
        text = self.text(key)
        if text is None:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise self.wrong(key, "is not a time") from None
        return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment

    def plain(self, key: str) -> str | None:
        """Return a text without HTML entities, in which names are written."""
        text = self.text(key)
        return text and (html.unescape(text).strip() or None)

    def reference(self, key: str) -> str | None:
        """Return an id, ``None`` for the 0 that stands for none."""
        found = self.identifier(key)
        return None if found is None or not int(found) else found

    def meta(self) -> dict[str, Any]:
        """Return the entity's own fields (``meta_data``) by key, the last of each."""
        fields = self.children("meta_data")
        return {field.text("key") or "": field.raw.get("value") for field in fields}

    def modified(self) -> datetime | None:
        """Return when the entity changed last. Variations count as parts of their product."""
        moments = [self.gmt("date_modified_gmt") or self.gmt("date_created_gmt")]
        moments += [part.gmt("date_modified_gmt") for part in self.children(VARIATIONS)]
        return max((moment for moment in moments if moment), default=None)


# --- Orders -------------------------------------------------------------------------------------


@dataclass
class Taken:
    """Units of a line that were refunded before they left, and what they were worth."""

    quantity: Decimal = ZERO
    total: Decimal = ZERO
    tax: Decimal = ZERO
    taxes: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, line: Node) -> None:
        """Add a line of a refund, whose numbers are negative."""
        self.quantity -= line.number("quantity")
        self.total -= line.number("total")
        self.tax -= line.number("total_tax")
        for tax in line.children("taxes"):
            self.taxes[tax.required_identifier()] -= tax.number("total")


NOTHING = Taken()


@dataclass(frozen=True)
class OrderReader:
    """Reads the amounts of one order.

    Every amount is without tax and whole in the shop's decimals, its tax beside it, even where
    ``prices_include_tax``: there the two are added, so that prices are those the customer saw.
    ``rates`` holds title and rate of each tax by its id.
    """

    currency: str
    included: bool
    rates: Mapping[str, tuple[str, Decimal]]

    @classmethod
    def of(cls, order: Node) -> "OrderReader":
        """Return the reader of an order. Raises ``MalformedPayloadError`` without a currency."""
        currency = order.currency("currency")
        if currency is None:
            raise order.wrong("currency", "is missing")
        return cls(currency, order.flag("prices_include_tax"), _rates(order))

    def money(self, amount: Decimal) -> MoneySet:
        """Return an amount: an order has one currency."""
        return MoneySet.single(amount, self.currency)

    def value(self, node: Node, name: str = "total") -> Decimal:
        """Return a line's ``total`` (after coupons) or ``subtotal`` in the order's price basis."""
        tax = node.number(f"{name}_tax") if self.included else ZERO
        return node.number(name) + tax

    def taxes(self, node: Node, taken: Taken = NOTHING) -> tuple[TaxLine, ...]:
        """Return the taxes of what is left of a line; an empty amount does not apply to it."""
        charged = {
            tax.required_identifier(): tax.number("total") - taken.taxes.get(tax.identifier(), ZERO)
            for tax in node.children("taxes")
            if tax.decimal("total") is not None
        }
        if len(charged) == 1 and "total_tax" in node:
            # The line's own figure is the same, rounded.
            charged = dict.fromkeys(charged, node.number("total_tax") - taken.tax)
        lines = []
        for number, amount in charged.items():
            title, rate = self.rates.get(number, ("", ZERO))
            lines.append(TaxLine(title=title, rate=rate, amount=self.money(amount)))
        return tuple(lines)


def _rates(order: Node) -> dict[str, tuple[str, Decimal]]:
    """Join the ids that lines name with the titles and rates of the order's ``tax_lines``."""
    rates = {}
    for tax in order.children("tax_lines"):
        number = tax.required_identifier("rate_id")
        percent = tax.decimal("rate_percent")
        rate = _rate_of(order, number) if percent is None else percent / 100
        rates[number] = (tax.plain("label") or tax.text("rate_code") or "", rate)
    return rates


def _rate_of(order: Node, number: str) -> Decimal:
    """Return the rate that amounts show: versions before 3.7 do not tell it. A fraction."""
    base = tax = ZERO
    for key in ("line_items", "shipping_lines", "fee_lines"):
        for line in order.children(key):
            for part in line.children("taxes"):
                if part.identifier() == number and part.decimal("total"):
                    base += line.number("total")
                    tax += part.number("total")
    return round(tax / base, 4) if base else ZERO


def to_order(node: Node) -> Order:
    """Read an order. Raises ``MalformedPayloadError`` or pydantic's ``ValidationError``."""
    reader = OrderReader.of(node)
    status = node.text("status") or ""
    placed = node.gmt("date_created_gmt")
    if placed is None or "total" not in node:
        raise node.wrong("date_created_gmt" if placed is None else "total", "is missing")
    modified = node.modified()
    billing = node.child("billing")
    taken = _taken(node)
    goods = [(line, taken.get(line.identifier(), NOTHING)) for line in node.children("line_items")]
    lines = [_line(line, reader, gone) for line, gone in goods]
    lines += [_fee(line, reader) for line in node.children("fee_lines")]
    total = sum((gone.total for _line, gone in goods), ZERO)
    tax = sum((gone.tax for _line, gone in goods), ZERO)
    return Order(
        external_id=node.required_identifier(),
        updated_at=modified,
        name=f"#{node.text('number') or node.required_identifier()}",
        placed_at=placed,
        local_date=_local_date(node, placed),
        cancelled_at=modified if _is_cancelled(node, status) else None,
        source=node.text("created_via"),
        currency=reader.currency,
        presentment_currency=reader.currency,
        taxes_included=reader.included,
        customer=_buyer(node, billing),
        email=billing and billing.text("email"),
        phone=billing and billing.text("phone"),
        billing_address=to_address(billing),
        shipping_address=to_address(node.child("shipping")),
        lines=tuple(lines),
        shipping_lines=tuple(_shipping(line, reader) for line in node.children("shipping_lines")),
        lines_complete=not node.raw.get("refunds") or REFUNDS in node,
        total=PayableMoneySet.single(node.number("total") - total - tax, reader.currency),
        total_tax=PayableMoneySet.single(node.number("total_tax") - tax, reader.currency),
        payment_state=_payment_state(node, status),
        fulfillment_state=FULFILLMENT_STATES.get(status, FulfillmentState.UNKNOWN),
        payment_gateways=tuple(filter(None, [node.text("payment_method")])),
        note=node.text("customer_note"),
    )


def _taken(order: Node) -> dict[str | None, Taken]:
    """Return what was refunded before the order was completed, by line; later it is a return.

    An amount without units is given back for other reasons: it takes nothing out.
    """
    found: dict[str | None, Taken] = defaultdict(Taken)
    completed = order.gmt("date_completed_gmt")
    for refund in order.children(REFUNDS):
        moment = refund.gmt("date_created_gmt")
        if completed is None or moment is None or moment < completed:
            for line in refund.children("line_items"):
                if line.number("quantity"):
                    found[str(line.meta().get("_refunded_item_id"))].add(line)
    return found


def _is_cancelled(order: Node, status: str) -> bool:
    """Tell whether nothing is wanted any more: what was wholly refunded must not leave."""
    refunded = status == "refunded" and "date_completed_gmt" not in order
    return status in CANCELLED or refunded


def _line(node: Node, reader: OrderReader, taken: Taken) -> OrderLine:
    """Read a line. One that an administrator made dearer has no discount but a higher price."""
    ordered = node.number("quantity")
    left = max(ordered - taken.quantity, ZERO)
    gone = taken.total + (taken.tax if reader.included else ZERO)
    after = reader.value(node) - gone if left else ZERO
    unit = reader.value(node, "subtotal") / ordered if ordered else ZERO
    before = max(unit * left, after)
    product = node.reference("product_id")
    is_goods = product or node.text("sku")
    return OrderLine(
        external_id=node.required_identifier(),
        kind=LineKind.PRODUCT if is_goods else LineKind.CUSTOM,
        title=node.plain("name") or "",
        sku=node.text("sku"),
        product_external_id=product,
        variant_external_id=node.reference("variation_id") or product,
        ordered_quantity=ordered,
        quantity=left,
        unit_price=reader.money(round(before / left if left else unit, 10)),
        discount=reader.money(round(before - after, 10)),
        taxes=reader.taxes(node, taken) if left else (),
        note=_note(node),
    )


def _fee(node: Node, reader: OrderReader) -> OrderLine:
    """Read a fee: shops write reductions of the whole order as negative ones."""
    amount = reader.value(node)
    return OrderLine(
        external_id=f"fee:{node.required_identifier()}",
        kind=LineKind.DISCOUNT if amount < 0 else LineKind.FEE,
        title=node.plain("name") or "",
        ordered_quantity=ONE,
        quantity=ONE,
        unit_price=reader.money(amount),
        discount=reader.money(ZERO),
        taxes=reader.taxes(node),
        requires_shipping=False,
    )


def _shipping(node: Node, reader: OrderReader) -> ShippingLine:
    return ShippingLine(
        external_id=node.required_identifier(),
        title=node.plain("method_title") or node.text("method_id") or "",
        code=node.text("method_id"),
        price=reader.money(reader.value(node)),
        discount=reader.money(ZERO),
        taxes=reader.taxes(node),
    )


def _note(node: Node) -> str | None:
    """Return what was chosen or written on a line; keys that begin with _ are internal."""
    found = []
    for entry in node.children("meta_data"):
        key, value = entry.raw.get("key"), entry.raw.get("value")
        if isinstance(key, str) and isinstance(value, str) and value and not key.startswith("_"):
            found.append(f"{html.unescape(key)}: {html.unescape(value)}")
    return "\n".join(found) or None


def _payment_state(node: Node, status: str) -> PaymentState:
    """Return how far the money has come: a date of payment says more than the status."""
    state = PAYMENT_STATES.get(status, PaymentState.UNKNOWN)
    if state is not PaymentState.REFUNDED and "date_paid_gmt" in node:
        state = PaymentState.PAID
    returned = sum((abs(part.number("total")) for part in node.children("refunds")), ZERO)
    if state is not PaymentState.PAID or not returned:
        return state
    whole = returned >= node.number("total")
    return PaymentState.REFUNDED if whole else PaymentState.PARTIALLY_REFUNDED


def _local_date(node: Node, placed: datetime) -> date:
    """Return the day of the sale in the shop's own time zone, in which ``date_created`` is."""
    local = node.gmt("date_created") or placed
    return local.date()


def _buyer(node: Node, billing: Node | None) -> Customer | None:
    """Return the account that bought, ``None`` for a guest. Nobody proved its e-mail address."""
    account = node.reference("customer_id")
    if account is None:
        return None
    return Customer(
        external_id=account,
        email=billing and billing.text("email"),
        phone=billing and billing.text("phone"),
        first_name=billing and billing.text("first_name"),
        last_name=billing and billing.text("last_name"),
        default_address=to_address(billing),
    )


def to_address(node: Node | None) -> Address | None:
    """Read an address, ``None`` when nothing is in it: all keys are there, often all blank."""
    if node is None:
        return None
    names = (node.text("first_name"), node.text("last_name"))
    country = node.text("country")
    address = Address(
        name=" ".join(name for name in names if name) or None,
        company=node.text("company"),
        street=node.text("address_1"),
        street2=node.text("address_2"),
        city=node.text("city"),
        zip=node.text("postcode"),
        province_code=node.text("state"),
        country_code=country.upper() if country else None,
        phone=node.text("phone"),
    )
    return address if address != Address() else None


# --- Refunds, customers, products, deletions ----------------------------------------------------


def to_refund(node: Node) -> Refund:
    """Read a refund as it is polled: with the order it belongs to, which it does not name."""
    order, refund = node.child("order"), node.child("refund")
    if order is None or refund is None:
        raise node.wrong("order" if order is None else "refund", "is missing")
    reader = OrderReader.of(order)
    number = refund.required_identifier()
    lines = tuple(_refund_line(line, reader) for line in refund.children("line_items"))
    paid = refund.flag("refunded_payment")
    money = Money(amount=refund.number("amount"), currency=reader.currency)
    return Refund(
        external_id=number,
        updated_at=refund.gmt("date_created_gmt"),
        order_external_id=order.required_identifier(),
        created_at=refund.gmt("date_created_gmt"),
        note=refund.text("reason"),
        lines=lines,
        adjustments=_adjustments(refund, reader, lines),
        transactions=(RefundTransaction(external_id=number, state="success", amount=money),)
        if paid
        else (),
    )


def _refund_line(node: Node, reader: OrderReader) -> RefundLine:
    """Read refunded units. Amounts are negative; whether they were restocked is not told."""
    number = node.meta().get("_refunded_item_id")
    return RefundLine(
        external_id=node.required_identifier(),
        order_line_external_id=str(number or node.required_identifier()),
        quantity=abs(node.number("quantity")),
        restock=RestockKind.UNKNOWN,
        subtotal=reader.money(abs(reader.value(node))),
        tax=reader.money(abs(node.number("total_tax"))),
    )


def _adjustments(
    refund: Node, reader: OrderReader, lines: tuple[RefundLine, ...]
) -> tuple[RefundAdjustment, ...]:
    """Return what was given back beyond the lines: shipping, fees, and free amounts."""
    left, found = refund.number("amount"), []
    for line in lines:
        tax = ZERO if reader.included else line.tax.shop.amount
        left -= line.subtotal.shop.amount + tax
    for key in ("shipping_lines", "fee_lines"):
        for part in refund.children(key):
            amount, tax = abs(reader.value(part)), abs(part.number("total_tax"))
            left -= amount + (ZERO if reader.included else tax)
            found.append((part.required_identifier(), key, amount, tax))
    if left:
        found.append((f"rest:{refund.required_identifier()}", "amount", left, ZERO))
    return tuple(
        RefundAdjustment(
            external_id=number, reason=reason, amount=reader.money(amount), tax=reader.money(tax)
        )
        for number, reason, amount, tax in found
    )


def to_customer(node: Node) -> Customer:
    """Read an account."""
    billing = node.child("billing")
    return Customer(
        external_id=node.required_identifier(),
        updated_at=node.modified(),
        email=node.text("email") or (billing and billing.text("email")),
        phone=billing and billing.text("phone"),
        first_name=node.text("first_name") or (billing and billing.text("first_name")),
        last_name=node.text("last_name") or (billing and billing.text("last_name")),
        default_address=to_address(billing),
    )


def to_product(node: Node) -> Product:
    """Read a product.

    Webhooks show a product without its variations, or a variation as if it were a product: both
    are incomplete, and the whole is asked for.
    """
    form = node.text("type")
    parent = node.reference("parent_id") if form == "variation" else None
    variants: list[ProductVariant] = []
    if parent:
        variants = [to_variant(node, parent)]
    elif form == "variable":
        number = node.required_identifier()
        variants = [to_variant(part, number) for part in node.children(VARIATIONS)]
    elif form not in NOT_SOLD:
        variants = [to_variant(node)]
    return Product(
        external_id=parent or node.required_identifier(),
        updated_at=node.modified(),
        title=node.plain("name") or "",
        state=PRODUCT_STATES.get(node.text("status") or "", ProductState.UNKNOWN),
        handle=node.text("slug"),
        tags=tuple(sorted({tag.plain("name") or "" for tag in node.children("tags")} - {""})),
        variants=tuple(variants),
        variants_complete=not parent and (form != "variable" or VARIATIONS in node),
    )


def to_variant(node: Node, parent: str | None = None) -> ProductVariant:
    """Read a variation, or a simple product, which is its own only variant."""
    number = node.required_identifier()
    price, regular = node.decimal("price"), node.decimal("regular_price")
    options = tuple(
        ProductOption(name=option.plain("name") or "", value=option.plain("option") or "")
        for option in (node.children("attributes") if parent else ())
        if option.plain("option")
    )
    return ProductVariant(
        external_id=number,
        title=" / ".join(option.value for option in options) or node.plain("name") or "",
        sku=node.text("sku"),
        barcode=node.text("global_unique_id"),
        price=price,
        compare_at_price=regular if price is not None and regular and regular > price else None,
        options=options,
        inventory_item_external_id=f"{parent}:{number}" if parent else number,
        taxable=node.text("tax_status") != "none",
    )


_READERS: dict[str, Callable[[Node], CanonicalMessage]] = {
    "order": to_order,
    "customer": to_customer,
    "product": to_product,
    "refund": to_refund,
}


def read_message(message: StoredMessage) -> CanonicalMessage:
    """Read a stored message by its topic."""
    topic = TOPICS.get(message.topic)
    node = Node(strict_json.loads(message.body))
    if topic is None or (topic.kind == "order" and node.text("status") in DRAFTS):
        raise MalformedPayloadError("The topic is not one that can be read.")
    if topic.kind == "deletion":
        # Nothing but the id is told.
        return Deletion(external_id=node.required_identifier(), deleted_kind=topic.entity)
    return _READERS[topic.kind](node)


# --- Webhooks -----------------------------------------------------------------------------------

SIGNATURE = "x-wc-webhook-signature"
TOPIC = "x-wc-webhook-topic"
_KEPT = (TOPIC, "x-wc-webhook-source", "x-wc-webhook-id", "x-wc-webhook-delivery-id")


def is_ping(request: RawRequest) -> bool:
    """Tell whether this is the unsigned form by which a new webhook tries its address."""
    mimetype = request.header("content-type").partition(";")[0].strip().lower()
    return mimetype == _FORM and bool(_PING.fullmatch(request.body))


def to_message(request: RawRequest) -> ReceivedMessage:
    """Return the message of an authentic request, whatever its body holds.

    Its identity is what it shows. The delivery id cannot be: it is a hash of webhook and second,
    which all deliveries of one second share. Versions are whole seconds, so the body counts too.
    When a body was built is not told, so no observation: of two states of one second the shop is
    asked which holds.
    """
    headers = request.kept(_KEPT)
    name = headers.get(TOPIC, "")
    try:
        node = Node(strict_json.loads(request.body))
        return _message(name, node, request.body, headers)
    except MalformedPayloadError:
        event_id = _digest(name, request.body)
        topic = TOPICS.get(name)
        return ReceivedMessage(
            event_id=event_id,
            topic=name,
            kind=topic.kind if topic else None,
            body=request.body,
            entity_key=f"event:{event_id}",
            headers=headers,
        )


def _message(
    name: str, node: Node, body: bytes, headers: Mapping[str, str], observed_at: int = 0
) -> ReceivedMessage:
    topic = TOPICS.get(name)
    event_id = _digest(name, body)
    key = f"{topic.entity}:{_entity_id(node, topic)}" if topic else f"event:{event_id}"
    moment = node.modified() if topic else None
    is_draft = topic and topic.kind == "order" and node.text("status") in DRAFTS
    return ReceivedMessage(
        event_id=event_id,
        topic=name,
        kind=topic.kind if topic and not is_draft else None,
        body=body,
        entity_key=key,
        version=version_of(moment) if moment else 0,
        observed_at=observed_at,
        headers=headers,
    )


def _entity_id(node: Node, topic: Topic) -> str:
    """Return whose queue a message stands in: a variation's is its product's."""
    if topic.kind == "product" and node.text("type") == "variation":
        return node.reference("parent_id") or node.required_identifier()
    if topic.kind == "refund":
        order = node.child("order")
        return (order or node).required_identifier()
    return node.required_identifier()


def _digest(topic: str, body: bytes) -> str:
    return hashlib.sha256(b"%s\0%s" % (topic.encode(), body)).hexdigest()


# --- The API ------------------------------------------------------------------------------------


class Shop:
    """The REST API of one shop. Credentials go over HTTPS only, as basic authentication."""

    def __init__(self, context: ProviderContext) -> None:
        self._context = context
        self._site = context.setting("shop_url").strip().rstrip("/")
        pair = f"{context.secret('consumer_key')}:{context.secret('consumer_secret')}"
        self._headers = {
            "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
            "Accept": "application/json",
        }

    def now(self) -> datetime:
        """Return the time (UTC) before what is asked next is answered."""
        return self._context.now()

    def about(self) -> Node:
        """Return what the site says of itself."""
        answer = self._context.http.request("GET", f"{self._site}/wp-json/")
        return _usable(answer.json())

    def call(
        self,
        method: str,
        path: str,
        content: Any = None,
        idempotent: bool | None = None,
        **params: str,
    ) -> HttpResponse:
        """Send a request to a path of the API."""
        return self._context.http.request(
            method,
            f"{self._site}/wp-json/wc/v3/{path}",
            headers=self._headers,
            params=params,
            json=content,
            idempotent=idempotent,
        )

    def one(self, path: str) -> Node:
        """Return one object."""
        return _usable(self.call("GET", path).json())

    def rows(self, path: str, **params: str) -> list[Node]:
        """Return one page of a list."""
        return _rows(self.call("GET", path, **params))

    def every(self, path: str, **params: str) -> Iterator[Node]:
        """Yield a whole list, page by page, ordered by id so that no row is passed over."""
        for number in range(1, 1000):
            rows = self.rows(
                path, **{"orderby": "id", "order": "asc", **params},
                per_page=str(PAGE_SIZE), page=str(number),
            )  # fmt: skip
            yield from rows
            if len(rows) < PAGE_SIZE:
                return

    def update(self, path: str, rows: Sequence[dict[str, Any]]) -> dict[str, Node]:
        """Set values of several entities in one call; return what each became, by its id.

        Values are absolute: the same call again has no second effect.
        """
        answer = self.call("POST", f"{path}/batch", {"update": list(rows)}, idempotent=True)
        listed = _usable(answer.json()).raw.get("update")
        nodes = [_usable(row) for row in listed] if isinstance(listed, list) else []
        return {node.identifier() or "": node for node in nodes}


def _usable(value: Any) -> Node:
    """Return an object of an answer. Raises ``TransientError``: proxies answer in its place."""
    try:
        return Node(value)
    except MalformedPayloadError as error:
        raise TransientError(f"The shop's answer cannot be used: {error}") from error


def _rows(answer: HttpResponse) -> list[Node]:
    content = answer.json()
    if not isinstance(content, list):
        raise TransientError("The shop's answer is not a list.")
    return [_usable(row) for row in content]


# --- Polls --------------------------------------------------------------------------------------

PLURALS = {"order": "orders", "customer": "customers", "product": "products"}


@dataclass(frozen=True)
class Place:
    """Where a poll goes on: a page of what changed after a second (UTC, exclusive)."""

    after: str = ""
    page: int = 1

    @classmethod
    def start(cls, cursor: str, since: datetime | None) -> "Place":
        """Return the place of a cursor, else of a moment."""
        if cursor:
            after, _bar, page = cursor.partition("|")
            return cls(after, int(page))
        return cls(_second_before(since) if since else "")

    def next(self, last: datetime | None) -> "Place":
        """Return the place behind a page whose last row changed at ``last``.

        It begins with that second again, as more rows may share it: what changes meanwhile moves to
        the end of the list, and page numbers alone would pass over its successors.
        """
        after = _second_before(last) if last else ""
        return Place(after) if after > self.after else Place(self.after, self.page + 1)

    def __str__(self) -> str:
        return f"{self.after}|{self.page}"

    @property
    def params(self) -> dict[str, str]:
        """The place in the API's words."""
        found = {"page": str(self.page), "per_page": str(PAGE_SIZE)}
        if self.after:
            found |= {"modified_after": self.after, "dates_are_gmt": "true"}
        return found


def _second_before(moment: datetime) -> str:
    earlier = moment.astimezone(timezone.utc) - timedelta(seconds=1)
    return earlier.strftime("%Y-%m-%dT%H:%M:%S")


class Poll:
    """Reads lists of entities, and single ones, as messages for the inbox."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._read_at = version_of(shop.now())

    def pages(self, kind: str, cursor: str, since: datetime | None) -> Iterator[Page]:
        """Yield pages of what changed, oldest change first. Accounts can only be listed by id."""
        place, total = Place.start(cursor, since), None
        order = {"orderby": "modified", "order": "asc"}
        if kind == "customer":
            place, order = Place("", place.page), {"orderby": "id", "order": "asc", "role": "all"}
        while True:
            answer = self._shop.call("GET", PLURALS[kind], **order, **place.params)
            rows = _rows(answer)
            total = total or _count(answer)
            messages = tuple(
                message for row in rows if _changed(row, kind, since)
                for message in self._messages(kind, row)
            )  # fmt: skip
            last = _moment(rows[-1]) if rows and kind != "customer" else None
            place = place.next(last)
            yield Page(messages, str(place), total)
            if len(rows) < PAGE_SIZE:
                return

    def one(self, kind: str, external_id: str) -> ReceivedMessage | None:
        """Return one entity, ``None`` when the shop does not list it."""
        role = {"role": "all"} if kind == "customer" else {}
        rows = self._shop.rows(PLURALS[kind], include=external_id, **role)
        wholes = (self._whole(kind, row) for row in rows)
        return next((self._message(kind, content, True) for content in wholes), None)

    def _messages(self, kind: str, row: Node) -> Iterator[ReceivedMessage]:
        content = self._whole(kind, row)
        yield self._message(kind, content)
        yield from self._refunds(content)

    def _whole(self, kind: str, row: Node) -> dict[str, Any]:
        """Return a row with what is listed apart from it."""
        content = dict(row.raw)
        if kind == "product" and content.get("type") == "variable":
            path = f"products/{content.get('id')}/variations"
            content[VARIATIONS] = [part.raw for part in self._shop.every(path)]
        if kind == "order" and content.get("refunds"):
            path = f"orders/{content.get('id')}/refunds"
            content[REFUNDS] = [part.raw for part in self._shop.every(path)]
        return content

    def _refunds(self, order: dict[str, Any]) -> Iterator[ReceivedMessage]:
        """Yield an order's refunds: no webhook tells of them, and orders only their sums."""
        told = {key: order.get(key) for key in ("id", "currency", "prices_include_tax")}
        for refund in order.get(REFUNDS) or ():
            yield self._message("refund", {"order": told, "refund": refund})

    def _message(
        self, kind: str, content: dict[str, Any], authoritative: bool = False
    ) -> ReceivedMessage:
        """Return the message of a state; its id tells states of one second apart."""
        body, name = strict_json.dumps(content), f"poll/{kind}"
        try:
            message = _message(name, Node(content), body, {}, self._read_at)
        except MalformedPayloadError as error:
            raise TransientError(f"The shop's answer cannot be used: {error}") from error
        event_id = f"{message.entity_key}@{message.version}#{message.event_id[:16]}"
        return ReceivedMessage(
            **{**vars(message), "event_id": event_id, "authoritative": authoritative}
        )


def _count(answer: HttpResponse) -> int | None:
    """Return how many rows a list has altogether."""
    found = answer.headers.get("x-wp-total", "")
    return int(found) if re.fullmatch(r"[1-9]\d{0,8}", found, re.ASCII) else None


def _moment(row: Node) -> datetime | None:
    try:
        return row.modified()
    except MalformedPayloadError as error:
        raise TransientError(f"The shop's answer cannot be used: {error}") from error


def _changed(row: Node, kind: str, since: datetime | None) -> bool:
    """Tell whether a row is wanted: the API filters all lists by time but that of accounts."""
    moment = _moment(row) if kind == "customer" and since else None
    return moment is None or since is None or moment >= since


# --- Webhook subscriptions, connection ----------------------------------------------------------


def synchronise(shop: Shop, url: str, secret: str, topics: Sequence[str]) -> SubscriptionReport:
    """Make the webhooks of our topics active and lead to ``url``, signed with our secret.

    A webhook is disabled after more than five failures in a row. Secrets cannot be read: ours is
    written every time.
    """
    existing = defaultdict(list)
    for node in shop.every("webhooks"):
        if urlsplit(node.text("delivery_url") or "").path == urlsplit(url).path:
            existing[node.text("topic")].append(node)
    found: dict[str, list[str]] = defaultdict(list)
    wanted = {"delivery_url": url, "status": "active", "secret": secret}
    for topic in topics:
        ours = sorted(existing[topic], key=lambda node: not _is_right(node, url))
        if not ours:
            shop.call("POST", "webhooks", {"name": f"Odoo {topic}", "topic": topic, **wanted})
            found["created"].append(topic)
            continue
        first, *others = ours
        shop.call("PUT", f"webhooks/{first.required_identifier()}", wanted)
        found["present" if _is_right(first, url) else "repaired"].append(topic)
        for node in others:
            shop.call("DELETE", f"webhooks/{node.required_identifier()}", force="true")
            found["removed"].append(topic)
    return SubscriptionReport(**{name: tuple(done) for name, done in found.items()})


def _is_right(node: Node, url: str) -> bool:
    return node.text("delivery_url") == url and node.text("status") == "active"


def report_connection(shop: Shop) -> ConnectionReport:
    """Ask the site who it is, and what the key may read; what it may write shows with use."""
    site = shop.about()
    if "wc/v3" not in site.texts("namespaces"):
        raise RejectedError("The site offers no WooCommerce REST API of version 3.")
    shop.rows("orders", per_page="1")
    refused = [path for path in ("products", "customers", "webhooks") if not _may_read(shop, path)]
    currency = shop.one("data/currencies/current").text("code") or ""
    return ConnectionReport(
        account=site.plain("name") or site.text("url") or "",
        details=(
            ("Address", site.text("url") or ""),
            ("Currency", currency),
            ("Time zone", site.text("timezone_string") or site.text("gmt_offset") or ""),
        ),
        problems=tuple(f"The key may not read {path}." for path in refused),
    )


def _may_read(shop: Shop, path: str) -> bool:
    try:
        shop.rows(path, per_page="1")
    except AuthenticationError:
        return False
    return True


# --- The way out: stock and prices --------------------------------------------------------------

GONE = frozenset(
    ("woocommerce_rest_product_invalid_id", "woocommerce_rest_product_variation_invalid_id")
)


@dataclass(frozen=True)
class Item:
    """What is written to: a product, or a variation, which is reached through its product."""

    number: str
    parent: str | None = None

    @classmethod
    def of(cls, text: str) -> "Item":
        """Read ``product`` or ``product:variation``."""
        first, bar, second = text.partition(":")
        return cls(second, first) if bar else cls(first)

    @property
    def path(self) -> str:
        """The list that the item is in."""
        return f"products/{self.parent}/variations" if self.parent else "products"


class Goods:
    """Reads and writes many items with as few calls as their lists allow: one for each product."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def current(self, items: Iterable[Item]) -> dict[Item, Node]:
        """Return what the shop holds of items; those that are gone are left out."""
        items = set(items)
        parents = {Item(item.parent) for item in items if item.parent}
        found = self._listed({item for item in items if not item.parent} | parents)
        # The list of a product that is gone cannot be asked for.
        alive = {item for item in items if item.parent and Item(item.parent) in found}
        return {item: node for item, node in (found | self._listed(alive)).items() if item in items}

    def _listed(self, items: Iterable[Item]) -> dict[Item, Node]:
        found = {}
        for path, group in _by_path(items).items():
            numbers = ",".join(sorted(item.number for item in group))
            rows = self._shop.rows(path, include=numbers, per_page=str(PAGE_SIZE))
            listed = {row.identifier(): row for row in rows}
            found |= {item: listed[item.number] for item in group if item.number in listed}
        return found

    def set(self, values: Mapping[Item, dict[str, Any]]) -> dict[Item, Node | None]:
        """Set values of items; return what the shop says of each, ``None`` for silence."""
        found: dict[Item, Node | None] = {}
        for path, group in _by_path(values).items():
            rows = [{"id": int(item.number), **values[item]} for item in group]
            answers = self._shop.update(path, rows)
            found |= {item: answers.get(item.number) for item in group}
        return found


def _by_path(items: Iterable[Item]) -> dict[str, list[Item]]:
    groups = defaultdict(list)
    for item in sorted(items, key=lambda item: (item.parent or "", item.number)):
        groups[item.path].append(item)
    return groups


def _verdict(node: Node | None) -> Answer:
    """Return what a batch answers of one item."""
    if node is None:
        return Answer(Verdict.REJECTED, "The shop said nothing of it.")
    error = node.child("error")
    if error is None:
        return Answer(Verdict.DONE)
    text = redact_text(error.plain("message") or error.text("code") or "")
    gone = error.text("code") in GONE
    return Answer(Verdict.MISSING if gone else Verdict.REJECTED, text)


def _stocked(node: Node) -> int | None:
    """Return the quantity of an item that counts its own stock, ``None`` for any other.

    ``manage_stock`` is the text "parent" for a variation that shares its product's stock.
    """
    quantity = node.decimal("stock_quantity") if node.raw.get("manage_stock") is True else None
    return None if quantity is None else int(quantity)


def change_stock(goods: Goods, changes: Sequence[StockChange]) -> list[Answer]:
    """Write quantities where the shop holds what is expected.

    The vendor has no compare-and-swap: items are read right before they are written, and a sale in
    between is lost until the next comparison.
    """
    items = [Item.of(change.key.item) for change in changes]
    found = goods.current(items)
    answers = [
        _compared(found.get(item), change) for item, change in zip(items, changes, strict=True)
    ]
    wanted = {
        item: {"manage_stock": True, "stock_quantity": change.quantity}
        for item, change, answer in zip(items, changes, answers, strict=True)
        if answer is None
    }
    written = goods.set(wanted)
    return [answer or _verdict(written[item]) for item, answer in zip(items, answers, strict=True)]


def _compared(node: Node | None, change: StockChange) -> Answer | None:
    """Return the answer to a change that must not, or need not, be written."""
    if node is None:
        return Answer(Verdict.MISSING, "The shop does not have it any more.")
    actual = _stocked(node)
    if actual is not None and actual == change.quantity:
        return Answer(Verdict.DONE, actual=actual)
    if actual is not None and change.expected is not None and actual != change.expected:
        return Answer(Verdict.STALE, f"The shop holds {actual}.", actual)
    return None


def change_prices(shop: Shop, goods: Goods, changes: Sequence[PriceChange]) -> list[Answer]:
    """Write prices: with a price before it, a price is a sale price beside the regular one."""
    currency = shop.one("data/currencies/current").text("code")
    items = [
        Item(change.variant, change.product if change.product != change.variant else None)
        for change in changes
    ]
    found = goods.current(items)
    ours = {
        item: _prices(change)
        for item, change in zip(items, changes, strict=True)
        if item in found and change.currency == currency
    }
    written = goods.set(ours)
    answers = []
    for item, change in zip(items, changes, strict=True):
        if change.currency != currency:
            answers.append(Answer(Verdict.REJECTED, f"The shop sells in {currency}."))
        elif item not in found:
            answers.append(Answer(Verdict.MISSING, "The shop does not have it any more."))
        else:
            answers.append(_priced(written[item], change))
    return answers


def _prices(change: PriceChange) -> dict[str, str]:
    on_sale = change.compare_at is not None and change.compare_at > change.price
    regular = change.compare_at if on_sale and change.compare_at is not None else change.price
    return {"regular_price": f"{regular:f}", "sale_price": f"{change.price:f}" if on_sale else ""}


def _priced(node: Node | None, change: PriceChange) -> Answer:
    """Return what became of a price; a period of sale in the shop can keep it from holding."""
    answer = _verdict(node)
    if node is None or answer.verdict is not Verdict.DONE:
        return answer
    if node.decimal("price") not in (None, change.price):
        return Answer(Verdict.REJECTED, "The shop sells at another price: look at its sale dates.")
    return answer


# --- The way out: shipments ---------------------------------------------------------------------

SHIPMENT = "_retail_shipment:"


class Shipments:
    """Tells of goods that left.

    WooCommerce has no shipments of its own. As is customary, a note tells the customer the tracking
    numbers, and the order is completed once everything left. What we told is kept in a field of the
    order under our reference; it is written last, so that it proves the whole.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def fulfil(self, command: Fulfill) -> CommandResult:
        """Note a shipment and complete the order when nothing is left to send."""
        order = self._order(command.order_external_id)
        result = CommandResult((command.reference,))
        if f"{SHIPMENT}{command.reference}" in order.meta():
            return result
        told = {
            "lines": [
                {"id": line.order_line_external_id, "quantity": f"{line.quantity:f}"}
                for line in command.lines
            ],
            **_parcels(command.carrier, command.trackings),
        }
        text = _text("Shipped", command.reference, command.carrier, command.trackings)
        self._note(order, text, command.notify_customer)
        status = order.text("status") or ""
        completes = status in OPEN and self._is_complete(order, told["lines"])
        self._keep(order, command.reference, told, {"status": "completed"} if completes else {})
        if status in OPEN or status == "completed":
            return result
        return CommandResult(
            result.external_ids, (f"The order is “{status}” in the shop; that was left as it is.",)
        )

    def retrack(self, command: UpdateTracking) -> CommandResult:
        """Replace the parcels of a shipment."""
        order = self._order(command.order_external_id)
        reference = command.fulfillment_external_id
        known = order.meta().get(f"{SHIPMENT}{reference}")
        if not isinstance(known, dict):
            raise RejectedError("The shop does not know this shipment.")
        wanted = known | _parcels(command.carrier, command.trackings)
        if wanted != known:
            text = _text("New tracking", reference, command.carrier, command.trackings)
            self._note(order, text, command.notify_customer)
            self._keep(order, reference, wanted, {})
        return CommandResult((reference,))

    def fulfilled(self, command: Fulfill) -> CommandResult | None:
        """Tell whether a shipment was told of."""
        order = self._order(command.order_external_id)
        known = f"{SHIPMENT}{command.reference}" in order.meta()
        return CommandResult((command.reference,)) if known else None

    def retracked(self, command: UpdateTracking) -> CommandResult | None:
        """Tell whether a shipment's parcels are these."""
        reference = command.fulfillment_external_id
        known = self._order(command.order_external_id).meta().get(f"{SHIPMENT}{reference}")
        wanted = _parcels(command.carrier, command.trackings)
        is_so = isinstance(known, dict) and known | wanted == known
        return CommandResult((reference,)) if is_so else None

    def _order(self, number: str) -> Node:
        return self._shop.one(f"orders/{number}")

    def _note(self, order: Node, text: str, to_customer: bool) -> None:
        """Write a note, once: the shop mails it to the customer when it is for them."""
        path = f"orders/{order.required_identifier()}/notes"
        notes = self._shop.rows(path)
        if not any((note.plain("note") or "") == text for note in notes):
            self._shop.call("POST", path, {"note": text, "customer_note": to_customer})

    def _keep(
        self, order: Node, reference: str, told: dict[str, Any], more: dict[str, Any]
    ) -> None:
        meta = [{"key": f"{SHIPMENT}{reference}", "value": told}]
        self._shop.call("PUT", f"orders/{order.required_identifier()}", {"meta_data": meta, **more})

    def _is_complete(self, order: Node, lines: Sequence[dict[str, str]]) -> bool:
        """Tell whether everything left with these lines, was refunded, or is nothing to send."""
        gone: dict[str, Decimal] = defaultdict(Decimal)
        earlier = [value for key, value in order.meta().items() if key.startswith(SHIPMENT)]
        for shipment in [{"lines": lines}, *(one for one in earlier if isinstance(one, dict))]:
            for line in shipment.get("lines") or ():
                gone[str(line.get("id"))] += Decimal(str(line.get("quantity") or 0))
        if order.raw.get("refunds"):
            for refund in self._shop.every(f"orders/{order.required_identifier()}/refunds"):
                for line in refund.children("line_items"):
                    gone[str(line.meta().get("_refunded_item_id"))] += abs(line.number("quantity"))
        return not any(
            line.number("quantity") > gone[line.required_identifier()] and self._is_sent(line)
            for line in order.children("line_items")
        )

    def _is_sent(self, line: Node) -> bool:
        """Tell whether a line is a thing: downloads and services are never shipped."""
        number = line.reference("variation_id") or line.reference("product_id")
        if number is None:
            return True
        product = self._shop.rows("products", include=line.reference("product_id") or number)
        if line.reference("variation_id"):
            product = self._shop.rows(
                f"products/{line.required_identifier('product_id')}/variations", include=number
            )
        return not any(node.flag("virtual") for node in product)


def _parcels(carrier: str | None, trackings: Sequence[Tracking]) -> dict[str, Any]:
    parcels = [{"number": one.number, "url": one.url or ""} for one in trackings]
    return {"carrier": carrier or "", "trackings": parcels}


def _text(verb: str, reference: str, carrier: str | None, trackings: Sequence[Tracking]) -> str:
    """Return a note's words, which are the same for the same shipment."""
    numbers = ", ".join(f"{one.number} ({one.url})" if one.url else one.number for one in trackings)
    words = f"{verb} with {carrier}" if carrier else verb
    return f"{words}: {numbers} [{reference}]" if numbers else f"{words} [{reference}]"


# --- The provider -------------------------------------------------------------------------------


class WooCommerceProvider(Provider):
    """One WooCommerce shop, by its webhooks and the REST API v3."""

    code = "woocommerce"
    label = "WooCommerce"
    accepts_forms = True
    # One call reads and one writes each product with variations: few enough for one job.
    stock_batch = 50
    price_batch = 50
    capabilities = frozenset(
        {
            Capability.WEBHOOKS,
            Capability.SUBSCRIPTIONS,
            Capability.ORDERS_IN,
            Capability.CUSTOMERS_IN,
            Capability.PRODUCTS_IN,
            Capability.ORDER_POLL,
            Capability.ORDER_FETCH,
            Capability.CUSTOMER_POLL,
            Capability.PRODUCT_ADOPTION,
            Capability.STOCK_OUT,
            Capability.PRICES_OUT,
            Capability.COMPARE_AT_PRICES,
            Capability.FULFILL,
            Capability.UPDATE_TRACKING,
        }
    )
    credentials = (
        CredentialSpec(
            "consumer_key",
            "Consumer key",
            "From WooCommerce → Settings → Advanced → REST API, with the permission Read/Write.",
        ),
        CredentialSpec("consumer_secret", "Consumer secret", "Shown once, beside the key."),
        CredentialSpec(
            "webhook_secret",
            "Webhook secret",
            "Make one up: a long text of letters and digits. Subscribe writes it into the shop.",
        ),
    )
    settings = (
        SettingSpec("shop_url", "Shop address", "The site's address, https://shop.example."),
    )
    flows = (
        FlowSpec(
            kind="order", interval=15, topics=("order.created", "order.updated", "order.deleted")
        ),
        FlowSpec(
            kind="customer",
            tier=2,
            topics=("customer.created", "customer.updated", "customer.deleted"),
        ),
        FlowSpec(
            kind="product",
            tier=2,
            topics=("product.created", "product.updated", "product.deleted"),
        ),
        FlowSpec(
            kind="stock_level",
            direction=Direction.OUT,
            mode=Mode.BATCH,
            interval=60,
            starts_paused=True,
        ),
        FlowSpec(
            kind="price",
            direction=Direction.OUT,
            mode=Mode.BATCH,
            tier=2,
            interval=60,
            starts_paused=True,
        ),
        FlowSpec(kind="fulfillment", direction=Direction.OUT),
    )

    def verify(self, request: RawRequest) -> Delivery:
        """Check the signature, then make one message of the body, whatever it is.

        The ping of a new webhook is not signed and says nothing: it is answered with exactly 200.
        """
        if not request.header(SIGNATURE) and is_ping(request):
            return Delivery((), Acknowledgement(status=200))
        require_hmac_sha256_base64(
            request.header(SIGNATURE),
            self.context.secrets.get("webhook_secret", ()),
            request.body,
        )
        return Delivery((to_message(request),))

    def parse(self, message: StoredMessage) -> CanonicalMessage:
        """Read a webhook's body, or a polled entity."""
        return understood(lambda: read_message(message))

    def fetch(self, kind: str, cursor: str, since: datetime | None = None) -> Iterator[Page]:
        """Yield pages of orders, customers or products changed since a moment."""
        if kind not in PLURALS:
            return super().fetch(kind, cursor, since)
        return Poll(self._shop()).pages(kind, cursor, since)

    def fetch_one(self, kind: str, external_id: str) -> ReceivedMessage | None:
        """Return one order, customer or product as the shop holds it now."""
        if kind not in PLURALS:
            return super().fetch_one(kind, external_id)
        return Poll(self._shop()).one(kind, external_id)

    def test_connection(self) -> ConnectionReport:
        """Ask the site who it is and what the key may read."""
        return report_connection(self._shop())

    def sync_subscriptions(self, url: str, without: Collection[str] = ()) -> SubscriptionReport:
        """Create, repair and tidy the webhooks of the flows."""
        secret = self.context.secret("webhook_secret")
        return synchronise(self._shop(), url, secret, self.topics(without))

    def locations(self) -> tuple[Location, ...]:
        """Return the only place there is: the shop counts its stock once."""
        return (Location("shop", "The shop's stock"),)

    def read_stock(self, keys: Sequence[StockKey]) -> dict[StockKey, int]:
        """Return the quantities of what counts its own stock."""
        found = Goods(self._shop()).current(Item.of(key.item) for key in keys)
        read = {key: found.get(Item.of(key.item)) for key in keys}
        stocked = {key: _stocked(node) for key, node in read.items() if node is not None}
        return {key: quantity for key, quantity in stocked.items() if quantity is not None}

    def change_stock(self, changes: Sequence[StockChange], key: str) -> list[Answer]:
        """Write quantities; what did not count its own stock does so from now on."""
        return change_stock(Goods(self._shop()), changes)

    def change_prices(self, changes: Sequence[PriceChange], key: str) -> list[Answer]:
        """Write prices."""
        shop = self._shop()
        return change_prices(shop, Goods(shop), changes)

    def send(
        self, command: Command, key: str, known: Collection[str] | None = None
    ) -> CommandResult:
        """Tell of a shipment, or of its corrected tracking; what was told is not told again."""
        shipments = Shipments(self._shop())
        if isinstance(command, Fulfill):
            return shipments.fulfil(command)
        if isinstance(command, UpdateTracking):
            return shipments.retrack(command)
        return super().send(command, key, known)

    def look_up(
        self, command: Command, key: str, known: Collection[str] = ()
    ) -> CommandResult | None:
        """Tell whether the shop holds what a command told it, under our own reference."""
        shipments = Shipments(self._shop())
        if isinstance(command, Fulfill):
            return shipments.fulfilled(command)
        if isinstance(command, UpdateTracking):
            return shipments.retracked(command)
        return super().look_up(command, key, known)

    def _shop(self) -> Shop:
        return Shop(self.context)
