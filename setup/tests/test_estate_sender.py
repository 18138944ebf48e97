"""Registers keep at it until each request is taken, always with the same key."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from simulator_estate import Parcel, Sender
from simulator_estate import sender as module


class Door:
    """What an API answered and was asked; ``answers`` are statuses, then always 202."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, object]] = []
        self.answers: list[int] = []
        self.tokens: set[str] = set()
        self.url = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Note a request and answer it."""
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        self.asked.append((handler.path, handler.headers["Idempotency-Key"], body))
        self.tokens.add(handler.headers["Authorization"])
        status = self.answers.pop(0) if self.answers else 202
        items = body if isinstance(body, list) else [body]
        words = {"items": [{"status": "stored", "id": f"m-{item['n']}"} for item in items]}
        content = json.dumps(words if status < 400 else {"title": "no"}).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)


@pytest.fixture
def door(monkeypatch) -> Iterator[Door]:
    """An API on loopback."""
    monkeypatch.setattr(module, "PAUSE", 0.01)
    found = Door()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.answer(self)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}"
    yield found
    server.shutdown()
    server.server_close()


def parcel(*numbers: int, unheard: bool = False) -> Parcel:
    """Return a request of some items."""
    items = tuple({"n": number} for number in numbers)
    return Parcel("pos-tickets", items, f"key-{numbers[0]}", unheard)


def test_one_item_goes_alone_and_several_as_a_list(door):
    sent = Sender(door.url, "token", threads=1).send([parcel(1), parcel(2, 3)])
    assert [body for _path, _key, body in door.asked] == [{"n": 1}, [{"n": 2}, {"n": 3}]]
    assert {path for path, _key, _body in door.asked} == {"/retail/v1/pos-tickets"}
    assert door.tokens == {"Bearer token"}
    assert sent.stored == {"m-1", "m-2", "m-3"}
    assert (sent.taken, sent.refused) == (2, [])


def test_an_answer_that_nobody_heard_is_asked_for_again_with_the_same_key(door):
    sent = Sender(door.url, "token").send([parcel(1, unheard=True)])
    assert [key for _path, key, _body in door.asked] == ["key-1", "key-1"]
    assert sent.words["stored"] == 1


def test_who_is_told_to_come_again_does(door):
    door.answers = [503, 429, 409, 202]
    sent = Sender(door.url, "token").send([parcel(1)])
    assert dict(sent.answers) == {"503": 1, "429": 1, "409": 1, "202": 1}
    assert not sent.refused


def test_what_is_refused_is_told_and_not_sent_again(door):
    door.answers = [422]
    sent = Sender(door.url, "token", threads=1).send([parcel(1), parcel(2)])
    assert len(door.asked) == 2
    assert [words.split(":")[0] for words in sent.refused] == ["key-1"]


def test_nobody_waits_for_ever(door):
    door.answers = [503] * 50
    sent = Sender(door.url, "token").send([parcel(1)], seconds=0.05)
    assert sent.refused == ["key-1: not taken in time"]


def test_a_door_that_is_shut_is_no_answer():
    sent = Sender("http://127.0.0.1:9", "token").send([parcel(1)], seconds=0.0)
    assert sent.answers["none"] == 1
    assert sent.refused
