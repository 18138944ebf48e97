"""What the tests of the provider against the simulated shop share."""

import odoo.addons

from environment.paths import ROOT

if str(ROOT) not in odoo.addons.__path__:
    odoo.addons.__path__.append(str(ROOT))

from odoo.addons.retail_connector_base.providers import HttpClient, ProviderContext, StockKey
from odoo.addons.retail_connector_shop.providers import ShopifyProvider


def provider(simulator, **client) -> ShopifyProvider:
    """Return the adapter of a simulated shop; ``client`` are options of its HTTP client."""
    settings = {
        "shop_domain": simulator.shop.domain,
        "client_id": simulator.app.client_id,
        "api_version": "2026-04",
        "api_url": simulator.base_url,
    }
    secrets = {"client_secret": (simulator.app.client_secret,)}
    return ShopifyProvider(ProviderContext(settings, secrets, HttpClient(**client)))


def key_of(simulator, index=0, place=0) -> StockKey:
    """Return the key of one of the shop's variants at one of its locations."""
    item = simulator.shop.goods[index].inventory_item_id
    return StockKey(str(item), str(simulator.shop.places[place].id))


def available(simulator, key: StockKey) -> int:
    """Return what the shop can really sell."""
    return simulator.stock.available(int(key.item), int(key.location))
