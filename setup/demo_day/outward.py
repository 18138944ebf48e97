"""The way out is opened: products are adopted, places bound, prices chosen, flows resumed."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from .channel import Channel
from .company import Company
from .goods import Good, stock_up
from .rpc import Odoo

# Percent off the sales price in each shop, by its brand; the others sell at the sales price.
DISCOUNTS = {"Sunset Outlet": Decimal(20), "Nordlicht": Decimal(5)}
STATES = ("stock_level", "price", "product")
PROMOTED, PROMOTED_UNITS = ("PROMO-1", "PROMO-2", "PROMO-3"), 12
PROMOTED_PRICE = 49.9


def open_way_out(odoo: Odoo, channels: Sequence[Channel], settle: Callable[[], None]) -> None:
    """Adopt what the shops sell, then let Odoo's stock and prices go out to them."""
    adopt(odoo, channels, settle)
    for channel in channels:
        bind_places(odoo, channel)
        choose_prices(odoo, channel)
    resume(odoo, channels)
    settle()


def adopt(odoo: Odoo, channels: Sequence[Channel], settle: Callable[[], None]) -> None:
    """Read the shops' catalogues and adopt every variant whose product is beyond doubt."""
    backends = [channel.backend.id for channel in channels]
    domain = [("backend_id", "in", backends), ("kind", "=", "product"), ("direction", "=", "in")]
    odoo.call("retail.flow", "action_poll_now", odoo.search("retail.flow", domain))
    settle()
    matched = [("backend_id", "in", backends), ("state", "=", "matched")]
    candidates = odoo.search("retail.product.candidate", matched)
    odoo.call("retail.product.candidate", "action_adopt", candidates)


def bind_places(odoo: Odoo, channel: Channel) -> None:
    """Offer the company's stock at the places of its shop."""
    odoo.call("retail.backend", "action_fetch_locations", [channel.backend.id])
    places = odoo.search("retail.location.binding", [("backend_id", "=", channel.backend.id)])
    odoo.write("retail.location.binding", places, {"odoo_id": channel.company.stock_location})


def choose_prices(odoo: Odoo, channel: Channel) -> None:
    """Give a shop its price list; reduced prices are shown beside the sales price."""
    percent = DISCOUNTS.get(channel.brand.name)
    if percent is None:
        return
    currency = odoo.search("res.currency", [("name", "=", channel.brand.currency)])[0]
    rule = {"applied_on": "3_global", "compute_price": "percentage", "percent_price": int(percent)}
    values = {
        "name": f"{channel.brand.name} -{percent}%",
        "currency_id": currency,
        "company_id": channel.company.id,
        "item_ids": [(0, 0, rule)],
    }
    pricelist = odoo.create("product.pricelist", values, **channel.company.context)
    odoo.write(
        "retail.backend",
        channel.backend.id,
        {"pricelist_id": pricelist, "compare_at_policy": "list_price"},
    )


def _flows(odoo: Odoo, channels: Sequence[Channel], kinds: Sequence[str]) -> list[int]:
    backends = [channel.backend.id for channel in channels]
    domain = [("backend_id", "in", backends), ("direction", "=", "out"), ("kind", "in", kinds)]
    return odoo.search("retail.flow", domain)


def resume(odoo: Odoo, channels: Sequence[Channel]) -> None:
    """Press “Resume” on what starts paused, so that nothing is overwritten by surprise."""
    odoo.call("retail.flow", "action_resume", _flows(odoo, channels, STATES))


def compare_all(odoo: Odoo, channels: Sequence[Channel]) -> None:
    """Press “Compare All” on stock and prices."""
    odoo.call("retail.flow", "action_compare_all", _flows(odoo, channels, STATES[:2]))


PROMOTED_GOODS = {
    sku: (PROMOTED_PRICE + number, PROMOTED_UNITS) for number, sku in enumerate(PROMOTED, 1)
}


def publish(
    odoo: Odoo, company: Company, channels: Sequence[Channel],
    wanted: Mapping[str, tuple[float, int]] = PROMOTED_GOODS,
) -> dict[str, int]:  # fmt: skip
    """Make new products (price and units by SKU) and publish them in several shops.

    Return their ids by SKU.
    """
    goods = [
        Good(sku, f"Promoted article {number}", price, stock=units)
        for number, (sku, (price, units)) in enumerate(wanted.items(), 1)
    ]
    ids = stock_up(odoo, company, goods)
    rows = odoo.read("product.product", [("id", "in", list(ids.values()))], "product_tmpl_id")
    templates = [row["product_tmpl_id"][0] for row in rows]
    for channel in channels:
        values = {"backend_id": channel.backend.id, "product_tmpl_ids": [(6, 0, templates)]}
        wizard = odoo.create("retail.listing.publish", values, **company.context)
        odoo.call("retail.listing.publish", "action_preview", [wizard])
        odoo.call("retail.listing.publish", "action_publish", [wizard])
    return ids
