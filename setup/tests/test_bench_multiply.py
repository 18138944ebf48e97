"""Tables are filled with copies of one row."""

import os

import pytest

from benchmarks.probes.multiply import multiply
from environment import databases, ensure


@pytest.fixture(scope="module")
def cursor():
    """A cursor on a database of its own with one small table."""
    ensure()
    name = f"rc_multiply_{os.getpid()}"
    databases.claim(name)
    databases.execute("CREATE DATABASE {}", name)
    try:
        with databases.connect(name) as connection, connection.cursor() as found:
            found.execute("CREATE TABLE thing (id serial PRIMARY KEY, name text, size int)")
            found.execute("INSERT INTO thing (name, size) VALUES ('one', 5), ('two', 6)")
            yield found
    finally:
        databases.drop(name)


def test_copies_differ_in_what_is_given(cursor):
    before = multiply(cursor, "thing", 1, 3, {"name": "'copy ' || n"})
    cursor.execute("SELECT id, name, size FROM thing WHERE id > %s ORDER BY id", [before])
    assert cursor.fetchall() == [(before + n, f"copy {n}", 5) for n in (1, 2, 3)]


def test_rows_made_afterwards_get_ids_of_their_own(cursor):
    before = multiply(cursor, "thing", 2, 2, {})
    cursor.execute("INSERT INTO thing (name) VALUES ('later') RETURNING id")
    assert cursor.fetchone() == (before + 3,)


def test_an_unknown_column_is_refused(cursor):
    with pytest.raises(ValueError, match="colour"):
        multiply(cursor, "thing", 1, 1, {"colour": "'red'"})
