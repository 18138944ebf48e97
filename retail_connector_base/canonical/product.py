"""A product of a channel with its variants."""

from enum import Enum
from typing import ClassVar

from .base import CanonicalMessage, CanonicalModel
from .money import ExactDecimal


class ProductState(str, Enum):
    """Whether a product can be bought in the channel."""

    ACTIVE = "active"
    DRAFT = "draft"
    ARCHIVED = "archived"
    UNKNOWN = "unknown"


class ProductOption(CanonicalModel):
    """What variants differ by, and the variant's own value of it."""

    name: str
    value: str


class ProductImage(CanonicalModel):
    """A picture by the address it can be fetched from."""

    url: str
    alt: str | None = None


class ProductAttribute(CanonicalModel):
    """One statement about a product, e.g. material: wool."""

    name: str
    value: str


class ProductVariant(CanonicalModel):
    """One sellable variant. Prices are per unit, in the shop's currency, as the channel shows them.

    ``inventory_item_external_id`` is what the channel counts stock of.
    """

    external_id: str
    title: str
    sku: str | None = None
    barcode: str | None = None
    price: ExactDecimal | None = None
    compare_at_price: ExactDecimal | None = None
    options: tuple[ProductOption, ...] = ()
    inventory_item_external_id: str | None = None
    taxable: bool = True
    weight_grams: ExactDecimal | None = None


class Product(CanonicalMessage):
    """A product. The currency of its prices is the shop's, which products do not name.

    ``variants_complete`` is false where the channel's events show the first variants only. Content
    (description, category, images, attributes) that is ``None`` is not said; weight is in grams.
    """

    kind: ClassVar[str] = "product"
    schema_version: ClassVar[str] = "1.1"

    title: str
    state: ProductState = ProductState.UNKNOWN
    handle: str | None = None
    vendor: str | None = None
    product_type: str | None = None
    tags: tuple[str, ...] = ()
    description_html: str | None = None
    category: str | None = None
    images: tuple[ProductImage, ...] | None = None
    attributes: tuple[ProductAttribute, ...] | None = None
    variants: tuple[ProductVariant, ...] = ()
    variants_complete: bool = True
