"""Unseen combinations of taxes, discounts, charges, tips and returns tie to the order's totals."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from square_seller import assert_ties

from simulator_square import Charged, Pays, Seller, Wanted
from simulator_square.arithmetic import share

# What square_seller makes importable.
# isort: split
from odoo.addons.retail_connector_pos.providers.square.node import Node
from odoo.addons.retail_connector_pos.providers.square.ticket import to_ticket

PERCENTS = st.sampled_from(["0", "1.25", "5", "7.25", "8.875", "19", "20", "33.333"])
CURRENCIES = {"USD": 2, "JPY": 0, "KWD": 3}


@st.composite
def sellers(draw):
    """A seller with some taxes, discounts and goods."""
    seller = Seller(1, currency=draw(st.sampled_from(sorted(CURRENCIES))))
    kinds = draw(st.lists(st.tuples(PERCENTS, st.booleans()), min_size=0, max_size=3))
    taxes = [seller.add_tax(f"T{at}", *kind) for at, kind in enumerate(kinds)]
    discounts = [
        seller.add_discount(f"D{at}", percentage, 0 if percentage else draw(st.integers(1, 900)))
        for at, percentage in enumerate(draw(st.lists(st.none() | PERCENTS, max_size=2)))
    ]
    goods = [
        seller.add_item(f"I{at}", draw(st.integers(1, 20_000)),
                        taxes=tuple(draw(st.lists(st.sampled_from(taxes), unique=True)))
                        if taxes else ())
        for at in range(draw(st.integers(1, 3)))
    ]  # fmt: skip
    return seller, taxes, discounts, goods


@st.composite
def sales(draw):
    """A seller and a sale."""
    seller, taxes, discounts, goods = draw(sellers())

    def some(values, most=2):
        return tuple(draw(st.lists(st.sampled_from(values), unique=True, max_size=most))
                     ) if values else ()  # fmt: skip

    wanted = [
        Wanted(draw(st.sampled_from(goods)), draw(st.sampled_from(["1", "2", "3", "7", "0.35",
                                                                   "1.5", "12.125"])),
               discounts=some(discounts), modifiers=draw(st.sampled_from([(), (("Extra", 33),)])))
        for _line in range(draw(st.integers(1, 4)))
    ]  # fmt: skip
    charges = [
        Charged(percentage=draw(PERCENTS), taxes=some(taxes), apportioned=draw(st.booleans()))
        for _charge in range(draw(st.integers(0, 2)))
    ]
    charges = [
        Charged(c.name, c.percentage, taxes=() if c.apportioned else c.taxes,
                apportioned=c.apportioned) for c in charges
    ]  # fmt: skip
    tip = draw(st.sampled_from([0, 0, 37, 500]))
    pays = draw(st.sampled_from([
        [Pays(tip=tip)], [Pays("CASH", 10), Pays("WALLET", tip=tip)],
        [Pays("EXTERNAL", 5, outside="CHECK"), Pays("CASH", given=10**9), ],
    ]))  # fmt: skip
    order = seller.sell(
        "L001", wanted, pays, discounts=some(discounts), charges=charges,
        rounding=draw(st.sampled_from([0, 0, -2, 1, 3])),
    )  # fmt: skip
    return seller, order


def read(seller, order):
    """Return an order as a ticket."""
    return to_ticket(Node({
        "order": order, "location": seller.locations[order["location_id"]],
        "payments": list(seller.payments.values()), "refunds": list(seller.refunds.values()),
    }))  # fmt: skip


RUN = settings(
    max_examples=150, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


def cents(ticket, seller):
    return ticket.total.scaleb(CURRENCIES[seller.currency])


@RUN
@given(sales())
def test_sales_tie(sale):
    seller, order = sale
    found = read(seller, order)
    assert_ties(found)
    assert cents(found, seller) == order["total_money"]["amount"]


@RUN
@given(sales(), st.data())
def test_returns_and_exchanges_tie(sale, data):
    seller, order = sale
    lines = {}
    for line in order["line_items"]:
        whole = Decimal(line["quantity"])
        parts = [Decimal(0), whole, *([Decimal(1)] if whole > 1 else [])]
        quantity = data.draw(st.sampled_from(parts))
        if quantity:
            lines[line["uid"]] = str(quantity)
    instead = data.draw(st.sampled_from([(), (Wanted(None, 1, 4_321),)]))
    back = seller.give_back(order["id"], lines, instead=instead)
    found = read(seller, back)
    assert_ties(found)
    assert cents(found, seller) == back["net_amounts"]["total_money"]["amount"]
    returned = [line for line in found.lines if line.quantity < 0]
    assert {line.original_line_external_id for line in returned} == set(lines)
    assert all(line.original_ticket_external_id == order["id"] for line in returned)


@given(st.integers(-10_000, 10_000), st.lists(st.integers(0, 1_000), min_size=1, max_size=6))
def test_shares_add_up(amount, weights):
    assert sum(share(amount, weights)) == amount
