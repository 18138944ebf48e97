"""Amounts, days and identities as banks write them."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation

from .statement import StatementError, StatementLine

LARGEST = Decimal(10) ** 15


def exact(text: str | None) -> Decimal:
    """Return an amount. Raises ``StatementError`` for what is no finite number."""
    try:
        value = Decimal((text or "").strip())
    except InvalidOperation:
        raise StatementError(f"“{text}” is no amount.") from None
    if not value.is_finite() or abs(value) >= LARGEST:
        raise StatementError(f"“{text}” is no amount.")
    return value


def day(text: str | None) -> date:
    """Return the day of a date or moment as the bank writes it, in the bank's own time zone."""
    try:
        return date.fromisoformat((text or "").strip()[:10])
    except ValueError:
        raise StatementError(f"“{text}” is no date.") from None


def words(texts: Iterable[str | None]) -> tuple[str, ...]:
    """Return texts without white space around and within them, each once, empty ones left out."""
    return tuple(dict.fromkeys(" ".join(text.split()) for text in texts if text and text.strip()))


def with_identities(lines: Iterable[StatementLine], account: str) -> tuple[StatementLine, ...]:
    """Give lines without an identity one that is made of their content.

    Movements that look alike are told apart by their number within the file. Whoever reads the same
    day again, in this file or a longer one, gets the same identities.
    """
    seen: Counter[str] = Counter()
    result = []
    for line in lines:
        if not line.uid:
            digest = _digest(line, account)
            seen[digest] += 1
            line = replace(line, uid=f"#{digest}-{seen[digest]}")
        result.append(line)
    return tuple(result)


def _digest(line: StatementLine, account: str) -> str:
    parts = [
        account,
        line.on.isoformat(),
        format(line.amount.normalize(), "f"),
        line.currency,
        line.text,
        *line.references,
        line.counterparty or "",
        line.counterparty_account or "",
    ]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
