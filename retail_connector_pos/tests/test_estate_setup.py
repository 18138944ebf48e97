import time
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from odoo.addons.retail_connector_base.providers import Capability, ConnectorError
from odoo.addons.retail_connector_base.providers.estate import Register, Store
from odoo.addons.retail_connector_base.tests.access import create_user

from . import estate
from .common import run_import
from .estate_setup import line_of, listed, open_setup, paste
from .tickets import card, cash, line, ticket


class SetupCase(TransactionCase):
    """A company with accounts whose estate is not set up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = estate.make_company(cls.env)
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.company = cls.company.with_env(cls.env)
        cls.backend = estate.make_backend(cls.env, cls.company)
        cls.houses = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)])
        cls.tax = estate.make_tax(cls.env, cls.company)
        cls.bank = estate.make_journal(cls.env, cls.company, "bank", "Bank")

    def store(self, external_id):
        return self.backend.pos_store_ids.filtered(lambda each: each.external_id == external_id)

    def register(self, store, register):
        registers, key = self.backend.pos_register_ids, f"{store}:{register}"
        return registers.filtered(lambda each: each.external_id == key)


@tagged("post_install", "-at_install")
class TestEstateSetup(SetupCase):
    """The wizard that ties stores, registers, tenders and staff, and makes what is missing."""

    # A whole estate

    def test_a_pasted_estate_is_made(self):
        setup = paste(open_setup(self.backend), "S1;Berlin;R1;Till 1\nS1;Berlin;R2;Till 2")
        self.assertFalse(setup.problem_text)
        setup.action_apply()
        store, one = self.store("S1"), self.register("S1", "R1")
        self.assertEqual((store.name, store.odoo_id.name), ("Berlin", "Berlin"))
        self.assertEqual(one.odoo_id.picking_type_id, store.odoo_id.pos_type_id)
        self.assertEqual(one.odoo_id.name, "Berlin Till 1")
        drawers = self.backend.pos_register_ids.odoo_id.payment_method_ids
        self.assertEqual(len(drawers.filtered("is_cash_count").journal_id), 2)
        for journal in drawers.journal_id.filtered(lambda journal: journal.type == "cash"):
            self.assertTrue(journal.profit_account_id and journal.loss_account_id)

    def test_what_is_made_can_be_opened_and_sold_at(self):
        setup = paste(open_setup(self.backend), "S1;Berlin;R1;Till 1")
        self._tender(setup, "card", "card")
        setup.action_apply()
        estate.make_product(self.env, self.company, "A", 10, self.store("S1").odoo_id.lot_stock_id)
        message = ticket(line("A"), tenders=[cash("1.90"), card("10.00")])
        _results, failures = run_import(self.backend, message)
        self.assertFalse({key: str(error) for key, error in failures.items()})
        order = self.env["retail.pos.ticket"].search([]).odoo_id
        self.assertEqual(order.state, "paid")
        self.assertEqual(order.config_id, self.register("S1", "R1").odoo_id)

    def test_running_again_proposes_only_what_is_new(self):
        paste(open_setup(self.backend), "S1;Berlin;R1").action_apply()
        again = paste(open_setup(self.backend), "S1;Berlin;R1\nS1;Berlin;R2")
        self.assertFalse(again.store_ids)
        self.assertEqual(again.register_ids.mapped("external_id"), ["R2"])
        again.action_apply()
        self.assertEqual(
            self.register("S1", "R2").odoo_id.warehouse_id, self.register("S1", "R1").warehouse_id
        )
        self.assertEqual(len(self.store("S1")), 1)

    def test_doing_it_twice_makes_nothing_twice(self):
        text = listed(2, 2)
        paste(open_setup(self.backend), text).action_apply()
        counts = self._counts()
        paste(open_setup(self.backend), text).action_apply()
        self.assertEqual(self._counts(), counts)

    def _counts(self):
        own = [("company_id", "=", self.company.id)]
        names = ("stock.warehouse", "pos.config", "account.journal", "pos.payment.method")
        return [self.env[name].search_count(own) for name in names]

    def test_forty_stores_are_set_up_in_one_go(self):
        setup = paste(open_setup(self.backend), listed(40, 3))
        self.assertEqual((len(setup.store_ids), len(setup.register_ids)), (40, 120))
        start = time.monotonic()
        setup.action_apply()
        self.env.flush_all()
        self.assertLess(time.monotonic() - start, 100)
        self.assertEqual(len(self.backend.pos_register_ids.odoo_id), 120)
        self.assertEqual(len(self.backend.pos_store_ids.odoo_id), 40)

    # Proposals

    def test_warehouses_and_points_of_sale_are_proposed_by_name(self):
        house = estate.make_warehouse(self.env, self.company, "Warehouse Berlin")
        card_method = estate.make_method(self.env, self.company, "bank", "Card")
        config = estate.make_config(self.env, self.company, house, card_method, "Till 1")
        setup = paste(open_setup(self.backend), "S1;Store Berlin;R1;Till 01")
        self.assertEqual(setup.store_ids.warehouse_id, house)
        self.assertEqual(setup.register_ids.config_id, config)
        setup.action_apply()
        self.assertEqual(self.register("S1", "R1").odoo_id, config)

    def test_what_fits_twice_is_a_persons_to_choose(self):
        for name in ("Berlin.", "BERLIN"):
            estate.make_warehouse(self.env, self.company, name)
        setup = paste(open_setup(self.backend), "S1;Berlin;R1")
        self.assertEqual((setup.store_ids.what, bool(setup.store_ids.warehouse_id)),
                         ("existing", False))  # fmt: skip
        self.assertIn("choose the warehouse", setup.problem_text)
        with self.assertRaises(UserError):
            setup.action_apply()
        self.assertFalse(self.backend.pos_store_ids)

    def test_later_leaves_the_store_and_its_registers_alone(self):
        setup = paste(open_setup(self.backend), "S1;Berlin;R1\nS2;Hamburg;R1")
        line_of(setup.store_ids, external_id="S2").what = "later"
        setup.action_apply()
        self.assertTrue(self.register("S1", "R1").odoo_id)
        self.assertFalse(self.store("S2").odoo_id or self.register("S2", "R1").odoo_id)

    def test_a_taken_point_of_sale_is_refused(self):
        paste(open_setup(self.backend), "S1;Berlin;R1").action_apply()
        setup = paste(open_setup(self.backend), "S1;Berlin;R2")
        setup.register_ids.write(
            {"what": "existing", "config_id": self.register("S1", "R1").odoo_id.id}
        )
        self.assertIn("is the register", setup.problem_text)

    def test_a_point_of_sale_of_another_warehouse_is_refused(self):
        house = estate.make_warehouse(self.env, self.company, "Elsewhere")
        card_method = estate.make_method(self.env, self.company, "bank", "Card")
        config = estate.make_config(self.env, self.company, house, card_method)
        setup = paste(open_setup(self.backend), "S1;Berlin;R1")
        setup.register_ids.write({"what": "existing", "config_id": config.id})
        self.assertIn("not its store's warehouse", setup.problem_text)

    def test_a_name_that_is_taken_is_refused(self):
        house = estate.make_warehouse(self.env, self.company, "Annex")
        setup = paste(open_setup(self.backend), "S1;Berlin;R1")
        setup.store_ids.write({"what": "new", "warehouse_name": "Annex", "code": house.code})
        self.assertIn("another warehouse", setup.problem_text)

    def test_a_damaged_list_says_where(self):
        with self.assertRaisesRegex(UserError, "Line 2"):
            paste(open_setup(self.backend), "S1;Berlin\n;Hamburg")

    # Sources

    def test_the_estate_is_asked_where_it_can_list(self):
        told = (Store("L1", "Berlin", "Europe/Berlin", (Register("D1", "Till 1"),)),)
        with self._estate(lambda _self: told):
            setup = open_setup(self.backend)
        setup.action_apply()
        store = self.store("L1")
        self.assertEqual((store.name, store.tz), ("Berlin", "Europe/Berlin"))
        self.assertEqual(self.register("L1", "D1").name, "Till 1")

    def test_an_estate_that_does_not_answer_hinders_nobody(self):
        def refuse(_self):
            raise ConnectorError("Out of order")

        with self._estate(refuse):
            setup = open_setup(self.backend)
            self.assertIn("Out of order", setup.source_problem)
            paste(setup, "S1;Berlin;R1").action_apply()
        self.assertTrue(self.store("S1").odoo_id)

    def _estate(self, answer):
        """Let the backend's provider list stores: its answer is all that is made up."""
        cls = self.backend._provider_class()
        listing = type(
            "Listing",
            (cls,),
            {"capabilities": {*cls.capabilities, Capability.REGISTERS}, "stores": answer},
        )
        self.env.invalidate_all()
        return patch.object(
            type(self.backend), "_provider_classes", lambda _self: {cls.code: listing}
        )

    def test_tickets_that_wait_are_imported_when_their_place_is_known(self):
        message = ticket(line("A"), tenders=[card("11.90")])
        _results, failures = run_import(self.backend, message)
        self.assertTrue(failures)
        exception = self.env["retail.exception"].search([("backend_id", "=", self.backend.id)])
        self.assertEqual((exception.code, exception.state), ("unknown_store", "open"))
        open_setup(self.backend).action_apply()
        self.assertEqual(exception.state, "resolved")

    # Tenders and staff

    def _tender(self, setup, word, kind, **values):
        return setup.tender_ids.create(
            {
                "setup_id": setup.id,
                "word": word,
                "kind": kind,
                "what": "new",
                "method_name": word.title(),
                "journal_id": self.bank.id,
                **values,
            }
        )

    def test_a_new_tender_is_taken_at_every_register(self):
        setup = paste(open_setup(self.backend), listed(2, 1))
        self._tender(setup, "VISA", "card")
        setup.action_apply()
        mapping = self.backend.mapping_ids.filtered(lambda row: row.kind == "pos_tender")
        self.assertEqual(mapping.state, "mapped")
        for register in self.backend.pos_register_ids:
            self.assertIn(mapping.pos_payment_method_id, register.odoo_id.payment_method_ids)

    def test_words_that_registers_used_are_proposed(self):
        method = estate.make_method(self.env, self.company, "bank", "Girocard")
        mappings = self.env["retail.mapping"]
        mappings._note_unmapped(
            self.backend,
            [
                mappings._problem_values("pos_tender", "GIROCARD", tender_kind="card"),
                mappings._problem_values("pos_tender", "BAR", tender_kind="cash"),
                mappings._problem_values("pos_tender", "GUTSCHEIN", tender_kind="gift_card"),
            ],
        )
        setup = paste(open_setup(self.backend), "S1;Berlin;R1")
        lines = {line.word: line for line in setup.tender_ids}
        self.assertEqual(lines["GIROCARD"].method_id, method)
        self.assertEqual(lines["BAR"].what, "drawer")
        self.assertEqual(lines["GUTSCHEIN"].what, "later")
        setup.action_apply()
        cash_row = self.backend.mapping_ids.filtered(lambda row: row.external_key == "bar")
        self.assertTrue(cash_row.pos_payment_method_id.is_cash_count)

    def test_sales_on_account_name_their_customer(self):
        setup = paste(open_setup(self.backend), "S1;Berlin;R1")
        self._tender(setup, "Rechnung", "on_account", journal_id=False)
        setup.action_apply()
        method = self.backend.mapping_ids.pos_payment_method_id
        self.assertEqual((method.type, method.split_transactions), ("pay_later", True))

    def test_a_tender_twice_is_refused(self):
        setup = paste(open_setup(self.backend), "S1;Berlin;R1")
        self._tender(setup, "Visa", "card")
        self._tender(setup, " VISA ", "card")
        self.assertIn("twice", setup.problem_text)

    def test_staff_is_proposed_by_name_and_login(self):
        user = create_user(self.env, "operator", login="carla", company=self.company)
        mappings = self.env["retail.mapping"]
        mappings._note_unmapped(
            self.backend, [mappings._problem_values("pos_staff", name) for name in ("Carla", "X")]
        )
        setup = open_setup(self.backend)
        self.assertEqual(
            {line.word: line.user_id for line in setup.staff_ids},
            {"Carla": user, "X": self.env["res.users"]},
        )
        setup.action_apply()
        mapped = self.backend.mapping_ids.filtered("staff_user_id")
        self.assertEqual(mapped.external_label, "Carla")

    # Accounts

    def test_drawers_share_an_account_as_chosen(self):
        for by, count in (("estate", 1), ("store", 2), ("register", 4)):
            with self.subTest(by=by):
                backend = estate.make_backend(self.env, self.company)
                text = listed(2, 2).replace("Store", f"Shop {by}")
                setup = paste(open_setup(backend), text)
                setup.cash_account_by = by
                setup.action_apply()
                methods = backend.pos_register_ids.odoo_id.payment_method_ids
                drawers = methods.filtered("is_cash_count").journal_id
                self.assertEqual(len(drawers), 4)
                self.assertEqual(len(drawers.default_account_id), count)

    def test_without_accounts_of_cash_differences_nothing_is_made(self):
        self.company.default_cash_difference_income_account_id = False
        setup = paste(open_setup(self.backend), "S1;Berlin;R1")
        self.assertIn("cash differences", setup.problem_text)
        with self.assertRaises(UserError):
            setup.action_apply()

    def test_cash_is_rounded_where_it_is_wanted(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "Five cents",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": self.company.default_cash_difference_income_account_id.id,
                "loss_account_id": self.company.default_cash_difference_expense_account_id.id,
            }
        )
        setup = paste(open_setup(self.backend), "S1;Berlin;R1")
        setup.rounding_id = rounding
        setup.action_apply()
        config = self.register("S1", "R1").odoo_id
        self.assertEqual((config.rounding_method, config.only_round_cash_method), (rounding, True))

    # Roles, reasons, audit

    def test_an_administrator_without_odoos_rights_sets_up(self):
        user = create_user(self.env, "administrator", company=self.company)
        self.assertFalse(user.has_group("point_of_sale.group_pos_user"))
        paste(open_setup(self.backend, user), "S1;Berlin;R1").action_apply()
        self.assertTrue(self.register("S1", "R1").odoo_id)
        entry = self.env["retail.audit"].search([("action", "=", "estate.set_up")], limit=1)
        self.assertEqual(entry.user_id, user)
        self.assertEqual(entry.detail["warehouses"], ["Berlin"])

    def test_an_accountant_decides_about_tenders_only(self):
        user = create_user(self.env, "accountant", company=self.company)
        paste(open_setup(self.backend), "S1;Berlin;R1").action_apply()
        setup = paste(open_setup(self.backend, user), "S2;Hamburg;R1")
        self._tender(setup, "VISA", "card")
        setup.action_apply()
        self.assertFalse(self.store("S2"))
        self.assertTrue(self.backend.mapping_ids.pos_payment_method_id)

    def test_others_do_not_open_it(self):
        for role in ("operator", "auditor", "internal"):
            user = create_user(self.env, role, company=self.company)
            with self.subTest(role=role), self.assertRaises(AccessError):
                open_setup(self.backend, user)

    def test_a_reason_is_kept_where_one_is_wanted(self):
        self.backend.config_policy = "reason"
        setup = paste(open_setup(self.backend), "S1;Berlin;R1")
        with self.assertRaises(UserError):
            setup.action_apply()
        setup.reason = "New estate"
        setup.action_apply()
        self.env.cr.flush()
        versions = self.env["retail.config.version"].search([("backend_id", "=", self.backend.id)])
        self.assertEqual(versions[0].reason, "New estate")

    def test_with_four_eyes_all_of_it_is_one_change(self):
        user = create_user(self.env, "administrator", login="set-up", company=self.company)
        second = create_user(self.env, "administrator", login="approve", company=self.company)
        self.backend.config_policy = "approve"
        setup = paste(open_setup(self.backend, user), listed(2, 2))
        setup.reason = "New estate"
        setup.action_apply()
        self.assertFalse(self.backend.pos_store_ids.odoo_id)
        change = self.env["retail.config.change"].search([("backend_id", "=", self.backend.id)])
        self.assertEqual(len(change), 1)
        change.with_user(second).action_approve()
        self.assertEqual(len(self.backend.pos_store_ids.odoo_id), 2)
        self.assertEqual(len(self.backend.pos_register_ids.odoo_id), 4)
