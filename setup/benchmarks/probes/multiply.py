"""Fills a table with copies of one row that was made through the ORM, by one statement."""

from collections.abc import Mapping

from odoo.sql_db import Cursor

COLUMNS = """
    SELECT column_name FROM information_schema.columns
     WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""


def multiply(cr: Cursor, table: str, prototype: int, count: int, values: Mapping[str, str]) -> int:
    """Insert ``count`` copies; return the id before the first one: the n-th has that plus n.

    ``values`` are SQL expressions of ``n``, from 1 to ``count``, for columns that differ.
    """
    cr.execute(COLUMNS, [table])
    columns = [name for (name,) in cr.fetchall()]
    unknown = set(values) - set(columns)
    if unknown:
        raise ValueError(f"{table} has no {', '.join(sorted(unknown))}")
    cr.execute(f"SELECT max(id) FROM {table}")
    last = cr.fetchone()[0]
    given = {"id": f"{last} + n", **values}
    expressions = (given.get(name, f'prototype."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(expressions)} "
        f"FROM {table} prototype, generate_series(1, %s) n WHERE prototype.id = %s",
        [count, prototype],
    )
    cr.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last + count})")
    return last
