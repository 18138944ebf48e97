"""Somebody who has only the served documents in hand: do they say what the server does?

Schemathesis reads the description, invents requests that keep to it and requests that do not, and
checks every answer against it.
"""

import importlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timezone
from functools import partial
from types import ModuleType
from typing import Any

import documented
import pytest
from api_world import open_world

from demo_day.goods import Good, stock_up
from environment.paths import ROOT, VENV

# What schema-valid data may be answered: fields that contradict one another are 422, an id that was
# made up is 404, and so is an order that was stored a moment ago (202), until it is worked on. A
# read's cursor belongs to one question, which no schema can say, and the server in front of Odoo
# refuses addresses of more than 64 KiB. A batch of which one item is not valid is a 207.
SETTINGS = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 404, 422]

[checks.ensure_resource_availability]
enabled = false

[checks.negative_data_rejection]
expected-statuses = ["4xx", 207]

[[operations]]
include-tag = "Read"
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 404, 414]
"""
SEED = 19
PATIENCE = 60
TOLD = ("kind", "entity_key", "state", "error", "attempts", "next_attempt_at")
PAGE = ROOT / "docs" / "channel-developers.md"
ID = re.compile(r'"id": "([0-9a-f-]{36})"')
PLAIN, EVENTS = "openapi.json", "openapi-cloudevents.json"
# The phase "coverage" tries every keyword of a schema, one by one: thousands of requests for an
# order, and the same ones for most kinds.
RUNS = {
    "reads": (PLAIN, "--include-method=GET", "--phases=coverage,fuzzing", "--max-examples=15"),
    "a write, keyword by keyword": (
        PLAIN, "--include-path=/retail/v1/stock-levels", "--phases=coverage", "--max-examples=1",
    ),
    "writes": (PLAIN, "--include-method=POST", "--phases=fuzzing", "--max-examples=10"),
    "one after another": (PLAIN, "--phases=stateful", "--max-examples=5"),
    "writes as CloudEvents": (EVENTS, "--phases=fuzzing", "--max-examples=5"),
}  # fmt: skip


@pytest.fixture(scope="module")
def world():
    with open_world(f"rc_contract_{os.getpid()}") as world:
        yield world


@pytest.fixture(scope="module")
def token(world):
    return world.token("Schemathesis")


@pytest.fixture(scope="module")
def cups(world):
    """Cups to sell: 500 of them, at 11.90."""
    stock_up(world.odoo, world.company, [Good("CUP", "Cup", 11.9, stock=500)])


def test_the_documented_commands_are_answered_as_documented(world, cups, tmp_path):
    found = documented.commands(PAGE)
    assert len(found) == 8
    token = world.token("Documentation")
    names = {"HUB": f"{world.server.url}/retail/v1", "TOKEN": token}
    for number, (command, answer) in enumerate(found):
        # What is read was sent a moment ago: it takes its time.
        follow(
            partial(documented.run, command, tmp_path, names),
            lambda out, answer=answer: documented.same(out) == documented.same(answer),
        )
        if not number:
            names["ID"] = ID.search(documented.run(command, tmp_path, names))[1]


@pytest.mark.parametrize("name", RUNS)
def test_no_answer_breaks_the_contract(world, token, tmp_path, name):
    document, *options = RUNS[name]
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(SETTINGS)
    command = [
        VENV / "bin" / "schemathesis",
        f"--config-file={settings}",
        "run",
        f"{world.server.url}/retail/v1/{document}",
        f"--header=Authorization: Bearer {token}",
        f"--seed={SEED}",
        "--checks=all",
        "--continue-on-failure",
        "--no-shrink",
        "--no-color",
        "--generation-database=none",
        *options,
    ]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=tmp_path, timeout=400
    )
    report = "\n".join(line[:500] for line in done.stdout.splitlines())
    assert done.returncode == 0, report + done.stderr[-2000:]
    assert "No test cases" not in report


# A client that an independent generator made


@pytest.fixture(scope="module")
def hub(world, tmp_path_factory) -> ModuleType:
    """Return the package that was generated of the served description."""
    folder = tmp_path_factory.mktemp("client")
    command = [
        VENV / "bin" / "openapi-python-client",
        "generate",
        f"--url={world.document}",
        "--meta=none",
        f"--output-path={folder / 'generated_hub'}",
        "--fail-on-warning",
    ]
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(command, check=True, cwd=folder, env={**os.environ, "PATH": path}, timeout=120)
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module("generated_hub")
    finally:
        sys.path.remove(str(folder))


def part(name: str) -> ModuleType:
    """Return a module of the generated package."""
    return importlib.import_module(f"generated_hub.{name}")


def follow(read: Callable[[], Any], is_there: Callable[[Any], bool]) -> Any:
    """Read something until it is as it should be."""
    deadline = time.monotonic() + PATIENCE
    while not is_there(found := read()):
        assert time.monotonic() < deadline, f"waited in vain: {found}"
        time.sleep(0.2)
    return found


def finished(message: Any) -> bool:
    return message.finished_at is not None


def confirmed(order: Any) -> bool:
    return order is not None and order.state == "confirmed"


def two_cups(models: ModuleType):
    """Return an order of two cups of 11.90 each, 19 % of tax included, in generated classes."""

    def euros(kind, amount):
        side = models.Money(amount=amount, currency="EUR")
        return kind(shop=side, presentment=side)

    tax = models.TaxLine(title="VAT", rate="0.19", amount=euros(models.MoneySet, "3.80"))
    line = models.OrderLine(
        external_id="1",
        title="Cup",
        sku="CUP",
        ordered_quantity="2",
        quantity="2",
        unit_price=euros(models.MoneySet, "11.90"),
        discount=euros(models.MoneySet, "0"),
        taxes=[tax],
    )
    return models.Order(
        external_id="HUB/1001",
        name="#1001",
        placed_at=datetime.now(timezone.utc),
        local_date=date.today(),
        currency="EUR",
        presentment_currency="EUR",
        taxes_included=True,
        email="ada@example.com",
        lines=[line],
        total=euros(models.PayableMoneySet, "23.80"),
        total_tax=euros(models.PayableMoneySet, "3.80"),
        payment_state=models.PaymentState.PAID,
    )


def test_a_generated_client_places_an_order_and_follows_it(world, cups, hub):
    client = hub.AuthenticatedClient(
        base_url=world.server.url, token=world.token("Generated"), raise_on_unexpected_status=True
    )
    models = part("models")
    send, read_message = part("api.send.send_order"), part("api.read.read_message")
    read_order = part("api.read.read_order")

    wanted = two_cups(models)
    first = send.sync_detailed(client=client, body=wanted, idempotency_key="one")
    assert first.status_code == 202, first.content
    (item,) = first.parsed.items
    message = follow(lambda: read_message.sync(id=item.id, client=client), finished)
    assert message.state == models.MessageState.DONE, message

    again = send.sync_detailed(client=client, body=wanted, idempotency_key="one")
    assert again.parsed == first.parsed
    assert again.headers["Idempotency-Replayed"] == "true"

    order = follow(lambda: read_order.sync("HUB/1001", client=client), confirmed)
    assert (order.total, order.total_tax, order.lines[0].sku) == ("23.8", "3.8", "CUP")
    (sold,) = world.odoo.read("sale.order", [("name", "=", order.document)], "amount_total")
    assert sold["amount_total"] == 23.8

    wrong = two_cups(models)
    wrong.currency = "euro"
    refused = send.sync_detailed(client=client, body=[wrong])
    assert refused.status_code == 422
    assert refused.parsed.items[0].problem.errors[0].pointer == "/currency"


def able_to_go_on(odoo: Any) -> list[dict[str, Any]]:
    """Return the messages that nobody worked on yet, but those behind one that cannot go on."""
    stuck = [("state", "in", ("blocked", "waiting"))]
    entities = odoo.read("retail.inbox.message", stuck, "entity_key")
    behind = sorted({row["entity_key"] for row in entities})
    waiting = [("state", "in", ("received", "retry")), ("entity_key", "not in", behind)]
    found = odoo.search("retail.inbox.message", waiting, limit=1)
    return odoo.read("retail.inbox.message", [("id", "in", found)], *TOLD) if found else []


def test_what_was_taken_is_understood_and_worked_on(world):
    """Runs last: whatever was invented above and answered with 2xx has met its importer."""
    follow(lambda: able_to_go_on(world.odoo), lambda ids: not ids)
    unread = ["|", ("state", "=", "quarantined"), ("error_class", "=", "bug")]
    assert not world.odoo.read("retail.inbox.message", unread, "kind", "state", "error")
    failed = [("state", "=", "failed")]
    assert not world.odoo.read("queue.job", failed, "method_name", "exc_name", "exc_message")
