from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import GoodsReceipt, ReceiptLine, ReceiptState
from odoo.addons.retail_connector_base.tests.access import create_user

from ..decisions.snapshot_late import taken_back
from .messages import at, left
from .snapshot_case import SnapshotCase

UNITS = st.integers(-9, 9).map(Decimal)


@tagged("post_install", "-at_install")
class TestTakenBack(BaseCase):
    """What of an applied difference is taken back."""

    @settings(max_examples=30, deadline=None)
    @given(UNITS, UNITS, UNITS)
    def test_never_more_than_was_applied_told_late_or_differs(self, applied, late, differs):
        back = taken_back(applied, late, differs)
        self.assertLessEqual(abs(back), min(abs(applied), abs(late), abs(differs)))
        self.assertLessEqual(back * applied, 0)
        if not back:
            self.assertTrue(applied * late <= 0 or applied * differs >= 0)

    def test_what_was_found_lacking_and_is_told_to_have_left_comes_back(self):
        self.assertEqual(taken_back(Decimal(-5), Decimal(-5), Decimal(5)), 5)
        self.assertEqual(taken_back(Decimal(-5), Decimal(-3), Decimal(3)), 3)
        self.assertEqual(taken_back(Decimal(4), Decimal(6), Decimal(-4)), -4)


@tagged("post_install", "-at_install")
class TestSnapshotLate(SnapshotCase):
    """Counts that were applied before somebody told what had happened before them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = create_user(cls.env, "accountant", company=cls.company)

    def applied(self, *lines, minutes=60):
        """Return a count of some items, approved and applied."""
        found = self.counted(*lines, complete=False, minutes=minutes)
        self.approve(found, self.accountant)
        return found

    def test_goods_told_after_the_count_that_missed_them_are_not_taken_out_twice(self):
        release = self.accepted(self.sell(A=7))
        found = self.applied(("A", 91))
        self.assertEqual(self.on_hand("A"), 91)
        self.happen(left(release, "S-1", minutes=30, A=7))
        self.assertEqual(self.on_hand("A"), 91)
        self.assertEqual(found.line_ids.applied_quantity, -2)
        self.assertIn("S-1", found.line_ids.detail)
        self.assertEqual(self.counted(("A", 91), complete=False, minutes=90).variance_count, 0)

    def test_told_again_or_in_more_units_only_what_is_new_comes_back(self):
        release = self.accepted(self.sell(A=7))
        found = self.applied(("A", 93))
        self.happen(left(release, "S-1", minutes=30, A=4))
        self.assertEqual(self.on_hand("A"), 93)
        self.happen(left(release, "S-1", minutes=30, A=4))
        self.assertEqual(self.on_hand("A"), 93)
        more = left(release, "S-1", minutes=30, A=7)
        self.happen(more.model_copy(update={"updated_at": at(31)}))
        self.assertEqual(self.on_hand("A"), 93)
        self.assertEqual(found.line_ids.applied_quantity, 0)

    def test_what_left_after_the_count_leaves_it_alone(self):
        release = self.accepted(self.sell(A=7))
        found = self.applied(("A", 93))
        self.happen(left(release, minutes=61, A=7))
        self.assertEqual(self.on_hand("A"), 86)
        self.assertEqual(found.line_ids.applied_quantity, -7)

    def test_what_the_count_knew_to_be_on_its_way_is_no_reason(self):
        release = self.accepted(self.sell(A=7))
        self.receive(left(release, minutes=30, A=7))
        tasks = self.env["retail.goods.task"].search([("state", "=", "waiting")])
        tasks.write({"state": "blocked"})
        found = self.applied(("A", 90))
        self.assertEqual((self.on_hand("A"), found.line_ids.applied_quantity), (97, -3))
        tasks._try_now()
        self.move_goods()
        self.assertEqual((self.on_hand("A"), found.line_ids.applied_quantity), (90, -3))

    def test_of_two_counts_each_gives_back_what_it_took(self):
        release = self.accepted(self.sell(A=7))
        first = self.applied(("A", 97), minutes=20)
        second = self.applied(("A", 90), minutes=60)
        self.happen(left(release, minutes=30, A=7))
        self.assertEqual(self.on_hand("A"), 90)
        applied = (first.line_ids.applied_quantity, second.line_ids.applied_quantity)
        self.assertEqual(applied, (-3, 0))

    def test_what_was_found_and_is_told_to_have_come_in_goes_out_again(self):
        self.applied(("A", 104))
        receipt = GoodsReceipt(
            external_id="R-1",
            state=ReceiptState.COMPLETED,
            location_external_id="W1",
            received_at=at(30),
            updated_at=at(120),
            lines=(ReceiptLine(external_id="1", sku="A", quantity=Decimal(4)),),
        )
        self.happen(receipt)
        self.assertEqual(self.on_hand("A"), 104)

    def test_rejected_differences_are_not_given_back(self):
        release = self.accepted(self.sell(A=7))
        found = self.counted(("A", 93), complete=False)
        self.decide(found, self.accountant, "reject")
        self.happen(left(release, minutes=30, A=7))
        self.assertEqual(self.on_hand("A"), 93)
