"""The simulated estate: what it prints adds up, and its mishaps lose nothing."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from estate_books import Oracle
from simulator_estate import (
    CASH,
    COUNTRIES,
    SWITZERLAND,
    Habits,
    Life,
    assortment,
    plan,
    stores,
    truth_of,
)  # fmt: skip
from simulator_estate.money import rounded, shared_out

DAY = date(2026, 11, 20)
ALL = Habits(
    tip=0.1, known=0.2, miscounted=0.4, offline=0.5, skewed=0.3, after_report=0.3, travel=True,
    lost=0.05, duplicate=0.2, lost_answer=0.2, disorder=0.4, voided_later=0.04, declined=0.3,
)  # fmt: skip


def lived(country: str, seed: int, habits: Habits = ALL) -> Life:
    """Return a day in three stores."""
    terms = COUNTRIES[country]
    return Life(stores(terms, 3, 2), assortment(seed, terms, 10), seed, DAY, habits).live(120)


@pytest.fixture(params=[(country, seed) for country in COUNTRIES for seed in range(3)], ids=str)
def life(request):
    """Days in all countries."""
    return lived(*request.param)


def test_every_ticket_is_paid_to_the_smallest_unit(life):
    unit = life.baskets.terms.unit
    for ticket in life.tickets:
        amounts = [tender.amount for tender in ticket.tenders]
        assert all(amounts)
        assert ticket.total == rounded(ticket.total, unit)
        if ticket.counts:
            assert sum(amounts, Decimal(0)) == ticket.total


def test_registers_number_their_tickets_without_gaps(life):
    for counter in life.counters.values():
        numbers = [ticket.sequence for ticket in counter.tickets]
        assert numbers == list(range(1, len(numbers) + 1))


def test_nothing_comes_back_that_was_not_sold_and_no_card_gives_more_than_it_has(life):
    left: Counter = Counter()
    for ticket in life.tickets:
        for line in ticket.lines:
            if ticket.counts and line.quantity > 0:
                left[ticket.id, line.id] += line.quantity
            if line.original:
                left[line.original] += line.quantity
    assert min(left.values()) >= 0
    assert all(value >= 0 for value in life.purse.left.values())


def test_books_balance_whatever_happened(life):
    assert sum(Oracle([life]).balances.values(), Decimal(0)) == 0


def test_truth_and_books_are_counted_twice_and_agree(life):
    oracle, truth = Oracle([life]), truth_of([life])
    for store, units in truth.moved.items():
        assert {sku: oracle.units[store, sku] for sku in units} == dict(units)
    cards = -oracle.balances.get(("gift_cards",), Decimal(0))
    assert cards == sum(truth.cards.values(), Decimal(0))


def test_reports_are_made_of_what_was_printed_before_them(life):
    for counter in life.counters.values():
        told = [t for t in counter.tickets if t.counts and "after_report" not in t.marks]
        assert counter.report.tickets == len(told)
        assert counter.report.total == sum((ticket.total for ticket in told), Decimal(0))
        rest = [one for one in counter.report.tenders if one.method != CASH]
        for total in rest:
            tenders = [p for t in told for p in t.tenders if p.method == total.method]
            assert total.expected == sum((p.amount for p in tenders), Decimal(0))


def test_every_ticket_is_sent_at_least_once_and_the_last_word_is_the_truth(life):
    post, last = plan(life, batch=3), {}
    for parcel in post.all:
        for item in parcel.items:
            if parcel.route == "pos-tickets":
                known = last.get(item["external_id"])
                if known is None or known["updated_at"] <= item["updated_at"]:
                    last[item["external_id"]] = item
    assert {key: item["voided"] for key, item in last.items()} == {
        ticket.id: ticket.voided for ticket in life.tickets
    }
    assert len({parcel.key for parcel in post.all}) == len(post.all)


def test_what_is_lost_comes_after_the_reports(life):
    post = plan(life)
    late = {item["external_id"] for parcel in post.after for item in parcel.items}
    early = {item["external_id"] for parcel in post.before for item in parcel.items}
    marked = {t.id for t in life.tickets if t.marks & {"lost", "after_report"}}
    assert late == marked and not late & early


def test_the_next_day_goes_on_where_this_one_stopped():
    life = lived("DE", 3)
    stores_ = [counter.store for counter in life.counters.values()][::2]
    following = Life(
        stores_, life.baskets.goods, 3, date(2026, 11, 21), ALL, before=life
    ).live(60)  # fmt: skip
    for place, counter in following.counters.items():
        last = life.counters[place]
        assert counter.first == last.first + len(last.tickets)
        assert counter.opening == last.report.left
    assert sum(Oracle([life, following]).balances.values(), Decimal(0)) == 0
    assert following.purse is life.purse


def test_a_seed_gives_the_same_day_and_the_same_post_again():
    one, two, other = lived("DE", 5), lived("DE", 5), lived("DE", 6)
    assert one.tickets == two.tickets != other.tickets
    assert plan(one) == plan(two)


def test_seeds_meet_everything_that_can_happen():
    lives = [lived("CH", seed) for seed in range(4)]
    tickets = [ticket for life in lives for ticket in life.tickets]
    assert {mark for ticket in tickets for mark in ticket.marks} == {
        "lost", "after_report", "voided_later", "declined",
    }  # fmt: skip
    assert any(ticket.offline for ticket in tickets)
    assert any(ticket.told_at != ticket.sold_at for ticket in tickets)
    assert any(ticket.rounding for ticket in tickets)
    assert any(ticket.total < 0 for ticket in tickets)
    assert any(len({one.method for one in ticket.tenders}) > 1 for ticket in tickets)
    assert any(line.original for ticket in tickets for line in ticket.lines)
    posts = [parcel for life in lives for parcel in plan(life).all]
    assert any(parcel.unheard for parcel in posts)
    assert any(len(parcel.items) > 1 for parcel in posts)


def test_swiss_cash_knows_no_single_cents():
    for ticket in lived("CH", 9).tickets:
        for tender in ticket.tenders:
            if tender.method == CASH:
                assert tender.amount % SWITZERLAND.coin == 0


def test_a_discount_is_shared_out_without_a_rest():
    parts = shared_out(Decimal("1.00"), [Decimal(1)] * 3, Decimal("0.01"))
    assert parts == [Decimal("0.33"), Decimal("0.34"), Decimal("0.33")]
    assert sum(shared_out(Decimal("0.05"), [Decimal(3), Decimal(0)], Decimal("0.01"))) == Decimal(
        "0.05"
    )
