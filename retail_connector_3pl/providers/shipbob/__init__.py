"""ShipBob."""

from .provider import ShipBobProvider

__all__ = ["ShipBobProvider"]
