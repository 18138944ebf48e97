"""The same sales through Odoo's own point of sale and through us: every field is the same."""

import random
from decimal import Decimal

from odoo.tests import tagged

from .common import PosCase
from .odoo_register import make_cashier, open_session, sync, ui_order
from .tickets import SOLD_AT, card, cash, line, ticket

# Who and where, and what only one of the two knows.
WHERE = {
    "id", "name", "uuid", "session_id", "config_id", "sale_journal", "access_token", "user_id",
    "create_uid", "create_date", "write_uid", "write_date", "order_id", "pos_order_id",
    "last_order_preparation_change", "company_id", "retail_stock_apart", "pricelist_id",
    "message_main_attachment_id", "payment_method_id",
}  # fmt: skip
TICKETS = 25


def shop(seed):
    """Return the drawn sales: baskets, discounts, refunds, change, split and tipped payments."""
    rng = random.Random(seed)
    return [draw(rng, number) for number in range(1, TICKETS + 1)]


def draw(rng, number):
    """Return one ticket of a register that adds up as Odoo does."""
    included, back = rng.random() < 0.7, rng.random() < 0.15
    lines = [draw_line(rng, included, back) for _ in range(rng.randint(1, 4))]
    tip = Decimal(rng.choice((0, 0, 0, 2)) if not back else 0)
    message = ticket(
        *lines, included=included, tip=tip, sequence=number, number=f"S1-R1-{number:05d}",
        sold_at=SOLD_AT, tenders=(),
    )  # fmt: skip
    return message


def draw_line(rng, included, back):
    quantity = Decimal(rng.choice(("1", "2", "3", "7", "0.335")))
    quantity = -quantity if back else quantity
    price = Decimal(rng.randint(1, 20000)) / 100
    percent = Decimal(rng.choice((0, 0, 0, 10, 25, 50)))
    rate = rng.choice(("0.19", "0.07"))
    discount = quantity * price * percent / 100
    drawn = line(rng.choice("ABC"), quantity, price, discount, (rate,), included)
    # Told as it is computed: Odoo rounds each tax over the whole ticket.
    base = (quantity * price - discount) / (1 + Decimal(rate) if included else 1)
    exact = (base * Decimal(rate)).quantize(Decimal("1e-9"))
    tax = drawn.taxes[0].model_copy(update={"amount": exact})
    return drawn.model_copy(update={"taxes": (tax,)})


def pay(rng, message, total, tax):
    """Return the ticket with the totals that the register computed, and how it was paid."""
    way = rng.choice(("cash", "card", "split", "change")) if total > 0 else "card"
    if way == "cash":
        tenders = [cash(total)]
    elif way == "change":
        tenders = [cash(total + 5), cash(-5)]
    elif way == "split":
        part = (total / 2).quantize(Decimal("0.01"))
        tenders = [cash(part), card(total - part)]
    else:
        tenders = [card(total)]
    tenders = [tender for tender in tenders if tender.amount]
    return message.model_copy(update={"total": total, "total_tax": tax, "tenders": tuple(tenders)})


class EqualityCase(PosCase):
    """Register R1 is ours, R2 is run by Odoo's own user interface."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.backend.allows_unreferenced_returns = True
        cls.weigh()
        cls.cashier = make_cashier(cls.env, cls.company)
        own = cls.env(user=cls.cashier)
        cls.session = open_session(cls.config2.with_env(own), cls.cashier)
        cls.methods = {"cash": cls.cash_method(cls.register2), "card": cls.card}
        configs = cls.config | cls.config2
        tip = cls.env.ref("point_of_sale.product_product_tip").sudo()
        configs.sudo().write({"iface_tipproduct": True, "tip_product_id": tip.id})

    def both(self, messages, seed=0):
        """Sell drawn tickets both ways; return (theirs, ours), orders in the same sequence."""
        rng, told, orders = random.Random(seed), [], []
        for message in messages:
            probe = self.as_ui(message)
            total, tax = (Decimal(str(probe[f"amount_{name}"])) for name in ("total", "tax"))
            paid = pay(rng, message, total, tax)
            told.append(paid)
            orders.append(self.as_ui(paid))
        theirs = sync(self.session, orders)
        self.drain(*told)
        ours = self.env["pos.order"].union(*(self.order(message) for message in told))
        return theirs.with_env(self.env).sorted("sequence_number"), ours.sorted("sequence_number")

    def as_ui(self, message):
        """Return what Odoo's user interface would send for this ticket."""
        return ui_order(self.session, message, self.products, self.taxes, self.methods)

    def assertSame(self, theirs, ours):
        """Compare all stored fields of orders, lines and payments."""
        self.assertEqual(len(theirs), len(ours))
        for one, other in zip(theirs, ours, strict=True):
            self.assertEqual(self.content(one), self.content(other), one.pos_reference)
            for part in ("lines", "payment_ids"):
                pair = [[self.content(each) for each in order[part]] for order in (one, other)]
                self.assertEqual(*map(_sorted, pair), f"{one.pos_reference} {part}")

    def content(self, record):
        """Return the stored fields of a record that tell what was sold, as comparable values."""
        found = {}
        for name, field in record._fields.items():
            if not field.store or not field.column_type or name in WHERE:
                continue
            value = record[name]
            if field.type == "many2one":
                value = self.place(value)
            elif field.type in ("float", "monetary"):
                value = round(value, 9)
            found[name] = value or False
        found["taxes"] = sorted(record.tax_ids.ids) if "tax_ids" in record else None
        if record._name == "pos.payment":
            found["cash"] = record.payment_method_id.is_cash_count
            # Odoo gives change at the moment it is told.
            if record.is_change:
                found.pop("payment_date")
        return found

    def place(self, value):
        return value.id if value._name not in ("pos.session", "pos.config") else value._name


def _sorted(rows):
    return sorted(rows, key=repr)


@tagged("post_install", "-at_install")
class TestTicketEquality(EqualityCase):
    def test_orders_lines_and_payments_are_what_odoo_would_have_made(self):
        for seed in (1, 2):
            with self.subTest(seed=seed):
                theirs, ours = self.both(shop(seed), seed)
                self.assertSame(theirs, ours)
                (theirs | ours).invalidate_recordset()

    def test_names_follow_odoo(self):
        theirs, ours = self.both(shop(3), 3)
        names = [
            [order.name.removeprefix(order.config_id.name) for order in orders]
            for orders in (theirs, ours)
        ]
        self.assertEqual(*names)

    def test_margins_are_the_same(self):
        theirs, ours = self.both(shop(4), 4)
        self.assertEqual(
            [round(order.margin, 6) for order in theirs], [round(order.margin, 6) for order in ours]
        )
