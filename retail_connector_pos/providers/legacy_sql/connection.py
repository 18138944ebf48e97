"""Connections that can do nothing but read, and not for long."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.pool import NullPool

from odoo.addons.retail_connector_base.providers import ConfigurationError

from .failures import answered

SECONDS = 60
CONNECT_SECONDS = 10
# What a session is told before its first query, by dialect; others rely on their user's rights.
_PREPARE = {
    "postgresql": (
        "SET default_transaction_read_only = on",
        f"SET statement_timeout = {SECONDS * 1000}",
        f"SET idle_in_transaction_session_timeout = {SECONDS * 1000}",
    ),
    "mysql": ("SET SESSION TRANSACTION READ ONLY", f"SET max_execution_time = {SECONDS * 1000}"),
    "mariadb": ("SET SESSION TRANSACTION READ ONLY", f"SET max_statement_time = {SECONDS}"),
}
_CONNECT = {"connect_timeout": CONNECT_SECONDS}
# Steps of SQLite's machine between two looks at the clock.
_STEPS = 10_000
_READS = frozenset(
    [
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
        sqlite3.SQLITE_TRANSACTION,
    ]
)
_TOLD = frozenset(["table_info", "table_xinfo", "read_uncommitted"])
# The table that every database of Odoo has.
_ODOO = "ir_module_module"


def engine_of(url: URL) -> Engine:
    """Return an engine without a pool; parameters and passwords are in none of its errors."""
    dialect = url.get_backend_name()
    with answered():
        if dialect == "sqlite":
            engine = sa.create_engine(
                "sqlite://", creator=_opener(url.database), poolclass=NullPool, hide_parameters=True
            )
            sa.event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN"))
            return engine
        engine = sa.create_engine(
            url,
            poolclass=NullPool,
            hide_parameters=True,
            connect_args=_CONNECT if dialect in _PREPARE else {},
        )
    sa.event.listen(engine, "connect", _preparer(dialect))
    return engine


def _preparer(dialect: str) -> Callable[[Any, Any], None]:
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for statement in _PREPARE.get(dialect, ()):
            cursor.execute(statement)
        cursor.close()
        connection.commit()

    return prepare


def _opener(path: str) -> Callable[[], sqlite3.Connection]:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(path)}?mode=ro", uri=True, timeout=CONNECT_SECONDS, isolation_level=None,
            check_same_thread=False,
        )  # fmt: skip
        connection.set_authorizer(_authorise)
        end = time.monotonic() + SECONDS
        connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        return connection

    return connect


def _authorise(action: int, name: Any, *_rest: Any) -> int:
    """Allow reading: neither writing nor attaching another file."""
    allowed = action in _READS or (action == sqlite3.SQLITE_PRAGMA and name in _TOLD)
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in one transaction that reads and sees one state; it is rolled back."""
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    elif engine.dialect.name in ("mysql", "mariadb"):
        options = {"isolation_level": "REPEATABLE READ"}
    with (
        answered(),
        engine.connect().execution_options(**options) as connection,
        connection.begin() as transaction,
    ):
        yield connection
        transaction.rollback()


def refuse_odoo(connection: Connection) -> None:
    """Raise ``ConfigurationError`` for a database of Odoo: it is no foreign system."""
    if sa.inspect(connection).has_table(_ODOO):
        raise ConfigurationError("This is a database of Odoo: it is not read this way.")
