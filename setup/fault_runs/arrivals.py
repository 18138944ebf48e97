"""What arrived while nobody worked: thousands of webhooks, stored in bulk.

Each is verified and inserted by the receiver's own methods, as its request would have done; only
HTTP and the commit of each are left out. That needs a process with Odoo in it: this module is run
with a configuration, a database and a file of JSON lines.
"""

import base64
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random

from environment import Failure, configuration
from environment.odoo_source import OdooSource
from environment.paths import LOGS, ROOT, RUN, VENV
from environment.process import tail
from simulator import Delivery, Envelope, Report
from simulator.identifiers import seeded_uuid

from .shopfront import Shopfront

LONGEST = 60
FIRST_PRODUCT = 9_000_000


def repeated(front: Shopfront, count: int, rng: Random) -> list[Delivery]:
    """Return ``count`` webhooks of the orders of a shop: their states, told again and again.

    Each has an event id of its own, so none is a duplicate; the states come in any order.
    """
    first = front.deliveries()
    told = [first[number % len(first)] for number in range(count)]
    rng.shuffle(told)
    seed = front.simulator.shop.seed
    return [_again(one, seeded_uuid(f"{seed}:told:{n}")) for n, one in enumerate(told)]


def _again(delivery: Delivery, identity: str) -> Delivery:
    identifiers = {"X-Shopify-Webhook-Id": identity, "X-Shopify-Event-Id": identity}
    return replace(delivery, event_id=identity, headers={**delivery.headers, **identifiers})


def products(front: Shopfront, count: int, versions: int) -> Iterator[Delivery]:
    """Yield webhooks of products, each in some versions."""
    shop, begin = front.simulator.shop, datetime.now(timezone.utc)
    envelope = Envelope(shop.domain, front.simulator.app.client_secret)
    for number in range(count * versions):
        moment = begin + timedelta(seconds=number // count)
        identity = seeded_uuid(f"{shop.seed}:product:{number}")
        values = {"id": FIRST_PRODUCT + number % count, "title": "Changed",
                  "updated_at": moment.isoformat(timespec="seconds")}  # fmt: skip
        body = json.dumps(values).encode()
        yield envelope.seal("products/update", identity, identity, body, moment)


def arrive(
    source: OdooSource, database: str, number: int, arrived: Iterable[tuple[Shopfront, Delivery]]
) -> None:
    """Store webhooks in the order given, and count them as accepted."""
    path, accepted = RUN / f"arrivals-{number}.jsonl", defaultdict[int, Counter](Counter)
    fronts: dict[int, Shopfront] = {}
    with path.open("w") as file:
        for front, one in arrived:
            fronts[front.backend.id] = front
            accepted[front.backend.id][one.topic, one.event_id] += 1
            row = (front.backend.id, dict(one.headers), base64.b64encode(one.body).decode())
            file.write(json.dumps(row) + "\n")
    try:
        _store_apart(source, database, number, path)
    finally:
        path.unlink()
    for backend, keys in accepted.items():
        fronts[backend].reports.append(Report(accepted=keys))


def _store_apart(source: OdooSource, database: str, number: int, path: Path) -> None:
    conf = configuration.write(f"arrivals-{number}", source)
    log = LOGS / f"faults-arrivals-{number}.log"
    program = [VENV / "bin" / "python", "-m", "fault_runs.arrivals", conf, database, path]
    with log.open("w") as output:
        done = subprocess.run(
            program, stdout=output, stderr=output, cwd=ROOT / "setup", env=dict(os.environ),
            timeout=LONGEST, check=False,
        )  # fmt: skip
    conf.unlink()
    if done.returncode:
        raise Failure(f"what arrived could not be stored\n{tail(log)}")


def main(conf: str, database: str, path: str) -> None:
    """Store the webhooks of a file; run in a process of its own."""
    import odoo
    from odoo.modules.registry import Registry

    odoo.tools.config.parse_config(["-c", conf, "-d", database, "--no-http"])
    with Registry(database).cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {}, su=True)
        lanes = _store(env, [json.loads(line) for line in Path(path).read_text().splitlines()])
    with Registry(database).cursor() as cr:
        drain = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {}, su=True)["retail.inbox.drain"]
        for (backend, lane), kinds in lanes.items():
            drain._wake(backend, lane, kinds=kinds)


def _store(env, rows) -> dict[tuple[int, int], set[str]]:
    """Verify and insert in one transaction; return the lanes to wake, with what came."""
    from odoo.addons.retail_connector_base.providers import RawRequest

    receiver, lanes = env["retail.inbox.receiver"], defaultdict(set)
    backends = env["retail.backend"].browse({backend for backend, _, _ in rows})
    providers = {one.id: (one._build_provider(one.id), one.lane_count) for one in backends}
    now = datetime.now(timezone.utc)
    for backend, headers, body in rows:
        lower = {name.lower(): value for name, value in headers.items()}
        provider, count = providers[backend]
        raw = RawRequest(body=base64.b64decode(body), headers=lower, received_at=now)
        for message in provider.verify(raw).messages:
            receipt = receiver._store(backend, count, message, "webhook")
            lanes[backend, receipt.lane].add(receipt.kind)
    return lanes


if __name__ == "__main__":
    main(*sys.argv[1:])
