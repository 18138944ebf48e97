"""The fields of a day's report from what its rows say."""

from decimal import Decimal

from .legacy_reading import Reading, Values, sign_of

_HEADER = (
    "store_external_id",
    "register_external_id",
    "business_date",
    "opened_at",
    "closed_at",
    "updated_at",
    "currency",
    "ticket_count",
    "first_sequence",
    "last_sequence",
    "total",
    "total_tax",
    "opening_float",
    "closing_float",
)


def closing_of(reading: Reading, header: Values, parts: dict[str, list[Values]]) -> Values:
    """Return the fields of a ``PosClosing``."""
    where = (header["store_external_id"], header["register_external_id"])
    identity = ":".join((*where, header["business_date"].isoformat()))
    return {
        **{name: header[name] for name in _HEADER if name in header},
        "external_id": header.get("external_id", identity),
        "tenders": [_without_skip(values) for values in parts["tenders"]],
        "taxes": [_tax(values) for values in parts["taxes"]],
        "cash_movements": [
            _movement(values, number) for number, values in enumerate(parts["cash_movements"], 1)
        ],
    }


def _without_skip(values: Values) -> Values:
    return {name: value for name, value in values.items() if name not in ("skip", "sign")}


def _tax(values: Values) -> Values:
    title = values.get("title") or f"{(values['rate'] * 100).normalize():f}%"
    return {**_without_skip(values), "title": title}


def _movement(values: Values, number: int) -> Values:
    amount: Decimal = sign_of(values) * values["amount"]
    return {
        **_without_skip(values),
        "external_id": values.get("external_id", str(number)),
        "amount": amount,
    }
