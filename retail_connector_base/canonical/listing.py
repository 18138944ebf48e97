"""What Odoo wants a channel to show of a product."""

from .base import CanonicalModel
from .money import ExactDecimal
from .product import ProductOption, ProductState


class ListingImage(CanonicalModel):
    """A picture by its content: ``digest`` is the SHA-256 of its bytes, in hexadecimal digits."""

    digest: str
    filename: str
    alt: str = ""


class ListingVariant(CanonicalModel):
    """One sellable variant.

    ``reference`` is our own identity of it, ``external_id`` the channel's once it has one. Weight
    is in grams. Prices are none of its business but for a first publication (``price``, in the
    shop's currency): they have a flow of their own.
    """

    reference: str
    external_id: str | None = None
    inventory_item_external_id: str | None = None
    sku: str | None = None
    barcode: str | None = None
    weight_grams: ExactDecimal | None = None
    options: tuple[ProductOption, ...] = ()
    price: ExactDecimal | None = None
    compare_at_price: ExactDecimal | None = None
    tracked: bool = True


class Listing(CanonicalModel):
    """A product as the channel shall show it. A field that is ``None`` is not ours to write.

    ``reference`` is our own identity of the product; a channel that knows no ``external_id`` for it
    keeps the reference where it can find it again, so that it is never created twice. ``removed``
    are the channel's ids of variants that were ours and are sold no more; others that the channel
    has and that are not named here stay as they are.
    """

    reference: str
    external_id: str | None = None
    title: str | None = None
    description_html: str | None = None
    state: ProductState | None = None
    vendor: str | None = None
    product_type: str | None = None
    tags: tuple[str, ...] | None = None
    images: tuple[ListingImage, ...] | None = None
    variants: tuple[ListingVariant, ...] = ()
    removed: tuple[str, ...] = ()
