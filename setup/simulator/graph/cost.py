"""What a query costs.

An object costs 1, a scalar nothing, a mutation 10, an interface its dearest selection. A
connection costs its children times a factor that grows with the logarithm of the page size. The
factor is fitted to costs published by users in 2025 (250 variants with their inventory items: 24
points; 3 and 10 order lines: 20 points apart), the real one is not documented.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
)

MUTATION = 10
PAGE_FIELDS = ("nodes", "edges")


def factor(size: int) -> int:
    """Return by how much a page of ``size`` entries multiplies the cost of one."""
    return min(size, round(1 + 2 * math.log(size))) if size > 0 else 0


class CostModel:
    """The cost of one operation, asked for and actual."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]
    ) -> None:
        self.schema, self.variables = schema, variables
        parts = document.definitions
        self.fragments = {p.name.value: p for p in parts if isinstance(p, FragmentDefinitionNode)}
        self.operation = next(p for p in parts if isinstance(p, OperationDefinitionNode))

    def requested(self) -> int:
        """Return the most that the operation can cost."""
        return self._operation(None)

    def actual(self, data: Mapping[str, Any] | None) -> int:
        """Return what the operation cost, seen from its result."""
        return self._operation(data or {})

    def _operation(self, data: Mapping[str, Any] | None) -> int:
        if self.operation.operation is OperationType.MUTATION:
            return MUTATION
        root = self.schema.query_type
        return self._selections(self.operation.selection_set, root, data)

    def _selections(self, selections: SelectionSetNode | None, parent: Any, data: Any) -> int:
        """Add up fields; of the fragments on other types only the dearest counts."""
        total = dearest = 0
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                total += self._field(node, parent, data)
                continue
            if isinstance(node, FragmentSpreadNode):
                node = self.fragments[node.name.value]
            condition = node.type_condition
            kind = self.schema.get_type(condition.name.value) if condition else parent
            cost = self._selections(node.selection_set, kind, data)
            if isinstance(parent, GraphQLObjectType):
                total += cost
            else:
                dearest = max(dearest, cost)
        return total + dearest

    def _field(self, node: FieldNode, parent: Any, data: Any) -> int:
        definition = getattr(parent, "fields", {}).get(node.name.value)
        if definition is None or is_leaf_type(get_named_type(definition.type)):
            return 0
        kind, value = get_named_type(definition.type), None
        if data is not None:
            value = data.get((node.alias or node.name).value)
            if value is None:
                return 0
        if kind.name.endswith("Connection"):
            return self._connection(node, kind, value)
        if isinstance(value, Sequence):
            return max(
                (1 + self._selections(node.selection_set, kind, v) for v in value), default=0
            )
        return 1 + self._selections(node.selection_set, kind, value)

    def _connection(self, node: FieldNode, kind: Any, value: Any) -> int:
        """A page costs its dearest entry times the factor; its envelope is free."""
        entry, size = 0, 0
        for child in node.selection_set.selections if node.selection_set else ():
            if not (isinstance(child, FieldNode) and child.name.value in PAGE_FIELDS):
                continue
            rows = None if value is None else value.get((child.alias or child.name).value) or ()
            size = self._asked(node) if rows is None else len(rows)
            entry = max(entry, self._entry(child, kind, rows))
        return factor(size) * entry

    def _entry(self, child: FieldNode, kind: Any, rows: Sequence[Any] | None) -> int:
        inner = get_named_type(kind.fields[child.name.value].type)
        costs = [self._selections(child.selection_set, inner, row) for row in rows or (None,)]
        return max(costs, default=0) + (child.name.value == "nodes")

    def _asked(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value in ("first", "last"):
                value = argument.value
                if isinstance(value, IntValueNode):
                    return int(value.value)
                if isinstance(value, VariableNode):
                    return int(self.variables.get(value.name.value) or 0)
        return 0
