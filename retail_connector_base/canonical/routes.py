"""The routes of the canonical API: what its controllers serve and its description tells."""

from dataclasses import dataclass

from .answers import (
    Availability,
    CustomerRecord,
    FeedPage,
    MessageStatus,
    OrderStatus,
    Page,
    ShipmentStatus,
)
from .base import CanonicalMessage, CanonicalModel
from .registry import ROUTES
from .release_answer import ReleaseStatus

PREFIX = "/retail/v1"
LARGEST_PAGE = 1000
LARGEST_BATCH = 1000


@dataclass(frozen=True)
class Parameter:
    """One parameter of a query, in words; ``many`` may be given several times."""

    name: str
    meaning: str
    type: str = "string"
    many: bool = False
    format: str | None = None


@dataclass(frozen=True)
class WriteRoute:
    """A route that takes messages of one kind."""

    name: str
    model: type[CanonicalMessage]

    @property
    def scope(self) -> str:
        """The scope that a client needs."""
        return f"{self.name}:write"

    @property
    def path(self) -> str:
        """The route's address."""
        return f"{PREFIX}/{self.name}"


@dataclass(frozen=True)
class ReadRoute:
    """A route that tells something. ``path`` has its variables in braces."""

    path: str
    operation: str
    scope: str
    summary: str
    answer: type[CanonicalModel]
    variables: tuple[Parameter, ...] = ()
    parameters: tuple[Parameter, ...] = ()


WRITE_ROUTES = tuple(WriteRoute(name, model) for name, model in ROUTES.items())

_PAGING = (
    Parameter("limit", f"How many items at most, {LARGEST_PAGE} by default.", "integer"),
    Parameter("cursor", "Where to go on: `next` of the page before."),
)
_SINCE = Parameter(
    "updated_since", "Only what changed at or after this moment (UTC).", format="date-time"
)

READ_ROUTES = (
    ReadRoute(
        f"{PREFIX}/messages/{{id}}",
        "readMessage",
        "messages:read",
        "What became of a message",
        MessageStatus,
        variables=(Parameter("id", "The message's id, as it was answered.", format="uuid"),),
    ),
    ReadRoute(
        f"{PREFIX}/orders/{{external_id}}",
        "readOrder",
        "orders:read",
        "An order as it stands in Odoo",
        OrderStatus,
        variables=(Parameter("external_id", "Your own id of the order."),),
    ),
    ReadRoute(
        f"{PREFIX}/availability",
        "listAvailability",
        "availability:read",
        "What can be sold",
        Page[Availability],
        parameters=(
            Parameter("sku", "Only these items; up to 1,000.", many=True),
            Parameter("location", "Only these locations, by the name that is answered.", many=True),
            *_PAGING,
        ),
    ),
    ReadRoute(
        f"{PREFIX}/pos-feed",
        "listPosFeed",
        "pos-feed:read",
        "What registers should know: products, prices, promotions, availability",
        FeedPage,
        parameters=(
            Parameter("store", "Only these stores, by your own ids.", many=True),
            Parameter("since", "Only what changed since: `since` of an earlier answer."),
            *_PAGING,
        ),
    ),
    ReadRoute(
        f"{PREFIX}/customers",
        "listCustomers",
        "customers:read",
        "Customers",
        Page[CustomerRecord],
        parameters=(
            Parameter("external_id", "Only these customers of yours.", many=True),
            Parameter("email", "Only customers with this e-mail address."),
            Parameter("phone", "Only customers with this phone number."),
            _SINCE,
            *_PAGING,
        ),
    ),
    ReadRoute(
        f"{PREFIX}/shipments",
        "listShipments",
        "shipments:read",
        "Goods that left",
        Page[ShipmentStatus],
        parameters=(
            Parameter("order", "Only shipments of these orders of yours.", many=True),
            _SINCE,
            *_PAGING,
        ),
    ),
    ReadRoute(
        f"{PREFIX}/releases",
        "listReleases",
        "releases:read",
        "What your warehouse is to send, and what it is asked about that",
        Page[ReleaseStatus],
        parameters=(
            Parameter("location", "Only these warehouses, by your own ids.", many=True),
            Parameter("order", "Only these releases, by `order_external_id`.", many=True),
            Parameter(
                "updated_since",
                "What changed at or after this moment (UTC), also what is over. Without it, all "
                "that is not over.",
                format="date-time",
            ),
            *_PAGING,
        ),
    ),
)
SCOPES = tuple(
    dict.fromkeys(
        [*(route.scope for route in WRITE_ROUTES), *(route.scope for route in READ_ROUTES)]
    )
)
