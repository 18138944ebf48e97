"""The model as webhook JSON: the shapes of the vendor's REST resources, version 2026-04."""

from .fulfilment import fulfilment_event_json
from .order import order_json
from .payment import dispute_json, transaction_json
from .refund import refund_json

__all__ = [
    "dispute_json",
    "fulfilment_event_json",
    "order_json",
    "refund_json",
    "transaction_json",
]
