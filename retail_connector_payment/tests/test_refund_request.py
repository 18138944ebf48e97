from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.retail_connector_base.canonical import RefundPayment
from odoo.addons.retail_connector_base.tests.common import offer_sample_provider

from .common import PaymentCase
from .refund_provider import RefundingProvider, make_refunding_backend, take

ROLES = "retail_connector_base.group_"


class RefundRequestCase(PaymentCase):
    """A gateway that takes refunds, and people of each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry, RefundingProvider))
        cls.backend = make_refunding_backend(cls.env, cls.company)
        cls.operator = cls.person("operator")
        cls.accountant, cls.second = cls.person("accountant"), cls.person("accountant")
        cls.administrator, cls.auditor = cls.person("administrator"), cls.person("auditor")

    @classmethod
    def person(cls, role):
        """Return a person of a role in the company."""
        number = cls.env["res.users"].search_count([])
        return new_test_user(
            cls.env,
            f"{role}-{number}",
            f"base.group_user,{ROLES}{role}",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def ask(self, payment, amount="40.00", by=None, **values):
        """Ask for a refund in somebody's name, as the wizard does."""
        refunds = self.env["retail.refund"].with_user(by or self.operator)
        return refunds._request(payment, Decimal(amount), "Damaged", **values).sudo(False)

    def reported(self, refund, state="success", **values):
        """Let the gateway report a refund."""
        return take(
            self.backend,
            f"{refund.amount:.2f}",
            kind="refund",
            state=state,
            parent_external_id=refund.payment_id.external_id,
            **{"external_id": refund.sudo().external_id or "RE-NEW", **values},
        )

    def sent(self, refund, external_id="RE-1"):
        """Let the gateway take a refund."""
        refund.sudo().command_id.state = "done"
        refund.sudo()._note_sent((external_id,))


@tagged("post_install", "-at_install")
class TestRefundRequest(RefundRequestCase):
    # Four eyes

    def test_an_operator_cannot_approve_his_own_refund(self):
        refund = self.ask(take(self.backend))
        with self.assertRaises(AccessError):
            refund.with_user(self.operator).action_approve()
        self.assertEqual(refund.state, "requested")

    def test_an_accountant_cannot_approve_his_own_refund_above_the_threshold(self):
        self.backend.refund_approval_above = 39.99
        refund = self.ask(take(self.backend), by=self.accountant)
        with self.assertRaises(AccessError):
            refund.with_user(self.accountant).action_approve()
        refund.with_user(self.second).action_approve()
        self.assertEqual((refund.state, refund.decided_by_id), ("approved", self.second))

    def test_neither_an_administrator_nor_an_auditor_approves(self):
        refund = self.ask(take(self.backend))
        for person in (self.administrator, self.auditor):
            with self.assertRaises(AccessError):
                refund.with_user(person).action_approve()

    def test_up_to_the_threshold_an_accountant_gives_back_alone(self):
        self.backend.refund_approval_above = 40
        refund = self.ask(take(self.backend), by=self.accountant)
        self.assertEqual((refund.state, refund.decided_by_id), ("approved", self.accountant))

    def test_an_operators_request_is_approved_by_an_accountant_whatever_the_threshold(self):
        self.backend.refund_approval_above = 1000
        refund = self.ask(take(self.backend))
        self.assertEqual(refund.state, "requested")
        with self.assertRaises(AccessError):
            refund.with_user(self.operator).action_approve()

    def test_asking_in_parts_does_not_get_below_the_threshold(self):
        self.backend.refund_approval_above = 50
        payment = take(self.backend)
        self.assertEqual(self.ask(payment, "30.00", self.accountant).state, "approved")
        self.assertEqual(self.ask(payment, "30.00", self.accountant).state, "requested")

    def test_without_a_threshold_somebody_else_always_approves(self):
        self.assertEqual(self.ask(take(self.backend), "0.01", self.accountant).state, "requested")

    def test_the_threshold_is_in_the_companys_currency(self):
        self.backend.refund_approval_above = 50
        self.env.ref("base.USD").active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.env.ref("base.USD").id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "rate": 0.5,
            }
        )
        refund = self.ask(take(self.backend, currency="USD"), "40.00", self.accountant)
        self.assertEqual((refund.company_amount, refund.state), (80, "requested"))

    def test_people_cannot_write_requests(self):
        refund = self.ask(take(self.backend))
        for person in (self.operator, self.accountant, self.administrator):
            own = refund.with_user(person)
            with self.assertRaises(AccessError):
                own.write({"state": "approved"})
            with self.assertRaises(AccessError):
                own.copy()
            with self.assertRaises(AccessError):
                own.unlink()

    def test_another_company_neither_sees_nor_approves(self):
        refund = self.ask(take(self.backend))
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            f"base.group_user,{ROLES}accountant",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        theirs = refund.with_user(stranger).with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            theirs.action_approve()

    def test_what_was_decided_stays_decided(self):
        refund = self.ask(take(self.backend))
        refund.with_user(self.accountant).action_reject()
        with self.assertRaises(UserError):
            refund.with_user(self.accountant).action_approve()
        self.assertEqual(refund.state, "rejected")

    # How much

    def test_no_more_than_was_taken_is_given_back(self):
        payment = take(self.backend)
        with self.assertRaises(UserError):
            self.ask(payment, "100.01")
        self.ask(payment, "60.00")
        with self.assertRaises(UserError):
            self.ask(payment, "40.01")
        self.ask(payment, "40.00")

    def test_what_the_gateway_gave_back_by_itself_counts(self):
        payment = take(self.backend)
        take(
            self.backend, "70.00", kind="refund", external_id="RE-X",
            parent_external_id=payment.external_id,
        )  # fmt: skip
        self.assertEqual(payment._refundable(), 30)
        with self.assertRaises(UserError):
            self.ask(payment, "30.01")

    def test_a_rejected_request_frees_its_amount(self):
        payment = take(self.backend)
        refund = self.ask(payment, "100.00")
        refund.with_user(self.accountant).action_reject()
        self.assertEqual(self.ask(payment, "100.00").state, "requested")

    def test_money_that_was_not_taken_cannot_go_back(self):
        for values in (
            {"state": "pending"}, {"state": "failure"}, {"kind": "authorization"}, {"test": True}
        ):  # fmt: skip
            with self.assertRaises(UserError):
                self.ask(take(self.backend, **values))

    def test_fractions_of_a_cent_cannot_go_back(self):
        for amount in ("0.001", "0", "-1.00"):
            with self.assertRaises(UserError):
                self.ask(take(self.backend), amount)

    def test_money_that_went_back_otherwise_stops_the_approval(self):
        payment = take(self.backend)
        refund = self.ask(payment, "80.00")
        take(
            self.backend, "30.00", kind="refund", external_id="RE-X",
            parent_external_id=payment.external_id,
        )  # fmt: skip
        with self.assertRaises(UserError):
            refund.with_user(self.accountant).action_approve()

    # What becomes of it

    def approved(self, **values):
        """Return an approved refund."""
        refund = self.ask(take(self.backend), **values)
        refund.with_user(self.accountant).action_approve()
        return refund.sudo()

    def test_an_approved_refund_is_owed_to_the_gateway_once(self):
        refund = self.approved()
        command = refund.command_id
        self.assertEqual(command.idempotency_key, f"refund:{refund.id}")
        told = command._command()
        self.assertIsInstance(told, RefundPayment)
        self.assertEqual((told.amount.amount, told.reference), (40, f"refund:{refund.id}"))
        self.assertEqual(command.amount_at_risk, 40)

    def test_the_gateways_report_confirms_it(self):
        refund = self.approved()
        self.sent(refund)
        self.assertEqual(refund.state, "sent")
        fact = self.reported(refund)
        self.assertEqual((refund.state, refund.fact_id), ("confirmed", fact))

    def test_a_report_that_is_faster_than_the_answer_confirms_it_as_well(self):
        refund = self.approved()
        self.reported(refund, external_id="RE-1")
        self.sent(refund)
        self.assertEqual(refund.state, "confirmed")
        self.assertEqual(refund.payment_id._refundable(), 60)

    def test_a_report_that_names_our_reference_confirms_it_without_an_answer(self):
        refund = self.approved()
        self.reported(refund, external_id="RE-7", reference=f"refund:{refund.id}")
        self.assertEqual((refund.state, refund.external_id), ("confirmed", "RE-7"))

    def test_a_refund_that_fails_afterwards_frees_its_amount_and_is_shown(self):
        refund = self.approved()
        self.sent(refund)
        fact = self.reported(refund)
        fact.write({"state": "failure", "failure": "closed account"})
        self.assertEqual((refund.state, refund.failure), ("failed", "closed account"))
        exception = self.env["retail.exception"].search([("code", "=", "refund_failed")])
        self.assertEqual((exception.amount_at_risk, exception.fix), (40, "request_again"))
        self.assertEqual(refund.payment_id.refund_reserved, 0)

    def test_a_failed_refund_is_asked_for_again_under_a_new_name(self):
        refund = self.approved()
        self.sent(refund)
        self.reported(refund, state="failure")
        action = refund.with_user(self.operator).action_request_again()
        again = self.env["retail.refund"].browse(action["res_id"])
        self.assertEqual((again.state, again.former_id, again.amount), ("requested", refund, 40))
        self.assertEqual(self.problems(), [])

    def test_a_request_that_waits_is_taken_back_by_who_asked_for_it(self):
        refund = self.ask(take(self.backend))
        with self.assertRaises(AccessError):
            refund.with_user(self.person("operator")).action_cancel()
        refund.with_user(self.operator).action_cancel()
        self.assertEqual((refund.state, refund.payment_id.refund_reserved), ("cancelled", 0))

    def test_an_approved_refund_that_has_not_left_is_taken_back_with_its_command(self):
        refund = self.approved()
        refund.with_user(self.accountant).action_cancel()
        self.assertEqual((refund.state, refund.command_id.state), ("cancelled", "cancelled"))
        self.assertEqual(refund.payment_id.refund_reserved, 0)

    def test_a_refund_that_has_left_cannot_be_taken_back(self):
        refund = self.approved()
        self.sent(refund)
        with self.assertRaises(UserError):
            refund.with_user(self.accountant).action_cancel()

    def test_every_decision_is_kept_in_the_audit_trail(self):
        refund = self.approved()
        self.sent(refund)
        self.reported(refund)
        trail = self.env["retail.audit"].search(
            [("res_model", "=", "retail.refund"), ("res_id", "=", refund.id)], order="id"
        )
        self.assertEqual(
            trail.mapped("action"),
            ["refund.requested", "refund.approved", "refund.sent", "refund.confirmed"],
        )
        self.assertEqual(trail[:2].user_id, self.operator + self.accountant)

    def test_those_who_may_approve_are_called(self):
        refund = self.ask(take(self.backend), by=self.accountant)
        self.assertEqual(refund.sudo().activity_ids.user_id, self.second)
        refund.with_user(self.second).action_approve()
        self.assertFalse(refund.sudo().activity_ids)


@tagged("post_install", "-at_install")
class TestRefundWizard(RefundRequestCase):
    def open_for(self, record, by=None):
        """Open the wizard; return it."""
        wizard = self.env["retail.refund.wizard"].with_user(by or self.operator)
        action = wizard._open_for(record.with_user(by or self.operator))
        return wizard.browse(action["res_id"])

    def two_payments(self):
        """Return an order that was paid in two parts."""
        order = self.order("100.00")
        first = take(self.backend, "70.00", order=order, processed_at="2026-05-01 10:00:00")
        later = take(self.backend, "30.00", order=order, processed_at="2026-05-02 10:00:00")
        return order, first, later

    def test_the_newest_payment_is_proposed_first(self):
        order, first, later = self.two_payments()
        wizard = self.open_for(order)
        self.assertEqual((wizard.amount, wizard.available), (100, 100))
        wizard.amount = 40
        wizard._onchange_amount()
        shares = {line.payment_id: line.amount for line in wizard.line_ids}
        self.assertEqual(shares, {later: 30, first: 10})

    def test_another_amount_in_the_form_proposes_other_parts(self):
        order, first, later = self.two_payments()
        with Form(self.open_for(order)) as form:
            form.amount = 80
            form.reason = "Damaged"
        wizard = form.record
        shares = {line.payment_id: line.amount for line in wizard.line_ids if line.amount}
        self.assertEqual(shares, {later: 30, first: 50})
        wizard.action_request()
        self.assertEqual(sum(order.refund_ids.mapped("amount")), 80)

    def test_an_operator_reads_a_request_whose_credit_note_he_cannot_open(self):
        order, first, _later = self.two_payments()
        invoice = order.odoo_id._create_invoices()
        invoice.action_post()
        refund = self.ask(first, "10.00", order=order, move=invoice._reverse_moves())
        names = {"name": {}, "credit_move_id": {"fields": {"display_name": {}}}}
        (read,) = refund.with_user(self.operator).web_read(names)
        self.assertTrue(read["credit_move_id"]["display_name"])

    def test_each_payment_becomes_a_request(self):
        order, first, later = self.two_payments()
        wizard = self.open_for(order)
        wizard.reason = "Damaged"
        wizard.action_request()
        refunds = order.refund_ids.sorted("amount")
        self.assertEqual(refunds.mapped("amount"), [30, 70])
        self.assertEqual(refunds.payment_id, first + later)
        self.assertEqual(set(refunds.mapped("state")), {"requested"})

    def test_the_payments_must_come_to_the_amount(self):
        order, _first, _later = self.two_payments()
        wizard = self.open_for(order)
        wizard.write({"reason": "Damaged", "amount": 99})
        with self.assertRaises(UserError):
            wizard.action_request()

    def test_what_is_asked_for_already_is_not_proposed_again(self):
        order, _first, later = self.two_payments()
        self.ask(later, "30.00")
        self.assertEqual(self.open_for(order).amount, 70)

    def test_another_orders_credit_note_is_refused(self):
        order, _first, _later = self.two_payments()
        other = self.order("50.00")
        invoice = other.odoo_id._create_invoices()
        invoice.action_post()
        note = invoice._reverse_moves()
        wizard = self.open_for(order)
        wizard.write({"reason": "Damaged", "credit_move_id": note.id})
        with self.assertRaises(UserError):
            wizard.action_request()

    def test_another_companys_order_tells_nothing(self):
        order, _first, _later = self.two_payments()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "wizard-stranger",
            f"base.group_user,{ROLES}operator",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        wizards = self.env["retail.refund.wizard"].with_user(stranger)
        wizards = wizards.with_context(allowed_company_ids=other.ids)
        values = {"order_binding_id": order.id, "currency_id": order.currency_id.id}
        with self.assertRaises(AccessError):
            wizard = wizards.create({**values, "amount": 1, "reason": "Curious"})
            wizard.read(["available"])

    def test_an_auditor_asks_for_nothing(self):
        order, _first, _later = self.two_payments()
        with self.assertRaises(AccessError):
            self.open_for(order, self.auditor)

    def test_a_credit_note_proposes_what_is_still_owed(self):
        order, _first, _later = self.two_payments()
        invoice = order.odoo_id._create_invoices()
        invoice.action_post()
        note = invoice._reverse_moves()
        note.invoice_line_ids.price_unit = 45
        note.action_post()
        note.line_ids.remove_move_reconcile()
        self.assertTrue(note.can_give_back)
        wizard = self.open_for(note, self.accountant_with_invoices())
        self.assertEqual((wizard.amount, wizard.credit_move_id), (45, note))

    def accountant_with_invoices(self):
        """Return an accountant who also reads invoices in Odoo."""
        self.accountant.group_ids += self.env.ref("account.group_account_invoice")
        return self.accountant
