"""The products that a shop offers now, found by any of their identifiers."""

from collections.abc import Iterable, Iterator

from .catalogue import Product, Variant


class Assortment:
    """Products by number, and their variants by number, inventory item and SKU."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._products: dict[int, Product] = {}
        self._variants: dict[int, Variant] = {}
        self._items: dict[int, Variant] = {}
        self._skus: dict[str, dict[int, Variant]] = {}
        for product in products:
            self.keep(product)

    def __iter__(self) -> Iterator[Product]:
        return iter(list(self._products.values()))

    def product(self, number: int) -> Product | None:
        """Return a product by its number."""
        return self._products.get(number)

    def variant(self, number: int) -> Variant | None:
        """Return a variant by its number."""
        return self._variants.get(number)

    def item(self, number: int) -> Variant | None:
        """Return the variant of an inventory item."""
        return self._items.get(number)

    def sku(self, sku: str) -> Variant | None:
        """Return the first variant with a SKU."""
        return next(iter(list(self._skus.get(sku, {}).values())), None)

    def keep(self, product: Product) -> None:
        """Add a product, or replace it."""
        self._forget(self._products.get(product.id))
        self._products[product.id] = product
        for variant in product.variants:
            self._variants[variant.id] = variant
            self._items[variant.inventory_item_id] = variant
            self._skus.setdefault(variant.sku, {})[variant.id] = variant

    def remove(self, number: int) -> None:
        """Delete a product."""
        self._forget(self._products.pop(number))

    def _forget(self, product: Product | None) -> None:
        for variant in product.variants if product else ():
            del self._variants[variant.id], self._items[variant.inventory_item_id]
            del self._skus[variant.sku][variant.id]
