"""The vendors of this addon: a new one is one module and one name here."""

from .shopify import ShopifyProvider
from .woocommerce import WooCommerceProvider

PROVIDERS = (ShopifyProvider, WooCommerceProvider)
