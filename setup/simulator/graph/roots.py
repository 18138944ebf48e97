"""The entry points of queries: lists and single entities of a shop."""

from collections.abc import Callable
from typing import Any

from ..catalogue import Product, Variant
from ..history import History
from ..identifiers import gid, number_of
from ..people import Customer
from ..settings import AppSettings, utc
from ..shop import Shop
from ..trader import ABROAD
from .account import account_node, dispute_node, disputes, payout_node
from .changes.products import by_custom_id
from .goods import product_node, variant_node
from .levels import item_node, level_by_number, location_node
from .listing import Listing
from .live import Live
from .media import media_node
from .money import Node
from .order import (
    fulfilment_entry,
    fulfilment_order_entry,
    order_node,
    payment_entry,
    refund_entry,
)
from .people import customer_node
from .publications import PUBLICATIONS, publication_node, publication_nodes

Single = Callable[[int], Node | None]
# What searches call the states of orders: unshipped, partial, shipped.
SEARCHED = {
    "PARTIALLY_FULFILLED": "partial",
    "FULFILLED": "shipped",
    "UNFULFILLED": "unfulfilled",
    "ON_HOLD": "on_hold",
    "SCHEDULED": "scheduled",
    "IN_PROGRESS": "unfulfilled",
}


class Roots:
    """What can be asked of a shop, as it is at this moment."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def query(self) -> dict[str, Any]:
        """Return the fields of the query root."""
        return {
            "shop": self.shop_node(),
            "orders": self.orders(),
            "ordersCount": self.orders(),
            "products": self.products(),
            "productsCount": self.products(),
            "productVariants": self.variants(),
            "productVariantsCount": self.variants(),
            "customers": self.customers(),
            "customersCount": self.customers(),
            "locations": self.locations(),
            "locationsCount": self.locations(),
            "inventoryItems": Live(lambda shop, **_: self.items()),
            "publications": publication_nodes(),
            "publicationsCount": {"count": len(PUBLICATIONS), "precision": "EXACT"},
            "shopifyPaymentsAccount": Live(account_node),
            "disputes": Live(lambda shop, **_: disputes(shop)),
            "dispute": Live(lambda shop, id: self._dispute(number_of(id))),
            "productByIdentifier": Live(lambda shop, identifier: self._identified(identifier)),
            "files": Live(lambda shop, **_: self.files()),
            "fulfillmentOrders": Live(
                lambda shop, includeClosed=False, **_: self.fulfilment_orders(includeClosed)
            ),
        }

    def singles(self) -> dict[str, Single]:
        """Return, per type, how to find an entity by its number."""
        return {
            "Order": lambda number: self._first(self.orders(), number),
            "Product": lambda number: self._first(self.products(), number),
            "ProductVariant": lambda number: self._first(self.variants(), number),
            "Customer": lambda number: self._first(self.customers(), number),
            "Location": lambda number: self._first(self.locations(), number),
            "InventoryItem": self._item,
            "InventoryLevel": lambda number: level_by_number(self.shop, number),
            "MediaImage": lambda number: self._first(self.files(), number),
            "Publication": publication_node,
            "FulfillmentOrder": self._fulfilment_order,
            "Fulfillment": self._fulfilment,
            "OrderTransaction": self._payment,
            "Refund": self._refund,
            "ShopifyPaymentsPayout": self._payout,
            "ShopifyPaymentsDispute": self._dispute,
        }

    def _identified(self, identifier: dict[str, Any]) -> Node | None:
        product: Product | None = None
        if identifier.get("id"):
            product = self.shop.assortment.product(number_of(identifier["id"], "Product"))
        elif identifier.get("handle"):
            handle = identifier["handle"]
            product = next((p for p in self.shop.products if p.handle == handle), None)
        else:
            custom = identifier["customId"]
            wanted = (custom.get("namespace") or "custom", custom["key"], custom["value"])
            product = by_custom_id(self.shop, wanted)
        return product and product_node(product)

    def files(self) -> Listing:
        """Return all images."""
        filters = {
            "id": lambda media: media.id,
            "filename": lambda media: media.filename,
            "status": lambda media: media.status,
        }
        return Listing(
            self.shop.uploads.all_media(), media_node, lambda media: media.id, {}, filters
        )

    def _item(self, number: int) -> Node | None:
        variant = self.shop.assortment.item(number)
        return item_node(self.shop, variant) if variant else None

    def _fulfilment_order(self, number: int) -> Node | None:
        history = self.shop.owner("FulfillmentOrder", number)
        if history is None:
            return None
        order = history.current
        return fulfilment_order_entry(order.fulfilment_order(number), order)

    def _fulfilment(self, number: int) -> Node | None:
        history = self.shop.owner("Fulfillment", number)
        if history is None:
            return None
        return fulfilment_entry(history.current.fulfilment(number), history.current)

    def _payment(self, number: int) -> Node | None:
        history = self.shop.till.owner(number)
        return history and payment_entry(history.current.payment(number), history.current)

    def _refund(self, number: int) -> Node | None:
        found = (
            refund_entry(refund, history.current)
            for history in self.shop.orders
            for refund in history.current.refunds
            if refund.id == number
        )
        return next(found, None)

    def _payout(self, number: int) -> Node | None:
        payout = self.shop.account.payouts.get(number)
        return payout and payout_node(payout, self.shop)

    def _dispute(self, number: int) -> Node | None:
        dispute = self.shop.account.disputes.get(number)
        return dispute and dispute_node(dispute, self.shop)

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
            "fulfillment_status": lambda history: SEARCHED[history.current.fulfilment_status],
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
            "handle": lambda product: product.handle,
            "vendor": lambda product: product.vendor,
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
        """Return all locations."""
        filters = {
            "id": lambda place: place.id,
            "name": lambda place: place.name,
            "active": lambda place: place.active,
        }
        return Listing(
            self.shop.places, lambda place: location_node(self.shop, place),
            lambda place: place.id, {"NAME": lambda place: place.name}, filters,
        )  # fmt: skip

    def items(self) -> Listing:
        """Return all inventory items."""
        started = self.shop.start
        filters: dict[str, Callable[[Variant], Any]] = {
            "id": lambda variant: variant.inventory_item_id,
            "sku": lambda variant: variant.sku,
            "tracked": lambda variant: variant.tracked,
            "created_at": lambda variant: started,
            "updated_at": lambda variant: self.shop.assortment.product(
                variant.product_id).updated_at,
        }  # fmt: skip
        return Listing(
            self.shop.variants, lambda variant: item_node(self.shop, variant),
            lambda variant: variant.inventory_item_id, {}, filters,
        )  # fmt: skip

    def fulfilment_orders(self, closed: bool | None = False) -> Listing:
        """Return all fulfilment orders, those that are done only if asked for."""
        records = [
            (item, history.current)
            for history in self.shop.orders
            for item in history.current.fulfilment_orders
            if closed or item.active
        ]
        filters = {
            "id": lambda pair: pair[0].id,
            "status": lambda pair: pair[0].status.lower(),
            "assigned_location_id": lambda pair: pair[0].location_id,
            "updated_at": lambda pair: pair[0].updated_at,
        }
        sorts = {"UPDATED_AT": filters["updated_at"],
                 "CREATED_AT": lambda pair: pair[0].created_at}  # fmt: skip
        return Listing(
            records, lambda pair: fulfilment_order_entry(*pair), lambda pair: pair[0].id, sorts,
            filters,
        )  # fmt: skip

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
            "enabledPresentmentCurrencies": [self.shop.currency, *self._abroad()],
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

    def _abroad(self) -> list[str]:
        """Return the other currencies in which the shop sells."""
        return [ABROAD[self.shop.currency][0]] if self.shop.currency in ABROAD else []

    def installation(self, settings: AppSettings) -> Node:
        """Return the AppInstallation with its scopes."""
        scopes = [{"handle": scope, "description": scope} for scope in settings.scopes]
        app = {
            "__typename": "App",
            "id": gid("App", 1),
            "apiKey": settings.client_id,
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
