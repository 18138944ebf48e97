"""Seconds of something, in a transaction of its own."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import Cursor


@contextmanager
def environment(registry: Registry) -> Iterator[api.Environment]:
    """Lend an environment on a fresh cursor, committed at the end."""
    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


def timed(registry: Registry, work: Callable[[api.Environment], object]) -> float:
    """Return the seconds of some work and its commit; nothing is in any cache before."""
    begin = time.perf_counter()
    with environment(registry) as env:
        work(env)
    return time.perf_counter() - begin


def maintain(registry: Registry, *tables: str) -> None:
    """Do for tables that were just filled what autovacuum would do soon."""
    with registry.cursor() as cr:
        _maintain(cr, tables)


def _maintain(cr: Cursor, tables: tuple[str, ...]) -> None:
    cr._cnx.rollback()
    cr._cnx.autocommit = True
    try:
        for table in tables:
            cr.execute(f"VACUUM ANALYZE {table}")
    finally:
        cr._cnx.autocommit = False
