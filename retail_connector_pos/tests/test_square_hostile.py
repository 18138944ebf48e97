import json
from copy import deepcopy
from random import Random

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    StoredMessage,
    TransientError,
)

from .square_common import (
    LOCATION,
    FakeHttp,
    event,
    line,
    order,
    payment,
    provider,
    received,
    tender,
    usd,
)

VALUES = (None, "", "x", -1, 0, 10**30, 1.5, True, [], [None], [[]], {}, {"amount": "1"}, "\x01",
          {"amount": 5, "currency": "usd"}, "2026-13-45T00:00:00Z", "9" * 40, "NaN")  # fmt: skip


def everything():
    """Return an order that uses all that is read."""
    tax = [{"uid": "t1", "tax_uid": "t", "applied_money": usd(8)}]
    given = [{"discount_uid": "d", "applied_money": usd(5)}]
    more = {"applied_taxes": tax, "applied_discounts": given, "modifiers": [{"name": "Milk"}]}
    rows = [line("a", 108, tax=8, discount=5, **more)]
    part = {"uid": "r", "source_order_id": "O0", "return_line_items": [line("b", 50)],
            "return_tips": [{"applied_money": usd(1)}], "return_amounts": {"total_money": usd(50)},
            "rounding_adjustment": {"amount_money": usd(1)}}  # fmt: skip
    cash = {"buyer_tendered_money": usd(100), "change_back_money": usd(42)}
    shown = order(
        *rows, total=108, returns=[part], taxes=[{"uid": "t", "percentage": "8"}],
        discounts=[{"uid": "d", "name": "Off"}], net_amounts={"total_money": usd(58)},
        tenders=[tender("P1", 58, "CASH", cash_details=cash)], total_tip_money=usd(0),
        service_charges=[{"uid": "s", "total_money": usd(1)}], customer_id="C1",
        refunds=[{"id": "R1", "tender_id": "P0", "amount_money": usd(1), "status": "PENDING"}],
    )  # fmt: skip
    paid = payment(
        "P1",
        58,
        device_details={"device_id": "D"},
        is_offline_payment=True,
        offline_payment_details={"client_created_at": "2026-04-02T13:00:00Z"},
    )
    return {"order": shown, "payments": [paid], "refunds": [], "location": LOCATION}


def places(node, path=()):
    """Yield the paths of all parts of a content."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node)
    for key, part in list(pairs):
        yield (*path, key)
        if isinstance(part, dict | list):
            yield from places(part, (*path, key))


def spoiled(content, random):
    """Return a content one part of which is something else, or gone."""
    content = deepcopy(content)
    *parents, last = random.choice(list(places(content)))
    node = content
    for key in parents:
        node = node[key]
    if random.random() < 0.2:
        del node[last]
    else:
        node[last] = random.choice(VALUES)
    return content


@tagged("post_install", "-at_install")
class TestSquareHostile(BaseCase):
    """Whatever comes, it is read or refused by the one error that says so."""

    def test_spoiled_orders(self):
        adapter, refused = provider(), 0
        for seed in range(1_500):
            content = spoiled(everything(), Random(seed))
            body = json.dumps(content).encode()
            try:
                adapter.parse(StoredMessage("poll/order", "pos_ticket", body, {}))
            except MalformedPayloadError as error:
                refused += 1
                self.assertNotIn("\x01", str(error))
        self.assertGreater(refused, 100)

    def test_spoiled_events(self):
        adapter = provider()
        shown = event("payment.updated", "payment", everything()["payments"][0])
        for seed in range(600):
            content = spoiled(shown, Random(seed))
            for message in received(adapter, content):
                if message.kind:
                    try:
                        found = adapter.parse(
                            StoredMessage(message.topic, message.kind, message.body, {})
                        )
                    except MalformedPayloadError:
                        continue
                    self.assertEqual(found.entity_key, message.entity_key)

    def test_spoiled_answers_stop_nobody(self):
        """A poll keeps what it cannot read, or asks again later; it never breaks."""
        kept = 0
        for seed in range(400):
            shown = spoiled(everything()["order"], Random(seed))

            def answer(_method, path, _content, shown=shown):
                if path == "orders/search":
                    return {"orders": [shown]}
                if path == "locations":
                    return {"locations": [LOCATION]}
                name = path.partition("/")[0].rstrip("s")
                if name in ("payment", "refund", "customer"):
                    return {name: {**everything()["payments"][0], "id": path.partition("/")[2]}}
                return {}

            try:
                pages = list(provider(FakeHttp(answer)).fetch("pos_ticket", ""))
            except TransientError:
                continue
            kept += sum(len(page.messages) for page in pages)
        self.assertGreater(kept, 200)
