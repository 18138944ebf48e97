"""Posts prepared requests over many connections at once, from a single thread.

A connection is kept for as long as the server keeps it (Odoo's workers close theirs after each
answer). Everything is serialised before the clock starts.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

TIMEOUT = 30.0


@dataclass
class Fired:
    """What came of a volley. ``latencies`` are seconds from connecting to the whole answer."""

    seconds: float = 0
    latencies: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    @property
    def accepted(self) -> int:
        """How many were answered 2xx."""
        return sum(count for answer, count in self.answers.items() if answer.startswith("2"))

    @property
    def rate(self) -> float:
        """Accepted requests per second."""
        return self.accepted / self.seconds


def request_bytes(url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return a POST as it goes over the wire."""
    parts = urlsplit(url)
    head = [f"POST {parts.path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}"]
    head += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*head, "Connection: keep-alive", "", ""]).encode() + body


def fire(url: str, requests: Sequence[bytes], connections: int) -> Fired:
    """Send all requests, ``connections`` at a time, each once."""
    return asyncio.run(_fire(url, requests, connections))


async def _fire(url: str, requests: Sequence[bytes], connections: int) -> Fired:
    parts, fired = urlsplit(url), Fired()
    waiting = iter(requests)
    begin = time.perf_counter()
    await asyncio.gather(
        *(_client(parts.hostname, parts.port, waiting, fired) for _ in range(connections))
    )
    fired.seconds = time.perf_counter() - begin
    return fired


async def _client(host: str, port: int, waiting, fired: Fired) -> None:
    connection = None
    for request in waiting:
        begin = time.perf_counter()
        try:
            if connection is None:
                connection = await asyncio.wait_for(asyncio.open_connection(host, port), TIMEOUT)
            answer, kept = await asyncio.wait_for(_exchange(connection, request), TIMEOUT)
            fired.latencies.append(time.perf_counter() - begin)
        except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError) as error:
            answer, kept = type(error).__name__, False
        fired.answers[answer] += 1
        if not kept and connection:
            connection[1].close()
            connection = None
    if connection:
        connection[1].close()


async def _exchange(
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes
) -> tuple[str, bool]:
    """Send one request; return the status and whether the connection may be used again."""
    reader, writer = connection
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    lines = head.split(b"\r\n")
    headers = dict(line.split(b": ", 1) for line in lines[1:] if b": " in line)
    await reader.readexactly(int(headers.get(b"content-length", b"0")))
    version, status = lines[0].split()[:2]
    kept = version == b"http/1.1" and headers.get(b"connection") != b"close"
    return status.decode(), kept
