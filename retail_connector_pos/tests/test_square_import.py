from decimal import Decimal

from odoo.tests import tagged

from .common import PosCase
from .square_common import line, order, payment, tender, ticket

LOCATION = {"id": "S1", "name": "Store 1", "timezone": "Europe/Berlin", "currency": "EUR"}
INCLUDED = {"uid": "in", "name": "MwSt", "percentage": "19", "type": "INCLUSIVE"}
ADDED = {"uid": "on", "name": "VAT", "percentage": "19", "type": "ADDITIVE"}


def euros(value):
    """Return content with all its money in euros."""
    if isinstance(value, dict):
        found = {key: euros(part) for key, part in value.items()}
        return {**found, "currency": "EUR"} if "currency" in found else found
    return [euros(part) for part in value] if isinstance(value, list) else value


def applied(uid, amount):
    return {
        "uid": f"{uid}-{amount}",
        "tax_uid": uid,
        "applied_money": {"amount": amount, "currency": "EUR"},
    }


@tagged("post_install", "-at_install")
class TestSquareImport(PosCase):
    """What Square's orders become in Odoo ties with the orders themselves."""

    def read_order(self, *lines, total, paid=None, taxes=(), **more):
        """Return the ticket of an order of register R1."""
        rows = [{**row, "catalog_object_id": row.get("catalog_object_id", "VAR")} for row in lines]
        number = more.pop("number", f"O-{len(rows)}-{total}")
        tenders = paid or [tender("P1", total)]
        shown = order(*rows, total=total, tenders=tenders, taxes=list(taxes), location_id="S1",
                      **more)  # fmt: skip
        shown["id"] = number
        taken = [payment(one["id"], one["amount_money"]["amount"], location_id="S1",
                         device_details={"device_id": "R1"}) for one in tenders]  # fmt: skip
        goods = [
            {"id": row["catalog_object_id"], "item_variation_data": {"sku": row["name"]}}
            for row in rows if row["catalog_object_id"]
        ]  # fmt: skip
        more = {"payments": euros(taken), "variations": goods}
        return ticket(euros(shown), location=LOCATION, **more)

    def goods(self, sku, total, quantity="1", taxes=(), **more):
        row = line(sku.lower(), total, quantity, catalog_object_id=f"VAR-{sku}", **more)
        return {**row, "name": sku, "applied_taxes": list(taxes)}

    def assert_same(self, found):
        """Check that the order in Odoo has the ticket's own figures."""
        self.drain(found)
        made = self.order(found)
        self.assertEqual(made.state, "paid")
        self.assertAlmostEqual(made.amount_total, float(found.total), 2)
        self.assertAlmostEqual(made.amount_tax, float(found.total_tax), 2)
        self.assertAlmostEqual(made.amount_paid, float(found.total), 2)
        return made

    def test_taxes_within_a_discount_and_change(self):
        cash = {"buyer_tendered_money": {"amount": 3000, "currency": "EUR"},
                "change_back_money": {"amount": 858, "currency": "EUR"}}  # fmt: skip
        row = self.goods("A", 2142, "2", [applied("in", 342)], tax=342, discount=238)
        found = self.read_order(row, total=2142, taxes=[INCLUDED],
                          paid=[tender("P1", 2142, "CASH", cash_details=cash)],
                          net_amounts=_net(2142, 342))  # fmt: skip
        made = self.assert_same(found)
        self.assertEqual(made.lines.product_id, self.products["A"])
        self.assertEqual(sorted(made.payment_ids.mapped("amount")), [-8.58, 30])

    def test_taxes_on_top_and_two_tenders(self):
        row = self.goods("B", 1190, "1", [applied("on", 190)], tax=190)
        found = self.read_order(row, total=1190, taxes=[ADDED], net_amounts=_net(1190, 190),
                          paid=[tender("P1", 700), tender("P2", 490, "CASH")])  # fmt: skip
        self.assert_same(found)

    def test_both_ways_of_taxes_in_one_order(self):
        rows = (
            self.goods("A", 1190, "1", [applied("in", 190)], tax=190),
            self.goods("B", 595, "1", [applied("on", 95)], tax=95),
        )
        found = self.read_order(*rows, total=1785, taxes=[INCLUDED, ADDED],
                          net_amounts=_net(1785, 285))  # fmt: skip
        self.assert_same(found)

    def test_a_return_goes_back_to_what_was_sold(self):
        row = self.goods("A", 2380, "2", [applied("in", 380)], tax=380)
        sold = self.read_order(row, total=2380, taxes=[INCLUDED], net_amounts=_net(2380, 380),
                         number="SOLD")  # fmt: skip
        self.assert_same(sold)
        back = {**self.goods("A", 1190, "1", [applied("in", 190)], tax=190),
                "uid": "ret", "source_line_item_uid": "a"}  # fmt: skip
        part = {"uid": "r", "source_order_id": "SOLD", "return_line_items": [back],
                "return_taxes": [INCLUDED]}  # fmt: skip
        refund = {"id": "R1", "tender_id": "P1", "status": "APPROVED", "location_id": "S1",
                  "amount_money": {"amount": 1190, "currency": "EUR"}, "reason": "x"}  # fmt: skip
        shown = order(returns=[part], refunds=[refund], net_amounts=_net(-1190, -190))
        paid = payment("P1", 2380, location_id="S1", device_details={"device_id": "R1"})
        goods = {"id": "VAR-A", "item_variation_data": {"sku": "A"}}
        found = ticket(euros({**shown, "id": "BACK", "location_id": "S1"}), LOCATION,
                       payments=[euros(paid)], variations=[goods])  # fmt: skip
        made = self.assert_same(found)
        self.assertEqual(made.lines.refunded_orderline_id.order_id, self.order(sold))
        self.assertEqual(found.total, Decimal("-11.90"))

    def test_the_same_order_twice_is_one(self):
        row = self.goods("A", 1190, "1", [applied("in", 190)], tax=190)
        found = self.read_order(row, total=1190, taxes=[INCLUDED], net_amounts=_net(1190, 190))
        made = self.assert_same(found)
        self.drain(found)
        self.assertEqual(self.order(found), made)

    def test_an_order_that_does_not_add_up_makes_nothing(self):
        row = self.goods("A", 1190, "1", [applied("in", 190)], tax=190)
        found = self.read_order(row, total=1190, taxes=[INCLUDED], net_amounts=_net(1290, 190))
        self.problem_of(found)
        self.assertFalse(self.order(found))


def _net(total, tax):
    return {"total_money": {"amount": total, "currency": "EUR"},
            "tax_money": {"amount": tax, "currency": "EUR"}}  # fmt: skip
