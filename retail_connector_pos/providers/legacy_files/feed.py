"""What registers should know, as files that they pick up: changes, and all there is."""

import csv
import hashlib
import io
import json
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

from odoo.addons.retail_connector_base.providers import (
    Answer,
    ConfigurationError,
    FeedItem,
    FeedPromotion,
    Verdict,
)
from odoo.addons.retail_connector_base.providers.file_drop import Store

FOLDER = "feed"
COLUMNS = (
    "reference",
    "store",
    "variant",
    "sku",
    "barcodes",
    "title",
    "unit",
    "price",
    "currency",
    "taxes_included",
    "tax_rates",
    "available",
    "promotions",
    "active",
)
MODES = ("changes", "full", "both")
FORMATS = ("csv", "jsonl")


class Feed:
    """Writes batches of items: a file of changes each, and one file a store with all its items."""

    def __init__(self, store: Store, form: str, mode: str) -> None:
        if form not in FORMATS or mode not in MODES:
            raise ConfigurationError("A feed is csv or jsonl, with changes, full or both.")
        self.store, self.form, self.mode = store, form, mode

    def send(self, items: Sequence[FeedItem], key: str) -> list[Answer]:
        """Write items; the same key writes the same files again."""
        by_store: dict[str, list[FeedItem]] = {}
        for item in items:
            by_store.setdefault(item.store, []).append(item)
        for name, own in sorted(by_store.items()):
            if self.mode in ("changes", "both"):
                self._write_changes(name, own, key)
            if self.mode in ("full", "both"):
                self._write_full(name, own)
        return [Answer(Verdict.DONE) for _item in items]

    def _write_changes(self, store: str, items: Sequence[FeedItem], key: str) -> None:
        rows = [row_of(item) for item in items]
        text = "".join(self._texts(rows, with_names=True))
        digest = hashlib.sha256(key.encode()).hexdigest()[:24]
        name = f"changes-{digest}.{self.form}"
        self.store.put(text.encode(), FOLDER, folder_of(store), name)

    def _write_full(self, store: str, items: Sequence[FeedItem]) -> None:
        """Write the store's file anew: its former rows with those of the batch put in."""
        changed = {item.reference: row_of(item) for item in items}
        target = (FOLDER, folder_of(store), f"items.{self.form}")
        with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as file:
            for text in self._texts(self._merged(target, changed), with_names=True):
                file.write(text)
            file.seek(0)
            self._copy(file, target)

    def _copy(self, file: Any, target: tuple[str, ...]) -> None:
        """Write a file piece by piece under another name, then give it its own."""
        path = self.store.path(*target)
        folder = path.rpartition("/")[0]
        self.store.fs.makedirs(folder, exist_ok=True)
        unfinished = path
        if self.store.renames:
            unfinished = f"{folder}/.{uuid4().hex[:8]}.tmp"
        with self.store.fs.open(unfinished, "wb") as out:
            while text := file.read(2**20):
                out.write(text.encode())
        if self.store.renames:
            self.store.replace(unfinished, path)

    def _merged(
        self, target: tuple[str, ...], changed: dict[str, dict[str, Any]]
    ) -> Iterator[dict[str, Any]]:
        """Yield former rows in their order, changed ones in their place, new ones at the end.

        What is no longer sold is left out: the file is all there is.
        """
        left = dict(changed)
        for row in self._former(target):
            row = left.pop(row.get("reference", ""), row)
            if row["active"] in (True, "true"):
                yield row
        yield from (row for row in left.values() if row["active"] is True)

    def _former(self, target: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        if not self.store.exists(*target):
            return
        with self.store.open(*target) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
            if self.form == "csv":
                yield from csv.DictReader(text)
            else:
                yield from (json.loads(line) for line in text)

    def _texts(self, rows: Any, with_names: bool) -> Iterator[str]:
        if self.form == "jsonl":
            yield from (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            return
        if with_names:
            yield _line(COLUMNS)
        for row in rows:
            yield _line([_cell(row[name]) for name in COLUMNS])


def _line(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False) if _is_deep(value) else "|".join(value)
    return str(value)


def _is_deep(value: list[Any]) -> bool:
    return any(isinstance(item, dict) for item in value)


def row_of(item: FeedItem) -> dict[str, Any]:
    """Return an item's columns; figures are texts with a decimal point."""
    return {
        "reference": item.reference,
        "store": item.store,
        "variant": item.variant,
        "sku": item.sku,
        "barcodes": list(item.barcodes),
        "title": item.title,
        "unit": item.unit,
        "price": format(item.price, "f"),
        "currency": item.currency,
        "taxes_included": item.taxes_included,
        "tax_rates": [format(rate, "f") for rate in item.tax_rates],
        "available": None if item.available is None else format(item.available, "f"),
        "promotions": [_promotion(each) for each in item.promotions],
        "active": item.active,
    }


def _promotion(promotion: FeedPromotion) -> dict[str, Any]:
    def figure(value: Any) -> str | None:
        return None if value is None else format(value, "f")

    return {
        "external_id": promotion.external_id,
        "name": promotion.name,
        "percent": figure(promotion.percent),
        "amount": figure(promotion.amount),
        "minimum_quantity": figure(promotion.minimum_quantity),
        "code": promotion.code,
    }


def folder_of(store: str) -> str:
    """Return a store's folder: its id where that is a plain name, else a digest of it."""
    plain = "".join(char for char in store if char.isalnum() or char in "-_")
    if plain == store and len(store) <= 64:
        return store
    return f"{plain[:32]}-{hashlib.sha256(store.encode()).hexdigest()[:8]}"
