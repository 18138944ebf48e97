"""Errors with a class: the class decides about retry, owner and proposed fix."""

from enum import Enum


class ErrorClass(str, Enum):
    """Why something failed, in the words that decide what happens next."""

    TRANSIENT = "transient"
    RATE_LIMITED = "rate_limited"
    AUTHENTICATION = "authentication"
    CONFIGURATION = "configuration"
    MAPPING = "mapping"
    DATA = "data"
    CONFLICT = "conflict"
    FINANCE = "finance"
    BUG = "bug"


class ConnectorError(Exception):
    """A failure whose class is known.

    ``retry_after`` is the number of seconds that the other side asked us to wait. ``status`` is
    what it answered over HTTP, where it did.
    """

    error_class = ErrorClass.BUG
    status: int | None = None

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TransientError(ConnectorError):
    """The other side, or the way there, failed for now."""

    error_class = ErrorClass.TRANSIENT


class UnknownOutcomeError(TransientError):
    """The request left, no answer came: it may or may not have had its effect."""


class RateLimitedError(ConnectorError):
    """The other side asks us to slow down."""

    error_class = ErrorClass.RATE_LIMITED


class NotYetError(ConnectorError):
    """The other side will take it later: asked again without an end, and shown to people.

    Something there waits for a person or a date (a hold, a schedule); nothing failed.
    """

    error_class = ErrorClass.RATE_LIMITED


class AuthenticationError(ConnectorError):
    """Our credentials were refused, or a sender could not prove who it is."""

    error_class = ErrorClass.AUTHENTICATION


class ConfigurationError(ConnectorError):
    """Something is not set up: a person must complete it."""

    error_class = ErrorClass.CONFIGURATION


class MalformedPayloadError(ConnectorError):
    """The bytes cannot be understood; they are kept, quarantined and shown."""

    error_class = ErrorClass.DATA


class RejectedError(ConnectorError):
    """The other side understood and refused the request: the same request will fail again."""

    error_class = ErrorClass.DATA


class UnsupportedError(ConnectorError):
    """The provider does not offer what was asked of it."""

    error_class = ErrorClass.CONFIGURATION


class GateClosedError(RateLimitedError):
    """Our own gate held the request back: nothing was sent, and no attempt is consumed."""
