"""What must be set before the server listens; runs in server-wide installations only."""

import psycopg2

from odoo.service.server import PreforkServer
from odoo.sql_db import PsycoConnection

# Odoo lets eight connections per worker wait. A shop that sends a burst opens more at once; those
# beyond are dropped, and their senders try again only after a second or more.
BACKLOG = 1024


def post_load() -> None:
    """Let more connections wait while all workers are busy; outlive PostgreSQL's restarts."""
    PreforkServer.start = with_backlog(PreforkServer.start)
    PsycoConnection.reset = reset


def with_backlog(start):
    """Return a start of the server after which it lets more connections wait."""

    def start_with_backlog(server):
        start(server)
        if server.socket:
            server.socket.listen(BACKLOG)

    return start_with_backlog


def reset(connection) -> None:
    """Make a pooled connection ready for its next user; ``OperationalError`` when it is dead.

    That makes Odoo's pool throw it away and take the next one, or open a new one. But psycopg2
    raises a plain ``DatabaseError`` without a code when the server said farewell before it closed a
    Unix socket, as it does after a crash: the request then ended in a 500 before any controller
    could answer 503.
    """
    try:
        super(PsycoConnection, connection).reset()
    except psycopg2.OperationalError:
        raise
    except psycopg2.DatabaseError as error:
        if error.pgcode:
            raise
        raise psycopg2.OperationalError(str(error)) from error
