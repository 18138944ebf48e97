"""What the database holds, read by plain SQL and not through the code that is being checked."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import psycopg2

ORDERS = """
    SELECT binding.external_id, binding.id, orders.id, orders.state, currency.name,
           orders.amount_untaxed, orders.amount_tax, orders.amount_total,
           binding.external_version, binding.is_held, binding.state
      FROM retail_order_binding binding
      JOIN sale_order orders ON orders.id = binding.odoo_id
      JOIN res_currency currency ON currency.id = orders.currency_id
     WHERE binding.backend_id = %s
"""
LINES = """
    SELECT line.order_id, template.type, product.default_code, line.name, line.product_uom_qty
      FROM sale_order_line line
      JOIN retail_order_binding binding ON binding.odoo_id = line.order_id
      LEFT JOIN product_product product ON product.id = line.product_id
      LEFT JOIN product_template template ON template.id = product.product_tmpl_id
     WHERE binding.backend_id = %s AND line.display_type IS NULL
"""
MESSAGES = """
    SELECT topic, event_id, entity_key, state, source, version, received_at, error, kind
      FROM retail_inbox_message WHERE backend_id = %s ORDER BY id
"""


@dataclass
class StoredOrder:
    """A sale order that was made of a channel's order.

    ``quantities`` counts goods per SKU and services, which stand for all else, per ``title:``.
    """

    external_id: str
    binding_id: int
    order_id: int
    state: str
    currency: str
    untaxed: Decimal
    tax: Decimal
    total: Decimal
    version: int
    held: bool
    progress: str
    quantities: Counter[str]


@dataclass(frozen=True)
class StoredMessage:
    """A row of the inbox."""

    topic: str
    event_id: str
    entity_key: str
    state: str
    source: str
    version: int
    received_at: datetime
    error: str | None
    kind: str = "order"


class Database:
    """A connection that sees what is committed at the moment of each question."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._connection = psycopg2.connect(dbname=name)
        self._connection.autocommit = True

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self._connection.cursor() as cursor:
            cursor.execute(query, list(parameters))
            return cursor.fetchall()

    def asked(self, query: str, names: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows of a query whose parameters have names."""
        with self._connection.cursor() as cursor:
            cursor.execute(query, dict(names))
            return cursor.fetchall()

    def run(self, statement: str, *parameters: Any) -> None:
        """Run a statement that answers nothing."""
        with self._connection.cursor() as cursor:
            cursor.execute(statement, list(parameters))

    def value(self, query: str, *parameters: Any) -> Any:
        """Return the only value of a query."""
        return self.rows(query, *parameters)[0][0]

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def outcome(self) -> list[tuple[Any, ...]]:
        """Return how many messages ended in which state and for which reason."""
        return self.rows("SELECT state, error, count(*) FROM retail_inbox_message GROUP BY 1, 2")

    def orders(self, backend: int) -> list[StoredOrder]:
        """Return the sale orders of a backend: one per binding, so that doubles show."""
        found = [
            StoredOrder(*row[:8], int(row[8] or 0), bool(row[9]), row[10], Counter())
            for row in self.rows(ORDERS, backend)
        ]
        by_order = {order.order_id: order for order in found}
        for order_id, kind, sku, name, quantity in self.rows(LINES, backend):
            title = (name or "").partition("\n")[0]
            word = sku if sku and kind != "service" else f"title:{title}"
            by_order[order_id].quantities[word] += int(quantity)
        return found

    def messages(self, backend: int) -> list[StoredMessage]:
        """Return the inbox of a backend in order of arrival."""
        return [
            StoredMessage(*row[:5], int(row[5] or 0), *row[6:])
            for row in self.rows(MESSAGES, backend)
        ]

    def states(self, backends: Sequence[int]) -> Counter[str]:
        """Count the inbox of some backends by state."""
        query = "SELECT state FROM retail_inbox_message WHERE backend_id = ANY(%s)"
        return Counter(state for (state,) in self.rows(query, list(backends)))

    def exceptions(self, backend: int) -> list[dict[str, Any]]:
        """Return the exceptions of a backend with their messages' states."""
        query = """
            SELECT row_to_json(found) FROM (
                SELECT exception.id, exception.error_class, exception.code, exception.title,
                       exception.state, exception.fix, exception.resolution,
                       (SELECT array_agg(message.state) FROM retail_inbox_message message
                         WHERE message.exception_id = exception.id) AS messages
                  FROM retail_exception exception WHERE exception.backend_id = %s
                 ORDER BY exception.id) found"""
        rows = self.rows(query, backend)
        return [json.loads(row) if isinstance(row, str) else row for (row,) in rows]
