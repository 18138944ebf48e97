from decimal import Decimal

from psycopg2.errors import UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.retail_connector_base.canonical.pos_ticket import TenderState

from . import estate
from .common import PosCase
from .tickets import card, cash, line, tender, ticket


@tagged("post_install", "-at_install")
class TestTicketUnhappy(PosCase):
    def assertNothing(self, message):
        """Check that nothing of a ticket exists."""
        self.assertFalse(self.ticket(message))
        self.assertFalse(self.env["pos.order"].search([("pos_reference", "=", message.number)]))

    def exception(self, code):
        """Return the open exception of a code."""
        return self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id), ("code", "=", code), ("state", "=", "open")]
        )

    # Places

    def test_an_unknown_store_is_listed_and_waits_for_its_warehouse(self):
        message = ticket(store="S9")
        problem = self.problem_of(message)
        self.assertEqual((problem.code, problem.subject), ("unknown_store", "S9"))
        store = self.env["retail.pos.store"].search([("external_id", "=", "S9")])
        self.assertEqual((len(store), store.odoo_id.id), (1, False))
        self.assertEqual(self.exception("unknown_store").res_id, store.id)
        self.assertNothing(message)

    def test_an_unknown_register_is_listed_and_waits_for_its_point_of_sale(self):
        message = ticket(register="R9")
        self.assertEqual(self.problem_of(message).code, "unknown_register")
        register = self.env["retail.pos.register"].search([("external_id", "=", "S1:R9")])
        self.assertEqual((register.store_id, register.odoo_id.id), (self.store, False))
        self.problem_of(ticket(register="R9"))
        self.assertEqual(len(self.exception("unknown_register")), 1)
        config = estate.make_config(self.env, self.company, self.warehouse, self.card)
        register.odoo_id = config
        self.drain(message)
        self.assertEqual(self.order(message).config_id, config)

    def test_an_archived_register_has_sold_what_it_sold(self):
        self.register.active = False
        self.assertTrue(self.sell().odoo_id)

    def test_a_register_cannot_sell_in_another_currency(self):
        message = ticket(line(currency="USD"), currency="USD")
        self.assertEqual(self.problem_of(message).code, "currency")
        self.assertNothing(message)

    # Lines

    def test_an_unknown_product_is_mapped(self):
        message = ticket(line("UNKNOWN"))
        problem = self.problem_of(message)
        self.assertEqual((problem.code, problem.fix), ("unknown_sku", "map_value"))
        self.assertNothing(message)
        row = self.env["retail.mapping"].browse(self.exception("unknown_sku").res_id)
        row.product_id = self.products["B"]
        self.drain(message)
        self.assertEqual(self.order(message).lines.product_id, self.products["B"])

    def test_a_code_of_two_products_is_nobodys_guess(self):
        self.make_product("A", name="Another A")
        self.assertEqual(self.problem_of(ticket(line("A"))).code, "unknown_sku")

    def test_a_quantity_that_odoo_would_round(self):
        message = ticket(line("A", "0.333", "9.99"))
        self.assertEqual(self.problem_of(message).code, "quantity_digits")
        self.weigh()
        self.drain(message)

    def test_a_missing_product_of_the_backend(self):
        self.backend.tip_product_id = False
        self.assertEqual(self.problem_of(ticket(tip=1)).code, "missing_product")

    def test_an_unknown_tax(self):
        message = ticket(line("A", rates=("0.33",)))
        self.assertEqual(self.problem_of(message).code, "unmapped_tax")
        self.assertNothing(message)

    # Tenders

    def test_an_unknown_tender_is_mapped(self):
        message = ticket(tenders=[tender("11.90", "Voucher")])
        problem = self.problem_of(message)
        self.assertEqual((problem.code, problem.fix), ("unmapped_tender", "map_value"))
        row = self.env["retail.mapping"].browse(self.exception("unmapped_tender").res_id)
        row.pos_payment_method_id = self.card
        self.drain(message)
        self.assertEqual(self.order(message).payment_ids.payment_method_id, self.card)

    def test_a_register_without_a_drawer_takes_no_cash(self):
        self.config.payment_method_ids = self.card
        self.assertEqual(self.problem_of(ticket()).code, "tender_not_offered")

    def test_tenders_that_are_not_the_total(self):
        message = ticket(tenders=[cash("11.89")])
        problem = self.problem_of(message)
        self.assertEqual(problem.code, "tender_mismatch")
        self.assertEqual(problem.comparison[0][1:], ("11.90 EUR", "11.89 EUR"))
        self.assertNothing(message)

    def test_a_declined_card_leaves_the_ticket_unpaid(self):
        message = ticket(tenders=[cash("1.90"), card(10, state=TenderState.DECLINED)])
        problem = self.problem_of(message)
        self.assertEqual((problem.code, problem.amount), ("tender_declined", Decimal(10)))
        self.assertNothing(message)

    # Totals

    def test_a_total_that_does_not_tie(self):
        message = ticket(line("A"), tenders=[cash(12)]).model_copy(update={"total": Decimal(12)})
        problem = self.problem_of(message)
        self.assertEqual(problem.code, "total_mismatch")
        self.assertEqual(problem.comparison[2], ("Total", "12 EUR", "11.90 EUR"))
        self.assertNothing(message)

    def test_a_tax_that_does_not_tie(self):
        message = ticket(line("A")).model_copy(update={"total_tax": Decimal("1.91")})
        problem = self.problem_of(message)
        self.assertEqual(problem.code, "total_mismatch")
        self.assertEqual(problem.comparison[1], ("Taxes", "1.91 EUR", "1.90 EUR"))
        self.assertEqual(problem.error_class.value, "finance")

    def test_half_a_cent_cannot_be_paid(self):
        odd = Decimal("11.905")
        message = ticket(line("A"), tenders=[cash(odd)]).model_copy(update={"total": odd})
        self.assertIn(self.problem_of(message).code, ("tender_mismatch", "total_mismatch"))

    def test_one_bad_ticket_does_not_stop_the_others(self):
        good, bad, other = ticket(), ticket(line("UNKNOWN")), ticket()
        results, failures = self.run_import(good, bad, other)
        self.assertEqual(failures.keys(), {bad.external_id})
        self.assertEqual(results.keys(), {good.external_id, other.external_id})

    def test_the_order_is_there_already_without_its_binding(self):
        message = ticket()
        self.drain(message)
        self.ticket(message).unlink()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.run_import(message)
