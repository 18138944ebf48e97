"""A TCP proxy that can refuse, hang, delay, cut, and lose what comes back."""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Condition, Event, Lock, Thread

CHUNK = 65_536
Address = tuple[str, int] | str


class Link:
    """One connection through the proxy, and what is to become of it.

    ``lose_answer`` lets the next data from the server vanish, and cuts the client off. ``frozen``
    lets nothing through either way; when the client has gone, the server is not told. ``answer``
    takes the place of the next data from the server; with ``swallow`` nothing more comes from it.
    """

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server = client, server
        self.client_port = client.getpeername()[1]
        self.lose_answer, self.frozen = False, Event()
        self.answer: bytes | None = None
        self.swallow = Event()

    def cut(self) -> None:
        """End both halves at once."""
        for half in (self.client, self.server):
            with suppress(OSError):
                half.shutdown(socket.SHUT_RDWR)
            half.close()


Inspect = Callable[[Link, bytes], None]


class Proxy:
    """Passes connections on to ``target`` while its ``with`` block lasts.

    ``inspect`` makes, for each connection, what sees the data that the client sends before it is
    passed on.
    """

    def __init__(
        self, target: Address, inspector: Callable[[], Inspect] | None = None, delay: float = 0
    ) -> None:
        self.target, self.delay, self.refusing = target, delay, False
        self._inspector = inspector
        self._links: set[Link] = set()
        self._lock = Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> "Proxy":  # noqa: PYI034 - Self needs Python 3.11
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut_all()

    @property
    def links(self) -> list[Link]:
        """The connections that are open."""
        with self._lock:
            return list(self._links)

    def cut_all(self) -> None:
        """End every connection."""
        for link in self.links:
            link.cut()

    def freeze(self, link: Link) -> None:
        """Let a connection stay half open: nothing passes, and nobody is told."""
        link.frozen.set()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            Thread(target=self._open, args=(client,), daemon=True).start()

    def _open(self, client: socket.socket) -> None:
        if self.refusing:
            return client.close()
        try:
            server = connect(self.target)
        except OSError:
            return client.close()
        link = Link(client, server)
        with self._lock:
            self._links.add(link)
        Thread(target=self._forth, args=(link,), daemon=True).start()
        self._back(link)
        with self._lock:
            self._links.discard(link)
        return None

    def _forth(self, link: Link) -> None:
        inspect = self._inspector() if self._inspector else None
        with suppress(OSError):
            while data := link.client.recv(CHUNK):
                if inspect:
                    inspect(link, data)
                if self.delay:
                    time.sleep(self.delay)
                if not link.frozen.is_set():
                    link.server.sendall(data)
        if not link.frozen.is_set():
            link.cut()

    def _back(self, link: Link) -> None:
        with suppress(OSError):
            while data := link.server.recv(CHUNK):
                if link.lose_answer:
                    break
                if link.answer is not None:
                    data, link.answer = link.answer, None
                if not (link.frozen.is_set() or link.swallow.is_set()):
                    link.client.sendall(data)
        link.cut()


def connect(target: Address) -> socket.socket:
    """Open a connection to a port or, given a path, to a Unix socket."""
    if isinstance(target, str):
        server = socket.socket(socket.AF_UNIX)
        server.connect(target)
        return server
    server = socket.create_connection(target, timeout=10)
    server.settimeout(None)
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return server


class Countdown:
    """Says at which of the things that it is shown something has to happen."""

    def __init__(self) -> None:
        self._at: set[int] = set()
        self._seen, self.hits = 0, 0
        self._condition = Condition()

    def arm(self, *numbers: int) -> None:
        """Let it be the n-th from now on, for each of some n."""
        with self._condition:
            self._at, self._seen, self.hits = set(numbers), 0, 0

    def is_due(self) -> bool:
        """Count one more; tell whether it is one of those."""
        with self._condition:
            self._seen += 1
            due = self._seen in self._at
            self.hits += due
            self._condition.notify_all()
            return due
