"""What the tests of the simulated carrier services share."""

from decimal import Decimal
from typing import Any

import odoo.addons

from environment.paths import ROOT
from simulator_carrier import LabelService, ParcelService

if str(ROOT) not in odoo.addons.__path__:
    odoo.addons.__path__.append(str(ROOT))

from odoo.addons.retail_connector_3pl.providers import PROVIDERS
from odoo.addons.retail_connector_base.canonical.address import Address
from odoo.addons.retail_connector_base.canonical.warehouse_command import (
    BuyLabel,
    Package,
    Recipient,
)
from odoo.addons.retail_connector_base.providers import (
    HttpClient,
    Provider,
    ProviderContext,
    StoredMessage,
)

SECRET = "a-sécret-of-the-tests"
HOME = Address(
    name="Ada Lovelace", street="1 Main St", city="Bonn", zip="53111", country_code="DE"
)  # fmt: skip


def provider(service: ParcelService | LabelService) -> Provider:
    """Return the adapter of a simulated account."""
    code = "easypost" if isinstance(service, ParcelService) else (
        "shipengine" if service.version == "v1" else "shipstation"
    )  # fmt: skip
    cls = next(found for found in PROVIDERS if found.code == code)
    secrets = {"api_key": (service.key,), "webhook_secret": (SECRET,)}
    settings = {"api_url": service.base_url}
    return cls(ProviderContext(settings, secrets, HttpClient(), service.clock))


def label(reference: str, service: Any) -> BuyLabel:
    """Return a label that is wanted of a simulated service."""
    word = "Priority" if isinstance(service, ParcelService) else "usps_priority_mail"
    return BuyLabel(
        reference=reference,
        sender=Recipient(address=HOME, phone="+4930123"),
        recipient=Recipient(address=HOME, email="ada@example.com", phone="+4930456"),
        package=Package(weight_grams=Decimal(500)),
        carrier="usps",
        service=word,
    )


def read(adapter: Provider, message: Any) -> Any:
    """Return what a message is read as."""
    return adapter.parse(StoredMessage(message.topic, message.kind, message.body, message.headers))
