"""Creating, copying and dropping databases together with their files."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as PgConnection

from .console import Failure
from .locks import exclusive
from .paths import DATA, RUN

OWNERS = RUN / "databases"

# The comment of databases that may be replaced.
MARK = "made by retail connector setup"


@contextmanager
def connect(database: str = "postgres") -> Iterator[PgConnection]:
    """Open an autocommitting connection to ``database``."""
    try:
        connection = psycopg2.connect(dbname=database)
    except psycopg2.OperationalError as error:
        raise Failure(f"PostgreSQL does not answer: {error}") from error
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()


def execute(statement: str, *names: str) -> None:
    """Run a statement on the server whose ``{}`` are replaced by the quoted ``names``."""
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def existing(prefix: str) -> list[str]:
    """Return the names of the databases that start with ``prefix``."""
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        return sorted(name for (name,) in cursor.fetchall())


def exists(name: str) -> bool:
    """Tell whether there is a database called ``name``."""
    return name in existing(name)


def require_ours(name: str) -> None:
    """Refuse to replace a database that was not made here: the server may be the user's own."""
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        found = cursor.fetchone()
    if found and found[0] != MARK:
        raise Failure(f"there is a database '{name}' that was not made here; choose another name")


def copy(source: str, name: str) -> None:
    """Create ``name`` as a copy of ``source``, which nobody may be connected to."""
    execute("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, source)
    execute(f"COMMENT ON DATABASE {{}} IS '{MARK}'", name)
    _copy_files(source, name)


def _copy_files(source: str, name: str) -> None:
    if filestore(source).is_dir():
        # Odoo never changes a stored file, so copies can share them.
        shutil.copytree(filestore(source), filestore(name), copy_function=_link)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def rename(name: str, new: str, *, keep_files: bool = False) -> None:
    """Rename a database and its files, which may belong to another server's database too."""
    execute("ALTER DATABASE {} RENAME TO {}", name, new)
    shutil.rmtree(filestore(new), ignore_errors=True)
    if keep_files:
        _copy_files(name, new)
    elif filestore(name).is_dir():
        filestore(name).rename(filestore(new))


def drop(name: str) -> None:
    """Drop a database, its connections and its files, if they exist."""
    if exists(name):
        execute("ALTER DATABASE {} IS_TEMPLATE false", name)
        execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    shutil.rmtree(filestore(name), ignore_errors=True)
    disown(name)


def filestore(name: str) -> Path:
    """Return the folder of a database's stored files."""
    return DATA / "filestore" / name


def claim(name: str) -> None:
    """Record that ``name`` belongs to this process, and is rubbish once it has ended."""
    OWNERS.mkdir(parents=True, exist_ok=True)
    with exclusive("databases"):
        (OWNERS / name).write_text(str(os.getpid()))


def disown(name: str) -> None:
    """Take back ``claim``."""
    (OWNERS / name).unlink(missing_ok=True)


def drop_abandoned() -> None:
    """Drop the databases whose process was killed before it could do so itself."""
    with exclusive("databases"):
        for owner in OWNERS.glob("*"):
            if _is_abandoned(owner):
                drop(owner.name)


def _is_abandoned(owner: Path) -> bool:
    try:
        return not Path("/proc", owner.read_text()).exists()
    except FileNotFoundError:
        return False  # its process dropped it just now
