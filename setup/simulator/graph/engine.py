"""Executes GraphQL requests against a shop, within the limits of its bucket."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from random import Random
from threading import local
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
    parse,
    validate,
)

from ..bucket import Bucket
from ..effects import Effects
from ..identifiers import number_of
from ..settings import AppSettings
from ..shop import Shop
from ..subscriptions import Subscriptions
from .access import check
from .changes import MUTATIONS
from .cost import CostModel
from .idempotency import Idempotency
from .money import Node
from .mutation import Mutation
from .resolver import resolve
from .roots import Roots
from .schema import schema
from .webhooks import mutations, subscription_list, subscription_node

MAX_QUERY_COST = 1000


@lru_cache(maxsize=500)
def _prepared(query: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """Parse and validate a query once; connectors send the same few texts again and again."""
    try:
        document = parse(query)
    except GraphQLError as error:
        return None, (error,)
    return document, tuple(validate(schema(), document))


def mutates(query: str) -> bool:
    """Tell whether a query is a mutation that can be carried out."""
    document, errors = _prepared(query)
    return bool(document) and not errors and any(
        part.operation is OperationType.MUTATION
        for part in document.definitions
        if isinstance(part, OperationDefinitionNode)
    )  # fmt: skip


class Engine:
    """The Admin API of one shop. ``mutation_seconds`` is how long each mutation takes."""

    mutation_seconds: float = 0

    def __init__(
        self, shop: Shop, app: AppSettings, subscriptions: Subscriptions, bucket: Bucket
    ) -> None:
        self.shop, self.subscriptions, self.bucket = shop, subscriptions, bucket
        self.app, self.idempotency, self.effects = app, Idempotency(), Effects()
        self._roots = Roots(shop)
        self._buyer = local()

    @property
    def scopes(self) -> frozenset[str]:
        """What the app may do."""
        return frozenset(self.app.scopes)

    def installation(self) -> Node:
        """Return the AppInstallation."""
        return self._roots.installation(self.app)

    def shop_node(self) -> Node:
        """Return the Shop."""
        return self._roots.shop_node()

    @contextmanager
    def hurried_customer(self, rng: Random | None) -> Iterator[None]:
        """Let a customer buy just before a mutation of this thread's request sets quantities."""
        self._buyer.rng = rng
        try:
            yield
        finally:
            self._buyer.rng = None

    def meddle(self, arguments: Mapping[str, Any]) -> None:
        """Let the hurried customer, if there is one, buy something that is about to be set."""
        rng: Random | None = getattr(self._buyer, "rng", None)
        values = arguments.get("input")
        if rng is None or not isinstance(values, Mapping):
            return
        entries = values.get("quantities") or values.get("changes")
        if not entries:
            return
        item = number_of(rng.choice(entries)["inventoryItemId"])
        variant = self.shop.assortment.item(item)
        if variant and self.shop.stock.available(item) > 0:
            self._buyer.rng = None
            self.shop.sell(variant.sku)

    def answer(self, query: str, variables: Mapping[str, Any] | None = None) -> Node:
        """Return the answer's JSON to a request, errors included (they come with status 200)."""
        document, errors = _prepared(query)
        if document is None or errors:
            return {"errors": [error.formatted for error in errors]}
        cost = CostModel(schema(), document, variables or {})
        requested = cost.requested()
        if requested > MAX_QUERY_COST:
            limit = f"the single query max cost limit ({MAX_QUERY_COST})"
            message = f"Query cost is {requested}, which exceeds {limit}."
            return self._refused("MAX_COST_EXCEEDED", message, requested)
        if not self.bucket.take(requested):
            return self.throttled(requested)
        return self._execute(document, variables, cost, requested)

    def throttled(self, requested: int = MAX_QUERY_COST) -> Node:
        """Return the answer to a query for which the points do not suffice."""
        return self._refused("THROTTLED", "Throttled", requested)

    def _refused(self, code: str, message: str, requested: int) -> Node:
        error = {"message": message, "extensions": {"code": code}}
        return {"errors": [error], "extensions": self._cost(requested, None)}

    def _cost(self, requested: int, actual: int | None) -> Node:
        return {
            "cost": {
                "requestedQueryCost": requested,
                "actualQueryCost": actual,
                "throttleStatus": self.bucket.status(),
            }
        }

    def _execute(
        self, document: DocumentNode, variables: Any, cost: CostModel, requested: int
    ) -> Node:
        mutating = cost.operation.operation is OperationType.MUTATION
        root = self._mutation_root() if mutating else self._query_root()
        result = execute_sync(
            schema(), document, root_value=root, variable_values=variables,
            field_resolver=resolve, context_value=self,
        )  # fmt: skip
        actual = cost.actual(result.data)
        self.bucket.give_back(requested - actual)
        answer: Node = {"data": result.data}
        if result.errors:
            answer["errors"] = [error.formatted for error in result.errors]
        return answer | {"extensions": self._cost(requested, actual)}

    def _mutation_root(self) -> dict[str, Any]:
        hooks = {
            name: Mutation(lambda _, run=run, **arguments: run(**arguments))
            for name, run in mutations(self.subscriptions).items()
        }
        return MUTATIONS | hooks

    def _query_root(self) -> dict[str, Any]:
        root = self._roots.query()
        root["currentAppInstallation"] = self.installation()
        singles = self._roots.singles() | {"WebhookSubscription": self._subscription}
        for kind, find in singles.items():
            root[kind[0].lower() + kind[1:]] = lambda id=None, find=find, kind=kind: find(
                _number(id, kind)
            )
        root["location"] = lambda id=None: self._location(id)
        root["node"] = lambda id: self._node(id, singles)
        root["nodes"] = lambda ids: [self._node(id, singles) for id in ids]
        root["webhookSubscriptions"] = self._subscription_list
        return root

    def _subscription_list(self, **arguments: Any) -> Any:
        return subscription_list(self.subscriptions, arguments)

    def _subscription(self, number: int) -> Node | None:
        found = self.subscriptions.get(number)
        return subscription_node(found) if found else None

    def _location(self, identifier: str | None) -> Node | None:
        number = _number(identifier) if identifier else self.shop.places[0].id
        return self._roots.singles()["Location"](number)

    def _node(self, identifier: str, singles: Mapping[str, Any]) -> Node | None:
        kind = (["", *identifier.split("?")[0].rsplit("/", 2)])[-2]
        if kind not in singles:
            raise GraphQLError(f"The simulator does not model nodes of type {kind}.")
        check(self.scopes, "QueryRoot", "node", kind)
        return singles[kind](_number(identifier))


def _number(identifier: str, kind: str | None = None) -> int:
    """Return the number of a global identifier, 0 for one of another kind."""
    if kind and identifier.isdigit():
        identifier = f"gid://shopify/{kind}/{identifier}"
    digits = identifier.rsplit("/", 1)[-1].split("?")[0]
    if not digits.isdigit():
        raise GraphQLError(f"Invalid global id '{identifier}'")
    return number_of(identifier, kind)
