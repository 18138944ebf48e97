"""Stripe."""

from .provider import StripeProvider

__all__ = ["StripeProvider"]
