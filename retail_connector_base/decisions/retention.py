"""What is kept where, whether it is personal, and for how long unless somebody says otherwise."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class DataClass:
    """One kind of kept data. ``days`` is counted from when nobody needed it any more."""

    code: str
    label: str
    what: str
    days: int
    personal: bool = True


CLASSES: tuple[DataClass, ...] = (
    DataClass(
        "inbox_payload",
        "Received payloads",
        "Bytes and headers of messages at rest. Identity, hash and state stay: a duplicate is "
        "recognised for ever.",
        90,
    ),
    DataClass(
        "inbox_unread",
        "Received payloads nobody reads",
        "The same of messages without an importer. They can be replayed until then.",
        365,
    ),
    DataClass(
        "outbox_payload",
        "Sent payloads",
        "What commands and deliveries said that are done or cancelled. Key and outcome stay.",
        90,
    ),
    DataClass(
        "exception_text",
        "Words of closed exceptions",
        "Cause, comparison and proposal of what was resolved or dismissed.",
        180,
    ),
    DataClass(
        "order_snapshot",
        "Snapshots of closed orders",
        "Who bought, in the channel's last state of orders that are closed or cancelled. Goods "
        "and amounts stay.",
        365,
    ),
    DataClass(
        "api_answer",
        "Answers to API requests",
        "What a repeated request with the same idempotency key is answered with.",
        7,
    ),
    DataClass(
        "data_export",
        "Data exports",
        "Files that were made for data requests.",
        30,
    ),
    DataClass(
        "queue_job",
        "Jobs",
        "Jobs of ours that are done, failed or cancelled. They carry ids only.",
        30,
        personal=False,
    ),
)
BY_CODE = {each.code: each for each in CLASSES}


def cutoff(now: datetime, days: int) -> datetime:
    """Return the moment before which a class is dropped. Raises ``ValueError`` below a day."""
    if days < 1:
        raise ValueError("a retention is at least one day")
    return now - timedelta(days=days)
