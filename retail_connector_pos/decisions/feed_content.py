"""What registers are told of a product, and what a promotion grants: without a database."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

# Money in JSON is text: exact, and the same for the same amount.
Content = Mapping[str, Any]


@dataclass(frozen=True)
class Grant:
    """One discount of a promotion as Odoo has it: ``discount`` is in per cent or an amount."""

    program: int
    name: str
    mode: str
    discount: Decimal
    whole_ticket: bool
    minimum_quantity: int
    code: str | None


def plain(amount: Decimal) -> str:
    """Return an amount as text without an exponent and without zeros that say nothing."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def promotion(grant: Grant) -> dict[str, Any]:
    """Return a promotion as it is told."""
    is_percent = grant.mode == "percent"
    return {
        "external_id": str(grant.program),
        "name": grant.name,
        "scope": "ticket" if grant.whole_ticket else "item",
        "percent": plain(grant.discount / 100) if is_percent else None,
        "amount": None if is_percent else plain(grant.discount),
        "minimum_quantity": str(grant.minimum_quantity),
        "code": grant.code,
    }


def promotions(grants: Iterable[Grant]) -> list[dict[str, Any]]:
    """Return promotions in an order that is always the same."""
    told = map(promotion, grants)
    return sorted(told, key=lambda each: (each["external_id"], json.dumps(each, sort_keys=True)))


def digest(content: Content) -> str:
    """Return by what two contents are compared."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
