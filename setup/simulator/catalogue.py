"""The goods of a shop."""

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

    @property
    def name(self) -> str:
        """The product's title and the variant's option, as an order line shows them."""
        return f"{self.title} - {self.option}" if self.option else self.title


@dataclass(frozen=True)
class Product:
    """A product and its variants."""

    id: int
    title: str
    variants: tuple[Variant, ...]
    updated_at: datetime
    status: str = "active"
    gift_card: bool = False


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
