"""Sends webhooks as the vendor does: in parallel, impatient, and again when they are refused."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from threading import Thread

from .delivery import Delivery
from .faults import Dice
from .identifiers import seeded_uuid
from .post import PostBox
from .report import Report
from .schedule import Schedule

# Eight retries in four hours, in seconds after the attempt before.
RETRIES = (60, 120, 300, 600, 1200, 2400, 3600, 6120)


@dataclass(frozen=True)
class Manners:
    """How the sender behaves.

    ``time_factor`` shortens the waits between retries (1/1000: four hours become 14 seconds).
    ``new_webhook_ids`` is the share of retries that come with another webhook id. ``max_seconds``
    bounds the whole run; what is left then is counted as unsent. ``rate`` limits how many are sent
    per second, 0 for as many as possible.
    """

    concurrency: int = 8
    timeout: float = 5
    time_factor: float = 0.001
    retries: int = len(RETRIES)
    new_webhook_ids: float = 0.5
    max_seconds: float = 300
    rate: float = 0
    host: str | None = None


class WebhookSender:
    """Sends deliveries to one address and reports what became of them."""

    def __init__(self, url: str, manners: Manners | None = None, dice: Dice | None = None) -> None:
        self.url, self.manners, self.dice = url, manners or Manners(), dice or Dice(0)

    def send(self, deliveries: Iterable[Delivery]) -> Report:
        """Send everything, retries included, and return when nothing is left to be done."""
        report, started = Report(), time.monotonic()
        schedule: Schedule[tuple[Delivery, int]] = Schedule(started + self.manners.max_seconds)
        for index, delivery in enumerate(deliveries):
            schedule.put((delivery, 0), index / self.manners.rate if self.manners.rate else 0)
        workers = [
            Thread(target=self._work, args=(schedule, report), daemon=True)
            for _ in range(max(1, min(self.manners.concurrency, len(schedule))))
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        report.unsent, report.seconds = len(schedule), time.monotonic() - started
        return report

    def _work(self, schedule: Schedule[tuple[Delivery, int]], report: Report) -> None:
        box = PostBox(self.url, self.manners.timeout, self.manners.host)
        while (work := schedule.take()) is not None:
            try:
                self._deliver(box, *work, schedule, report)
            finally:
                schedule.done()
        box.close()

    def _deliver(
        self, box: PostBox, delivery: Delivery, attempt: int,
        schedule: Schedule[tuple[Delivery, int]], report: Report,
    ) -> None:  # fmt: skip
        answer, latency = box.post(delivery)
        report.note(delivery, answer, latency)
        if answer.startswith("2"):
            return
        if delivery.intent == "forged" or attempt >= min(self.manners.retries, len(RETRIES)):
            return report.give_up(delivery)
        report.count_retry()
        delay = max(RETRIES[attempt] * self.manners.time_factor, 0.001)
        schedule.put((self._again(delivery, attempt), attempt + 1), delay)

    def _again(self, delivery: Delivery, attempt: int) -> Delivery:
        """Return the retry of a delivery: the same event, perhaps under another webhook id."""
        name = "X-Shopify-Webhook-Id"
        subject = f"{delivery.headers[name]}:{attempt}"
        if not self.dice.hits("new webhook id", subject, self.manners.new_webhook_ids):
            return delivery
        headers = {**delivery.headers, name: seeded_uuid(f"{self.dice.seed}:retry:{subject}")}
        return replace(delivery, headers=headers)
