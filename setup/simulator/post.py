"""A connection that posts webhooks, kept open between them."""

import socket
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import perf_counter
from urllib.parse import urlsplit

from .delivery import Delivery


class PostBox:
    """Posts to one address over one connection; belongs to one thread."""

    def __init__(self, url: str, timeout: float, host: str | None = None) -> None:
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.hostname or "", parts.port, timeout=timeout)
        self._target = parts.path + (f"?{parts.query}" if parts.query else "")
        self._host = {"Host": host} if host else {}
        self._used = False

    def post(self, delivery: Delivery) -> tuple[str, float | None]:
        """Return the status (or why there is none) and the seconds it took.

        A connection that the other side closed while it was idle is opened again once.
        """
        started = perf_counter()
        try:
            return self._attempt(delivery), perf_counter() - started
        except TimeoutError:
            self.close()
            return "timeout", None
        except (ConnectionError, HTTPException):
            reopen = self._used
            self.close()
        except OSError:
            self.close()
            return "unreachable", None
        return self.post(delivery) if reopen else ("unreachable", None)

    def _attempt(self, delivery: Delivery) -> str:
        connection = self._connection
        if connection.sock is None:
            connection.connect()
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        headers = {**self._host, **delivery.headers}
        connection.request("POST", self._target, delivery.body, headers)
        answer = connection.getresponse()
        answer.read()
        self._used = True
        return str(answer.status)

    def close(self) -> None:
        """Close the connection; the next post opens it again."""
        self._connection.close()
        self._used = False
