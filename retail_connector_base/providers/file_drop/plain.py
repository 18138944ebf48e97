"""Foreign rows as JSON bytes that are the same for the same content."""

import json
import math
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

# A float is exact for figures of about so many digits; larger ones stay texts.
_DIGITS = 15


def encoded(content: Any) -> bytes:
    """Return JSON of plain values."""
    return json.dumps(_plain(content), sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal | float):
        return _figure(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return str(value)


def _figure(value: Decimal | float) -> Any:
    """Return a figure as a JSON number where that is exact, as a text otherwise."""
    if not math.isfinite(value) or abs(Decimal(str(value)).adjusted()) > _DIGITS:
        return str(value)
    if value == int(value) and abs(value) < 2**53:
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == Decimal(str(value)) else str(value)
