"""Base classes of the vendor adapters. No Odoo API here, and no vendor."""

from .capability import Capability
from .credential import CredentialSpec, SettingSpec
from .errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectorError,
    ErrorClass,
    MalformedPayloadError,
    RateLimitedError,
    RejectedError,
    TransientError,
    UnknownOutcomeError,
    UnsupportedError,
)
from .flow import Direction, FlowSpec, Mode
from .http_client import HttpClient
from .http_response import HttpResponse
from .provider import ConnectionReport, Page, Provider, ProviderContext, SubscriptionReport
from .request import Acknowledgement, Delivery, RawRequest, ReceivedMessage, StoredMessage

__all__ = [
    "Acknowledgement",
    "AuthenticationError",
    "Capability",
    "ConfigurationError",
    "ConnectionReport",
    "ConnectorError",
    "CredentialSpec",
    "Delivery",
    "Direction",
    "ErrorClass",
    "FlowSpec",
    "HttpClient",
    "HttpResponse",
    "MalformedPayloadError",
    "Mode",
    "Page",
    "Provider",
    "ProviderContext",
    "RateLimitedError",
    "RawRequest",
    "ReceivedMessage",
    "RejectedError",
    "SettingSpec",
    "StoredMessage",
    "SubscriptionReport",
    "TransientError",
    "UnknownOutcomeError",
    "UnsupportedError",
]
