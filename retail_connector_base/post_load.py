"""What must be set before the server listens; runs in server-wide installations only."""

from odoo.service.server import PreforkServer

# Odoo lets eight connections per worker wait. A shop that sends a burst opens more at once; those
# beyond are dropped, and their senders try again only after a second or more.
BACKLOG = 1024


def post_load() -> None:
    """Let more connections wait while all workers are busy."""
    start = PreforkServer.start

    def start_with_backlog(server):
        start(server)
        if server.socket:
            server.socket.listen(BACKLOG)

    PreforkServer.start = start_with_backlog
