"""What the pictures of warehouses show: a third party that sends, counts, takes back and charges.

What it says is made up here, in the order in which it would happen.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from demo_day.company import Company
from demo_day.rpc import Odoo

from .harbor import HALL, Harbor, connect, moment

COUNT, DAMAGED, REASON = "HF-COUNT-18", "RMA-1003", "ZIP code 9010"
BUYERS = (
    ("Ada Lovelace", "12 Harbor Street", "San Diego", "92101"),
    ("Grace Hopper", "7 Pier Road", "Oakland", "94607"),
    ("Mary Anning", "3 Cliff Way", "Santa Cruz", "95060"),
    ("Lise Meitner", "21 Lake Drive", "Sacramento", "95814"),
)
# The last of them only in part.
SENT: tuple[dict[str, int], ...] = (
    {"TENT": 1, "BAG": 2},
    {"LAMP": 3},
    {"STOVE": 1, "LAMP": 1},
    {"TENT": 1},
    {"BAG": 1},
)
# As if they had been ready for some time, and the last of them should have left yesterday.
OLDER = """
    UPDATE retail_release
       SET create_date = create_date - (%(last)s - id + 2) * interval '3 hours 10 minutes'
     WHERE warehouse_id = %(warehouse)s
"""
LATE = """
    UPDATE retail_release SET ship_by = now() AT TIME ZONE 'UTC' - interval '1 day'
     WHERE name = %(name)s
"""
WAITED = """
    UPDATE retail_return SET turn_since = turn_since - %(days)s * interval '1 day'
     WHERE id = %(id)s
"""


def open_warehouses(
    odoo: Odoo, company: Company, database: str, settle: Callable[[], object]
) -> None:
    """Connect a third party, and let it work for some days."""
    harbor = connect(odoo, company, database, settle)
    buyers = odoo.create_many("res.partner", [_buyer(odoo, *one) for one in BUYERS])
    sold = _sell(harbor, buyers)
    _answer(harbor, sold)
    _return(harbor, sold[:4])
    _count(harbor, sold[10])
    _charge(harbor, sold[:4])


def _buyer(odoo: Odoo, name: str, street: str, city: str, zip_code: str) -> dict[str, Any]:
    country = odoo.reference("base.us")
    return {"name": name, "street": street, "city": city, "zip": zip_code, "country_id": country}


def _sell(harbor: Harbor, buyers: Sequence[int]) -> list[int]:
    """Sell; the last order has no street to go to."""
    wanted = [
        {"TENT": 1, "BAG": 2}, {"LAMP": 3}, {"STOVE": 1, "LAMP": 1}, {"TENT": 1},
        {"BAG": 1, "STOVE": 2}, {"LAMP": 4}, {"TENT": 2}, {"STOVE": 1}, {"BAG": 2, "LAMP": 2},
        {"TENT": 1, "LAMP": 1}, {"LAMP": 4},
    ]  # fmt: skip
    orders = [
        harbor.order(buyers[number % len(buyers)], **one) for number, one in enumerate(wanted)
    ]
    nowhere = harbor.odoo.create("res.partner", {"name": "Rosalind Franklin"})
    orders.append(harbor.order(nowhere, LAMP=1))
    harbor.settle()
    return orders


def _answer(harbor: Harbor, sold: Sequence[int]) -> None:
    """Four are sent, one in part, others wait for something or somebody."""
    for order in (*sold[:7], sold[10]):
        harbor.answer(order, "accepted")
    harbor.answer(sold[7], "rejected", reason=f"{REASON} is not in California. Correct the address")
    harbor.answer(sold[8], "on_hold", reason="Sleeping bags are being relabelled until Thursday")
    harbor.settle()
    for order, units in zip(sold, SENT, strict=False):
        harbor.ship(order, **units)
    harbor.settle()
    # It is asked, and has not answered yet.
    harbor.odoo.call("sale.order", "action_cancel", [sold[6]], context=harbor.company.context)
    harbor.settle()
    last = harbor.odoo.search("retail.release", [], limit=1, order="id desc")[0]
    harbor.pass_time(OLDER, last=last)
    harbor.pass_time(LATE, name=harbor.release(sold[5]))


def _return(harbor: Harbor, sold: Sequence[int]) -> None:
    """Goods come back: one return each for the customer, the carrier, us, and the accountant."""
    names = [_authorise(harbor, order, f"RMA-100{at}") for at, order in enumerate(sold, 1)]
    harbor.odoo.call("retail.return", "action_sent", [names[1][0]])
    for (record, rma), order, sku, condition, disposition in (
        (names[2], sold[2], "HF-STOVE", "damaged", "undecided"),
        (names[3], sold[3], "HF-TENT", "sellable", "restock"),
    ):
        line = {
            "external_id": f"L-{record}", "sku": sku, "quantity": "1", "received_quantity": "1",
            "condition": condition, "disposition": disposition,
        }  # fmt: skip
        harbor.say(
            "returns", external_id=f"HF-{rma}", name=rma, state="received", lines=[line],
            order_external_id=harbor.release(order), location_external_id=HALL,
            received_at=moment(),
        )  # fmt: skip
    harbor.settle()
    for (record, _rma), days in zip(names, (8, 4, 1, 0), strict=True):
        harbor.pass_time(WAITED, id=record, days=days)


def _authorise(harbor: Harbor, order: int, rma: str) -> tuple[int, str]:
    """Enter a return of one unit of an order's first line; return it with its number."""
    odoo, context = harbor.odoo, harbor.company.context
    place = {"warehouse_id": harbor.house, "backend_id": harbor.backend}
    values = {"order_id": order, "rma": rma, **place}
    wizard = odoo.create("retail.return.entry", values, **context)
    lines = odoo.search("retail.return.entry.line", [("wizard_id", "=", wizard)], order="id")
    change = {"quantity": 1, "reason": "Ordered too many" if rma != DAMAGED else "Does not light"}
    odoo.write("retail.return.entry.line", lines[0], change)
    opened = odoo.call("retail.return.entry", "action_enter", [wizard], context=context)
    return opened["res_id"], rma


def _count(harbor: Harbor, made_here: int) -> None:
    """Count: lamps differ because their delivery was made in Odoo, tents and stoves as such."""
    odoo, context = harbor.odoo, harbor.company.context
    (picking,) = odoo.search("stock.picking", [("sale_id", "=", made_here)])
    odoo.call("stock.picking", "button_validate", [picking], context=context)
    harbor.settle()
    (place,) = odoo.read("stock.warehouse", [("id", "=", harbor.house)], "lot_stock_id")
    quants = odoo.read(
        "stock.quant", [("location_id", "=", place["lot_stock_id"][0])], "product_id", "quantity"
    )
    shelf = {row["product_id"][0]: row["quantity"] for row in quants}
    counted = {"HF-TENT": -3, "HF-STOVE": 2, "HF-LAMP": 4, "HF-BAG": 0}
    lines = [
        {"sku": sku, "on_hand": str(int(shelf[harbor.products[sku]] + more))}
        for sku, more in counted.items()
    ]
    harbor.say(
        "stock-snapshots", external_id=COUNT, snapshot_external_id=COUNT, complete=False,
        location_external_id=HALL, taken_at=moment(),
        lines=[*lines, {"sku": "HF-TARP", "on_hand": "12"}],
    )  # fmt: skip
    harbor.settle()


def _charge(harbor: Harbor, sold: Sequence[int]) -> None:
    """Charge for what was sent: once too much, once too dear, once twice, once nobody knows for."""
    names = [harbor.release(order) for order in sold]
    picked = (3, 3, 2, 1)
    lines = [_line("pick", units, "0.50", name) for units, name in zip(picked, names, strict=True)]
    lines += [_line("pack", 1, "1.25", name) for name in names]
    lines += [_line("freight", 1, "6.40", name, tracking_number=f"1Z-{name}") for name in names]
    lines[1] = _line("pick", 5, "0.50", names[1])
    lines[6] = _line("pack", 1, "1.75", names[2])
    lines += [
        _line("pick", picked[0], "0.50", names[0], "again"),
        _line("material", 4, "0.90", None, description="Boxes, size L"),
    ]
    total = sum(float(line["amount"]["amount"]) for line in lines)
    today = datetime.now(timezone.utc).date()
    harbor.say(
        "warehouse-invoices", external_id="HF-INV-5", number=f"HF {today:%Y}-0117",
        issued_on=str(today), period_start=str(today - timedelta(days=7)), period_end=str(today),
        location_external_id=HALL, total=_money(f"{total:.2f}"), lines=lines,
    )  # fmt: skip
    harbor.settle()


def _line(
    service: str, quantity: int, price: str, release: str | None, more: str = "", **values: Any
) -> dict[str, Any]:
    return {
        "external_id": f"{service}-{release}{more}",
        "service": service,
        "quantity": str(quantity),
        "unit_price": _money(price),
        "amount": _money(f"{quantity * float(price):.2f}"),
        **({"order_external_id": release} if release else {}),
        **values,
    }


def _money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}
