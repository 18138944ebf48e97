"""Base classes of the vendor adapters. No Odoo API here, and no vendor."""

from .canonical import CanonicalProvider
from .canonical_body import read_canonical
from .capability import Capability
from .credential import CredentialSpec, SettingSpec
from .errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectorError,
    ErrorClass,
    GateClosedError,
    MalformedPayloadError,
    NotYetError,
    RateLimitedError,
    RejectedError,
    TransientError,
    UnknownOutcomeError,
    UnsupportedError,
)
from .estate import FeedItem, FeedPromotion, Register, Store
from .flow import Direction, FlowSpec, Mode
from .gate import Gate, OpenGate
from .http_client import HttpClient
from .http_response import HttpResponse
from .outbound import (
    Answer,
    Balance,
    CommandResult,
    ListingAnswer,
    ListingChange,
    Location,
    PriceChange,
    StockChange,
    StockKey,
    VariantIds,
    Verdict,
)
from .provider import ConnectionReport, Page, Provider, ProviderContext, SubscriptionReport
from .request import Acknowledgement, Delivery, RawRequest, ReceivedMessage, StoredMessage

__all__ = [
    "Acknowledgement",
    "Answer",
    "AuthenticationError",
    "Balance",
    "CanonicalProvider",
    "Capability",
    "CommandResult",
    "ConfigurationError",
    "ConnectionReport",
    "ConnectorError",
    "CredentialSpec",
    "Delivery",
    "Direction",
    "ErrorClass",
    "FeedItem",
    "FeedPromotion",
    "FlowSpec",
    "Gate",
    "GateClosedError",
    "HttpClient",
    "HttpResponse",
    "ListingAnswer",
    "ListingChange",
    "Location",
    "MalformedPayloadError",
    "Mode",
    "NotYetError",
    "OpenGate",
    "Page",
    "PriceChange",
    "Provider",
    "ProviderContext",
    "RateLimitedError",
    "RawRequest",
    "ReceivedMessage",
    "Register",
    "RejectedError",
    "SettingSpec",
    "StockChange",
    "StockKey",
    "Store",
    "StoredMessage",
    "SubscriptionReport",
    "TransientError",
    "UnknownOutcomeError",
    "UnsupportedError",
    "VariantIds",
    "Verdict",
    "read_canonical",
]

# The systems that base itself offers.
PROVIDERS = (CanonicalProvider,)
