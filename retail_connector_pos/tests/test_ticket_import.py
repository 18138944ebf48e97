from datetime import date, datetime, timezone
from decimal import Decimal

from odoo.tests import new_test_user, tagged

from odoo.addons.retail_connector_base.canonical import Customer
from odoo.addons.retail_connector_base.canonical.pos_ticket import TenderKind, TenderState

from . import estate
from .common import PosCase
from .tickets import card, cash, custom, line, tender, ticket


@tagged("post_install", "-at_install")
class TestTicketImport(PosCase):
    def test_a_ticket_is_a_paid_order_of_its_day(self):
        message = ticket(line("A", 2), line("B", price="5.00"), sequence=7)
        self.drain(message)
        found, order = self.ticket(message), self.order(message)
        self.assertEqual(order.state, "paid")
        self.assertEqual((order.amount_total, order.amount_paid), (28.80, 28.80))
        self.assertEqual(order.amount_tax, float(message.total_tax))
        self.assertEqual(order.lines.mapped("qty"), [2, 1])
        self.assertEqual(order.lines.product_id.mapped("default_code"), ["A", "B"])
        self.assertEqual(order.payment_ids.payment_method_id, self.cash_method(self.register))
        self.assertEqual(order.session_id.config_id, self.config)
        self.assertEqual(found.day_id.business_date, message.business_date)
        self.assertEqual(order.session_id.retail_day_id, found.day_id)
        self.assertEqual(order.date_order, datetime(2026, 5, 4, 9, 30))
        self.assertEqual((order.pos_reference, order.sequence_number), (message.number, 7))
        self.assertIn(message.number.split("-")[-1], order.name)
        self.assertEqual(found.stock_state, "waiting")

    def test_a_batch_of_many_registers_and_days(self):
        messages = [
            ticket(store=store, register=register, business_date=date(2026, 5, day))
            for store, register in (("S1", "R1"), ("S1", "R2"), ("S2", "R1"))
            for day in (4, 5, 4)
        ]
        self.drain(*messages)
        orders = [self.order(message) for message in messages]
        self.assertEqual(len({order.session_id for order in orders}), 6)
        self.assertEqual({order.state for order in orders}, {"paid"})

    def test_the_same_ticket_again_is_one_order(self):
        message = ticket()
        self.drain(message)
        self.drain(message)
        later = message.model_copy(update={"note": "sent again"})
        self.run_import(later)
        self.assertEqual(len(self.ticket(message)), 1)
        orders = self.env["pos.order"].search([("pos_reference", "=", message.number)])
        self.assertEqual(len(orders), 1)

    def test_a_voided_ticket_has_no_effect(self):
        message = ticket(voided=True)
        self.drain(message)
        found = self.ticket(message)
        self.assertTrue(found.voided)
        self.assertFalse(found.odoo_id)
        self.assertEqual(found.stock_state, "none")
        self.assertFalse(found.day_id.session_ids, "nothing is posted for it")

    # Money

    def test_split_tender(self):
        order = self.sell(tenders=[cash("1.90"), card(10)]).odoo_id
        self.assertEqual(sorted(order.payment_ids.mapped("amount")), [1.9, 10])
        methods = self.cash_method(self.register) | self.card
        self.assertEqual(order.payment_ids.payment_method_id, methods)

    def test_change_comes_out_of_the_drawer(self):
        order = self.sell(tenders=[cash(20), cash("-8.10")]).odoo_id
        change = order.payment_ids.filtered("is_change")
        self.assertEqual((change.amount, order.amount_return), (-8.1, 8.1))
        self.assertEqual(order.amount_paid, 11.9)

    def test_cash_of_any_word_is_the_registers_own(self):
        order = self.sell(store="S2", tenders=[cash("11.90", method="Bargeld")]).odoo_id
        self.assertEqual(order.payment_ids.payment_method_id, self.cash_method(self.register3))

    def test_a_pending_card_pays_and_is_shown(self):
        found = self.sell(tenders=[card("11.90", state=TenderState.PENDING)], offline=True)
        self.assertTrue(found.pending and found.offline)
        self.assertEqual(found.odoo_id.payment_ids.payment_status, "pending")

    def test_a_declined_card_that_was_replaced_pays_nothing(self):
        told = [card("11.90", state=TenderState.DECLINED), cash("11.90")]
        order = self.sell(tenders=told).odoo_id
        self.assertEqual(order.payment_ids.payment_method_id, self.cash_method(self.register))

    def test_a_free_ticket_has_no_payment(self):
        order = self.sell(line("A", discount="11.90"), tenders=[]).odoo_id
        self.assertEqual((order.amount_total, order.lines.discount), (0, 100))
        self.assertFalse(order.payment_ids)

    def test_a_tip_is_a_line_and_is_told(self):
        order = self.sell(tip=2).odoo_id
        self.assertEqual((order.amount_total, order.tip_amount, order.is_tipped), (13.9, 2, True))
        self.assertEqual(order.lines[1].product_id, self.backend.tip_product_id)

    def test_a_rounding_is_a_line_where_the_register_does_not_round(self):
        order = self.sell(line("A", price="11.92"), rounding="-0.02").odoo_id
        self.assertEqual((order.amount_total, order.amount_paid), (11.9, 11.9))
        self.assertEqual(order.lines[1].product_id, self.backend.rounding_product_id)

    def test_a_rounding_is_odoos_own_where_it_rounds_cash(self):
        self.round_cash()
        order = self.sell(line("A", price="11.92"), rounding="-0.02").odoo_id
        self.assertEqual((order.amount_total, order.amount_paid), (11.92, 11.9))
        self.assertEqual(len(order.lines), 1)

    def round_cash(self):
        income, expense = (
            self.env["account.account"].search(
                [("account_type", "=", kind), ("company_ids", "in", self.company.ids)], limit=1
            )
            for kind in ("income", "expense")
        )
        method = self.env["account.cash.rounding"].create(
            {
                "name": "To 5", "rounding": 0.05, "strategy": "add_invoice_line",
                "profit_account_id": income.id, "loss_account_id": expense.id,
            }
        )  # fmt: skip
        values = {"cash_rounding": True, "only_round_cash_method": True}
        self.config.write({**values, "rounding_method": method.id})

    def test_discount_and_promotion_stay_visible(self):
        order = self.sell(line("A", 2, discount="2.38", promotions=("SPRING", "VIP"))).odoo_id
        self.assertEqual((order.lines.price_unit, order.lines.discount), (11.9, 10))
        self.assertEqual(order.lines.notice, "SPRING, VIP")
        self.assertEqual(order.amount_total, 21.42)

    def test_an_order_discount_has_its_own_product(self):
        order = self.sell(line("A"), custom("discount", "-1.90", rates=("0.19",))).odoo_id
        self.assertEqual(order.lines[1].product_id, self.backend.discount_product_id)
        self.assertEqual(order.amount_total, 10)

    def test_fractional_quantities(self):
        self.weigh()
        order = self.sell(line("A", "0.333", "9.99")).odoo_id
        self.assertEqual((order.lines.qty, order.amount_total), (0.333, 3.33))

    def test_prices_without_tax(self):
        order = self.sell(line("A", price="10.00", included=False), included=False).odoo_id
        self.assertEqual((order.amount_total, order.amount_tax), (11.9, 1.9))
        self.assertEqual(order.lines.tax_ids, self.taxes[19, False])

    def test_taxes_that_the_register_rounds_line_by_line(self):
        lines = [line("A", price="0.33") for _ in range(7)]
        message = ticket(*lines)
        self.drain(message)
        order = self.order(message)
        self.assertEqual(order.amount_tax, float(message.total_tax))
        self.assertEqual(order.amount_total, 2.31)

    def test_a_line_without_taxes_has_none(self):
        order = self.sell(line("A", rates=())).odoo_id
        self.assertFalse(order.lines.tax_ids)

    def test_a_return_gives_money_back(self):
        self.backend.allows_unreferenced_returns = True
        order = self.sell(line("A", -1)).odoo_id
        self.assertEqual((order.amount_total, order.amount_paid), (-11.9, -11.9))
        self.assertEqual((order.is_refund, order.amount_return), (True, 0))
        self.assertFalse(order.payment_ids.is_change)

    def test_another_currency(self):
        currency = estate.activate(self.env, "JPY")
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "company_id": self.company.id, "name": "2026-01-01",
             "rate": 160}
        )  # fmt: skip
        card_yen = estate.make_method(self.env, self.company, "bank", "Card JPY", currency)
        config = estate.make_config(
            self.env, self.company, self.warehouse, card_yen, currency=currency
        )
        estate.make_register(self.store, "RJ", config)
        sold = line("A", price=1190, currency="JPY")
        found = self.sell(sold, currency="JPY", register="RJ")
        self.assertEqual((found.odoo_id.amount_total, found.odoo_id.currency_id), (1190, currency))
        self.assertEqual(found.odoo_id.currency_rate, 160)

    # People

    def test_a_customer_is_found_or_made_once(self):
        ada = Customer(
            external_id="C1", email="ada@example.com", email_verified=True, first_name="Ada"
        )
        first, second = (self.sell(customer=ada).odoo_id for _ in range(2))
        self.assertEqual(first.partner_id, second.partner_id)
        self.assertEqual(first.email, "ada@example.com")

    def test_nobody_bought_where_nobody_is_told(self):
        self.assertFalse(self.sell().odoo_id.partner_id)

    def test_staff_is_listed_and_used_once_it_is_mapped(self):
        told = {"cashier_external_id": "K1"}
        first = self.sell(line("A", salesperson_external_id="V1"), **told).odoo_id
        rows = self.env["retail.mapping"].search(
            [("backend_id", "=", self.backend.id), ("kind", "=", "pos_staff")]
        )
        self.assertEqual(sorted(rows.mapped("external_label")), ["K1", "V1"])
        self.assertFalse(first.lines.retail_seller_id)
        kim, val = (new_test_user(self.env, f"staff-{name}") for name in "kv")
        rows.filtered(lambda row: row.external_label == "K1").staff_user_id = kim
        rows.filtered(lambda row: row.external_label == "V1").staff_user_id = val
        second = self.sell(line("A", salesperson_external_id="V1"), **told).odoo_id
        self.assertEqual((second.user_id, second.lines.retail_seller_id), (kim, val))

    def test_on_account_owes_the_customer(self):
        later = self.env["pos.payment.method"].create(
            {"name": "On account", "company_id": self.company.id, "split_transactions": True}
        )
        estate.map_tender(self.backend, "account", later)
        paid = [tender("11.90", "account", TenderKind.ON_ACCOUNT)]
        named = self.sell(tenders=paid, customer=Customer(external_id="C9", first_name="Grace"))
        nobody = self.sell(tenders=paid)
        self.assertEqual(named.odoo_id.partner_id.name, "Grace")
        self.assertEqual(nobody.odoo_id.partner_id, self.backend.guest_partner_id)

    def test_an_invoice_is_odoos_own(self):
        who = Customer(external_id="C5", first_name="Grace", last_name="Hopper")
        order = self.sell(invoice_wanted=True, customer=who).odoo_id
        self.assertEqual((order.state, order.account_move.state), ("done", "posted"))
        self.assertEqual(order.account_move.amount_total, 11.9)

    def test_an_invoice_for_nobody_is_told_and_the_sale_is_imported(self):
        order = self.sell(invoice_wanted=True).odoo_id
        self.assertEqual((order.state, bool(order.account_move)), ("paid", False))
        self.assertEqual(self.problems(), ["invoice_not_made"])

    # Days

    def test_the_day_is_the_stores_and_not_the_moments(self):
        late = datetime(2026, 5, 4, 23, 30, tzinfo=timezone.utc)
        found = self.sell(sold_at=late, business_date=date(2026, 5, 5))
        self.assertEqual(found.day_id.business_date, date(2026, 5, 5))
        self.assertEqual(found.odoo_id.date_order, datetime(2026, 5, 4, 23, 30))

    def test_other_kinds_of_lines_have_their_products(self):
        order = self.sell(custom("custom", 5), custom("fee", 1), custom("gift_card", 25)).odoo_id
        wanted = [self.backend[f"{kind}_product_id"] for kind in ("custom", "fee", "gift_card")]
        self.assertEqual([found.product_id for found in order.lines], wanted)

    def test_the_cost_is_known_where_odoo_knows_it(self):
        order = self.sell(line("A", 3)).odoo_id
        self.assertEqual((order.lines.total_cost, order.lines.is_total_cost_computed), (12, True))
        self.assertEqual(order.margin, float(Decimal("30.00") - 12))
