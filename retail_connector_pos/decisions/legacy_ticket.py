"""The fields of a ticket from what its rows say: what a system leaves out is worked out."""

from datetime import date, timedelta
from decimal import Decimal

from .legacy_reading import Reading, Values, sign_of

_PLACES = Decimal("0.000001")
_TAXES = ("tax", "tax2", "tax3")
_CUSTOMER = "customer."
_TEXTS = (
    "number",
    "sequence",
    "order_external_id",
    "note",
    "cashier_external_id",
    "voided",
    "offline",
    "invoice_wanted",
    "updated_at",
)
_LINE_TEXTS = (
    "kind",
    "sku",
    "barcode",
    "variant_external_id",
    "gift_card_code",
    "note",
    "original_ticket_external_id",
    "original_line_external_id",
    "salesperson_external_id",
)


def ticket_of(reading: Reading, header: Values, parts: dict[str, list[Values]]) -> Values:
    """Return the fields of a ``PosTicket``. Raises ``UnreadableError``."""
    sign, included = sign_of(header), header["taxes_included"]
    lines = [
        _line(reading, values, number, sign, included)
        for number, values in enumerate(parts["lines"], 1)
    ]
    reading.stop_if_wrong()
    tip, rounding = (sign * header.get(name, Decimal(0)) for name in ("tip", "rounding"))
    tenders = [_tender(values, number, sign) for number, values in enumerate(parts["tenders"], 1)]
    total, tax = _totals(reading, header, lines, sign, tip + rounding)
    _check_whole(reading, header, lines, tenders, total - tip - rounding)
    return {
        **{name: header[name] for name in _TEXTS if name in header},
        "external_id": header["external_id"],
        "number": header.get("number", header["external_id"]),
        "store_external_id": header["store_external_id"],
        "register_external_id": header["register_external_id"],
        "sold_at": header["sold_at"],
        "business_date": header.get("business_date") or _business_date(reading, header),
        "currency": header["currency"],
        "taxes_included": included,
        "tip": tip,
        "rounding": rounding,
        "total": total,
        "total_tax": tax,
        "lines": [line["fields"] for line in lines],
        "tenders": tenders,
        "customer": _customer(header),
    }


def _business_date(reading: Reading, header: Values) -> date:
    late = timedelta(minutes=reading.layout.day_starts_at)
    local = header["sold_at"].astimezone(reading.zone).replace(tzinfo=None)
    return (local - late).date()


def _customer(header: Values) -> Values | None:
    """Return the customer that a header names; without an id of his own none can be told apart."""
    found = {
        name.removeprefix(_CUSTOMER): value
        for name, value in header.items()
        if name.startswith(_CUSTOMER)
    }
    if not found:
        return None
    identity = found.get("external_id") or found.get("email") or found.get("phone")
    return {**found, "external_id": identity} if identity else None


def _line(reading: Reading, values: Values, number: int, sign: Decimal, included: bool) -> Values:
    """Return a line's ``fields``, its ``net`` (price less discount) and ``tax``."""
    sign *= sign_of(values)
    where = f"lines {number}"
    quantity = sign * values.get("quantity", Decimal(1))
    price, discount = _price(reading, values, quantity, sign, where)
    net = price * quantity - discount
    taxes = _taxes(reading, values, net, included, sign, where)
    fields = {
        **{name: values[name] for name in _LINE_TEXTS if name in values},
        "external_id": values.get("external_id", str(number)),
        "title": values.get("title") or values.get("sku") or values.get("barcode") or str(number),
        "quantity": quantity,
        "unit_price": price,
        "discount": discount,
        "taxes": taxes,
        "promotions": [values["promotion"]] if "promotion" in values else [],
    }
    return {"fields": fields, "net": net, "tax": sum((t["amount"] for t in taxes), Decimal(0))}


def _price(
    reading: Reading, values: Values, quantity: Decimal, sign: Decimal, where: str
) -> tuple[Decimal, Decimal]:
    """Return a unit's price and the discount of the line, of whatever two are declared."""
    price, total = values.get("unit_price"), values.get("total")
    total = None if total is None else sign * total
    discount = sign * values["discount"] if "discount" in values else None
    if price is None and (total is None or not quantity):
        reading.wrong(where, "unit_price", "neither a price nor a total with a quantity")
        return Decimal(0), Decimal(0)
    if price is None:
        discount = discount or Decimal(0)
        return ((total + discount) / quantity).quantize(_PLACES).normalize(), discount
    if discount is None and "discount_percent" in values:
        discount = reading.rounded(price * quantity * values["discount_percent"])
    if discount is None:
        discount = _difference(reading, price * quantity, total)
    return price, discount


def _difference(reading: Reading, gross: Decimal, total: Decimal | None) -> Decimal:
    """Return what a line's total is below its price: a discount, unless it is mere rounding."""
    if total is None or reading.rounded(gross) == reading.rounded(total):
        return Decimal(0)
    return gross - total


def _taxes(
    reading: Reading, values: Values, net: Decimal, included: bool, sign: Decimal, where: str
) -> list[Values]:
    named = [name for name in _TAXES if _names_tax(values, name)]
    rates = {}
    for name in named:
        if f"{name}.rate" not in values:
            reading.wrong(where, f"{name}.rate", "there is a tax, but no rate")
        rates[name] = values.get(f"{name}.rate", Decimal(0))
    base = net / (1 + sum(rates.values())) if included else net
    taxes = []
    for name in named:
        amount = values.get(f"{name}.amount")
        taxes.append(
            {
                "title": values.get(f"{name}.title") or _percent(rates[name]),
                "rate": rates[name],
                "amount": reading.rounded(base * rates[name]) if amount is None else sign * amount,
            }
        )
    return taxes


def _names_tax(values: Values, name: str) -> bool:
    return f"{name}.rate" in values or bool(values.get(f"{name}.amount"))


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f}%"


def _totals(
    reading: Reading, header: Values, lines: list[Values], sign: Decimal, extra: Decimal
) -> tuple[Decimal, Decimal]:
    """Return total and tax as the header says, or else as the lines add up."""
    tax = header.get("total_tax")
    tax = sum((line["tax"] for line in lines), Decimal(0)) if tax is None else sign * tax
    if "total" in header:
        return sign * header["total"], tax
    net = sum((reading.rounded(line["net"]) for line in lines), Decimal(0))
    return net + (Decimal(0) if header["taxes_included"] else tax) + extra, tax


def _check_whole(
    reading: Reading, header: Values, lines: list[Values], tenders: list[Values], goods: Decimal
) -> None:
    """Tell of a ticket whose rows are not all there: a writer may not have been done."""
    if header.get("voided"):
        return
    if goods and not lines:
        reading.errors.append("lines: there are none, but the total is not zero")
    if goods and not tenders:
        reading.errors.append("tenders: there are none, but the total is not zero")
    reading.stop_if_wrong()


def _tender(values: Values, number: int, sign: Decimal) -> Values:
    names = ("method", "kind", "state", "reference", "gift_card_code")
    return {
        **{name: values[name] for name in names if name in values},
        "external_id": values.get("external_id", str(number)),
        "amount": sign * sign_of(values) * values["amount"],
    }
