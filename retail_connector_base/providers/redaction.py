"""Keeps secrets, card numbers and personal data out of logs and error texts."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

MASK = "•••"

# Headers that may be written down; everything else is masked.
_OPEN_HEADERS = frozenset(
    ["content-type", "content-length", "date", "retry-after", "x-correlation-id", "x-request-id"]
)
_SECRET = re.compile(
    r"\b(?:shp[a-z]{2}_|whsec_|sk_(?:live|test)_|rk_(?:live|test)_|eyJ)[\w.+/=-]+"
    r"|\b(?:bearer|basic)\s+[\w.+/=-]+"
    r"|(?:secret|password|token|api[_-]?key|authorization)[\"']?\s*[:=]\s*[\"']?[^\s\"',&}]+",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_DIGITS = re.compile(r"(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)")


def _is_card_number(text: str) -> bool:
    """Tell whether digits pass the check of Luhn, as all payment cards do."""
    digits = [int(char) for char in reversed(text) if char.isdigit()]
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def redact_text(text: str, limit: int = 500) -> str:
    """Return a text without secrets, card numbers and e-mail addresses, cut to ``limit``."""
    text = _SECRET.sub(MASK, text[: limit * 4])
    text = _EMAIL.sub(MASK, text)
    text = _DIGITS.sub(lambda found: MASK if _is_card_number(found[0]) else found[0], text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def redact_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers whose values are masked unless they are known to be harmless."""
    return {
        name: value if name.lower() in _OPEN_HEADERS else MASK for name, value in headers.items()
    }


def redact_url(url: str) -> str:
    """Return an address without user, password, query and fragment."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, MASK if parts.query else "", ""))
