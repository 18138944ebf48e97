"""The model as webhook JSON: the shapes of the vendor's REST resources, version 2026-04."""

from .fulfilment import fulfilment_event_json
from .order import order_json

__all__ = ["fulfilment_event_json", "order_json"]
