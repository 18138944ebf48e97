"""Short transactions that see what others committed while they waited for a lock."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg2.extensions import TRANSACTION_STATUS_IDLE


@contextmanager
def read_committed(registry) -> Iterator:
    """Lend a cursor of its own, committed at the end, that waits five seconds at most for a lock.

    READ COMMITTED keeps no snapshot: a transaction that is left open holds back no vacuum.
    """
    with registry.cursor() as cr:
        # Tests put cursors upon a transaction that is under way.
        if cr.connection.info.transaction_status == TRANSACTION_STATUS_IDLE:
            cr.execute(
                "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '5s'"
            )
        yield cr
