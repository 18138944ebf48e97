"""The end of a session with the same sales, Odoo's way and ours: its entry, goods and margins."""

from collections import Counter, defaultdict

from odoo.tests import tagged

from .odoo_register import close_session
from .test_ticket_equality import EqualityCase, shop


@tagged("post_install", "-at_install")
class TestTicketEqualityClosing(EqualityCase):
    def close_both(self, seed):
        """Sell both ways, move our goods as the lane does, close both sessions; return them."""
        theirs, ours = self.both(shop(seed), seed)
        self.move_goods()
        close_session(self.session)
        mine = ours.session_id
        close_session(mine)
        (theirs | ours).invalidate_recordset()
        return theirs, ours

    def move_goods(self):
        """Do what the warehouse's lane does until nothing waits."""
        self.env.flush_all()
        for _time in range(20):
            if not self.env["retail.reservation"].sudo()._try_chunk(self.warehouse.id):
                return
        self.fail("the lane does not come to an end")

    def entry(self, session):
        """Return the lines of a session's entry; the names tell of the register, not of sales."""
        found = Counter()
        for line in session.sudo().move_id.line_ids:
            found[
                line.account_id.code,
                round(line.balance, 2),
                round(line.amount_currency, 2),
                tuple(line.tax_ids.ids),
                tuple(sorted(line.tax_tag_ids.ids)),
                line.tax_repartition_line_id.id,
                round(line.tax_base_amount, 2),
                line.partner_id.id,
                line.display_type,
            ] += 1
        return found

    def gone(self, session):
        """Return what left the store in a session, by product and direction."""
        found = defaultdict(float)
        for move in session.sudo().picking_ids.move_ids:
            self.assertEqual(move.state, "done")
            found[move.product_id.default_code, move.location_dest_id.usage] += move.quantity
        return {key: round(quantity, 6) for key, quantity in found.items()}

    def money(self, session):
        """Return what came into the drawer and onto cards."""
        session = session.sudo()
        return (
            sorted(round(line.amount, 2) for line in session.statement_line_ids),
            sorted(round(payment.amount, 2) for payment in session.bank_payment_ids),
        )

    def assertClosedAlike(self, seed):
        theirs, ours = self.close_both(seed)
        sessions = theirs.session_id, ours.session_id
        self.assertTrue(sessions[1].move_id, "nothing was posted")
        for compared in (self.entry, self.gone, self.money):
            self.assertEqual(*map(compared, sessions), compared.__name__)
        self.assertSame(theirs, ours)
        self.assertEqual(*([round(o.margin, 6) for o in orders] for orders in (theirs, ours)))

    def test_the_entry_and_the_goods_are_the_same(self):
        self.assertClosedAlike(11)

    def test_the_cost_of_goods_is_the_same_where_stock_is_valued_as_it_moves(self):
        category = self.env["product.category"].create(
            {
                "name": "Valued",
                "property_cost_method": "average",
                "property_valuation": "real_time",
            }
        )
        self.company.write({"anglo_saxon_accounting": True, "inventory_valuation": "real_time"})
        for product in self.products.values():
            product.categ_id = category
        self.assertClosedAlike(12)
