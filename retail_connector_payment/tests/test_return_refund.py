from itertools import permutations

from odoo.exceptions import AccessError
from odoo.tests import BaseCase, new_test_user, tagged

from odoo.addons.retail_connector_base.tests.common import offer_sample_provider

from ..decisions.return_progress import progress
from .refund_provider import RefundingProvider, make_refunding_backend, take
from .refunds import RefundCase, back, paid_back, refund_message

ROLES = "retail_connector_base.group_"


@tagged("post_install", "-at_install")
class TestReturnProgress(BaseCase):
    def test_what_needs_a_person_comes_first_in_any_order(self):
        stories = {
            ("failed", "confirmed", "requested"): "failed",
            ("requested", "sent", "confirmed"): "asked",
            ("approved", "confirmed", "cancelled"): "sent",
            ("confirmed", "rejected", "confirmed"): "refunded",
            ("rejected", "cancelled", "cancelled"): "failed",
        }
        for states, expected in stories.items():
            for order in permutations(states):
                self.assertEqual(progress(order, ()), expected)

    def test_the_channel_counts_as_well(self):
        self.assertEqual(progress((), ("posted",)), "refunded")
        self.assertEqual(progress((), ("waiting", "posted")), "sent")
        self.assertEqual(progress(("cancelled",), ("settled",)), "refunded")


@tagged("post_install", "-at_install")
class TestReturnRefund(RefundCase):
    """Money for what came back: asked for by one, approved by another, never twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry, RefundingProvider))
        cls.backend = make_refunding_backend(cls.env, cls.company)
        cls.accountant = cls.person("accountant")
        cls.operator = cls.person("operator")

    @classmethod
    def person(cls, role):
        """Return a person of a role in the company."""
        return new_test_user(
            cls.env,
            f"return-{role}",
            f"base.group_user,account.group_account_invoice,{ROLES}{role}",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def bought(self, quantity=2, price="10.00", paid=None, **values):
        """Return the binding of an order of one line that was paid and invoiced."""
        order = self.sold(("L1", quantity, price, self.vat), **values)
        amount = paid or f"{order.odoo_id.amount_total:.2f}"
        self.payment_taken = take(self.backend, amount, order=order)
        return order

    def returned(self, order, quantity=1, external_id="RET-1", came=True):
        """Return a return of an order's line that is here, and decided."""
        record = self.env["retail.return"]._make(
            self.backend,
            order_id=order.odoo_id.id,
            order_binding_id=order.id,
            state="authorized",
        )
        line = self.env["retail.return.line"].create(
            {
                "return_id": record.id,
                "sale_line_id": order.odoo_id.order_line[:1].id,
                "product_id": self.product.id,
                "quantity": quantity,
                "manual_quantity": quantity,
            }
        )
        binding = self.env["retail.return.binding"].create(
            {"backend_id": self.backend.id, "external_id": external_id, "odoo_id": record.id}
        )
        if came:
            self.env["retail.return.goods"].create(
                {
                    "return_id": record.id,
                    "line_id": line.id,
                    "binding_id": binding.id,
                    "key": "1",
                    "product_id": self.product.id,
                    "quantity": quantity,
                    "moved_quantity": quantity,
                    "chosen_disposition": "restock",
                    "disposition": "restock",
                    "place": "restock",
                }
            )
        record._changed()
        return record

    def test_what_came_back_is_asked_for_approved_and_given_back(self):
        record = self.returned(self.bought())
        refund, note = record.refund_ids, record.credit_move_ids
        self.assertEqual((refund.state, refund.amount), ("requested", 12))
        self.assertEqual((note.state, note.amount_total, note.amount_tax), ("draft", 12, 2))
        self.assertEqual((record.refund_state, record.whose_turn), ("asked", "accountant"))
        with self.assertRaises(AccessError):
            refund.with_user(self.operator).action_approve()
        refund.with_user(self.accountant).action_approve()
        self.assertEqual((note.state, record.whose_turn), ("posted", "gateway"))
        refund.sudo().command_id.state = "done"
        refund.sudo()._note_sent(("RE-1",))
        take(
            self.backend, "12.00", kind="refund", external_id="RE-1",
            parent_external_id=self.payment_taken.external_id,
        )  # fmt: skip
        self.assertEqual(refund.state, "confirmed")
        self.assertEqual((record.state, record.refund_state), ("completed", "refunded"))
        self.assertEqual(record.whose_turn, "nobody")

    def test_settling_again_asks_for_nothing_more(self):
        record = self.returned(self.bought())
        for _again in range(3):
            record._changed()
        self.assertEqual((len(record.refund_ids), len(record.credit_move_ids)), (1, 1))

    def test_never_more_than_was_taken(self):
        record = self.returned(self.bought(paid="5.00"))
        self.assertEqual(record.refund_ids.amount, 5)
        self.assertIn("return_refund_short", self.problems())
        again = self.returned(record.order_binding_id, external_id="RET-2")
        self.assertFalse(again.refund_ids)

    def test_parts_of_a_line_come_to_the_whole(self):
        order = self.bought(3, "3.33")
        amounts = []
        for number in range(3):
            record = self.returned(order, external_id=f"RET-{number}")
            amounts.append(record.refund_ids.amount)
            record.credit_move_ids._post(soft=False)
        self.assertLessEqual(abs(sum(amounts) - order.odoo_id.amount_total), 0.02)
        self.assertLessEqual(sum(amounts), self.payment_taken.amount)

    def test_a_rejected_request_is_an_accountants_decision(self):
        record = self.returned(self.bought())
        record.refund_ids.with_user(self.accountant).action_reject()
        self.assertEqual((record.refund_state, record.whose_turn), ("failed", "accountant"))
        record.with_user(self.accountant).action_no_refund()
        self.assertEqual((record.state, record.refund_state), ("completed", "none"))

    def test_the_channel_gave_it_back_first(self):
        order = self.bought()
        binding = self.refunded(
            refund_message(
                order, back("L1", 1, "10.00", "2.00"),
                transactions=[paid_back("12.00")], return_external_id="RET-1",
            )
        )  # fmt: skip
        self.assertNote(binding, "12.00", "2.00")
        record = self.returned(order)
        self.assertEqual(record.channel_refund_ids, binding)
        self.assertFalse(record.refund_ids or record.credit_move_ids)
        self.assertEqual((record.state, record.refund_state), ("completed", "refunded"))

    def test_the_channel_gives_it_back_while_our_request_waits(self):
        order = self.bought()
        record = self.returned(order)
        binding = self.refunded(
            refund_message(order, back("L1", 1, "10.00", "2.00"), transactions=[paid_back("12.00")])
        )
        self.assertEqual(binding.return_id, record)
        self.assertEqual(record.refund_ids.state, "cancelled")
        self.assertEqual(record.credit_move_ids.state, "cancel")
        self.assertNote(binding, "12.00", "2.00")
        self.assertEqual(record.refund_state, "refunded")

    def test_the_channel_gives_it_back_after_we_did(self):
        order = self.bought()
        record = self.returned(order)
        refund = record.refund_ids
        refund.with_user(self.accountant).action_approve()
        refund.sudo().command_id.state = "done"
        refund.sudo()._note_sent(("RE-1",))
        self.refunded(
            refund_message(order, back("L1", 1, "10.00", "2.00"), transactions=[paid_back("12.00")])
        )
        self.assertIn("return_refunded_twice", self.problems())
        self.assertEqual(refund.state, "sent")

    def test_the_echo_of_our_own_refund_is_no_second_one(self):
        order = self.bought()
        record = self.returned(order)
        refund = record.refund_ids
        refund.with_user(self.accountant).action_approve()
        refund.sudo().command_id.state = "done"
        refund.sudo()._note_sent(("RE-1",))
        self.refunded(
            refund_message(
                order,
                back("L1", 1, "10.00", "2.00"),
                transactions=[paid_back("12.00", name="RE-1")],
            )
        )
        self.assertNotIn("return_refunded_twice", self.problems())
        self.assertEqual(record.credit_move_ids.state, "posted")

    def test_the_rule_of_the_backend_leaves_it_to_the_channel(self):
        self.env["retail.return.refund.rule"].create(
            {
                "company_id": self.company.id,
                "backend_id": self.backend.id,
                "when_due": "all_received",
                "refund_by": "channel",
            }
        )
        record = self.returned(self.bought())
        self.assertFalse(record.refund_ids or record.credit_move_ids)
        self.assertEqual((record.refund_state, record.whose_turn), ("eligible", "channel"))

    def test_at_authorisation_where_the_reason_says_so(self):
        self.env["retail.return.refund.rule"].create(
            {"company_id": self.company.id, "reason": "Faulty", "when_due": "authorized"}
        )
        record = self.returned(self.bought(), came=False)
        self.assertFalse(record.refund_ids)
        record.line_ids.reason = "faulty"
        record._changed()
        self.assertEqual(record.refund_ids.amount, 12)
        self.assertEqual(record.state, "authorized")
