"""Carries mutations out: one at a time, once per idempotency key, with a record of the effect."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, GraphQLResolveInfo, get_directive_values, get_named_type

from ..fulfilment import RefusedError
from .money import Node

if TYPE_CHECKING:
    from .engine import Engine


@dataclass(frozen=True)
class Mutation:
    """A mutation. ``keyed`` ones need an idempotency key, the others do not know any."""

    run: Callable[..., Node]
    keyed: bool = False

    def __call__(self, info: GraphQLResolveInfo, arguments: Mapping[str, Any]) -> Node:
        """Carry it out, or return the answer that the key had before."""
        engine: Engine = info.context
        key = self._key(info)
        try:
            stored = engine.idempotency.begin(key, info.field_name, arguments) if key else None
        except RefusedError as refused:
            return _payload(info, user_errors(refused))
        if stored is not None:
            return stored
        try:
            payload = _payload(info, self._carry_out(engine, info.field_name, key, arguments))
        except GraphQLError:
            if key:
                engine.idempotency.abandon(key)
            raise
        if key:
            engine.idempotency.finish(key, payload)
        return payload

    def _carry_out(
        self, engine: "Engine", name: str, key: str | None, arguments: Mapping[str, Any]
    ) -> Node:
        time.sleep(engine.mutation_seconds)
        engine.meddle(arguments)
        with engine.shop.lock:
            try:
                payload = self.run(engine, **arguments)
            except RefusedError as refused:
                return user_errors(refused)
            if not payload["userErrors"]:
                changes = len(engine.shop.stock.history)
                engine.effects.record(name, key, arguments, _result(payload), changes)
            return payload

    def _key(self, info: GraphQLResolveInfo) -> str | None:
        directive = info.schema.get_directive("idempotent")
        node = info.field_nodes[0]
        given = directive and get_directive_values(directive, node, info.variable_values)
        if not given:
            if self.keyed:
                raise _bad("The @idempotent directive is required for this mutation but was not"
                           " provided.")  # fmt: skip
            return None
        if not self.keyed:
            raise _bad("The @idempotent directive is not supported for this mutation.")
        if not given["key"].strip():
            raise _bad("The idempotency key cannot be blank.")
        return given["key"]


def _bad(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "BAD_REQUEST"})


def user_errors(*refused: RefusedError) -> Node:
    """Return the payload of a mutation that did nothing."""
    return {
        "userErrors": [
            {
                "field": list(error.field) if error.field else None,
                "message": error.message,
                "code": error.code,
            }
            for error in refused
        ]
    }


def _payload(info: GraphQLResolveInfo, values: Node) -> Node:
    """Return a payload with null for what the mutation has nothing to say about."""
    return dict.fromkeys(get_named_type(info.return_type).fields) | values


def _result(payload: Node) -> str | None:
    """Return the id of the first thing in a payload."""
    for value in payload.values():
        if isinstance(value, str) and value.startswith("gid:"):
            return value
        if isinstance(value, dict) and "id" in value:
            return value["id"]
    return None
