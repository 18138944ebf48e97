"""Systems without a vendor's file of their own: they speak the canonical API."""

from ..canonical import ROUTES, CanonicalMessage
from .canonical_body import read_canonical
from .capability import Capability
from .errors import AuthenticationError
from .flow import FlowSpec
from .provider import Provider
from .request import Delivery, RawRequest, StoredMessage


class CanonicalProvider(Provider):
    """Any channel that posts canonical messages with the token of an API client.

    It has no webhook of its own: what comes to its address is refused.
    """

    code = "canonical"
    label = "Canonical API"
    capabilities = frozenset(
        {Capability.ORDERS_IN, Capability.CUSTOMERS_IN, Capability.PRODUCTS_IN}
    )
    flows = tuple(FlowSpec(model.kind, topics=(f"api/{route}",)) for route, model in ROUTES.items())

    def verify(self, request: RawRequest) -> Delivery:
        """Refuse: messages of this system come through the API, with a token."""
        raise AuthenticationError("This system sends canonical messages, with a token.")

    def parse(self, message: StoredMessage) -> CanonicalMessage:
        """Read a canonical message."""
        return read_canonical(message)
