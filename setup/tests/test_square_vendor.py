"""The adapter and the simulated seller, over real HTTP."""

from datetime import timedelta
from decimal import Decimal

import pytest
from square_seller import (
    Hearing,
    Random,
    Shelf,
    assert_ties,
    messages,
    newest,
    parsed,
    provider,
    trade,
)

from simulator_common import Trouble
from simulator_square import Pays, SquareSimulator, Wanted

# What square_seller makes importable.
# isort: split
from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    FeedItem,
    FeedPromotion,
    RateLimitedError,
    StockChange,
    StockKey,
    TransientError,
    Verdict,
)


@pytest.fixture
def simulator():
    with SquareSimulator(seed=11) as running:
        yield running


@pytest.fixture
def seller(simulator):
    return simulator.seller


@pytest.fixture
def adapter(simulator):
    return provider(simulator)


# Tickets


@pytest.mark.parametrize("seed", range(4))
def test_a_day_of_sales_comes_over_whole(simulator, seller, adapter, seed):
    trade(seller, Random(seed), 60)
    found = newest(adapter, messages(adapter, "pos_ticket"))
    assert set(found) == {o["id"] for o in seller.orders.values() if o["state"] == "COMPLETED"}
    for number, ticket in found.items():
        assert_ties(ticket)
        net = seller.orders[number]["net_amounts"]
        assert ticket.total * 100 == net["total_money"]["amount"]
        assert ticket.total_tax * 100 == net["tax_money"]["amount"]


def test_a_poll_and_a_fetch_show_the_same(seller, adapter):
    trade(seller, Random(1), 12)
    for message in messages(adapter, "pos_ticket"):
        again = adapter.fetch_one("pos_ticket", parsed(adapter, message).external_id)
        assert again.authoritative
        assert parsed(adapter, again) == parsed(adapter, message)


def test_a_page_of_many_orders_costs_few_calls(simulator, seller, adapter):
    shelf = Shelf(seller)
    for _number in range(90):
        seller.sell("L001", [Wanted(shelf.goods[0])])
    messages(adapter, "pos_ticket")
    assert len(simulator.server.calls) < 10


def test_a_poll_goes_on_from_any_page(seller, adapter):
    shelf = Shelf(seller)
    for _number in range(230):
        seller.sell("L001", [Wanted(shelf.goods[0])])
        seller.clock.pass_by(seconds=1)
    pages = list(adapter.fetch("pos_ticket", ""))
    assert len(pages) >= 4
    everything = {message.event_id for page in pages for message in page.messages}
    for index, page in enumerate(pages):
        rest = {m.event_id for m in messages(adapter, "pos_ticket", None, page.cursor)}
        later = {m.event_id for after in pages[index + 1 :] for m in after.messages}
        assert later <= rest <= everything


def test_what_is_not_paid_is_not_told(seller, adapter):
    order = seller.ring_up("L001", [Wanted(None, 1, 500)])
    seller.orders[order["id"]] = order
    assert messages(adapter, "pos_ticket") == []
    assert adapter.fetch_one("pos_ticket", order["id"]) is None
    assert adapter.fetch_one("pos_ticket", "unknown") is None


def test_an_offline_sale_is_pending_then_decided(seller, adapter):
    taken = seller.clock() - timedelta(hours=20)
    order = seller.sell("L001", [Wanted(None, 1, 500)], device="D1", taken_at=taken)
    number = order["tenders"][0]["id"]
    states = []
    for step in (None, seller.confirm, seller.decline):
        if step:
            seller.clock.pass_by(60)
            step(number)
        found = parsed(adapter, adapter.fetch_one("pos_ticket", order["id"]))
        assert (found.offline, found.sold_at) == (True, taken)
        states.append((found.tenders[0].state.value, found.version))
    assert [state for state, _version in states] == ["pending", "accepted", "declined"]
    assert states == sorted(states, key=lambda state: state[1])


def test_goods_customer_and_gift_cards_are_asked_for(seller, adapter):
    item = seller.add_item("Mug", 900, sku="MUG-1", upc="4006381333931")
    who = seller.add_customer("Ada", "Lovelace", "ada@example.com")
    seller.sell("L001", [Wanted(item), Wanted(None, 1, 2_000, gift_card="7783")], customer=who)
    seller.sell("L001", [Wanted(item)], [Pays("SQUARE_GIFT_CARD", gift_card="7783")])
    sold, used = newest(adapter, messages(adapter, "pos_ticket")).values()
    assert (sold.lines[0].sku, sold.lines[0].barcode) == ("MUG-1", "4006381333931")
    assert (sold.customer.first_name, sold.customer.email) == ("Ada", "ada@example.com")
    assert not sold.customer.email_verified
    assert sold.lines[1].gift_card_code == used.tenders[0].gift_card_code == "7783"


def test_a_token_that_may_not_read_people_still_reads_sales():
    with SquareSimulator(seed=1, refused=frozenset({"customers"})) as running:
        who = running.seller.add_customer("Ada", "Lovelace")
        running.seller.sell("L001", [Wanted(None, 1, 500)], customer=who)
        adapter = provider(running)
        (found,) = newest(adapter, messages(adapter, "pos_ticket")).values()
        assert (found.customer.external_id, found.customer.first_name) == (who, None)


def test_cash_goes_back_as_cash(seller, adapter):
    order = seller.sell("L001", [Wanted(None, 1, 900)], [Pays("CASH", given=1_000)], device="D1")
    back = seller.give_back(order["id"], {order["line_items"][0]["uid"]: 1})
    found = parsed(adapter, adapter.fetch_one("pos_ticket", back["id"]))
    assert [(one.method, one.amount) for one in found.tenders] == [("CASH", -9)]
    assert found.register_external_id == "D1"


# The day


def test_a_day_report_ties_with_its_tickets(seller, adapter):
    shelf = Shelf(seller)
    shift = seller.open_drawer("L001", "D1", 10_000)["id"]
    sold = seller.sell("L001", [Wanted(shelf.goods[1], 2)], [Pays("CASH", given=10_000)], "D1")
    seller.sell("L001", [Wanted(shelf.goods[2])], device="D1")
    seller.sell("L001", [Wanted(shelf.goods[2])], device="D2")
    seller.give_back(sold["id"], {sold["line_items"][0]["uid"]: 1})
    seller.pay_in(shift, 2_000)
    seller.pay_out(shift, 500, "Stamps")
    seller.clock.pass_by(3_600)
    assert messages(adapter, "pos_closing") == []
    seller.close_drawer(shift, seller.shifts[shift]["expected_cash_money"]["amount"] - 25)
    (message,) = messages(adapter, "pos_closing")
    report = parsed(adapter, message)
    mine = [t for t in newest(adapter, messages(adapter, "pos_ticket")).values()
            if t.register_external_id == "D1"]  # fmt: skip
    assert report.ticket_count == len(mine) == 3
    assert report.total == sum(ticket.total for ticket in mine)
    assert report.total_tax == sum(ticket.total_tax for ticket in mine)
    cash = next(one for one in report.tenders if one.method == "CASH")
    taken = sum(t.amount for ticket in mine for t in ticket.tenders if t.method == "CASH")
    assert cash.expected == taken
    assert cash.counted - cash.expected == Decimal("-0.25")
    assert sum(one.expected for one in report.tenders) == report.total
    assert [one.amount for one in report.cash_movements] == [20, -5]
    assert parsed(adapter, adapter.fetch_one("pos_closing", report.external_id)) == report


def test_a_sale_that_comes_late_makes_a_new_report(seller, adapter):
    shift = seller.open_drawer("L001", "D1")["id"]
    seller.sell("L001", [Wanted(None, 1, 500)], device="D1")
    taken = seller.clock()
    seller.close_drawer(shift)
    (first,) = messages(adapter, "pos_closing")
    seller.clock.pass_by(days=0.5)
    late = seller.sell("L001", [Wanted(None, 1, 700)], device="D1", taken_at=taken)
    seller.confirm(late["tenders"][0]["id"])
    (second,) = messages(adapter, "pos_closing", seller.clock())
    before, after = parsed(adapter, first), parsed(adapter, second)
    assert after.entity_key == before.entity_key and after.version > before.version
    assert (before.ticket_count, after.ticket_count) == (1, 2)


# Money


def test_payouts_come_with_their_entries(seller, adapter):
    trade(seller, Random(3), 40)
    for place in seller.locations:
        seller.land(seller.settle(place)["id"])
    seller.dispute(next(p["id"] for p in seller.payments.values() if p["source_type"] == "CARD"))
    payments = newest(adapter, messages(adapter, "payment"))
    found = newest(adapter, messages(adapter, "payout"))
    assert set(found) == set(seller.payouts)
    for payout in found.values():
        assert payout.transactions_complete
        assert sum(one.net for one in payout.transactions) == payout.amount.amount
        for one in payout.transactions:
            assert one.payment_external_id in payments
    (dispute,) = newest(adapter, messages(adapter, "dispute")).values()
    assert dispute.state.value == "needs_response"


def test_a_payout_that_came_back_is_told_again(seller, adapter):
    seller.sell("L001", [Wanted(None, 1, 5_000)])
    payout = seller.settle("L001")
    first = newest(adapter, messages(adapter, "payout"))[payout["id"]]
    seller.clock.pass_by(days=4)
    seller.bounce(payout["id"])
    again = newest(adapter, messages(adapter, "payout", seller.clock()))[payout["id"]]
    assert (first.state.value, again.state.value) == ("in_transit", "failed")


def test_cash_is_no_payment_of_the_gateway(seller, adapter):
    seller.sell("L001", [Wanted(None, 1, 500)], [Pays("CASH")])
    assert messages(adapter, "payment") == []


# Stock


def test_stock_is_read_and_written(seller, adapter):
    item, other = seller.add_item("Mug", 900, "M"), seller.add_item("Cup", 700, "C")
    seller.count(item, "L001", 10)
    keys = [StockKey(item, "L001"), StockKey(other, "L002"), StockKey("gone", "L001")]
    assert adapter.read_stock(keys) == {keys[0]: 10, keys[1]: 0}
    changes = [StockChange(keys[0], 7, 10), StockChange(keys[1], 4, None),
               StockChange(keys[2], 1, None)]  # fmt: skip
    verdicts = [answer.verdict for answer in adapter.change_stock(changes, "k")]
    assert verdicts == [Verdict.DONE, Verdict.DONE, Verdict.MISSING]
    assert adapter.read_stock(keys) == {keys[0]: 7, keys[1]: 4}


def test_what_somebody_counted_meanwhile_is_not_overwritten(seller, adapter):
    item = seller.add_item("Mug", 900)
    seller.count(item, "L001", 8)
    (answer,) = adapter.change_stock([StockChange(StockKey(item, "L001"), 7, 10)], "k")
    assert (answer.verdict, answer.actual) == (Verdict.STALE, 8)
    assert seller.counts[item, "L001"] == 8


def test_a_key_has_its_effect_once(simulator, seller, adapter):
    item = seller.add_item("Mug", 900)
    changes = [StockChange(StockKey(item, "L001"), 7, None)]
    simulator.trouble = Trouble(accept_then_fail=1)
    with pytest.raises(TransientError):
        # The first read fails as well: let only the write fail.
        adapter.change_stock(changes, "k")
    simulator.trouble = Trouble()
    adapter.change_stock(changes, "k")
    seller.count(item, "L001", 3)
    simulator.keys.all()
    (answer,) = adapter.change_stock(changes, "k")
    assert answer.verdict is Verdict.DONE
    assert seller.counts[item, "L001"] == 3


# The feed


def item_of(reference, store="L001", **values):
    known = {"variant": None, "sku": reference.upper(), "barcodes": (), "title": reference.title(),
             "unit": "unit", "price": Decimal("12.50"), "currency": "USD",
             "taxes_included": False, **values}  # fmt: skip
    return FeedItem(reference, store, **known)


def variation_of(seller, sku):
    return next(row for row in seller.catalog.values()
                if (row.get("item_variation_data") or {}).get("sku") == sku)  # fmt: skip


def prices_of(row):
    overrides = row["item_variation_data"].get("location_overrides", ())
    return {one["location_id"]: one["price_money"]["amount"] for one in overrides}


def verdicts(adapter, *items, key="k"):
    return [answer.verdict.value for answer in adapter.change_feed(items, key)]


def test_a_new_product_is_made_once_for_all_stores(seller, adapter):
    items = [item_of("mug"), item_of("mug", "L002", price=Decimal(13))]
    assert verdicts(adapter, *items) == ["done", "done"]
    assert verdicts(adapter, *items, key="other") == ["done", "done"]
    row = variation_of(seller, "MUG")
    assert prices_of(row) == {"L001": 1_250, "L002": 1_300}
    assert len([one for one in seller.catalog.values() if one["type"] == "ITEM"]) == 1


def test_a_bound_variation_keeps_what_is_not_ours(seller, adapter):
    variation = seller.add_item("Mug", 900, "MUG", taxes=(seller.add_tax("VAT", "20"),))
    seller.touch(variation, user_data="theirs")
    assert verdicts(adapter, item_of("mug", variant=variation, title="Cup")) == ["done"]
    row = seller.catalog[variation]
    parent = seller.catalog[row["item_variation_data"]["item_id"]]
    assert row["item_variation_data"]["user_data"] == "theirs"
    assert row["item_variation_data"]["price_money"]["amount"] == 900
    assert prices_of(row) == {"L001": 1_250}
    assert parent["item_data"]["name"] == "Cup" and len(parent["item_data"]["tax_ids"]) == 1


def test_a_product_of_several_variations_keeps_its_name(seller, adapter):
    variation = seller.add_item("Shirt", 900, "SHIRT", variations=("S", "M"))
    assert verdicts(adapter, item_of("shirt", variant=variation, title="Shirt, S")) == ["done"]
    parent = seller.catalog[seller.catalog[variation]["item_variation_data"]["item_id"]]
    assert parent["item_data"]["name"] == "Shirt"


def test_what_is_told_already_is_not_written(simulator, adapter):
    assert verdicts(adapter, item_of("mug")) == ["done"]
    before = len(simulator.keys.all())
    assert verdicts(adapter, item_of("mug"), key="other") == ["done"]
    assert len(simulator.keys.all()) == before


def test_a_product_is_taken_out_of_one_store(seller, adapter):
    verdicts(adapter, item_of("mug"), item_of("mug", "L002"))
    assert verdicts(adapter, item_of("mug", active=False), key="2") == ["done"]
    row = variation_of(seller, "MUG")
    assert row["present_at_location_ids"] == ["L002"]
    everywhere = seller.add_item("Cup", 900, "CUP")
    verdicts(adapter, item_of("cup", "L002", variant=everywhere, active=False), key="3")
    assert seller.catalog[everywhere]["absent_at_location_ids"] == ["L002"]


def test_taxes_are_found_by_their_rate(seller, adapter):
    wrong, right = seller.add_tax("Old", "19"), seller.add_tax("MwSt", "19", inclusive=True)
    item = item_of("mug", taxes_included=True, tax_rates=(Decimal("0.19"),))
    assert verdicts(adapter, item) == ["done"]
    row = variation_of(seller, "MUG")
    parent = seller.catalog[row["item_variation_data"]["item_id"]]
    assert parent["item_data"]["tax_ids"] == [right] and wrong != right
    (answer,) = adapter.change_feed([item_of("cup", tax_rates=(Decimal("0.07"),))], "k3")
    assert answer.verdict is Verdict.REJECTED and "7 %" in answer.text


def test_one_bad_product_does_not_hinder_the_others(seller, adapter):
    items = [
        item_of("a"), item_of("b", "L404"), item_of("c", price=Decimal("1.005")),
        item_of("d", sku=None), item_of("e", variant="gone"), item_of("f", barcodes=("40063",)),
    ]  # fmt: skip
    expected = ["done", "rejected", "rejected", "rejected", "missing", "done"]
    assert verdicts(adapter, *items) == expected
    assert variation_of(seller, "F")["item_variation_data"]["upc"] == "40063"


def test_promotions_that_are_not_sent_are_said(adapter):
    promotion = FeedPromotion("p", "Ten", percent=Decimal("0.1"))
    (answer,) = adapter.change_feed([item_of("mug", promotions=(promotion,))], "k")
    assert answer.verdict is Verdict.DONE and "promotions" in answer.text


def test_a_version_that_changed_meanwhile_is_read_again(simulator, seller, adapter):
    variation = seller.add_item("Mug", 900, "MUG")
    check, times = simulator.server.check, []

    def meddle(call):
        check(call)
        if call.path.endswith("batch-upsert") and not times:
            times.append(1)
            seller.touch(variation, user_data="meddled")

    simulator.server.check = meddle
    assert verdicts(adapter, item_of("mug", variant=variation)) == ["done"]
    data = seller.catalog[variation]["item_variation_data"]
    assert data["user_data"] == "meddled" and prices_of(seller.catalog[variation])


# Webhooks


def test_webhooks_lead_to_the_tickets(simulator, seller, adapter):
    with Hearing(adapter) as hearing:
        report = adapter.sync_subscriptions(hearing.url)
        assert report.created
        adapter.context.secrets["signature_key"] = (
            simulator.webhooks.secret(next(iter(simulator.webhooks.rows))),
        )
        trade(seller, Random(7), 25)
        simulator.trouble = Trouble(duplicate=0.3, disorder=0.3, forged=0.2)
        delivered = simulator.deliver()
    assert hearing.refused and set(delivered.answers) == {"202"}
    notices = {
        parsed(adapter, message).external_id
        for message in hearing.messages
        if message.kind == "notice" and message.entity_key.startswith("pos_ticket:")
    }
    assert set(seller.orders) <= notices
    kept = {(message.topic, message.event_id): message.body for message in hearing.messages}
    assert all(kept[m.topic, m.event_id] == m.body for m in hearing.messages)


def test_what_webhooks_lost_the_poll_finds(simulator, seller, adapter):
    with Hearing(adapter) as hearing:
        adapter.sync_subscriptions(hearing.url)
        simulator.trouble = Trouble(dropped=1)
        trade(seller, Random(8), 10)
        assert simulator.deliver().lost and not hearing.messages
    simulator.trouble = Trouble()
    assert len(newest(adapter, messages(adapter, "pos_ticket"))) == len(seller.orders)


def test_subscriptions_are_repaired_and_doubles_removed(simulator, adapter):
    url = "http://127.0.0.1:9/hooks/key"
    assert adapter.sync_subscriptions(url).created
    assert adapter.sync_subscriptions(url).present
    (row,) = simulator.webhooks.rows.values()
    row["enabled"] = False
    assert adapter.sync_subscriptions(url).repaired and row["enabled"]
    simulator.webhooks.create({"subscription": {"notification_url": url, "event_types": ["x"]}})
    assert adapter.sync_subscriptions(url).removed
    assert list(simulator.webhooks.rows.values()) == [row]
    assert adapter.sync_subscriptions("http://127.0.0.1:7/hooks/key").repaired


# Trouble


def test_failures_have_their_class(simulator, seller, adapter):
    for trouble, expected in (
        (Trouble(rate_limited=1, retry_after=7), RateLimitedError),
        (Trouble(server_error=1), TransientError),
    ):
        simulator.trouble = trouble
        with pytest.raises(expected) as caught:
            messages(adapter, "pos_ticket")
        if expected is RateLimitedError:
            assert caught.value.retry_after == 7
    simulator.trouble = Trouble()
    adapter.context.secrets["access_token"] = ("wrong",)
    with pytest.raises(AuthenticationError):
        messages(adapter, "pos_ticket")


def test_a_run_through_trouble_reads_everything(simulator, seller, adapter):
    trade(seller, Random(9), 30)
    simulator.trouble = Trouble(rate_limited=0.04, server_error=0.04, accept_then_fail=0.02)
    found, cursor = [], ""
    for _attempt in range(200):
        try:
            for page in adapter.fetch("pos_ticket", cursor):
                found += page.messages
                cursor = page.cursor
            break
        except (RateLimitedError, TransientError):
            continue
    else:
        pytest.fail("never came through")
    assert len(newest(adapter, found)) == len(seller.orders)


def test_the_connection_says_what_the_token_may_not():
    with SquareSimulator(seed=1, refused=frozenset({"payouts", "orders"})) as running:
        report = provider(running).test_connection()
    assert report.account == "Simulated Seller"
    assert any("orders" in problem for problem in report.problems)
    assert any("payouts" in warning for warning in report.warnings)


def test_stores_have_the_devices_that_took_payments(seller, adapter):
    seller.sell("L001", [Wanted(None, 1, 500)], device="D9")
    seller.add_device("L002", "995CS", "Terminal 5")
    main, harbour = adapter.stores()
    assert [one.external_id for one in main.registers] == ["counter", "D9"]
    assert [one.name for one in harbour.registers] == ["Counter", "Terminal 5"]
    assert main.timezone == "America/New_York"


def test_items_are_listed_with_what_was_deleted(seller, adapter):
    seller.add_item("Mug", 900, "MUG", upc="40063")
    gone = seller.add_item("Cup", 700, "CUP")
    seller.delete(seller.catalog[gone]["item_variation_data"]["item_id"])
    found = newest(adapter, messages(adapter, "product")).values()
    assert sorted(one.kind for one in found) == ["deletion", "product"]
    (mug,) = [one for one in found if one.kind == "product"]
    assert (mug.variants[0].sku, mug.variants[0].price) == ("MUG", 9)
