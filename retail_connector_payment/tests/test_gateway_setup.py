from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.retail_connector_base.decisions.config_difference import Change
from odoo.addons.retail_connector_base.tests.access import create_user

from ..decisions.ledger import Role
from ..models.retail_gateway import ROLE_FIELDS
from .common import PaymentCase, make_backend, make_company, make_gateway


@tagged("post_install", "-at_install")
class TestGatewaySetup(PaymentCase):
    """The wizard proposes journal and accounts, makes them, and refuses what is half configured."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fresh = make_gateway(make_backend(cls.env, cls.company), booked=False)
        cls.accountant = create_user(cls.env, "accountant", company=cls.company)
        cls.administrator = create_user(cls.env, "administrator", company=cls.company)

    def _wizard(self, gateways=None, user=None):
        gateways = gateways or self.fresh
        action = gateways.with_user(user or self.accountant).action_set_up()
        model = self.env[action["res_model"]].with_user(user or self.accountant)
        return model.browse(action["res_id"])

    def _line(self, wizard, role, gateway=None):
        lines = wizard.line_ids.filtered(lambda line: line.role == role.value)
        return lines.filtered(lambda line: not gateway or line.gateway_id == gateway)

    # What is proposed and made

    def test_a_new_company_is_set_up_in_one_step(self):
        wizard = self._wizard()
        self.assertFalse(wizard.problem_text)
        wizard.action_apply()
        gateway = self.fresh
        self.assertEqual(gateway.booking, "here")
        self.assertTrue(gateway.is_configured)
        self.assertEqual(gateway.journal_id.type, "general")
        for role in (Role.CLEARING, Role.TRANSIT, Role.UNMATCHED, Role.DISPUTE):
            account = gateway._role_account(role)
            with self.subTest(role=role):
                self.assertTrue(account.reconcile)
                self.assertNotEqual(account.account_type, "asset_cash")
                self.assertEqual(account.company_ids, self.company)

    def test_a_second_gateway_shares_what_costs_and_has_what_holds_its_own(self):
        self._wizard().action_apply()
        second = make_gateway(make_backend(self.env, self.company), booked=False)
        self._wizard(second).action_apply()
        shared = (Role.FEE, Role.LOSS, Role.EXCHANGE_GAIN)
        own = (Role.CLEARING, Role.TRANSIT, Role.RESERVE)
        others = self.fresh | self.gateway
        for role in shared:
            self.assertIn(second._role_account(role), others[ROLE_FIELDS[role]])
        for role in own:
            self.assertNotIn(second._role_account(role), others[ROLE_FIELDS[role]])
        self.assertNotIn(second.journal_id, others.journal_id)

    def test_several_gateways_are_set_up_at_once(self):
        backend = make_backend(self.env, self.company)
        found = self.env["retail.gateway"]._of(backend, ["paypal", "klarna"])
        gateways = found["paypal"] | found["klarna"]
        self._wizard(gateways).action_apply()
        self.assertEqual(gateways.mapped("booking"), ["here", "here"])
        self.assertEqual(len(gateways.clearing_account_id), 2)
        self.assertEqual(len(gateways.journal_id), 2)
        self.assertTrue(all(gateways.mapped("is_configured")))

    def test_the_companys_own_exchange_accounts_are_taken(self):
        wizard = self._wizard()
        self.assertEqual(
            self._line(wizard, Role.EXCHANGE_GAIN).account_id,
            self.company.income_currency_exchange_account_id,
        )

    def test_a_code_that_exists_is_that_account(self):
        mine = self.env["account.account"].create(
            {"name": "Mine", "code": "777777", "account_type": "expense"}
        )
        wizard = self._wizard()
        self._line(wizard, Role.FEE).write({"account_id": False, "code": "777777"})
        wizard.action_apply()
        self.assertEqual(self.fresh.fee_account_id, mine)

    def test_two_roles_with_one_new_code_get_one_account(self):
        wizard = self._wizard()
        lines = self._line(wizard, Role.FEE) | self._line(wizard, Role.LOSS)
        lines.write({"account_id": False, "code": "666666", "account_type": "expense"})
        wizard.action_apply()
        self.assertEqual(self.fresh.fee_account_id, self.fresh.loss_account_id)
        self.assertEqual(self.fresh.fee_account_id.code, "666666")

    def test_everything_that_is_made_is_in_the_audit_trail(self):
        self._wizard().action_apply()
        entries = self.env["retail.audit"].search(
            [("res_model", "=", "retail.gateway"), ("res_id", "=", self.fresh.id)]
        )
        made = entries.filtered(lambda entry: entry.action == "gateway.made")
        self.assertIn("account.journal", {entry.detail["model"] for entry in made})
        self.assertIn("gateway.booking", entries.mapped("action"))
        self.assertEqual(entries.user_id, self.accountant)

    # What is refused

    def test_a_missing_account_is_named_and_nothing_is_made(self):
        wizard = self._wizard()
        self._line(wizard, Role.CLEARING).write({"account_id": False, "code": False})
        before = self.env["account.account"].search_count([])
        with self.assertRaisesRegex(UserError, "Clearing"):
            wizard.action_apply()
        self.assertEqual(self.env["account.account"].search_count([]), before)
        self.assertEqual(self.fresh.booking, "unset")

    def test_a_wrong_type_is_named(self):
        bank = self.env["account.account"].create(
            {"name": "Bank", "code": "555555", "account_type": "asset_cash"}
        )
        wizard = self._wizard()
        self._line(wizard, Role.TRANSIT).account_id = bank
        self.assertIn("Bank in Transit", wizard.problem_text)
        with self.assertRaisesRegex(UserError, "type"):
            wizard.action_apply()

    def test_another_gateways_clearing_account_is_refused(self):
        wizard = self._wizard()
        self._line(wizard, Role.CLEARING).account_id = self.gateway.clearing_account_id
        with self.assertRaisesRegex(UserError, "another gateway"):
            wizard.action_apply()

    def test_another_gateways_journal_is_refused(self):
        wizard = self._wizard()
        wizard.row_ids.journal_code = self.gateway.journal_id.code
        with self.assertRaisesRegex(UserError, "something else is written"):
            wizard.action_apply()

    def test_gateways_of_two_companies_are_set_up_apart(self):
        other = make_company(self.env, "Elsewhere")
        theirs = make_gateway(make_backend(self.env, other), booked=False)
        with self.assertRaises(UserError):
            (self.fresh | theirs).action_set_up()

    def test_operator_and_auditor_may_not(self):
        for role in ("operator", "auditor"):
            user = create_user(self.env, role, company=self.company)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.fresh.with_user(user).action_set_up()

    def test_the_administrator_may(self):
        self._wizard(user=self.administrator).action_apply()
        self.assertEqual(self.fresh.booking, "here")

    # Other ways

    def test_accounts_can_be_set_and_booked_later(self):
        wizard = self._wizard()
        wizard.row_ids.booking = "later"
        wizard.action_apply()
        self.assertEqual((self.fresh.booking, self.fresh.is_configured), ("unset", True))
        self.fresh.with_user(self.accountant).action_start_booking()
        self.assertEqual(self.fresh.booking, "here")

    def test_a_gift_card_is_booked_as_a_liability(self):
        shop = make_backend(self.env, self.company)
        tender = self.env["retail.gateway"]._of(shop, ["gift_card"])["gift_card"]
        wizard = self._wizard(tender)
        self.assertEqual(wizard.row_ids.booking, "gift_card")
        self.assertEqual(set(wizard.line_ids.mapped("role")), {"clearing", "unmatched"})
        wizard.action_apply()
        self.assertEqual((tender.booking, tender.purpose), ("here", "gift_card"))
        self.assertEqual(tender.clearing_account_id.account_type, "liability_current")

    def test_two_shops_share_the_liability_of_their_gift_cards(self):
        for _shop in range(2):
            backend = make_backend(self.env, self.company)
            tender = self.env["retail.gateway"]._of(backend, ["gift_card"])["gift_card"]
            wizard = self._wizard(tender)
            self._line(wizard, Role.CLEARING).write({"account_id": False, "code": "2222"})
            wizard.action_apply()
            self.assertEqual(tender.clearing_account_id.code, "2222")

    def test_a_change_of_the_way_proposes_other_accounts(self):
        wizard = self._wizard()
        wizard.row_ids.booking = "gift_card"
        self.assertTrue(wizard.problem_text)
        wizard.action_propose()
        self.assertFalse(wizard.problem_text)

    def test_what_a_shop_reports_of_a_connected_gateway_is_left_to_it(self):
        connected = self.env["retail.gateway"]._of(self.backend, [None])[None]
        shop = make_backend(self.env, self.company)
        tender = self.env["retail.gateway"]._of(shop, ["paypal"])["paypal"]
        wizard = self._wizard(tender)
        wizard.row_ids.write({"booking": "elsewhere", "booked_by_id": connected.id})
        wizard.action_apply()
        self.assertEqual((tender.booking, tender.booked_by_id), ("elsewhere", connected))
        self.assertFalse(tender.journal_id)

    def test_the_same_gateway_connected_by_itself_is_recognised(self):
        shop = make_backend(self.env, self.company)
        tender = self.env["retail.gateway"]._of(shop, ["stripe"])["stripe"]
        stripe = make_backend(self.env, self.company, provider="stripe", state="draft")
        own = self.env["retail.gateway"]._of(stripe, [None])[None]
        self.assertEqual(tender._proposed_booking(), ("elsewhere", own))

    # The backend's step

    def test_the_backend_makes_its_gateway_before_the_first_message(self):
        backend = make_backend(self.env, self.company)
        action = backend.with_user(self.administrator).action_set_up_gateways()
        gateway = self.env["retail.gateway"].search([("backend_id", "=", backend.id)])
        self.assertEqual(gateway.code, backend.provider)
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.row_ids.gateway_id, gateway)

    def test_the_step_says_what_is_to_decide(self):
        steps = {step["code"]: step for step in self.fresh.backend_id.setup_steps}
        self.assertFalse(steps["gateways"]["done"])
        self.assertIn(self.fresh.name, steps["gateways"]["hint"])
        self._wizard().action_apply()
        self.fresh.backend_id.invalidate_recordset()
        steps = {step["code"]: step for step in self.fresh.backend_id.setup_steps}
        self.assertTrue(steps["gateways"]["done"])

    # Governance

    def test_accounts_are_part_of_the_configuration(self):
        self._wizard().action_apply()
        content = self.env["retail.config"]._snapshot(self.fresh.backend_id)
        item = content[f"gateway/{self.fresh.code}"]
        self.assertEqual(item["fee_account_id"]["name"], self.fresh.fee_account_id.code)

    def test_accounts_are_taken_to_a_backend_whose_gateway_is_not_there_yet(self):
        backend = make_backend(self.env, self.company)
        account = {"model": "account.account", "name": self.gateway.fee_account_id.code}
        change = Change("gateway/paypal", "fee_account_id", None, account)
        self.env["retail.config"]._apply(backend, [change], "From test", "import")
        gateway = self.env["retail.gateway"]._of(backend, ["paypal"])["paypal"]
        self.assertEqual(gateway.fee_account_id, self.gateway.fee_account_id)
        self.assertEqual(gateway.booking, "unset")

    def test_a_reason_is_asked_for_where_the_backend_wants_one(self):
        self.fresh.backend_id.sudo().config_policy = "reason"
        wizard = self._wizard()
        self.assertTrue(wizard.needs_reason)
        with self.assertRaises(UserError):
            wizard.action_apply()
        wizard = self._wizard()
        wizard.reason = "Auditor asked for it"
        wizard.action_apply()
        self.assertEqual(self.fresh.booking, "here")

    def test_accounts_wait_for_a_second_person_where_the_backend_wants_one(self):
        self.fresh.backend_id.sudo().config_policy = "approve"
        wizard = self._wizard()
        wizard.reason = "First set-up"
        action = wizard.action_apply()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(self.fresh.booking, "unset")
        change = self.env["retail.config.change"].search(
            [("backend_id", "=", self.fresh.backend_id.id)]
        )
        change.with_user(self.administrator).action_approve()
        self.assertTrue(self.fresh.is_configured)
        self.fresh.with_user(self.accountant).action_start_booking()
        self.assertEqual(self.fresh.booking, "here")

    def test_of_several_gateways_only_those_wait_whose_backend_wants_it(self):
        self.fresh.backend_id.sudo().config_policy = "approve"
        both = (self.fresh | self.gateway).with_user(self.administrator)
        both.write({"match_patience": 7, "change_reason": "Slow shop"})
        self.assertEqual(self.gateway.match_patience, 7)
        self.assertNotEqual(self.fresh.match_patience, 7)
