"""The entry points of queries: lists and single entities of a shop."""

from collections.abc import Callable
from typing import Any

from ..catalogue import Product, Variant
from ..history import History
from ..identifiers import gid
from ..people import Customer
from ..settings import AppSettings, utc
from ..shop import Shop
from .goods import location_node, product_node, variant_node
from .listing import Listing
from .money import Node
from .order import order_node
from .people import customer_node

Single = Callable[[int], Node | None]


class Roots:
    """What can be asked of a shop, as it is at this moment."""

    def __init__(self, shop: Shop, app: AppSettings) -> None:
        self.shop, self.app = shop, app

    def query(self) -> dict[str, Any]:
        """Return the fields of the query root."""
        return {
            "shop": self.shop_node(),
            "currentAppInstallation": self.installation(),
            "orders": self.orders(),
            "ordersCount": self.orders(),
            "products": self.products(),
            "productsCount": self.products(),
            "productVariants": self.variants(),
            "productVariantsCount": self.variants(),
            "customers": self.customers(),
            "customersCount": self.customers(),
            "locations": self.locations(),
        }

    def singles(self) -> dict[str, Single]:
        """Return, per type, how to find an entity by its number."""
        return {
            "Order": lambda number: self._first(self.orders(), number),
            "Product": lambda number: self._first(self.products(), number),
            "ProductVariant": lambda number: self._first(self.variants(), number),
            "Customer": lambda number: self._first(self.customers(), number),
            "Location": lambda number: self._first(self.locations(), number),
        }

    @staticmethod
    def _first(listing: Listing, number: int) -> Node | None:
        found = (r for r in listing.records if listing.identity(r) == number)
        return next((listing.node(record) for record in found), None)

    def orders(self) -> Listing:
        """Return all orders in their newest state."""
        current: dict[str, Callable[[History], Any]] = {
            "id": lambda history: history.id,
            "name": lambda history: history.current.name,
            "email": lambda history: history.current.email,
            "test": lambda history: history.current.test,
            "financial_status": lambda history: history.current.financial,
            "status": lambda history: "cancelled" if history.current.cancelled_at else "open",
            "created_at": lambda history: history.current.created_at,
            "processed_at": lambda history: history.current.created_at,
            "updated_at": lambda history: history.current.updated_at,
        }
        sorts = {
            name.upper(): current[name] for name in ("created_at", "processed_at", "updated_at")
        }
        sorts["ORDER_NUMBER"] = lambda history: history.current.number
        return Listing(
            self.shop.orders,
            lambda history: order_node(history.current, self.shop.settings),
            lambda history: history.id, sorts, current,
        )  # fmt: skip

    def products(self) -> Listing:
        """Return all products."""
        updated: Callable[[Product], Any] = lambda product: product.updated_at
        filters: dict[str, Callable[[Product], Any]] = {
            "id": lambda product: product.id,
            "title": lambda product: product.title,
            "status": lambda product: product.status,
            "updated_at": updated,
            "created_at": updated,
        }
        sorts = {"UPDATED_AT": updated, "CREATED_AT": updated, "TITLE": lambda item: item.title}
        return Listing(self.shop.products, product_node, lambda item: item.id, sorts, filters)

    def variants(self) -> Listing:
        """Return all variants with their products."""
        pairs = [(variant, item) for item in self.shop.products for variant in item.variants]
        filters: dict[str, Callable[[tuple[Variant, Product]], Any]] = {
            "id": lambda pair: pair[0].id,
            "sku": lambda pair: pair[0].sku,
            "barcode": lambda pair: pair[0].barcode,
            "product_id": lambda pair: pair[1].id,
            "updated_at": lambda pair: pair[1].updated_at,
        }
        sorts = {"SKU": lambda pair: pair[0].sku, "TITLE": lambda pair: pair[0].title}
        return Listing(
            pairs, lambda pair: variant_node(*pair), lambda pair: pair[0].id, sorts, filters
        )

    def customers(self) -> Listing:
        """Return all customers."""
        created: Callable[[Customer], Any] = lambda customer: customer.created_at
        filters: dict[str, Callable[[Customer], Any]] = {
            "id": lambda customer: customer.id,
            "email": lambda customer: customer.email,
            "updated_at": created,
        }
        sorts = {"UPDATED_AT": created, "CREATED_AT": created}
        people = list(self.shop.customers)
        return Listing(people, customer_node, lambda item: item.id, sorts, filters)

    def locations(self) -> Listing:
        """Return the one location."""
        node = location_node(self.shop.settings, utc(self.shop.start))
        number = self.shop.settings.location_id
        return Listing(
            [node], lambda item: item, lambda item: number, {"NAME": lambda i: i["name"]}
        )

    def shop_node(self) -> Node:
        """Return the Shop."""
        settings = self.shop.settings
        url = f"https://{settings.domain}"
        plan = {"partnerDevelopment": True, "publicDisplayName": "Basic", "shopifyPlus": False}
        host = {"id": gid("Domain", 1), "sslEnabled": True}
        return {
            "__typename": "Shop",
            "id": gid("Shop", 548380009),
            "contactEmail": f"owner@{settings.domain}",
            "createdAt": utc(self.shop.start),
            "currencyCode": self.shop.currency,
            "email": f"owner@{settings.domain}",
            "enabledPresentmentCurrencies": [self.shop.currency],
            "ianaTimezone": settings.timezone_name,
            "myshopifyDomain": settings.domain,
            "name": settings.name,
            "plan": plan,
            "primaryDomain": host | {"host": settings.domain, "url": url},
            "shopOwnerName": "Sim Ulator",
            "taxShipping": True,
            "taxesIncluded": self.shop.taxes_included,
            "updatedAt": utc(self.shop.start),
            "url": url,
        }

    def installation(self) -> Node:
        """Return the AppInstallation with its scopes."""
        scopes = [{"handle": scope, "description": scope} for scope in self.app.scopes]
        app = {
            "__typename": "App",
            "id": gid("App", 1),
            "apiKey": self.app.client_id,
            "handle": "retail-connector",
            "title": "Retail Connector",
            "requestedAccessScopes": scopes,
        }
        return {
            "__typename": "AppInstallation",
            "id": gid("AppInstallation", 1),
            "accessScopes": scopes,
            "app": app,
        }
