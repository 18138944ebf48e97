"""Runs days in stores through the importers, the stock lane and the closing of a real Odoo.

Runs in Odoo's shell, in one transaction that is never committed: what jobs would do after a commit
is called here, in an order that is drawn.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from estate_books import Oracle, all_sales, differences
from estate_company import Company
from simulator_estate import (
    COUNTRIES,
    Good,
    Habits,
    Life,
    Parcel,
    Store,
    assortment,
    plan,
    stores,
)  # fmt: skip

from odoo.addons.retail_connector_base.canonical import PosClosing, PosTicket
from odoo.addons.retail_connector_pos.decisions.day_words import stored_difference
from odoo.addons.retail_connector_pos.tests.common import run_import

HABITS = Habits(
    tip=0.1, known=0.2, miscounted=0.4, offline=0.4, skewed=0.3, after_report=0.3, travel=True,
    lost=0.05, duplicate=0.2, disorder=0.4, voided_later=0.04, declined=0.3,
)  # fmt: skip
KINDS = {"pos-tickets": PosTicket, "pos-closings": PosClosing}
ROUNDS = 8
STORES, REGISTERS, GOODS = 2, 2, 8
REASON = "The drawer was counted twice."


class Telling:
    """Tells Odoo of days: in batches, twice, out of order."""

    def __init__(self, company: Company, random: Random) -> None:
        self.company, self.random = company, random
        self._late: list[Any] = []

    def tell(self, parcels: Sequence[Parcel]) -> None:
        """Deliver parcels; what waits for others comes again with the next ones."""
        waiting = list(parcels)
        while waiting:
            size = self.random.choice((1, 2, 5, 12))
            group, waiting = waiting[:size], waiting[size:]
            self._deliver([self._read(parcel, item) for parcel in group for item in parcel.items])
            if self.random.random() < 0.3:
                self.move_goods()

    def rest(self) -> list[str]:
        """Import what waits, and move the goods; return in words what does not go through."""
        for _round in range(ROUNDS):
            late, self._late = self._late, []
            self._deliver(late)
            if not self._late:
                break
        self.move_goods()
        return [f"{told.external_id} is not imported: {why}" for told, why in self._failed]

    def move_goods(self) -> None:
        """Let the warehouses' lanes work."""
        lane = self.company.env["retail.reservation"].sudo()
        for house in self.company.houses.values():
            while lane._try_chunk(house.id):
                pass

    def _read(self, parcel: Parcel, item: dict[str, Any]) -> Any:
        return KINDS[parcel.route].model_validate(item)

    def _deliver(self, messages: Sequence[Any]) -> None:
        """Import messages; of one entity never two in one batch, as the inbox does it."""
        self._failed: list[tuple[Any, str]] = []
        waiting = list(messages)
        while waiting:
            batch: dict[tuple[str, str], Any] = {}
            left = []
            for told in waiting:
                key = told.kind, told.external_id
                if key in batch or batch and told.kind != next(iter(batch))[0]:
                    left.append(told)
                else:
                    batch[key] = told
            _results, failures = run_import(self.company.backend, *batch.values())
            for told in batch.values():
                if told.external_id in failures:
                    self._late.append(told)
                    self._failed.append((told, _words(failures[told.external_id])))
            waiting = left


def _words(error: Any) -> str:
    problem = getattr(error, "problem", None)
    if problem:
        return f"{problem.code}: {problem.cause} {problem.comparison}"
    return f"{type(error).__name__}: {error}"


def close_days(company: Company, business_date: date) -> list[str]:
    """Compare and post the days of a date; an accountant signs what differs."""
    days = company.env["retail.pos.day"].search(
        [("backend_id", "=", company.backend.id), ("business_date", "=", business_date)]
    )
    told = []
    for day in days.filtered(lambda day: day.state != "closed"):
        if not day._review():
            _ours, tie = day._compare()
            day._sign([stored_difference(each) for each in tie.differences], REASON)
            day._review()
        if day.state == "closing":
            day._close_now()
        if day.state != "closed":
            told.append(f"{day.display_name} is {day.state}: {day.tie}")
    return told


def tell_all(env: Any, country: str, seeds: range) -> None:
    """Print what is wrong after each life, and how many there were."""
    terms = COUNTRIES[country]
    places, goods = stores(terms, STORES, REGISTERS), assortment(country, terms, GOODS)
    company = Company(env, terms, places, goods, Random(f"{country}:{seeds}"))
    for seed in seeds:
        for text in run(company, places, goods, seed):
            print(f"WRONG {country} {seed}: {text}".replace("\n", " "))
    print(f"ALL TOLD {len(seeds)}")


def run(company: Company, places: Sequence[Store], goods: Sequence[Good], seed: int) -> list[str]:
    """Live two days and tell of them; return in words what is wrong in Odoo then."""
    savepoint = company.env.cr.savepoint()
    try:
        return _run(company, places, goods, seed)
    finally:
        company.env.cr.postcommit.clear()
        savepoint.close(rollback=True)
        company.env.invalidate_all(flush=False)


def _run(company: Company, places: Sequence[Store], goods: Sequence[Good], seed: int) -> list[str]:
    random = Random(f"{company.terms.country}:{seed}")
    by_line = random.random() < 0.5
    company.round_taxes(by_line)
    telling, lives, told = Telling(company, random), list[Life](), list[str]()
    for back in (3, 2):
        day = date.today() - timedelta(days=back)
        before = lives[-1] if lives else None
        life = Life(places, goods, seed, day, HABITS, before=before)
        lives.append(life.live(random.randint(10, 40)))
        told += tell_day(company, telling, life, random)
    return told + found_wrong(company, lives, by_line)


def tell_day(company: Company, telling: Telling, life: Life, random: Random) -> list[str]:
    """Tell of a day; some of it comes when the day is closed. Return what did not go through."""
    post = plan(life, batch=random.choice((1, 3)))
    telling.tell(post.before)
    telling.tell(post.reports)
    telling.rest()
    if random.random() < 0.5:
        _close_what_ties(company, life.day)
    telling.tell(post.after)
    return telling.rest() + close_days(company, life.day)


def _close_what_ties(company: Company, business_date: date) -> None:
    """Post the days that nobody has to sign: tickets that come later find them closed."""
    days = company.env["retail.pos.day"].search(
        [("backend_id", "=", company.backend.id), ("business_date", "=", business_date)]
    )
    for day in days:
        if day._review():
            day._close_now()


def found_wrong(company: Company, lives: Sequence[Life], by_line: bool) -> list[str]:
    """Compare every account and every shelf with what was counted.

    Where Odoo rounds taxes over a whole ticket, a cent may go from the sales of one tax to those
    of another: then only their sum is right.
    """
    unposted = company.unposted(lives)
    oracle = Oracle(lives, unposted)
    found, right = company.balances(), oracle.balances
    told = differences(*((found, right) if by_line else (all_sales(found), all_sales(right))))
    wanted = oracle.shelves(company.morning)
    told += [
        f"{store} holds {units} of {sku}, {wanted[store, sku]} are left"
        for (store, sku), units in company.shelves().items()
        if units != wanted[store, sku]
    ]
    late = {ticket.id for life in lives for ticket in life.tickets
            if ticket.marks & {"lost", "after_report"} or ticket.voided}  # fmt: skip
    told += [f"{one} is on no closed day" for one in sorted(unposted - late)]
    return told + company.unbalanced()
