from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.decisions.return_number import same_number
from odoo.addons.retail_connector_base.decisions.return_refund import (
    Balance,
    RefundRule,
    ReturnedLine,
    When,
    eligible_units,
    rule_for,
    value_of,
)
from odoo.addons.retail_connector_base.decisions.return_rule import (
    DispositionRule,
    disposition_of,
)
from odoo.addons.retail_connector_base.decisions.return_state import (
    RANK,
    STATES,
    Facts,
    Turn,
    later,
    reached,
    whose_turn,
)

from ..decisions.return_goods import HOLDER, UNDECIDED, Goods, believed, plan
from ..decisions.return_match import Known, Told, find
from ..decisions.return_receipt import Came, Trouble, named_lots, troubles

UNITS = st.integers(0, 5).map(Decimal)
PLACES = ("undecided", "restock", "refurbish", "scrap", "vendor")


def facts(**values):
    """Return facts of a return."""
    return Facts(**{"state": "authorized", **values})


FACTS = st.builds(
    Facts,
    state=st.sampled_from(STATES),
    expected=UNITS,
    received=UNITS,
    unmoved=UNITS,
    undecided=UNITS,
    stuck=st.booleans(),
    refund=st.sampled_from(("not_due", "eligible", "asked", "sent", "failed", "refunded", "none")),
    by_channel=st.booleans(),
    owes=st.booleans(),
)


@tagged("post_install", "-at_install")
class TestState(BaseCase):
    @given(st.lists(st.sampled_from(STATES), min_size=1, max_size=6), st.randoms())
    def test_any_order_with_duplicates_ends_the_same(self, told, random):
        shuffled = [*told, *told]
        random.shuffle(shuffled)
        ends = []
        for states in (told, shuffled):
            found = None
            for state in states:
                before, found = found, later(found, state)
                self.assertGreaterEqual(RANK[found], RANK[before] if before else 0)
            ends.append(found)
        self.assertEqual(ends[0], ends[1])

    @given(FACTS)
    def test_no_fact_leads_back(self, found):
        self.assertGreaterEqual(RANK[reached(found)], RANK[found.state])

    @given(FACTS)
    def test_asked_again_nothing_changes(self, found):
        once = reached(found)
        again = reached(Facts(**{**found.__dict__, "state": once}))
        self.assertEqual(again, once)

    @given(FACTS)
    def test_an_open_return_is_somebodys_turn(self, found):
        state = reached(found)
        settled = Facts(**{**found.__dict__, "state": state})
        if whose_turn(settled) is Turn.NOBODY:
            over = state in ("completed", "rejected", "cancelled")
            self.assertTrue(over or settled.refund in ("refunded", "none"))

    def test_goods_that_are_here_outweigh_a_refusal(self):
        self.assertEqual(later("cancelled", "received"), "received")
        self.assertEqual(later("received", "rejected"), "received")

    def test_turns_of_a_usual_return(self):
        two = Decimal(2)
        story = [
            (facts(state="requested", expected=two), Turn.OPERATOR),
            (facts(expected=two), Turn.CUSTOMER),
            (facts(state="in_transit", expected=two), Turn.CARRIER),
            (facts(state="received", received=two, unmoved=two), Turn.WAREHOUSE),
            (facts(state="received", received=two, undecided=two), Turn.OPERATOR),
            (facts(state="disposed", received=two, refund="asked"), Turn.ACCOUNTANT),
            (facts(state="disposed", received=two, refund="sent"), Turn.GATEWAY),
            (facts(state="completed", received=two, refund="refunded"), Turn.NOBODY),
        ]
        for found, turn in story:
            with self.subTest(turn=turn):
                self.assertIs(whose_turn(found), turn)

    def test_all_here_decided_and_refunded_is_completed(self):
        done = facts(state="received", received=Decimal(1), refund="refunded")
        self.assertEqual(reached(done), "completed")
        self.assertEqual(reached(facts(received=Decimal(1), expected=Decimal(1))), "received")


@tagged("post_install", "-at_install")
class TestRefundDecisions(BaseCase):
    @given(
        st.sampled_from(list(When)), UNITS, UNITS, UNITS, UNITS, st.booleans(),
        st.sampled_from([state for state in STATES if state not in ("rejected", "cancelled")]),
    )  # fmt: skip
    def test_never_more_than_was_authorised(
        self, when, authorized, received, disposed, wrong, is_all, state
    ):
        line = ReturnedLine(authorized, received, disposed, min(wrong, received))
        units = eligible_units(when, line, state, is_all)
        self.assertTrue(0 <= units <= authorized)

    @given(st.sampled_from(list(When)), UNITS, UNITS, UNITS)
    def test_does_not_shrink_while_a_return_goes_forwards(self, when, authorized, one, two):
        states = ("requested", "authorized", "in_transit", "received", "disposed")
        before, received = Decimal(0), Decimal(0)
        for index, state in enumerate(states):
            received += one if index == 3 else Decimal(0)
            done = received if index == 4 else Decimal(0)
            line = ReturnedLine(authorized, received, done)
            units = eligible_units(when, line, state, index == 4)
            self.assertGreaterEqual(units, before)
            before = units

    def test_wrong_items_are_not_given_back(self):
        line = ReturnedLine(Decimal(2), Decimal(2), Decimal(2), wrong=Decimal(1))
        self.assertEqual(eligible_units(When.ALL_RECEIVED, line, "received", True), 1)

    @given(st.integers(1, 9), st.decimals("0.01", "999", places=2), st.integers(1, 9))
    def test_parts_come_to_the_whole(self, ordered, total, cut):
        cut, unit = min(cut, ordered), Decimal("0.01")
        first = value_of(total, Decimal(ordered), Decimal(cut), unit)
        rest = value_of(total, Decimal(ordered), Decimal(ordered), unit) - first
        self.assertEqual(first + rest, total)
        self.assertGreaterEqual(rest, 0)

    def test_the_most_particular_rule_holds(self):
        rules = [
            RefundRule(When.ALL_RECEIVED),
            RefundRule(When.RECEIVED, backend=1),
            RefundRule(When.AUTHORIZED, reason="Faulty"),
        ]
        self.assertIs(rule_for(rules, 1, "faulty ").when, When.AUTHORIZED)
        self.assertIs(rule_for(rules, 1, "size").when, When.RECEIVED)
        self.assertIs(rule_for(rules, 2, None).when, When.ALL_RECEIVED)
        self.assertIs(rule_for([], 2, None).when, When.ALL_RECEIVED)

    def test_dearer_cheaper_and_equal_exchanges(self):
        for exchanged, back, owed in (("30", "0", "10"), ("5", "15", "0"), ("20", "0", "0")):
            balance = Balance(Decimal(20), Decimal(exchanged))
            self.assertEqual((balance.goes_back, balance.is_owed), (Decimal(back), Decimal(owed)))


@tagged("post_install", "-at_install")
class TestDisposition(BaseCase):
    def test_a_person_then_the_source_then_the_rule_of_the_warehouse(self):
        rules = [
            DispositionRule("damaged", "scrap"),
            DispositionRule("damaged", "vendor", backend=1),
            DispositionRule("damaged", "refurbish", warehouse=7),
        ]
        self.assertEqual(disposition_of(rules, "damaged", 1, 7), "refurbish")
        self.assertEqual(disposition_of(rules, "damaged", 1, 8), "vendor")
        self.assertEqual(disposition_of(rules, "damaged", 2, 8), "scrap")
        self.assertEqual(disposition_of(rules, "damaged", 1, 7, told="restock"), "restock")
        self.assertEqual(disposition_of(rules, "damaged", 1, 7, "restock", "scrap"), "scrap")
        self.assertEqual(disposition_of(rules, "sellable", 1, 7), UNDECIDED)


ROWS = st.lists(
    st.builds(
        lambda source, line, quantity, wanted: (source, line, quantity, wanted),
        st.sampled_from("abc"), st.integers(1, 2), UNITS, st.sampled_from(PLACES),
    ),
    max_size=6,
)  # fmt: skip
RANKS = {"a": 3, "b": 1, "c": 2}


def carried_out(rows, found):
    """Return the rows after a plan was carried out, and the units that came by it."""
    by_key = {row.key: dict(row.__dict__) for row in rows}
    came = Decimal(0)
    for former, to, quantity in found.takes:
        by_key[former]["moved"] -= quantity
        by_key[to]["moved"] += quantity
        by_key[to]["place"] = by_key[to]["wanted"]
    for part in found.comes:
        by_key[part.key]["moved"] += part.quantity
        by_key[part.key]["place"] = part.wanted
        came += part.quantity
    for part in found.shifts:
        by_key[part.key]["place"] = part.wanted
    return [Goods(**values) for values in by_key.values()], came


@tagged("post_install", "-at_install")
class TestGoodsPlan(BaseCase):
    @settings(max_examples=100)
    @given(ROWS, st.randoms())
    def test_units_move_once_whoever_tells_of_them_first(self, told, random):
        """What the weightiest sources tell is what has moved in the end, at least."""
        rows = [
            Goods(key, line, source, RANKS[source], quantity, wanted)
            for key, (source, line, quantity, wanted) in enumerate(told)
        ]
        random.shuffle(rows)
        known, total = [], Decimal(0)
        for row in rows:
            known.append(row)
            found = plan(known)
            known, came = carried_out(known, found)
            total += came
        self.assertFalse(plan(known).comes)
        self.assertFalse(plan(known).shifts)
        self.assertEqual(total, sum((row.moved for row in known), Decimal(0)))
        counts = believed(known)
        for line in (1, 2):
            ours = [row for row in known if row.line == line]
            moved = sum((row.moved for row in ours), Decimal(0))
            true = sum((row.quantity for row in ours if row.key in counts), Decimal(0))
            surplus = plan(known).surplus.get(line, Decimal(0))
            self.assertEqual(moved, true + surplus)

    def test_two_who_tell_of_the_same_units_move_them_once(self):
        tool = Goods(1, 1, "tool", 1, Decimal(2), "restock", moved=Decimal(2), place="restock")
        house = Goods(2, 1, "house", HOLDER, Decimal(2), "restock")
        found = plan([tool, house])
        self.assertEqual(found.takes, [(1, 2, Decimal(2))])
        self.assertFalse(found.comes or found.surplus or found.stays)

    def test_two_who_hold_goods_tell_of_different_units(self):
        rows = [Goods(key, 1, str(key), HOLDER, Decimal(1), "restock") for key in (1, 2)]
        self.assertEqual(len(plan(rows).comes), 2)

    def test_what_was_put_away_is_not_moved_again(self):
        row = Goods(1, 1, "a", 3, Decimal(1), "scrap", moved=Decimal(1), place="restock")
        found = plan([row])
        self.assertFalse(found.shifts)
        self.assertEqual([part.wanted for part in found.stays], ["scrap"])


@tagged("post_install", "-at_install")
class TestMatching(BaseCase):
    def test_numbers_are_the_same_however_they_are_written(self):
        self.assertTrue(same_number("RMA-0012 a", "rma0012A"))
        self.assertFalse(same_number(None, None))
        self.assertFalse(same_number("-", "–"))

    def test_by_number_unless_the_orders_differ(self):
        known = [Known(1, "RR1", ("RMA-7",), order=5)]
        self.assertEqual(find(known, Told("x", "rma 7", order=5)), 1)
        self.assertEqual(find(known, Told("x", "RMA7")), 1)
        self.assertIsNone(find(known, Told("x", "RMA-7", order=6)))
        self.assertEqual(find(known, Told("RR1")), 1)

    def test_by_the_order_only_where_a_number_is_missing_and_the_items_fit(self):
        one, two = frozenset({(9, Decimal(1))}), frozenset({(9, Decimal(2))})
        plain = Known(1, "RR1", (), 5, two)
        self.assertEqual(find([plain], Told("x", None, 5, one)), 1)
        self.assertEqual(find([plain], Told("x", "W-1", 5, one)), 1)
        self.assertIsNone(find([plain], Told("x", None, 5, frozenset({(8, Decimal(1))}))))
        self.assertIsNone(find([Known(1, "RR1", ("A",), 5, two)], Told("x", "B", 5, one)))
        self.assertIsNone(find([plain, Known(2, "RR2", (), 5, two)], Told("x", None, 5, one)))
        self.assertIsNone(
            find([Known(1, "RR1", (), 5, two, is_over=True)], Told("x", None, 5, one))
        )


@tagged("post_install", "-at_install")
class TestReceipt(BaseCase):
    def _came(self, received=1, authorized=1, sent=1, *conditions, **values):
        return Came(
            Decimal(received), Decimal(authorized), sent if sent is None else Decimal(sent),
            frozenset(conditions), **values,
        )  # fmt: skip

    def test_what_is_wrong_is_named(self):
        self.assertEqual(troubles(self._came(), False, False), [])
        self.assertEqual(troubles(self._came(0, 0), True, True), [])
        self.assertEqual(troubles(self._came(3, 2, 2), False, False), [Trouble.MORE_THAN_SENT])
        self.assertEqual(
            troubles(self._came(2, 1, 2), False, False), [Trouble.MORE_THAN_AUTHORIZED]
        )
        self.assertEqual(
            troubles(self._came(1, 0, 1, "damaged"), True, False),
            [Trouble.DAMAGED, Trouble.UNAUTHORIZED],
        )
        self.assertEqual(
            troubles(self._came(1, 1, None, "wrong_item", is_known=False), False, True),
            [Trouble.UNKNOWN_ITEM, Trouble.WRONG_ITEM, Trouble.REFUSED],
        )

    def test_lots_as_people_write_them(self):
        three = Decimal(3)
        self.assertEqual(named_lots("A1", three), [("A1", three)])
        self.assertEqual(named_lots("A=2, B", three), [("A", Decimal(2)), ("B", Decimal(1))])
        self.assertEqual([name for name, _units in named_lots("A, B, C", three)], ["A", "B", "C"])
        self.assertEqual(sum(units for _name, units in named_lots("A, B", three)), three)
