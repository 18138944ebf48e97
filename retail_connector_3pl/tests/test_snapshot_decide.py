from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .messages import left
from .snapshot_case import SnapshotCase, count_of, line


@tagged("post_install", "-at_install")
class TestSnapshotDecide(SnapshotCase):
    """Who may put differences into the stock, and what of them is applied."""

    def test_approved_differences_are_inventory_adjustments_applied_once(self):
        found = self.counted(("A", 97), ("B", 100), ("C", 102))
        self.approve(found)
        self.assertEqual(found.state, "applied")
        self.assertEqual((self.on_hand("A"), self.on_hand("C")), (97, 102))
        moves = found.line_ids.move_binding_ids.odoo_id
        self.assertEqual(moves.mapped("is_inventory"), [True, True])
        found._ask_to_move()
        self.move_goods()
        self.assertEqual(self.on_hand("A"), 97)
        self.assertEqual(self.problems(), [])
        actions = (
            self.env["retail.audit"]
            .search([("res_model", "=", found._name), ("res_id", "=", found.id)])
            .mapped("action")
        )
        self.assertEqual(actions, ["snapshot.applied", "snapshot.approved"])

    def test_a_count_after_its_own_adjustment_is_as_expected(self):
        self.approve(self.counted(("A", 97), complete=False, minutes=60))
        again = self.counted(("A", 97), complete=False, minutes=70)
        self.assertEqual(self.differences(again), {"A": ("explained", -3, 0)})

    def test_the_difference_is_applied_not_the_figure(self):
        found = self.counted(("A", 97), complete=False)
        self.decide(found, self.person("accountant"))
        release = self.accepted(self.sell(A=20))
        self.happen(left(release, minutes=90, A=20))
        self.assertEqual(found.state, "applied")
        self.assertEqual(self.on_hand("A"), 77)

    def test_what_is_explained_meanwhile_is_not_applied(self):
        release = self.accepted(self.sell(A=5))
        found = self.counted(("A", 92), complete=False, minutes=60)
        self.assertEqual(self.differences(found), {"A": ("variance", 0, -8)})
        self.decide(found, self.person("accountant"))
        self.happen(left(release, minutes=30, A=5))
        self.assertEqual(found.line_ids.applied_quantity, -3)
        self.assertEqual(self.on_hand("A"), 92)

    def test_what_becomes_more_is_asked_for_again(self):
        found = self.counted(("A", 97), complete=False, minutes=60)
        self.decide(found, self.person("accountant"))
        release = self.accepted(self.sell(A=5))
        self.happen(left(release, minutes=30, A=5))
        self.assertEqual(found.line_ids.state, "open")
        self.assertEqual(found.line_ids.difference, 2)
        self.assertEqual(found.state, "to_approve")
        self.assertEqual(self.on_hand("A"), 95)

    def test_rejected_differences_leave_the_stock_alone(self):
        found = self.counted(("A", 97), complete=False)
        self.decide(found, self.person("operator"), "reject", "Miscounted")
        self.move_goods()
        self.assertEqual((found.state, found.reason), ("rejected", "Miscounted"))
        self.assertEqual((self.on_hand("A"), self.problems()), (100, []))

    def test_single_differences_are_decided_apart(self):
        found = self.counted(("A", 97), ("B", 98), complete=False)
        first, second = found.line_ids.sorted("sku")
        user = self.person("accountant")
        first.with_user(user)._decide("approve", "Seen")
        self.assertEqual(found.state, "to_approve")
        second.with_user(user)._decide("reject", "Not seen")
        self.move_goods()
        self.assertEqual((self.on_hand("A"), self.on_hand("B")), (97, 100))
        self.assertEqual(found.state, "applied")

    # Tolerance

    def test_small_differences_are_applied_without_a_person(self):
        self.warehouse.write({"count_auto_apply": True, "count_tolerance_quantity": 2})
        found = self.counted(("A", 98), ("B", 97), complete=False)
        self.assertEqual(found.line_ids.sorted("sku").mapped("state"), ["applied", "open"])
        self.assertEqual((self.on_hand("A"), self.on_hand("B")), (98, 100))
        self.assertEqual(found.state, "to_approve")

    # Roles

    def test_an_operator_approves_up_to_the_threshold(self):
        self.warehouse.count_accountant_above = 12
        self.approve(self.counted(("A", 97), complete=False), self.person("operator"))
        self.assertEqual(self.on_hand("A"), 97)

    def test_above_the_threshold_an_accountant_approves_line_by_line_as_well(self):
        self.warehouse.count_accountant_above = 12
        found = self.counted(("A", 97), ("B", 101), complete=False)
        operator = self.person("operator")
        self.assertFalse(found.with_user(operator).may_approve)
        with self.assertRaises(AccessError):
            found.line_ids[0].with_user(operator)._decide("approve", "Why not")
        self.assertTrue(found.with_user(self.person("accountant")).may_approve)

    def test_nobody_approves_what_he_entered(self):
        accountant = self.person("accountant")
        found = self._enter(accountant, "A;97")
        with self.assertRaises(AccessError):
            self.decide(found, accountant)
        self.approve(found, self.person("accountant", login="second"))
        self.assertEqual(self.on_hand("A"), 97)

    def test_an_auditor_sees_and_decides_nothing_and_nobody_writes_it(self):
        found = self.counted(("A", 97), complete=False)
        auditor = self.person("auditor")
        self.assertEqual(found.with_user(auditor).line_ids.difference, -3)
        with self.assertRaises(AccessError):
            found.line_ids.with_user(auditor)._decide("reject", "No")
        with self.assertRaises(AccessError):
            found.with_user(auditor).action_compare_again()
        with self.assertRaises(AccessError):
            self.env["retail.snapshot.entry"].with_user(auditor).create(
                {"warehouse_id": self.warehouse.id, "text": "A;1"}
            )
        administrator = self.person("administrator")
        for record in (found, found.line_ids, found.part_ids):
            with self.assertRaises(AccessError):
                record.with_user(administrator).write({"id": record.id})

    def test_other_companies_do_not_see_it(self):
        found = self.counted(("A", 97), complete=False)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.person("accountant", login="stranger")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        with self.assertRaises(AccessError):
            found.with_user(stranger).with_company(other).check_access("read")
        with self.assertRaises(AccessError):
            found.line_ids.with_user(stranger).with_company(other)._decide("reject", "Ours")

    def test_a_decision_needs_a_reason_and_is_made_once(self):
        found = self.counted(("A", 97), complete=False)
        lines = found.line_ids.with_user(self.person("accountant"))
        with self.assertRaises(UserError):
            lines._decide("approve", "  ")
        lines._decide("approve", "Recounted")
        with self.assertRaises(UserError):
            lines._decide("reject", "Changed my mind")

    # Older and newer

    def test_an_older_count_is_kept_and_not_applied(self):
        self.counted(("A", 100), complete=False, minutes=60)
        old = self.counted(("A", 97), ("B", 99), complete=False, minutes=30)
        states = {one.sku: one.state for one in old.line_ids}
        self.assertEqual(states, {"A": "superseded", "B": "open"})

    def test_a_newer_count_puts_what_waits_out_of_date(self):
        old = self.counted(("A", 97), complete=False, minutes=30)
        new = self.counted(("A", 97), complete=False, minutes=60)
        self.assertEqual((old.state, new.state), ("superseded", "to_approve"))
        self.assertEqual(len(self.problems()), 1)
        self.approve(new)
        self.assertEqual(self.on_hand("A"), 97)

    def test_an_approved_difference_that_waits_explains_the_next_count(self):
        old = self.counted(("A", 97), complete=False, minutes=30)
        self.decide(old, self.person("accountant"))
        told = count_of(("A", 97), complete=False, minutes=60)
        self.receive(told)
        new = self.snapshot(told)
        new._compare()
        self.assertEqual(self.differences(new), {"A": ("explained", -3, 0)})
        self.move_goods()
        self.assertEqual(self.on_hand("A"), 97)

    def test_a_part_that_is_told_anew_is_compared_again_until_somebody_decides(self):
        told = count_of(("A", 97), complete=False)
        self.tell(told)
        again = told.model_copy(update={"lines": (line("A", 98),)})
        self.tell(again)
        found = self.snapshot(told)
        self.assertEqual(self.differences(found), {"A": ("variance", 0, -2)})
        self.approve(found)
        late = told.model_copy(update={"lines": (line("A", 90),)})
        self.assertEqual(self.tell(late).state, "ignored")
        self.assertEqual(self.on_hand("A"), 98)

    # By hand

    def test_an_entered_count_is_compared_like_any_other(self):
        found = self._enter(self.person("operator"), "SKU;Count\nA;99\nB;100")
        self.assertEqual(self.differences(found), {"A": ("variance", 0, -1)})
        self.assertFalse(found.complete)
        with self.assertRaisesRegex(UserError, "Line 2"):
            self._enter(found.entered_by_id, "A;99\nB;many")

    def _enter(self, user, text):
        wizard = self.env["retail.snapshot.entry"].with_user(user)
        action = wizard.create({"warehouse_id": self.warehouse.id, "text": text}).action_enter()
        self.move_goods()
        self.env.invalidate_all()
        return self.env["retail.snapshot"].browse(action["res_id"])
