from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .payouts import Category, PayoutCase, dispute_message, payout_message, transaction
from .test_payout_settle import person


@tagged("post_install", "-at_install")
class TestPayoutView(PayoutCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.message = payout_message(
            transaction(Category.FEE, "-4.00"),
            transaction(Category.FEE, "-6.00"),
            transaction(Category.RESERVE_RELEASE, "30.00"),
        )

    def test_it_says_what_it_is_made_of(self):
        payout = self.settle(self.message)
        totals = str(payout.with_user(person(self, "group_auditor")).totals_html)
        self.assertIn("Reserve release", totals)
        self.assertIn("10.00", totals)
        self.assertLess(totals.index("Reserve release"), totals.index("Fee<"))

    def test_operators_and_auditors_see_payouts_and_disputes(self):
        payout = self.settle(self.message)
        told = dispute_message()
        self.drain(told)
        for group in ("group_operator", "group_auditor"):
            user = person(self, group)
            for record in (payout, self.dispute(told)):
                with self.subTest(group=group, model=record._name):
                    form = Form(record.with_user(user))
                    self.assertEqual(form.external_id, record.external_id)

    def test_its_lists_open_for_those_who_may_see_it(self):
        payout = self.settle(self.message)
        lines = payout.with_user(person(self, "group_operator")).action_open_lines()
        found = self.env[lines["res_model"]].search(lines["domain"])
        self.assertEqual(found, payout.line_ids)
        moves = payout.action_open_moves()
        self.assertEqual(self.env["account.move"].search(moves["domain"]), payout.move_ids)
        stranger = self.env["res.users"].create({"name": "Stranger", "login": "stranger-payouts"})
        with self.assertRaises(AccessError):
            payout.with_user(stranger).action_open_lines()

    def test_people_of_another_company_see_none(self):
        payout = self.settle(self.message)
        other = self.env["res.company"].create({"name": "Other"})
        user = person(self, "group_operator")
        user.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        found = (
            self.env["retail.payout"].with_user(user).with_context(allowed_company_ids=other.ids)
        )
        self.assertNotIn(payout, found.search([]))
