"""Executes GraphQL requests against a shop, within the limits of its bucket."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from graphql import DocumentNode, GraphQLError, OperationType, execute_sync, parse, validate

from ..bucket import Bucket
from ..settings import AppSettings
from ..shop import Shop
from ..subscriptions import Subscriptions
from .cost import CostModel
from .money import Node
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


class Engine:
    """The Admin API of one shop."""

    def __init__(
        self, shop: Shop, app: AppSettings, subscriptions: Subscriptions, bucket: Bucket
    ) -> None:
        self.shop, self.subscriptions, self.bucket = shop, subscriptions, bucket
        self._roots = Roots(shop, app)

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
        root = mutations(self.subscriptions) if mutating else self._query_root()
        result = execute_sync(
            schema(), document, root_value=root, variable_values=variables, field_resolver=resolve
        )
        actual = cost.actual(result.data)
        self.bucket.give_back(requested - actual)
        answer: Node = {"data": result.data}
        if result.errors:
            answer["errors"] = [error.formatted for error in result.errors]
        return answer | {"extensions": self._cost(requested, actual)}

    def _query_root(self) -> dict[str, Any]:
        root = self._roots.query()
        singles = self._roots.singles() | {"WebhookSubscription": self._subscription}
        for kind, find in singles.items():
            root[kind[0].lower() + kind[1:]] = lambda id=None, find=find: find(_number(id))
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
        number = _number(identifier) if identifier else self.shop.settings.location_id
        return self._roots.singles()["Location"](number)

    @staticmethod
    def _node(identifier: str, singles: Mapping[str, Any]) -> Node | None:
        kind = identifier.rsplit("/", 2)[-2]
        if kind not in singles:
            raise GraphQLError(f"The simulator does not model nodes of type {kind}.")
        return singles[kind](_number(identifier))


def _number(identifier: str) -> int:
    """Return the number of a global identifier."""
    digits = identifier.rsplit("/", 1)[-1].split("?")[0]
    if not digits.isdigit():
        raise GraphQLError(f"Invalid global id '{identifier}'")
    return int(digits)
