"""What registers are told of products: items of the catalogue, with a price for each location.

Source: the operations ``BatchUpsertCatalogObjects``, ``BatchRetrieveCatalogObjects`` and
``SearchCatalogObjects``; developer.squareup.com/docs/catalog-api/build-with-catalog. An object is
written with the version that was read, so that nobody's change is lost; a variation that is not
bound yet is found by its SKU or barcode. Stock has a flow of its own.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from odoo.addons.retail_connector_base.providers import Answer, FeedItem, Verdict

from .client import Row, SquareClient
from .feed_objects import ProductDraft, Refusal
from .http import RefusedError
from .inventory import idempotency_key

BATCH = 100
# Values that one search takes, and objects that are read at once.
_VALUES, _OBJECTS = 250, 1_000
# How often an object that somebody else changes meanwhile is read anew.
_TRIES = 3
PROMOTIONS = "Its promotions are not sent: Square takes discounts from its own Dashboard only."


class FeedWriter:
    """One logical attempt at telling registers of products."""

    def __init__(self, client: SquareClient, key: str) -> None:
        self._client = client
        self._key = key
        self._taxes: list[Row] | None = None

    def apply(self, items: Sequence[FeedItem]) -> list[Answer]:
        """Return an answer for each item, in their order. All stores of a product are one write."""
        products: dict[str, list[FeedItem]] = {}
        for item in items:
            products.setdefault(item.reference, []).append(item)
        answers: dict[str, Answer] = {}
        self._tell(products, answers, 0)
        return [_answer(answers[item.reference], item) for item in items]

    def _tell(
        self, products: dict[str, list[FeedItem]], answers: dict[str, Answer], attempt: int
    ) -> None:
        """Write products; those that somebody changed meanwhile are read and written again."""
        drafts, stale = self._drafts(products, answers), {}
        for reference, error in self._write(list(drafts.values()), answers, attempt):
            stale[reference] = products[reference]
            answers[reference] = Answer(Verdict.STALE, str(error))
        if stale and attempt + 1 < _TRIES:
            self._tell(stale, answers, attempt + 1)

    # What is there

    def _drafts(
        self, products: dict[str, list[FeedItem]], answers: dict[str, Answer]
    ) -> dict[str, ProductDraft]:
        variations = self._variations(products)
        parents = self._objects(_parent(row) for row in variations.values())
        drafts = {}
        for reference, items in products.items():
            variation = variations.get(reference)
            parent = parents.get(_parent(variation) or "") if variation else None
            try:
                draft = self._draft(reference, items, variation, parent)
            except Refusal as refusal:
                answers[reference] = Answer(refusal.verdict, str(refusal))
                continue
            answers[reference] = Answer(Verdict.DONE)
            if draft.differs:
                drafts[reference] = draft
        return drafts

    def _draft(
        self, reference: str, items: list[FeedItem], variation: Row | None, parent: Row | None
    ) -> ProductDraft:
        draft = ProductDraft(reference, items, variation, parent)
        rates = {(item.tax_rates, item.taxes_included) for item in items if item.active}
        draft.apply({tax for pair in rates for tax in self._tax_ids(*pair)})
        return draft

    def _variations(self, products: dict[str, list[FeedItem]]) -> dict[str, Row]:
        """Return the variations of products: those that are bound, then by SKU, then by barcode."""
        bound = {
            reference: next((item.variant for item in items if item.variant), None)
            for reference, items in products.items()
        }
        known = self._objects(bound.values())
        found = {
            reference: known[number]
            for reference, number in bound.items()
            if number in known and not known[number].get("is_deleted")
        }
        for field, values_of in (("sku", _skus), ("upc", _barcodes)):
            self._search(field, values_of, products, bound, found)
        return found

    def _search(
        self, field: str, values_of: Any, products: dict[str, list[FeedItem]],
        bound: dict[str, str | None], found: dict[str, Row],
    ) -> None:  # fmt: skip
        """Add what is found by an attribute; what is bound, or found by two, is left alone."""
        wanted: dict[str, str] = {}
        for reference, items in products.items():
            if reference not in found and not bound[reference]:
                wanted |= {value: reference for value in values_of(items)}
        values = sorted(wanted)
        for start in range(0, len(values), _VALUES):
            part = values[start : start + _VALUES]
            for row in self._by_attribute(field, part):
                value = str((row.get("item_variation_data") or {}).get(field) or "")
                if value in wanted:
                    found.setdefault(wanted[value], row)

    def _by_attribute(self, field: str, values: list[str]) -> Iterable[Row]:
        body = {
            "object_types": ["ITEM_VARIATION"],
            "query": {"set_query": {"attribute_name": field, "attribute_values": values}},
        }
        for rows in self._client.search("objects", "catalog", "search", body=body):
            yield from rows

    def _objects(self, numbers: Iterable[str | None]) -> dict[str, Row]:
        wanted = sorted({number for number in numbers if number})
        found = {}
        for start in range(0, len(wanted), _OBJECTS):
            body = {"object_ids": wanted[start : start + _OBJECTS]}
            rows = self._client.post("catalog", "batch-retrieve", body=body).get("objects") or ()
            found |= {str(row.get("id")): row for row in rows}
        return found

    def _tax_ids(self, rates: tuple[Decimal, ...], included: bool) -> list[str]:
        """Return Square's taxes of these rates. Raises ``Refusal`` for one that is not there."""
        if self._taxes is None:
            self._taxes = list(self._client.every("objects", "catalog", "list", types="TAX"))
        return [self._tax_id(rate, included) for rate in rates if rate]

    def _tax_id(self, rate: Decimal, included: bool) -> str:
        kind = "INCLUSIVE" if included else "ADDITIVE"
        for row in self._taxes or ():
            data = row.get("tax_data") or {}
            percent = Decimal(str(data.get("percentage") or 0))
            if (percent == rate * 100 and data.get("inclusion_type", "ADDITIVE") == kind
                    and data.get("enabled", True) and not row.get("is_deleted")):  # fmt: skip
                return str(row["id"])
        words = "included in prices" if included else "added to prices"
        raise Refusal(
            f"Square has no tax of {(rate * 100).normalize():f} % that is {words}: make it there."
        )

    # Writing

    def _write(
        self, drafts: list[ProductDraft], answers: dict[str, Answer], attempt: int
    ) -> Iterable[tuple[str, RefusedError]]:
        """Write products at once; if Square refuses, find out which it refuses. Yield the stale."""
        if not drafts:
            return
        try:
            self._post(drafts, attempt)
        except RefusedError as error:
            if len(drafts) > 1:
                middle = len(drafts) // 2
                yield from self._write(drafts[:middle], answers, attempt)
                yield from self._write(drafts[middle:], answers, attempt)
            elif error.is_stale:
                yield drafts[0].reference, error
            else:
                answers[drafts[0].reference] = Answer(Verdict.REJECTED, str(error))

    def _post(self, drafts: list[ProductDraft], attempt: int) -> None:
        objects = [shown for draft in drafts for shown in draft.objects()]
        digest = hashlib.sha256(json.dumps(objects, sort_keys=True).encode()).hexdigest()[:24]
        self._client.post(
            "catalog", "batch-upsert",
            body={
                "idempotency_key": idempotency_key(self._key, str(attempt), digest),
                "batches": [{"objects": objects}],
            },
        )  # fmt: skip


def _answer(answer: Answer, item: FeedItem) -> Answer:
    """Tell of what was left out, where the rest was taken."""
    if answer.verdict is Verdict.DONE and item.promotions and item.active:
        return Answer(Verdict.DONE, PROMOTIONS)
    return answer


def _parent(row: Row | None) -> str | None:
    return (row.get("item_variation_data") or {}).get("item_id") if row else None


def _skus(items: list[FeedItem]) -> list[str]:
    return list(dict.fromkeys(item.sku for item in items if item.sku))


def _barcodes(items: list[FeedItem]) -> list[str]:
    return list(dict.fromkeys(code for item in items for code in item.barcodes[:1]))
