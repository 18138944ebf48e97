"""What a customer allowed us to send him."""

from enum import Enum

from pydantic import AwareDatetime

from .base import CanonicalModel


class ConsentChannel(str, Enum):
    """By which way he may be reached."""

    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"
    POST = "post"


class ConsentState(str, Enum):
    """Whether he agreed. ``pending``: he was asked to confirm and has not answered yet."""

    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"
    PENDING = "pending"
    NOT_ASKED = "not_asked"


class Consent(CanonicalModel):
    """Consent to marketing by one channel; ``changed_at`` (UTC) is when the customer said so."""

    channel: ConsentChannel
    state: ConsentState
    changed_at: AwareDatetime | None = None
    source: str | None = None
