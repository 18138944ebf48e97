"""Watches from outside when orders become confirmed, and how long messages rest."""

import time
from threading import Event, Thread

import psycopg2

from .reading import Database

CONFIRMED = """
    SELECT binding.backend_id, binding.external_id
      FROM retail_order_binding binding
      JOIN sale_order orders ON orders.id = binding.odoo_id
     WHERE orders.state IN ('sale', 'done')
"""
# What could go on: due, and not behind a message of its entity that has to be first.
CLAIMABLE = """
    SELECT message.id
      FROM retail_inbox_message message
      JOIN retail_backend backend ON backend.id = message.backend_id
     WHERE message.state IN ('received', 'retry', 'waiting')
       AND backend.state = 'running' AND NOT coalesce(backend.paused, false)
       AND (message.next_attempt_at IS NULL OR message.next_attempt_at <= now() AT TIME ZONE 'UTC')
       AND NOT EXISTS (
           SELECT FROM retail_inbox_message earlier
            WHERE earlier.backend_id = message.backend_id AND earlier.id < message.id
              AND earlier.entity_key = message.entity_key
              AND earlier.state IN ('received', 'retry', 'waiting', 'blocked'))
"""


class Watch:
    """Looks into the database every ``pause`` seconds while its ``with`` block lasts.

    ``confirmed`` holds the moment (epoch seconds) at which each (backend, order) was first seen
    confirmed, ``longest_rest`` the seconds that a message rested at most though it could go on.
    """

    def __init__(self, database: str, pause: float = 0.2) -> None:
        self.confirmed: dict[tuple[int, str], float] = {}
        self.longest_rest = 0.0
        self._claimable: dict[int, float] = {}
        self._database, self._pause = database, pause
        self._stop = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Watch":  # noqa: PYI034 - Self needs Python 3.11
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join(10)

    def _look(self) -> None:
        database = Database(self._database)
        try:
            while not self._stop.wait(self._pause):
                self._note_confirmed(database)
                self._note_resting(database)
        except psycopg2.OperationalError:
            pass  # the database was dropped: there is nothing left to see
        finally:
            database.close()

    def _note_confirmed(self, database: Database) -> None:
        rows, now = database.rows(CONFIRMED), time.time()
        for backend, external_id in rows:
            self.confirmed.setdefault((backend, external_id), now)

    def _note_resting(self, database: Database) -> None:
        rows, now = database.rows(CLAIMABLE), time.time()
        self._claimable = {number: self._claimable.get(number, now) for (number,) in rows}
        oldest = min(self._claimable.values(), default=now)
        self.longest_rest = max(self.longest_rest, now - oldest)
