"""What a person, by way of the channel, wants to be done with his data."""

from enum import Enum
from typing import ClassVar

from pydantic import AwareDatetime

from .base import CanonicalMessage


class PrivacyRequestType(str, Enum):
    """What is wanted: to know what is held, to have it erased, or to have a whole shop erased."""

    DATA_REQUEST = "data_request"
    REDACT = "redact"
    SHOP_REDACT = "shop_redact"


class PrivacyRequest(CanonicalMessage):
    """A request about one person, or about all persons of the shop.

    ``due_at`` (UTC) is when the channel's rules want it to be carried out. ``external_id`` names
    the request, not the person.
    """

    kind: ClassVar[str] = "privacy_request"

    type: PrivacyRequestType
    customer_external_id: str | None = None
    email: str | None = None
    phone: str | None = None
    order_external_ids: tuple[str, ...] = ()
    due_at: AwareDatetime | None = None
