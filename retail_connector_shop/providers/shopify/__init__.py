"""Shopify."""

from .provider import ShopifyProvider

__all__ = ["ShopifyProvider"]
