"""Sends parcels to the canonical API over HTTP until each is taken."""

import json
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock

import requests

from .delivery import Parcel

TIMEOUT, PAUSE, MOST_SECONDS = 30, 0.5, 90.0
# Answers after which the same request has a chance. 409: another one works on its key.
AGAIN = {409, 429, 502, 503, 504}


@dataclass
class Sent:
    """What was answered: status codes, words per item, ids of messages, and what was refused."""

    answers: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    stored: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)

    @property
    def taken(self) -> int:
        """How many requests were answered 2xx."""
        return sum(count for status, count in self.answers.items() if status.startswith("2"))


class Sender:
    """Calls ``<url>/retail/v1/`` with a bearer token; ``threads`` registers send at a time."""

    def __init__(self, url: str, token: str, threads: int = 4) -> None:
        self.url, self.sent, self._threads = url, Sent(), threads
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._lock = Lock()

    def send(self, parcels: Iterable[Parcel], seconds: float = MOST_SECONDS) -> Sent:
        """Send parcels in their order, several at a time; keep at it until each is taken."""
        deadline = time.monotonic() + seconds
        with ThreadPoolExecutor(self._threads) as pool:
            list(pool.map(lambda parcel: self._deliver(parcel, deadline), parcels))
        return self.sent

    def _deliver(self, parcel: Parcel, deadline: float) -> None:
        if parcel.unheard:
            self._post(parcel)  # whatever was answered, the register never heard it
        while True:
            answer = self._post(parcel)
            if answer is not None and answer.status_code not in AGAIN:
                self._note(parcel, answer)
                return
            if time.monotonic() > deadline:
                self.sent.refused.append(f"{parcel.key}: not taken in time")
                return
            time.sleep(PAUSE)

    def _post(self, parcel: Parcel) -> requests.Response | None:
        """Send once; ``None`` when there was no answer."""
        body = parcel.items[0] if len(parcel.items) == 1 else list(parcel.items)
        try:
            answer = requests.post(
                f"{self.url}/retail/v1/{parcel.route}",
                data=json.dumps(body),
                headers={**self._headers, "Idempotency-Key": parcel.key},
                timeout=TIMEOUT,
            )
        except requests.RequestException:
            answer = None
        with self._lock:
            self.sent.answers[str(answer.status_code) if answer is not None else "none"] += 1
        return answer

    def _note(self, parcel: Parcel, answer: requests.Response) -> None:
        with self._lock:
            if not answer.ok:
                self.sent.refused.append(f"{parcel.key}: {answer.status_code} {answer.text[:300]}")
                return
            for item in answer.json().get("items", ()):
                self.sent.words[item["status"]] += 1
                if "id" in item:
                    self.sent.stored.add(item["id"])
                if item.get("problem"):
                    self.sent.refused.append(f"{parcel.key}: {item['problem']}")
