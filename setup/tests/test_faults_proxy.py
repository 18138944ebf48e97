"""The proxy, and what it understands of PostgreSQL's protocol."""

import socket
import struct
from collections.abc import Iterator
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fault_runs.api_proxy import ApiProxy
from fault_runs.proxy import Countdown, Link, Proxy
from fault_runs.wire import Frontend, is_commit

STARTUP = struct.pack("!II", 8, 196608)


def message(kind: bytes, payload: bytes) -> bytes:
    """Return a message as a client of PostgreSQL writes it."""
    return kind + struct.pack("!I", len(payload) + 4) + payload


@given(
    st.lists(st.tuples(st.sampled_from([b"Q", b"P", b"S", b"X"]), st.binary(max_size=40))),
    st.integers(1, 9),
)
def test_messages_are_found_however_they_are_cut(messages, size):
    stream = STARTUP + b"".join(message(*one) for one in messages)
    frontend, found = Frontend(), []
    for begin in range(0, len(stream), size):
        found += frontend.feed(stream[begin : begin + size])
    assert found[0][0] == b""
    assert found[1:] == messages


@pytest.mark.parametrize(
    ("kind", "payload", "commits"),
    [
        (b"Q", b"COMMIT\0", True),
        (b"Q", b"commit;\0", True),
        (b"Q", b"SELECT 'COMMIT'\0", False),
        (b"Q", b"ROLLBACK\0", False),
        (b"P", b"COMMIT\0", False),
    ],
)
def test_a_commit_is_a_commit(kind, payload, commits):
    assert is_commit((kind, payload)) is commits


def test_the_countdown_hits_the_chosen_ones_and_counts_them():
    countdown = Countdown()
    countdown.arm(2, 4, 9)
    assert [countdown.is_due() for _ in range(5)] == [False, True, False, True, False]
    assert countdown.hits == 2
    countdown.arm()
    assert not any(countdown.is_due() for _ in range(10))


@pytest.fixture
def upstream() -> Iterator[tuple[int, list[bytes]]]:
    """A server that answers each packet with "ok", and what it received."""
    received: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        while data := connection.recv(1000):
            received.append(data)
            connection.sendall(b"ok")

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            Thread(target=answer, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1], received
        listener.shutdown(socket.SHUT_RDWR)


def client(proxy: Proxy) -> socket.socket:
    """Connect through a proxy."""
    connection = socket.create_connection(("127.0.0.1", proxy.port), timeout=5)
    connection.settimeout(5)
    return connection


def test_everything_passes_when_nothing_is_wrong(upstream):
    with Proxy(("127.0.0.1", upstream[0])) as proxy, client(proxy) as connection:
        connection.sendall(b"hello")
        assert connection.recv(10) == b"ok"
        assert upstream[1] == [b"hello"]


def test_a_lost_answer_has_had_its_effect(upstream):
    def inspector():
        def inspect(link: Link, data: bytes) -> None:
            link.lose_answer = b"commit" in data

        return inspect

    with Proxy(("127.0.0.1", upstream[0]), inspector) as proxy, client(proxy) as connection:
        connection.sendall(b"hello")
        assert connection.recv(10) == b"ok"
        connection.sendall(b"commit")
        assert connection.recv(10) == b""
        assert upstream[1] == [b"hello", b"commit"]


def test_a_half_open_connection_passes_nothing_and_tells_nobody(upstream):
    with Proxy(("127.0.0.1", upstream[0])) as proxy, client(proxy) as connection:
        connection.sendall(b"hello")
        assert connection.recv(10) == b"ok"
        (link,) = proxy.links
        link.frozen.set()
        connection.sendall(b"lost")
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(10)
        connection.close()
        assert link.server.fileno() >= 0
        assert upstream[1] == [b"hello"]


def test_a_refusing_proxy_hangs_up(upstream):
    with Proxy(("127.0.0.1", upstream[0])) as proxy:
        proxy.refusing = True
        with client(proxy) as connection:
            assert connection.recv(10) == b""
    assert upstream[1] == []


def test_mishaps_come_as_planned_to_the_requests_that_count(upstream):
    with ApiProxy(upstream[0]) as proxy:
        proxy.plan([None, "409", "cut"], marker=b"order")
        answers = []
        for request in (b"token", b"order 1", b"order 2", b"order 3", b"order 4"):
            with client(proxy) as connection:
                connection.sendall(request)
                answers.append(connection.recv(100)[:12])
        assert answers == [b"ok", b"ok", b"HTTP/1.1 409", b"", b"ok"]
        assert len(upstream[1]) == 5
        assert (proxy.left, proxy.happened) == (0, ["409", "cut"])


def test_a_list_may_come_empty_although_there_is_something(upstream):
    with ApiProxy(upstream[0]) as proxy:
        proxy.plan(["empty"], marker=b"order")
        with client(proxy) as connection:
            connection.sendall(b"order 1")
            answer = connection.recv(1000)
        assert answer.startswith(b"HTTP/1.1 200")
        assert answer.partition(b"\r\n\r\n")[2] == b"[]"
