"""EasyPost."""

from .provider import EasyPostProvider

__all__ = ["EasyPostProvider"]
