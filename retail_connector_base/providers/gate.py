"""The gate that every request passes: shared limits, and a breaker for those who do not answer."""

from typing import Protocol

from .errors import ConnectorError


class Gate(Protocol):
    """One backend's gate, as one unit of work sees it; one request at a time."""

    def enter(self, cost: float = 1.0) -> None:
        """Wait shortly until a request may leave. Raises ``GateClosedError`` for longer waits.

        ``cost`` is in the vendor's points.
        """

    def leave(self, error: ConnectorError | None) -> None:
        """Tell how the request that entered ended; ``None`` for success."""

    def learn(self, available: float, maximum: float, rate: float) -> None:
        """Tell what the other side says of its bucket: points left, its size, points a second."""


class OpenGate:
    """Lets everything through, for clients that no backend stands behind."""

    def enter(self, cost: float = 1.0) -> None:
        """Do nothing."""

    def leave(self, error: ConnectorError | None) -> None:
        """Do nothing."""

    def learn(self, available: float, maximum: float, rate: float) -> None:
        """Do nothing."""
