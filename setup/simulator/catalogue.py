"""The goods of a shop."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from random import Random

from .identifiers import Ids
from .money import rounded

ADJECTIVES = ("Linen", "Oak", "Copper", "Wool", "Glass", "Slate", "Cork", "Bamboo", "Felt", "Brass")
NOUNS = ("Lamp", "Chair", "Bowl", "Blanket", "Vase", "Shelf", "Mat", "Clock", "Basket", "Mirror")
SIZES = ("S", "M", "L")
PRICE_SCALE = {"JPY": 150, "BHD": Decimal("0.4")}


@dataclass(frozen=True)
class Variant:
    """What can be bought. ``known`` tells whether the merchant's ERP has it under this SKU."""

    id: int
    product_id: int
    inventory_item_id: int
    title: str
    option: str
    sku: str
    barcode: str
    price: Decimal
    tax_set: int = 0
    quantity: int = 100
    known: bool = True
    position: int = 1
    compare_at: Decimal | None = None
    weight: Decimal = Decimal("0.25")
    weight_unit: str = "KILOGRAMS"
    tracked: bool = True
    requires_shipping: bool = True
    taxable: bool = True
    policy: str = "DENY"
    choices: tuple[tuple[str, str], ...] = ()
    media_ids: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """The product's title and the variant's option, as an order line shows them."""
        return f"{self.title} - {self.option}" if self.option else self.title

    @property
    def key(self) -> tuple[str, ...]:
        """The values of its options, which are unique within a product."""
        return tuple(value for _, value in self.choices) or (self.option or "Default Title",)


@dataclass(frozen=True)
class OptionValue:
    """One value of an option."""

    id: int
    name: str


@dataclass(frozen=True)
class Option:
    """What the variants of a product differ by."""

    id: int
    name: str
    values: tuple[OptionValue, ...]


@dataclass(frozen=True)
class Metafield:
    """A value that an app attached to a product."""

    id: int
    namespace: str
    key: str
    type: str
    value: str


@dataclass(frozen=True)
class Product:
    """A product and its variants."""

    id: int
    title: str
    variants: tuple[Variant, ...]
    updated_at: datetime
    status: str = "active"
    gift_card: bool = False
    description: str = ""
    vendor: str = "Simulated Goods"
    product_type: str = ""
    own_handle: str = ""
    tags: tuple[str, ...] = ()
    media_ids: tuple[int, ...] = ()
    own_options: tuple[Option, ...] = ()
    metafields: tuple[Metafield, ...] = ()
    publications: tuple[int, ...] = (1,)
    created_at: datetime | None = None

    @property
    def handle(self) -> str:
        """The product's part of its address in the shop."""
        return self.own_handle or handle_of(self.title)

    @property
    def options(self) -> tuple[Option, ...]:
        """What the variants differ by; a single variant has Shopify's own placeholders."""
        if self.own_options:
            return self.own_options
        names = [variant.option or "Default Title" for variant in self.variants]
        name = "Title" if names == ["Default Title"] else "Size"
        ids = [variant.id for variant in self.variants]
        values = tuple(OptionValue(*pair) for pair in zip(ids, names, strict=True))
        return (Option(self.id, name, values),)


def handle_of(title: str) -> str:
    """Return the handle that the shop makes of a title."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "product"


def ean13(number: int) -> str:
    """Return a valid EAN-13 from the range for use inside a shop."""
    digits = f"20{number % 10**10:010d}"
    odd, even = sum(map(int, digits[::2])), sum(map(int, digits[1::2]))
    return f"{digits}{-(odd + 3 * even) % 10}"


def _variant(
    rng: Random, ids: Ids, product: tuple[int, str], number: int, size: int, currency: str
) -> Variant:
    price = Decimal(rng.randint(299, 14_999)).scaleb(-2) * PRICE_SCALE.get(currency, 1)
    return Variant(
        id=ids.next("ProductVariant"),
        product_id=product[0],
        inventory_item_id=ids.next("InventoryItem"),
        title=product[1],
        option=SIZES[size],
        sku=f"SKU-{number:04d}",
        barcode=ean13(number),
        price=max(rounded(price, currency), Decimal(1)),
        tax_set=1 if rng.random() < 0.2 else 0,
        quantity=rng.randint(5, 500),
        position=size + 1,
    )


def make_products(
    rng: Random, ids: Ids, variants: int, currency: str, moment: datetime
) -> list[Product]:
    """Return products with ``variants`` variants in all, up to three each, SKUs from SKU-0001."""
    products: list[Product] = []
    made = 0
    while made < variants:
        title = f"{rng.choice(ADJECTIVES)} {rng.choice(NOUNS)} {len(products) + 1}"
        key = (ids.next("Product"), title)
        sizes = range(min(len(SIZES), variants - made))
        own = tuple(_variant(rng, ids, key, made + size + 1, size, currency) for size in sizes)
        products.append(Product(*key, own, moment))
        made += len(own)
    return products


def special_product(
    ids: Ids,
    title: str,
    sku: str,
    price: Decimal,
    moment: datetime,
    *,
    known: bool,
    gift_card: bool,
) -> Product:
    """Return a product with one variant: a gift card, or something the ERP has never heard of."""
    product = ids.next("Product")
    variant = Variant(
        ids.next("ProductVariant"), product, ids.next("InventoryItem"), title, "", sku, "", price,
        known=known,
    )  # fmt: skip
    return Product(product, title, (variant,), moment, gift_card=gift_card)
