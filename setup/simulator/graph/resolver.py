"""How a field gets its value: nodes are dicts, lists behind connections are cut into pages."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, get_named_type

from .access import check
from .listing import Listing, of_nodes, page
from .live import Live
from .mutation import Mutation


def resolve(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    """Return the value of a field. What the simulator does not model is an error, never null."""
    name = info.field_name
    kind = get_named_type(info.return_type).name
    check(info.context.scopes, info.parent_type.name, name, kind)
    if not isinstance(source, dict) or name not in source:
        raise GraphQLError(f"The simulator does not model {info.parent_type.name}.{name}.")
    value = _value(source[name], info, arguments)
    if kind == "Count" and isinstance(value, Listing):
        count = len(value.found(arguments.get("query")))
        return {"count": count, "precision": "EXACT"}
    if kind.endswith("Connection"):
        return page(value if isinstance(value, Listing) else of_nodes(value), arguments)
    if isinstance(value, list) and arguments.get("first") is not None:
        return value[: arguments["first"]]
    return value


def _value(value: Any, info: GraphQLResolveInfo, arguments: dict[str, Any]) -> Any:
    if isinstance(value, Live):
        return value.find(info.context.shop, **arguments)
    if isinstance(value, Mutation):
        return value(info, arguments)
    return value(**arguments) if isinstance(value, Callable) else value
