"""What the tests of the simulated Stripe account share."""

from collections.abc import Iterable
from datetime import datetime
from random import Random
from typing import Any

import odoo.addons

from environment.paths import ROOT
from simulator_stripe import Account, StripeSimulator

if str(ROOT) not in odoo.addons.__path__:
    odoo.addons.__path__.append(str(ROOT))

from odoo.addons.retail_connector_base.providers import (
    HttpClient,
    ProviderContext,
    ReceivedMessage,
    StoredMessage,
)
from odoo.addons.retail_connector_payment.providers import StripeProvider

SECRET = "whsec_of_the_tests"


def provider(
    simulator: StripeSimulator, *secrets: str, key: str = "", mode: str = "live", **timeouts: float
) -> StripeProvider:
    """Return the adapter of the simulated account, at the account's time."""
    held = {"api_key": (key or simulator.key.value,), "webhook_secret": secrets or (SECRET,)}
    settings = {"api_url": simulator.base_url, "mode": mode}
    http = HttpClient(**timeouts)
    return StripeProvider(ProviderContext(settings, held, http, simulator.clock))


def parsed(adapter: StripeProvider, message: ReceivedMessage) -> Any:
    """Return what a message is read as; its place in the queues must be the same."""
    found = adapter.parse(StoredMessage(message.topic, message.kind, message.body, message.headers))
    assert message.kind == found.kind
    assert message.entity_key == found.entity_key
    assert message.version == found.version
    return found


def messages(
    adapter: StripeProvider, kind: str, since: datetime | None = None
) -> list[ReceivedMessage]:
    """Return all messages of a poll."""
    return [one for page in adapter.fetch(kind, "", since) for one in page.messages]


def newest(adapter: StripeProvider, found: Iterable[ReceivedMessage]) -> dict[str, Any]:
    """Return the state of each entity that the version guard would leave."""
    read = [parsed(adapter, message) for message in found if message.kind]
    return {one.entity_key: one for one in sorted(read, key=lambda one: one.version)}


def trade(account: Account, random: Random, count: int, currencies: tuple[str, ...]) -> None:
    """Let customers pay, get money back, dispute, and banks change their minds."""
    for number in range(count):
        amount = 100 * random.randint(5, 500)
        intent = account.pay(
            amount, random.choice(currencies), {"order_id": f"S{number:05}"},
            manual=random.random() < 0.3, declined=random.choice(["", "", "", "card_declined"]),
        )  # fmt: skip
        account.clock.pass_by(seconds=random.randint(0, 900))
        if intent["status"] == "requires_capture":
            _decide(account, random, intent)
        if intent["status"] == "succeeded":
            _regret(account, random, account.charges[intent["latest_charge"]])


def _decide(account: Account, random: Random, intent: dict[str, Any]) -> None:
    if random.random() < 0.2:
        account.cancel(intent["id"])
    else:
        part = random.choice([1, 1, 2])
        account.capture(intent["id"], intent["amount"] // (100 * part) * 100)


def _regret(account: Account, random: Random, charge: dict[str, Any]) -> None:
    chance = random.random()
    if chance < 0.25:
        made = account.refund(charge["id"], 100 * random.randint(1, 4))
        if random.random() < 0.3:
            account.clock.pass_by(1)
            account.fail_refund(made["id"])
    elif chance < 0.4:
        made = account.dispute(charge["id"], 100 * random.randint(1, 4))
        account.clock.pass_by(1)
        end = random.choice([account.win_dispute, account.lose_dispute, account.answer_dispute])
        end(made["id"])
