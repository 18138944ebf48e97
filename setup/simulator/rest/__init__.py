"""The model as webhook JSON: the shapes of the vendor's REST resources, version 2026-04."""

from .order import order_json

__all__ = ["order_json"]
