"""What claiming and draining a chunk costs beside few and beside many finished messages."""

import json
import time
from itertools import cycle

from odoo.modules.registry import Registry

from odoo.addons.retail_connector_base.providers import ReceivedMessage

from .multiply import multiply
from .timing import environment, maintain

TABLE = "retail_inbox_message"
# Bodies of finished messages lie outside of the table or have been purged: they are left out.
FINISHED = {
    "event_id": "'finished-' || n",
    "entity_key": "'order:9' || n",
    "correlation_id": "gen_random_uuid()::text",
    "state": "'done'",
    "body": "NULL",
    "attempts": "1",
    "received_at": "now() AT TIME ZONE 'UTC' - n * interval '0.3 seconds'",
    "finished_at": "now() AT TIME ZONE 'UTC' - n * interval '0.3 seconds'",
}
LANES = "SELECT DISTINCT lane FROM retail_inbox_message WHERE state = 'received' ORDER BY lane"
LEFT = "SELECT count(*) FROM retail_inbox_message WHERE state = 'received'"


def measure(
    few: Registry, many: Registry, backend_id: int, finished: list[int], messages: int
) -> dict[str, list[float]]:
    """Return seconds of each chunk in turn, and of its claim alone, in two databases.

    Both hold one message, whose content all others have, and get the same messages to drain.
    """
    registries = {"few": few, "many": many}
    for registry, count in zip(registries.values(), finished, strict=True):
        _fill(registry, count)
        _receive(registry, backend_id, messages)
        maintain(registry, TABLE)
    result: dict[str, list[float]] = {
        name + part: [] for name in registries for part in ("", "_claim")
    }
    lanes = {name: cycle(_lanes(registry)) for name, registry in registries.items()}
    while _left(few):
        for name, registry in registries.items():
            lane = next(lanes[name])
            result[f"{name}_claim"].append(_claim(registry, backend_id, lane))
            result[name].append(_chunk(registry, backend_id, lane))
    return result | {"left": [_left(few), _left(many)]}


def _fill(registry: Registry, count: int) -> None:
    with registry.cursor() as cr:
        cr.execute(f"SELECT max(id) FROM {TABLE}")
        multiply(cr, TABLE, cr.fetchone()[0], count, FINISHED)


def _receive(registry: Registry, backend_id: int, count: int) -> None:
    """Store messages as a poll would, page by page: more than the first one is not special."""
    with environment(registry) as env:
        first = env[TABLE.replace("_", ".")].search([("state", "=", "received")], limit=1)
        content = json.loads(first._raw_body())
        lanes = env["retail.backend"]._lane_count_of(backend_id)
        page = [_message(first, content, number) for number in range(1, count + 1)]
        env["retail.inbox.receiver"]._store_page(backend_id, lanes, page, "webhook")


def _message(first, content: dict, number: int) -> ReceivedMessage:
    return ReceivedMessage(
        event_id=f"fresh-{number}",
        topic=first.topic,
        kind=first.kind,
        body=json.dumps({**content, "id": 7_000_000_000 + number}).encode(),
        entity_key=f"order:{7_000_000_000 + number}",
        version=int(first.version),
        observed_at=int(first.observed_at),
        headers=first.headers,
    )


def _lanes(registry: Registry) -> list[int]:
    with registry.cursor() as cr:
        cr.execute(LANES)
        return [lane for (lane,) in cr.fetchall()]


def _left(registry: Registry) -> int:
    with registry.cursor() as cr:
        cr.execute(LEFT)
        return cr.fetchone()[0]


def _claim(registry: Registry, backend_id: int, lane: int) -> float:
    """Return the seconds of one claim, which is given up."""
    with environment(registry) as env:
        begin = time.perf_counter()
        env["retail.inbox.drain"]._claim(backend_id, lane)
        seconds = time.perf_counter() - begin
        env.cr.rollback()
        return seconds


def _chunk(registry: Registry, backend_id: int, lane: int) -> float:
    """Return the seconds of one chunk: claim, read, import, states, commit."""
    with environment(registry) as env:
        drain = env["retail.inbox.drain"]
        begin = time.perf_counter()
        drain._run_chunk(backend_id, lane)
        return time.perf_counter() - begin
