"""Simulated carrier services for tests and demonstrations. Need no Odoo.

with ParcelService(seed=7) as service:  # EasyPost's API
    number = service.book("WH-OUT-1")  # a parcel whose label was bought elsewhere
    service.move(number, "in_transit", "Scanned", "Bonn")
    report = service.deliver()  # to the webhooks that were made through the API
    service.labels  # labels bought, by our reference

``LabelService`` is ShipStation's API: “v2”, or “v1”, which was called ShipEngine.
``trouble`` has the probabilities of 429, of 5xx before and after the effect, and of webhooks that
come twice, late, never or forged. What the simulators do not model is an error.
"""

from .label_service import LabelService
from .parcel_service import ParcelService

__all__ = ["LabelService", "ParcelService"]
