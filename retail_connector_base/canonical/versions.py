"""The versions of each kind's schema: the newest, and older ones while they are still taken.

A version changes when a field is added (the minor number) or changes its meaning (the major one).
An older version is the newest without the fields that came later.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from .registry import KINDS

EVERY = "*"
Path = tuple[str, ...]


@dataclass(frozen=True)
class Version:
    """One version of a kind's schema.

    ``later`` are the fields that it does not have yet (``EVERY`` stands for each item of a list).
    ``deprecated_at`` is since when senders should leave it, ``sunset_at`` from when on it is
    refused (both UTC).
    """

    kind: str
    version: str
    later: frozenset[Path] = frozenset()
    deprecated_at: datetime | None = None
    sunset_at: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Tell whether the version is refused by now."""
        return self.sunset_at is not None and now >= self.sunset_at

    def check(self, data: Any) -> list[str]:
        """Return the JSON pointers of fields in ``data`` that this version does not have yet."""
        return [pointer for path in sorted(self.later) for pointer in _found(data, path)]


def _found(data: Any, path: Path, pointer: str = "") -> Iterator[str]:
    if not path:
        yield pointer
    elif path[0] == EVERY and isinstance(data, list):
        for index, item in enumerate(data):
            yield from _found(item, path[1:], f"{pointer}/{index}")
    elif isinstance(data, dict) and path[0] in data:
        yield from _found(data[path[0]], path[1:], f"{pointer}/{path[0]}")


_DEPRECATED = datetime(2026, 11, 1, tzinfo=timezone.utc)
_SUNSET = datetime(2027, 11, 1, tzinfo=timezone.utc)
_CUSTOMER = ("company", "tags", "consents", "note")
_PRODUCT = ("description_html", "category", "images", "attributes")
_SHIPMENT_LINE = ("external_id", "unit", "lots")
_PAYMENT = ("reference", "payer_email", "expires_at", "failure")

# What came with 1.1: consent and company of customers, content and weight of products, what
# payments are matched by, the register's own id of what a ticket sold, loyalty points, and what a
# warehouse knows of its shipments.
_OLD = (
    Version("customer", "1.0", frozenset((name,) for name in _CUSTOMER), _DEPRECATED, _SUNSET),
    Version(
        "order", "1.0", frozenset(("customer", name) for name in _CUSTOMER), _DEPRECATED, _SUNSET
    ),
    Version("payment", "1.0", frozenset((name,) for name in _PAYMENT), _DEPRECATED, _SUNSET),
    Version(
        "pos_ticket",
        "1.0",
        frozenset({("loyalty",), ("lines", EVERY, "variant_external_id")}),
        _DEPRECATED,
        _SUNSET,
    ),
    Version(
        "product",
        "1.0",
        frozenset({*((name,) for name in _PRODUCT), ("variants", EVERY, "weight_grams")}),
        _DEPRECATED,
        _SUNSET,
    ),
    Version(
        "shipment",
        "1.0",
        frozenset({("parcels",), ("final",), *(("lines", EVERY, name) for name in _SHIPMENT_LINE)}),
        _DEPRECATED,
        _SUNSET,
    ),
    Version("return", "1.0", frozenset({("lines", EVERY, "lots")}), _DEPRECATED, _SUNSET),
)
VERSIONS: dict[str, tuple[Version, ...]] = {
    kind: (
        Version(kind, model.schema_version),
        *(version for version in _OLD if version.kind == kind),
    )
    for kind, model in KINDS.items()
}


def resolve(kind: str, version: str | None = None) -> Version:
    """Return a version of a kind, the newest for ``None``. Raises ``KeyError`` for what is none."""
    known = VERSIONS[kind]
    if version is None:
        return known[0]
    for each in known:
        if each.version == version:
            return each
    raise KeyError(version)
