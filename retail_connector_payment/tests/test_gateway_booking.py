from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.retail_connector_base.tests.access import create_user

from .common import PaymentCase, book_here, make_accounts, make_backend, make_gateway


@tagged("post_install", "-at_install")
class TestGatewayBooking(PaymentCase):
    """Where entries come from is decided by people, leaves a trace, and books nothing twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = create_user(cls.env, "accountant", company=cls.company)
        cls.shop = make_backend(cls.env, cls.company)
        cls.tender = make_gateway(cls.shop, "paypal", booked=False)

    def _as_accountant(self, gateway):
        return gateway.with_user(self.accountant)

    def _waiting(self, gateway):
        entries = self.env["retail.ledger.entry"]
        return entries.search([("gateway_id", "=", gateway.id), ("state", "=", "to_post")])

    # Starting

    def test_what_waited_is_posted_once_it_is_booked(self):
        entry = self.note(100, gateway=self.tender)
        self.assertFalse(self.post(self.tender))
        book_here(self.tender)
        self.tender.sudo().booking = "unset"
        self._as_accountant(self.tender).action_start_booking()
        self.post(self.tender)
        self.assertEqual(entry.state, "posted")
        self.assertEqual(self.balance(gateway=self.tender), "100.00")

    def test_it_does_not_start_half_configured_and_says_what_is_missing(self):
        self.tender.sudo().write({**make_accounts(self.env, self.company), "fee_account_id": False})
        with self.assertRaisesRegex(UserError, "(?s)journal.*Fees"):
            self._as_accountant(self.tender).action_start_booking()
        self.assertEqual(self.tender.booking, "unset")

    def test_a_clearing_account_with_other_entries_is_refused(self):
        book_here(self.tender)
        self.tender.sudo().booking = "unset"
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "general"),
             ("id", "not in", (self.tender | self.gateway).journal_id.ids)], limit=1
        )  # fmt: skip
        accounts = (self.tender.clearing_account_id, self.tender.fee_account_id)
        lines = [
            (0, 0, {"account_id": account.id, "balance": amount})
            for account, amount in zip(accounts, (5, -5), strict=True)
        ]
        self.env["account.move"].create({"journal_id": journal.id, "line_ids": lines})
        with self.assertRaisesRegex(UserError, "without entries"):
            self._as_accountant(self.tender).action_start_booking()

    def test_a_journal_in_which_others_write_is_refused(self):
        book_here(self.tender)
        self.tender.sudo().booking = "unset"
        lines = [
            (0, 0, {"account_id": account.id, "balance": amount})
            for account, amount in (
                (self.tender.fee_account_id, 5),
                (self.tender.loss_account_id, -5),
            )
        ]
        move = {"journal_id": self.tender.journal_id.id, "line_ids": lines}
        self.env["account.move"].create(move)
        with self.assertRaisesRegex(UserError, "something else is written"):
            self._as_accountant(self.tender).action_start_booking()

    def test_payments_that_were_not_noted_are_noted_when_booking_starts(self):
        self._as_accountant(self.tender).action_do_not_book()
        message = self.payment_message(gateway="paypal")
        self.backend = self.shop
        self.drain(message)
        self.assertFalse(self._waiting(self.tender))
        book_here(self.tender)
        self.tender.sudo().booking = "none"
        self._as_accountant(self.tender).action_start_booking()
        self.assertEqual(self._waiting(self.tender).mapped("external_id"), [message.external_id])

    # Elsewhere, and not at all

    def test_booked_elsewhere_drops_what_waits(self):
        self.note(100, gateway=self.tender)
        self._as_accountant(self.tender)._book_elsewhere(self.gateway)
        self.assertFalse(self._waiting(self.tender))
        self.assertEqual(self.tender.booked_by_id, self.gateway)

    def test_not_booked_drops_what_waits(self):
        self.note(100, gateway=self.tender)
        self._as_accountant(self.tender).action_do_not_book()
        self.assertFalse(self._waiting(self.tender))

    def test_what_is_posted_blocks_the_change(self):
        self.note(100)
        self.post()
        for change in (
            lambda gateway: gateway.action_do_not_book(),
            lambda gateway: gateway._book_elsewhere(self.tender),
        ):
            with self.assertRaisesRegex(UserError, "posted already"):
                change(self._as_accountant(self.gateway))
        self.assertEqual(self.gateway.booking, "here")

    def test_nothing_is_booked_by_itself_or_in_a_circle(self):
        with self.assertRaises(UserError):
            self._as_accountant(self.tender)._book_elsewhere(self.tender)
        self._as_accountant(self.tender)._book_elsewhere(self.gateway)
        with self.assertRaises(UserError):
            self._as_accountant(self.gateway)._book_elsewhere(self.tender)

    def test_a_gateway_that_others_lean_on_stays_booked(self):
        self._as_accountant(self.tender)._book_elsewhere(self.gateway)
        with self.assertRaisesRegex(UserError, "lean on its reports"):
            self._as_accountant(self.gateway).action_do_not_book()

    def test_another_companys_gateway_books_nothing_here(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        theirs = make_gateway(make_backend(self.env, other), booked=False)
        with self.assertRaises(UserError):
            self._as_accountant(self.tender)._book_elsewhere(theirs)

    def test_an_entry_that_came_in_meanwhile_is_swept(self):
        entry = self.note(100, gateway=self.tender)
        self.tender.sudo().booking = "none"
        self.env["retail.gateway"]._drop_unposted()
        self.assertFalse(entry.exists())

    # Traces and roles

    def test_every_decision_is_in_the_audit_trail(self):
        self._as_accountant(self.tender)._book_elsewhere(self.gateway)
        entry = self.env["retail.audit"].search([("action", "=", "gateway.booking")], limit=1)
        self.assertEqual(entry.user_id, self.accountant)
        self.assertEqual(entry.detail["before"], "unset")
        self.assertEqual(entry.detail["after"], "elsewhere")
        self.assertEqual(entry.detail["booked_by"], self.gateway.name)

    def test_only_accountant_and_administrator_decide(self):
        for role in ("operator", "auditor"):
            user = create_user(self.env, role, company=self.company)
            gateway = self.tender.with_user(user)
            for act in (gateway.action_start_booking, gateway.action_do_not_book):
                with self.subTest(role=role, act=act), self.assertRaises(AccessError):
                    act()

    def test_nobody_writes_the_booking_by_hand(self):
        for role in ("accountant", "administrator"):
            user = create_user(self.env, role, login=f"by-hand-{role}", company=self.company)
            for values in ({"booking": "here"}, {"purpose": "gift_card"}, {"code": "x"}):
                with self.subTest(role=role, values=values), self.assertRaises(AccessError):
                    self.tender.with_user(user).write(values)

    # Changing accounts

    def test_an_account_on_which_money_stands_is_not_replaced(self):
        self.note(100)
        self.post()
        other = make_accounts(self.env, self.company)
        gateway = self._as_accountant(self.gateway)
        for name in ("clearing_account_id", "unmatched_account_id"):
            with self.subTest(name=name), self.assertRaisesRegex(UserError, "money stands"):
                gateway.write({name: other[name]})
        gateway.write({"fee_account_id": other["fee_account_id"]})
        self.assertEqual(self.gateway.fee_account_id.id, other["fee_account_id"])

    def test_an_account_without_anything_open_is_replaced(self):
        other = make_accounts(self.env, self.company)
        self._as_accountant(self.gateway).write({"transit_account_id": other["transit_account_id"]})
        self.assertEqual(self.gateway.transit_account_id.id, other["transit_account_id"])

    def test_a_journal_with_entries_is_not_replaced(self):
        self.note(100)
        self.post()
        journal = self.env["account.journal"].create(
            {"name": "J", "code": "JJ", "type": "general", "company_id": self.company.id}
        )
        with self.assertRaisesRegex(UserError, "stays as it is"):
            self._as_accountant(self.gateway).write({"journal_id": journal.id})
