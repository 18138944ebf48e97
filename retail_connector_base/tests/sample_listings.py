"""The sample vendor's prices and products: a shop in memory that misbehaves as it is told."""

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count

from ..canonical.product import ProductState
from ..providers import (
    Answer,
    Capability,
    Direction,
    FlowSpec,
    ListingAnswer,
    Mode,
    RejectedError,
    TransientError,
    UnknownOutcomeError,
    VariantIds,
    Verdict,
)
from .sample_provider import SampleProvider


@dataclass
class SampleProduct:
    """A product as the sample shop holds it."""

    reference: str
    fields: dict = field(default_factory=dict)
    variants: dict = field(default_factory=dict)


class SampleShop:
    """What the sample vendor holds. ``script`` says how the next calls end, ``done`` without one.

    ``lost``: nothing arrives; ``unanswered``: it has its effect and no answer comes; ``refused``:
    the call as a whole; ``rejected``: each item.
    """

    def __init__(self):
        self.ids = count(1)
        self.products: dict[str, SampleProduct] = {}
        self.prices: dict[str, tuple[Decimal, Decimal | None, str]] = {}
        self.script: list[str] = []
        # Text by title or variant that the shop refuses.
        self.rejects: dict[str, str] = {}
        self.calls: list[tuple[str, str, list]] = []

    def called(self, kind: str) -> list:
        """Return the changes of all calls of a kind, in order."""
        return [change for name, _key, changes in self.calls if name == kind for change in changes]

    def take(self, kind, changes, key, apply):
        """Have the next call end as the script says."""
        self.calls.append((kind, key, list(changes)))
        outcome = self.script.pop(0) if self.script else "done"
        if outcome == "lost":
            raise TransientError("The line is dead.")
        if outcome == "refused":
            raise RejectedError("The shop is closed.")
        answers = [
            self.rejected(kind) if outcome == "rejected" else apply(change) for change in changes
        ]
        if outcome == "unanswered":
            raise UnknownOutcomeError("No answer came.")
        return answers

    def rejected(self, kind):
        """Return the answer to an item that is refused."""
        answer = ListingAnswer if kind == "product" else Answer
        return answer(Verdict.REJECTED, "It does not please us.")

    # Prices

    def price(self, change):
        """Set a price."""
        if change.variant in self.rejects:
            return Answer(Verdict.REJECTED, self.rejects[change.variant])
        self.prices[change.variant] = (change.price, change.compare_at, change.currency)
        return Answer(Verdict.DONE)

    # Products

    def listing(self, change):
        """Make a product look like a listing: found by its id, else by its reference."""
        wanted = change.listing
        if wanted.title in self.rejects:
            return ListingAnswer(Verdict.REJECTED, self.rejects[wanted.title])
        external_id = wanted.external_id or self.find(wanted.reference)
        if wanted.external_id and wanted.external_id not in self.products:
            return ListingAnswer(Verdict.MISSING, "There is no such product.")
        if not external_id:
            external_id = f"P{next(self.ids)}"
            self.products[external_id] = SampleProduct(wanted.reference)
        product = self.products[external_id]
        self.show(product, change)
        variants = tuple(
            VariantIds(reference, row["id"], f"I{row['id']}")
            for reference, row in product.variants.items()
        )
        return ListingAnswer(Verdict.DONE, external_id=external_id, variants=variants)

    def find(self, reference):
        """Return the id of the product with our reference."""
        found = (key for key, product in self.products.items() if product.reference == reference)
        return next(found, None)

    def show(self, product, change):
        """Take over the named fields, and no others."""
        for name in change.fields - {"variants"}:
            value = getattr(change.listing, name)
            if name == "images":
                value = [change.image(image.digest) for image in value]
            product.fields[name] = value.value if isinstance(value, ProductState) else value
        if "variants" in change.fields:
            former = {row["id"]: row for row in product.variants.values()}
            by_reference = dict(product.variants)
            ours = {
                variant.reference: self.variant(
                    variant, former.get(variant.external_id) or by_reference.get(variant.reference)
                )
                for variant in change.listing.variants
            }
            known = {row["id"] for row in ours.values()} | set(change.listing.removed)
            others = {key: row for key, row in by_reference.items() if row["id"] not in known}
            product.variants = others | ours

    def variant(self, wanted, former):
        """Return a variant as the shop holds it: what is ``None`` stays as it was."""
        told = {name: getattr(wanted, name) for name in ("sku", "barcode", "weight_grams")}
        row = {**(former or {"id": f"V{next(self.ids)}"})}
        row |= {name: value for name, value in told.items() if value is not None}
        row["options"] = tuple((option.name, option.value) for option in wanted.options)
        if former is None:
            row["price"] = wanted.price
        return row


class SampleListings:
    """What the sample vendor does with prices and products. A test gives it a new shop."""

    shop = SampleShop()
    price_batch = 10
    listing_batch = 2

    def change_prices(self, changes, key):
        """Set prices."""
        return self.shop.take("price", changes, key, self.shop.price)

    def change_listings(self, changes, key):
        """Make products look like listings."""
        return self.shop.take("product", changes, key, self.shop.listing)


class PublishingProvider(SampleListings, SampleProvider):
    """The sample vendor, whose shop takes prices and products."""

    capabilities = SampleProvider.capabilities | {
        Capability.PRICES_OUT,
        Capability.COMPARE_AT_PRICES,
        Capability.PRODUCTS_OUT,
    }
    flows = (
        *SampleProvider.flows,
        FlowSpec("price", direction=Direction.OUT, mode=Mode.BATCH, tier=2, interval=60),
        FlowSpec("product", direction=Direction.OUT, mode=Mode.BATCH, tier=2, interval=60),
    )
