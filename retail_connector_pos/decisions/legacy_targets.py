"""Which fields a layout can fill, and of what type each is.

``sign`` (1 or -1) turns all figures of a record, line or tender; ``skip`` leaves a row out.
"""

from enum import Enum

from odoo.addons.retail_connector_base.canonical import (
    CashMovementKind,
    LineKind,
    TenderKind,
    TenderState,
)

from .legacy_layout import HEADER


class Type(str, Enum):
    """What the words of a column become."""

    TEXT = "text"
    AMOUNT = "amount"
    NUMBER = "number"
    RATE = "rate"
    COUNT = "count"
    FLAG = "flag"
    MOMENT = "moment"
    DAY = "day"
    WORD = "word"


def _typed(**names: str) -> dict[str, Type]:
    """Return ``{target: type}`` of lists of names by type."""
    return {name: Type(kind) for kind, text in names.items() for name in text.split()}


_PLACE = "store_external_id register_external_id currency time_zone"
_TICKET = _typed(
    text=f"{_PLACE} external_id number order_external_id note cashier_external_id "
    "customer.external_id customer.email customer.phone customer.first_name customer.last_name "
    "customer.company",
    amount="total total_tax tip rounding",
    number="sign",
    count="sequence",
    flag="taxes_included voided offline invoice_wanted skip",
    moment="sold_at updated_at",
    day="business_date",
)
_LINE = _typed(
    text="external_id title sku barcode variant_external_id promotion gift_card_code note "
    "original_ticket_external_id original_line_external_id salesperson_external_id "
    "tax.title tax2.title tax3.title",
    amount="unit_price total discount tax.amount tax2.amount tax3.amount",
    number="quantity sign",
    rate="discount_percent tax.rate tax2.rate tax3.rate",
    word="kind",
    flag="skip",
)
_TENDER = _typed(
    text="external_id method reference gift_card_code",
    amount="amount",
    number="sign",
    word="kind state",
    flag="skip",
)
_CLOSING = _typed(
    text=f"{_PLACE} external_id",
    amount="total total_tax opening_float closing_float",
    count="ticket_count first_sequence last_sequence",
    moment="opened_at closed_at updated_at",
    day="business_date",
    flag="skip",
)
_TENDER_TOTAL = _typed(
    text="method", amount="expected counted", count="ticket_count", word="kind", flag="skip"
)
_TAX_TOTAL = _typed(text="title", rate="rate", amount="base amount", flag="skip")
_MOVEMENT = _typed(
    text="external_id reason", amount="amount", number="sign", word="kind", moment="at", flag="skip"
)

TARGETS: dict[str, dict[str, dict[str, Type]]] = {
    "pos_ticket": {HEADER: _TICKET, "lines": _LINE, "tenders": _TENDER},
    "pos_closing": {
        HEADER: _CLOSING,
        "tenders": _TENDER_TOTAL,
        "taxes": _TAX_TOTAL,
        "cash_movements": _MOVEMENT,
    },
}

# Without these nothing can be read; what else is missing has a default or is worked out.
REQUIRED: dict[str, dict[str, tuple[str, ...]]] = {
    "pos_ticket": {
        HEADER: (
            "external_id",
            "store_external_id",
            "register_external_id",
            "sold_at",
            "currency",
            "taxes_included",
        ),
        "lines": (),
        "tenders": ("method", "amount"),
    },
    "pos_closing": {
        HEADER: (
            "store_external_id",
            "register_external_id",
            "business_date",
            "closed_at",
            "currency",
            "ticket_count",
            "total",
            "total_tax",
        ),
        "tenders": ("method", "expected"),
        "taxes": ("rate", "base", "amount"),
        "cash_movements": ("kind", "amount"),
    },
}

_WORDS: dict[tuple[str, str, str], type[Enum]] = {
    ("pos_ticket", "lines", "kind"): LineKind,
    ("pos_ticket", "tenders", "kind"): TenderKind,
    ("pos_ticket", "tenders", "state"): TenderState,
    ("pos_closing", "tenders", "kind"): TenderKind,
    ("pos_closing", "cash_movements", "kind"): CashMovementKind,
}


def words_of(kind: str, part: str, target: str) -> tuple[str, ...]:
    """Return the words that a target takes, none for one that is no word."""
    known = _WORDS.get((kind, part, target))
    return tuple(word.value for word in known) if known else ()
