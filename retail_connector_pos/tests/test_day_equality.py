"""A day's closing and Odoo's own for the same sales: every journal item is the same."""

from decimal import Decimal

from odoo.tests import tagged

from . import estate
from .closings import closing, counted, movement
from .day_case import TODAY, DayCase
from .odoo_register import make_cashier, open_session, sync, ui_order
from .tickets import card, cash, line, ticket

FIELDS = (
    "name", "debit", "credit", "amount_currency", "display_type", "tax_base_amount", "quantity",
    "price_unit", "reconciled",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestDayEquality(DayCase):
    """R1 is ours, R2 is run by Odoo's own user interface, with as much in its drawer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.inventory_valuation = "real_time"
        category = cls.env["product.category"].create(
            {"name": "Valued", "property_valuation": "real_time",
             "property_cost_method": "standard"}
        )  # fmt: skip
        for product in cls.products.values():
            product.categ_id = category
        cls.cashier = make_cashier(cls.env, cls.company)
        own = cls.config2.with_env(cls.env(user=cls.cashier))
        cls.theirs = open_session(own, cls.cashier)
        cls.methods = {"cash": cls.cash_method(cls.register2), "card": cls.card}

    def sales(self):
        """Return the day: discounts, two rates, split, change, a return."""
        self.backend.allows_unreferenced_returns = True
        return [
            ticket(sequence=1),
            ticket(line("B", 3, "10.70", rates=("0.07",)), sequence=2, tenders=[card("32.10")]),
            ticket(line("A", 2, discount="2.38"), line("C"), sequence=3,
                   tenders=[cash("20"), card("13.32")]),
            ticket(line(), sequence=4, tenders=[cash("20"), cash("-8.10")]),
            ticket(line("C", -1), sequence=5, tenders=[cash("-11.90")]),
        ]  # fmt: skip

    def both(self, over_short=0, movements=()):
        """Sell and close the same both ways; return (our session, Odoo's own)."""
        sold = self.sales()
        self.sold(*sold)
        report = closing(*sold, opening_float=Decimal(100), cash_movements=movements)
        takings = sum(each.amount for ticket in sold for each in ticket.tenders
                      if each.method == "cash")  # fmt: skip
        report = counted(report, cash=takings + Decimal(str(over_short)))
        self.config.write({"set_maximum_difference": True, "amount_authorized_diff": 10})
        ours = self.close(report).session_ids
        self._close_theirs(sold, over_short, movements)
        return ours, self.theirs.sudo()

    def _close_theirs(self, sold, over_short, movements):
        theirs = self.theirs
        theirs.sudo().cash_register_balance_start = 100
        sync(theirs, [
            ui_order(theirs, each, self.products, self.taxes, self.methods) for each in sold
        ])  # fmt: skip
        for each in movements:
            way = "in" if each.amount > 0 else "out"
            theirs.sudo().try_cash_in_out(
                way, float(abs(each.amount)), each.reason, False, {"translatedType": "x"}
            )
        theirs.invalidate_recordset()
        expected = theirs.cash_register_balance_end
        theirs.post_closing_cash_details(expected + over_short)
        # Another request of the interface: Odoo computes the difference anew.
        theirs.invalidate_recordset()
        theirs.action_pos_session_closing_control()
        self.assertEqual(theirs.state, "closed")

    def entries(self, session):
        """Return all journal items of a session, comparable: by journal type, without names."""
        found = []
        for item in session._get_related_account_moves().line_ids:
            row = {name: self.plain(session, item, name) for name in FIELDS}
            row["account"] = self.account(session, item.account_id)
            row["journal"] = item.journal_id.type
            row["taxes"] = tuple(item.tax_ids.mapped("name"))
            row["tags"] = tuple(item.tax_tag_ids.ids)
            row["tax"] = item.tax_repartition_line_id.id
            row["partner"] = item.partner_id.id
            row["state"] = item.parent_state
            found.append(row)
        return sorted(found, key=repr)

    def plain(self, session, item, name):
        value = item[name]
        if isinstance(value, float):
            return round(value, 6)
        if not isinstance(value, str):
            return value
        for word in (session.name, self.drawer(session).name):
            value = value.replace(word, "…")
        return value.replace("Deposit", "x").replace("Paid in", "x").replace("Paid out", "x")

    def drawer(self, session):
        return session.config_id.payment_method_ids.filtered("is_cash_count")

    def account(self, session, account):
        own = self.drawer(session).journal_id.default_account_id
        return "drawer" if account == own else account.code

    def assertSame(self, ours, theirs):
        """Compare entries, drawers and orders; dates are the business day's and today's."""
        self.maxDiff = None
        mine, his = self.entries(ours), self.entries(theirs)
        self.assertTrue(mine)
        different = [row for row in mine if row not in his], [row for row in his if row not in mine]
        self.assertEqual(different, ([], []))
        self.assertEqual(len(mine), len(his))
        for name in ("cash_register_balance_start", "cash_register_balance_end_real",
                     "cash_real_transaction", "state", "rescue"):  # fmt: skip
            self.assertEqual(ours[name], theirs[name], name)
        self.assertEqual(set(ours.order_ids.mapped("state")), {"done"})
        dates = set(ours._get_related_account_moves().mapped("date"))
        self.assertEqual(dates, {TODAY})

    def test_a_day(self):
        self.assertSame(*self.both())

    def test_a_day_that_is_short(self):
        self.assertSame(*self.both(over_short=-1.5))

    def test_a_day_that_is_over(self):
        self.assertSame(*self.both(over_short=2.25))

    def test_a_day_with_cash_put_in_and_taken_out(self):
        movements = (
            movement("paid_in", 20, reason="Change"),
            movement("paid_out", "-7.5", reason="Flowers"),
            movement("bank_drop", -50, reason="Bag"),
        )
        self.assertSame(*self.both(over_short=-0.05, movements=movements))

    def test_a_day_of_a_session_marked_as_rescue(self):
        own = estate.make_cashier(self.env, self.company)
        open_session(self.config, own)
        movements = (movement("bank_drop", -50, reason="Bag"),)
        self.assertSame(*self.both(over_short=-1, movements=movements))
