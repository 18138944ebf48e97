"""Whether a report and tickets are the same day: pure decisions, without a database."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.retail_connector_base.canonical.pos_ticket import TenderKind, TenderState

from ..decisions.day_cash import drawer_of
from ..decisions.day_clock import clock_skew
from ..decisions.day_figures import TenderKey, figures_of
from ..decisions.day_gaps import Gap, between_days, gaps, named
from ..decisions.day_tie import Kind, no_report, tie_day
from ..decisions.day_words import covers, storable, stored_difference, stored_differences
from .closings import closing, counted, movement
from .tickets import SOLD_AT, card, cash, line, ticket


def key_of(tender):
    is_cash = tender.kind is TenderKind.CASH
    return TenderKey("cash" if is_cash else tender.method, tender.method, is_cash)


def figures(*tickets, currency="EUR"):
    return figures_of(tickets, key_of, currency)


def tie(report, *tickets, **values):
    keys = {each.method: key_of(each) for each in report.tenders}
    ours = replace(figures(*tickets, currency=report.currency), **values.pop("ours", {}))
    return tie_day(report, ours, keys, **values)


def kinds(found):
    return [each.kind for each in found.differences]


@st.composite
def days(draw):
    """Return tickets of a day that tie by themselves, in any mixture of tenders and rates."""
    tickets = []
    for number in range(draw(st.integers(0, 8))):
        sign = draw(st.sampled_from((1, 1, 1, -1)))
        lines = [
            line(
                quantity=sign * draw(st.integers(1, 5)),
                price=Decimal(draw(st.integers(1, 99999))) / 100,
                rates=(draw(st.sampled_from(("0.19", "0.07", "0"))),),
            )
            for _ in range(draw(st.integers(1, 4)))
        ]
        sold = ticket(*lines, sequence=number + 1, minutes=number)
        part = Decimal(draw(st.integers(0, 5000))) / 100
        way = draw(st.sampled_from(("cash", "card", "split", "change")))
        tenders = {
            "cash": [cash(sold.total)],
            "card": [card(sold.total)],
            "split": [cash(part), card(sold.total - part)],
            "change": [cash(sold.total + part), cash(-part)],
        }[way]
        voided = draw(st.integers(0, 9)) == 0
        tickets.append(sold.model_copy(update={"tenders": tuple(tenders), "voided": voided}))
    return tickets


class TestDayGaps(BaseCase):
    def test_nothing_is_missing_between_neighbours(self):
        self.assertEqual(gaps([1, 2, 3], 1, 3), [])

    def test_missing_numbers_are_named_in_ranges(self):
        found = gaps([2, 5, 6, 9], 1, 10)
        self.assertEqual(named(found), "1, 3–4, 7–8, 10")
        self.assertEqual(sum(gap.count for gap in found), 6)

    def test_without_bounds_only_what_lies_between_is_missing(self):
        self.assertEqual(gaps([7, 9]), [Gap(8, 8)])
        self.assertEqual(gaps([]), [])

    def test_a_restart_is_no_gap(self):
        self.assertEqual(gaps([998, 999, 1, 2, 3], 998, 3), [])
        self.assertEqual(gaps([998, 999, 1, 3]), [Gap(2, 2)])

    def test_numbers_are_missing_on_both_sides_of_a_restart(self):
        self.assertEqual(gaps([998, 1000, 2], 998, 3), [Gap(3, 3), Gap(999, 999)])

    def test_all_after_a_restart_is_missing(self):
        self.assertEqual(gaps([998, 999], 998, 2), [Gap(1, 2)])

    def test_all_before_a_restart_is_missing(self):
        self.assertEqual(gaps([1, 2], 998, 2), [Gap(998, 998)])

    def test_a_clock_that_runs_behind_makes_no_gap(self):
        self.assertEqual(gaps([6, 5, 7], 5, 7), [])

    def test_a_whole_day_is_missing(self):
        self.assertEqual(gaps([], 4, 6), [Gap(4, 6)])
        self.assertEqual(gaps([], 4, 2), [Gap(1, 2), Gap(4, 4)])

    def test_hostile_bounds_cost_nothing(self):
        self.assertEqual(gaps([5], 0, 2**31 - 1), [Gap(0, 4), Gap(6, 2**31 - 1)])

    def test_between_two_days(self):
        self.assertEqual(between_days(10, 13), Gap(11, 12))
        self.assertIsNone(between_days(10, 11))
        self.assertIsNone(between_days(10, 1))

    @settings(deadline=None, max_examples=200)
    @given(st.integers(1, 500), st.integers(1, 60), st.data())
    def test_what_is_left_out_is_what_is_missing(self, first, length, data):
        whole = list(range(first, first + length))
        gone = data.draw(st.sets(st.sampled_from(whole)))
        known = [number for number in whole if number not in gone]
        found = gaps(known, first, first + length - 1)
        named_numbers = {n for gap in found for n in range(gap.first, gap.last + 1)}
        self.assertEqual(named_numbers, gone)

    @settings(deadline=None, max_examples=200)
    @given(st.lists(st.integers(1, 300), unique=True, min_size=1), st.randoms())
    def test_what_is_known_is_never_missing(self, known, rng):
        Random(rng.random()).shuffle(known)
        for gap in gaps(known):
            self.assertFalse(set(known) & set(range(gap.first, gap.last + 1)))


class TestDayDrawer(BaseCase):
    def drawer(self, takings="100", counted_as=None, told=None, **values):
        sold = ticket(line(price=takings, rates=()))
        report = closing(sold, **values)
        changes = {"expected": Decimal(told or takings)}
        if counted_as is not None:
            changes["counted"] = Decimal(counted_as)
        tenders = (report.tenders[0].model_copy(update=changes),)
        return drawer_of(report.model_copy(update={"tenders": tenders}), Decimal(takings), {"cash"})

    def test_cash_that_nobody_counted_is_neither_over_nor_short(self):
        found = self.drawer()
        self.assertEqual((found.expected, found.counted, found.over_short), (100, None, 0))

    def test_over_and_short(self):
        self.assertEqual(self.drawer(counted_as="99.50").over_short, Decimal("-0.50"))
        self.assertEqual(self.drawer(counted_as="101").over_short, 1)

    def test_takings_are_told_without_the_float(self):
        found = self.drawer(opening_float=Decimal(200), counted_as="100")
        self.assertEqual((found.expected, found.counted, found.over_short), (100, 100, 0))

    def test_takings_are_told_with_float_and_movements(self):
        found = self.drawer(
            told="270", counted_as="268", opening_float=Decimal(200),
            cash_movements=(movement("paid_out", -30),),
        )  # fmt: skip
        self.assertEqual((found.expected, found.counted, found.over_short), (100, 98, -2))

    def test_the_whole_drawer_is_counted_though_takings_are_expected(self):
        found = self.drawer(opening_float=Decimal(200), counted_as="299")
        self.assertEqual((found.expected, found.counted, found.over_short), (100, 99, -1))

    def test_nothing_follows_from_half_of_the_floats(self):
        found = self.drawer(closing_float=Decimal(500))
        self.assertEqual((found.deposit, found.unexplained), (0, 0))

    def test_the_float_that_is_put_in_is_the_opening_float(self):
        found = self.drawer(
            opening_float=Decimal(50), cash_movements=(movement("float", 50),), counted_as="100"
        )
        self.assertEqual(found.movements, ())
        self.assertEqual(found.opening, 50)

    def test_change_money_put_in_during_the_day_is_a_movement(self):
        more = movement("float", 50, at=SOLD_AT)
        found = self.drawer(
            opening_float=Decimal(50), opened_at=SOLD_AT - timedelta(hours=1),
            cash_movements=(more,),
        )  # fmt: skip
        self.assertEqual(found.movements, (more,))

    def test_what_is_taken_out_at_closing_is_a_deposit(self):
        found = self.drawer(opening_float=Decimal(200), closing_float=Decimal(200))
        self.assertEqual((found.deposit, found.unexplained), (100, 0))

    def test_a_bank_drop_leaves_nothing_to_deposit(self):
        found = self.drawer(
            opening_float=Decimal(200), closing_float=Decimal(200),
            cash_movements=(movement("bank_drop", -100),),
        )  # fmt: skip
        self.assertEqual((found.deposit, found.unexplained, found.moved), (0, 0, -100))

    def test_more_than_can_be_there_is_not_explained(self):
        found = self.drawer(opening_float=Decimal(200), closing_float=Decimal(310))
        self.assertEqual((found.deposit, found.unexplained), (0, 10))

    def test_several_drawers_are_one(self):
        sold = ticket(line(price="100", rates=()), tenders=[cash(60, "left"), cash(40, "right")])
        report = counted(closing(sold), left=59, right=42)
        found = drawer_of(report, Decimal(100), {"left", "right"})
        self.assertEqual((found.expected, found.over_short), (100, 1))

    def test_a_drawer_without_cash_sales_can_be_emptied(self):
        sold = ticket(tenders=[card("11.90")])
        report = closing(sold, opening_float=Decimal(200), closing_float=Decimal(0))
        found = drawer_of(report, Decimal(0), ())
        self.assertEqual((found.expected, found.deposit), (None, 200))


class TestDayTie(BaseCase):
    def test_cash_is_what_is_mapped_to_cash_whatever_kind_it_is_told_as(self):
        sold = ticket()
        report = counted(closing(sold), cash="10.90")
        tenders = (report.tenders[0].model_copy(update={"kind": TenderKind.OTHER}),)
        report = report.model_copy(update={"tenders": tenders})
        keys = {"cash": TenderKey("cash", "cash", is_cash=True)}
        found = tie_day(report, figures(sold), keys)
        self.assertEqual((found.drawer.over_short, kinds(found)), (-1, [Kind.COUNTED]))

    def test_a_day_that_ties(self):
        sold = [ticket(sequence=1), ticket(line(quantity=-1), sequence=2)]
        self.assertTrue(tie(closing(*sold), *sold).ties)

    def test_a_day_without_sales_ties(self):
        self.assertTrue(tie(closing()).ties)

    def test_a_missing_ticket_is_named_and_differs_in_every_way(self):
        sold = [ticket(sequence=number) for number in (1, 2, 3)]
        found = tie(closing(*sold), sold[0], sold[2])
        self.assertEqual(
            kinds(found),
            [Kind.COUNT, Kind.SEQUENCE, Kind.TOTAL, Kind.TAX, Kind.TAX, Kind.TAX, Kind.TENDER],
        )
        self.assertEqual(str(found.gaps[0]), "2")

    def test_a_ticket_that_the_report_does_not_know(self):
        sold = [ticket(), ticket()]
        found = tie(closing(sold[0]), *sold)
        self.assertIn(Kind.COUNT, kinds(found))
        self.assertEqual(found.differences[0].difference, -1)

    def test_a_ticket_paid_otherwise_differs_per_tender_only(self):
        sold, told = ticket(), ticket(tenders=[card("11.90")])
        found = tie(closing(told), sold)
        self.assertEqual(set(kinds(found)), {Kind.TENDER})
        self.assertEqual(sorted(each.difference for each in found.differences),
                         [Decimal("-11.90"), Decimal("11.90")])  # fmt: skip

    def test_another_rate_differs_though_all_totals_tie(self):
        sold = ticket(line(price="10.70", rates=("0.07",)))
        told = closing(sold)
        taxes = tuple(each.model_copy(update={"rate": Decimal("0.19")}) for each in told.taxes)
        found = tie(told.model_copy(update={"taxes": taxes}), sold)
        self.assertEqual(set(kinds(found)), {Kind.TAX})

    def test_a_rate_may_be_written_otherwise(self):
        sold = ticket()
        told = closing(sold)
        taxes = tuple(each.model_copy(update={"rate": Decimal("0.1900")}) for each in told.taxes)
        self.assertTrue(tie(told.model_copy(update={"taxes": taxes}), sold).ties)

    def test_what_is_not_told_is_not_compared(self):
        self.assertTrue(tie(closing(ticket(), tenders=(), taxes=()), ticket()).ties)

    def test_counted_cash_within_the_tolerance_ties(self):
        sold = ticket()
        report = counted(closing(sold), cash="11.40")
        self.assertTrue(tie(report, sold, tolerance=Decimal("0.50")).ties)
        self.assertEqual(kinds(tie(report, sold, tolerance=Decimal("0.49"))), [Kind.COUNTED])

    def test_a_card_total_that_was_counted_otherwise_always_differs(self):
        sold = ticket(tenders=[card("11.90")])
        report = counted(closing(sold), card="11.80")
        self.assertEqual(kinds(tie(report, sold, tolerance=Decimal(5))), [Kind.COUNTED])

    def test_waiting_tickets_are_named_and_are_no_gap(self):
        sold = [ticket(sequence=1), ticket(sequence=2)]
        found = tie(
            closing(*sold), sold[0],
            ours={"waiting": ("T2",), "waiting_numbers": (2,), "waiting_total": Decimal("11.90")},
        )  # fmt: skip
        self.assertEqual(kinds(found)[0], Kind.WAITING)
        self.assertNotIn(Kind.SEQUENCE, kinds(found))

    def test_voided_tickets_count_or_not_as_the_register_likes(self):
        sold = [ticket(sequence=1), ticket(sequence=2, voided=True)]
        report = closing(*sold)
        self.assertTrue(tie(report, *sold).ties)
        self.assertTrue(tie(report.model_copy(update={"ticket_count": 2}), *sold).ties)

    def test_a_pending_card_counts_and_is_told(self):
        sold = ticket(tenders=[card("11.90", state=TenderState.PENDING)])
        found = tie(closing(sold), sold)
        self.assertTrue(found.ties)
        self.assertEqual(found.tenders[0].pending, Decimal("11.90"))

    def test_a_card_that_was_declined_since_counts_as_it_is_posted(self):
        sold = ticket(tenders=[card("11.90", state=TenderState.DECLINED)])
        self.assertEqual(figures(sold).tenders["card"].amount, Decimal("11.90"))

    def test_rounding_and_tip_belong_to_the_total(self):
        sold = [
            ticket(line(price="10.02", rates=()), rounding="-0.02"),
            ticket(line(price="10", rates=()), tip="2", tenders=[card("12")]),
        ]
        self.assertTrue(tie(closing(*sold), *sold).ties)

    def test_another_currency_differs(self):
        sold = ticket()
        found = tie(closing(sold), sold, currency="USD")
        self.assertEqual(kinds(found), [Kind.CURRENCY])

    def test_a_tax_that_is_rounded_for_the_whole_day(self):
        lines = [line(price="0.335", rates=("0.19",), included=False) for _ in range(3)]
        exact = Decimal("0.335") * Decimal("0.19")
        lines = [each.model_copy(update={"taxes": (each.taxes[0].model_copy(
            update={"amount": exact}),)}) for each in lines]  # fmt: skip
        sold = ticket(*lines, included=False).model_copy(
            update={"total": Decimal("1.20"), "total_tax": Decimal("0.19"),
                    "tenders": (cash("1.20"),)}
        )  # fmt: skip
        report = closing(sold)
        taxes = (report.taxes[0].model_copy(
            update={"base": Decimal("1.01"), "amount": Decimal("0.19")}),)  # fmt: skip
        self.assertTrue(tie(report.model_copy(update={"taxes": taxes}), sold).ties)

    def test_yen_have_no_cents(self):
        sold = ticket(line(price="110", rates=("0.10",), currency="JPY"), currency="JPY")
        self.assertTrue(tie(closing(sold), sold, currency="JPY").ties)

    def test_a_day_without_report_differs(self):
        self.assertEqual(kinds(no_report(figures(ticket()))), [Kind.REPORT])

    @settings(deadline=None, max_examples=100)
    @given(days())
    def test_a_day_ties_with_its_own_report(self, sold):
        self.assertEqual(kinds(tie(closing(*sold), *sold)), [])

    @settings(deadline=None, max_examples=100)
    @given(days(), st.data())
    def test_a_day_without_one_of_its_tickets_never_ties(self, sold, data):
        effective = [each for each in sold if not each.voided]
        if not effective:
            return
        gone = data.draw(st.sampled_from(effective))
        rest = [each for each in sold if each is not gone]
        self.assertFalse(tie(closing(*sold), *rest).ties)

    @settings(deadline=None, max_examples=100)
    @given(days(), st.integers(-10000, 10000).filter(bool), st.data())
    def test_no_cent_is_lost(self, sold, cents, data):
        report = closing(*sold)
        what = data.draw(st.sampled_from(("total", "total_tax")))
        wrong = {what: getattr(report, what) + Decimal(cents) / 100}
        found = tie(report.model_copy(update=wrong), *sold)
        self.assertIn(Decimal(cents) / 100, [each.difference for each in found.differences])


class TestDayWords(BaseCase):
    def test_differences_come_back_as_they_were(self):
        sold = [ticket(sequence=1), ticket(sequence=3)]
        found = tie(closing(*sold), sold[0])
        kept = storable(found, figures(sold[0]))
        self.assertEqual(stored_differences(kept), list(found.differences))

    def test_a_signature_covers_what_was_seen_and_nothing_else(self):
        sold = [ticket(sequence=1), ticket(sequence=2)]
        found = tie(closing(*sold), sold[0]).differences
        signed = [stored_difference(each) for each in found]
        self.assertTrue(covers(signed, found))
        self.assertTrue(covers(signed, found[1:]))
        self.assertFalse(covers(signed[1:], found))
        self.assertFalse(covers([], ()))
        other = replace(found[0], theirs=Decimal(77))
        self.assertFalse(covers(signed, (other,)))


class TestDayClock(BaseCase):
    def skew(self, offline=False, **ago):
        now = datetime(2026, 5, 4, 12, tzinfo=timezone.utc)
        return clock_skew(now - timedelta(**ago), now, offline)

    def test_a_ticket_of_the_future_tells_of_a_wrong_clock(self):
        self.assertEqual(self.skew(minutes=-6), timedelta(minutes=6))
        self.assertEqual(self.skew(offline=True, days=-1), timedelta(days=1))

    def test_a_ticket_that_came_late_tells_nothing(self):
        self.assertIsNone(self.skew(hours=20))
        self.assertIsNone(self.skew(minutes=-4))
        self.assertIsNone(self.skew(offline=True, days=30))

    def test_a_ticket_sold_online_long_ago_does(self):
        self.assertEqual(self.skew(days=3), timedelta(days=-3))
