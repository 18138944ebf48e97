"""What a third party sent is brought back to a store: stores and warehouses together."""

from odoo_shell import require_told

MODULES = (
    "retail_connector_base",
    "retail_connector_shop",
    "retail_connector_payment",
    "retail_connector_pos",
    "retail_connector_3pl",
)
SCRIPT = """
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from itertools import count

from odoo.addons.retail_connector_base.canonical import Return, ReturnLine, ReturnState
from odoo.addons.retail_connector_base.canonical.goods_return import Condition, Disposition
from odoo.addons.retail_connector_base.providers import ReceivedMessage

env["account.chart.template"].try_loading("generic_coa", env.company)
numbers = count(1)
third = env["stock.warehouse"].create({"name": "Third Party", "code": "TP5"})
shelf = env["stock.warehouse"].create({"name": "Store", "code": "ST5"})
mug = env["product.product"].create(
    {"name": "MUG", "default_code": "MUG", "is_storable": True, "lst_price": 10,
     "taxes_id": [(5, 0, 0)]})
env["stock.quant"]._update_available_quantity(mug, third.lot_stock_id, 20)
def backend(name, provider="canonical"):
    return env["retail.backend"].create(
        {"name": name, "provider": provider, "state": "running", "lane_count": 1})
house, shop, estate = backend("Third Party"), backend("Shop", "shopify"), backend("Stores")
estate.return_orders_backend_id = shop
env["retail.warehouse"].create(
    {"backend_id": house.id, "external_id": "W1", "name": "W1", "odoo_id": third.id})
env["retail.pos.store"].create(
    {"backend_id": estate.id, "external_id": "STORE-1", "name": "Store", "odoo_id": shelf.id})

def delivered(units):
    order = env["sale.order"].create({
        "partner_id": env["res.partner"].create({"name": "Ada"}).id, "warehouse_id": third.id,
        "order_line": [(0, 0, {"product_id": mug.id, "product_uom_qty": units,
                               "price_unit": 10})]})
    binding = env["retail.order.binding"].create({
        "backend_id": shop.id, "external_id": f"web-{order.id}", "name": order.name,
        "odoo_id": order.id, "state": "confirmed", "currency_id": order.currency_id.id,
        "amount_total": order.amount_total})
    env["retail.order.line.binding"].create({
        "order_binding_id": binding.id, "backend_id": shop.id, "company_id": env.company.id,
        "part": "line", "external_id": f"line-{order.id}", "odoo_id": order.order_line.id,
        "imported_quantity": units})
    order.action_confirm()
    order.picking_ids.action_assign()
    for move in order.picking_ids.move_ids:
        move.write({"quantity": move.product_uom_qty, "picked": True})
    order.picking_ids._action_done()
    return order

def tell(source, order, state, units, came=None, place=None, name=None, **values):
    number = next(numbers)
    line = ReturnLine(
        external_id="1", sku="MUG", order_line_external_id=f"line-{order.id}",
        quantity=Decimal(units), received_quantity=None if came is None else Decimal(came),
        condition=Condition(values.pop("condition", "sellable")),
        disposition=Disposition(values.pop("disposition", "restock")))
    message = Return(
        external_id=name or f"RET-{number}", order_external_id=f"web-{order.id}",
        state=ReturnState(state), location_external_id=place, lines=(line,),
        updated_at=datetime.now(timezone.utc) + timedelta(seconds=number))
    env["retail.inbox.receiver"]._store(source.id, 1, ReceivedMessage(
        event_id=f"event-{number}", topic="api/return", kind="return",
        body=message.model_dump_json().encode(), entity_key=message.entity_key,
        version=message.version, observed_at=number), "api")
    env.flush_all()
    while found := env["retail.inbox.drain"]._claim(source.id, 0):
        env["retail.inbox.processor"]._process(found)
        env.flush_all()
    for warehouse in (third, shelf):
        while env["retail.reservation"]._try_chunk(warehouse.id):
            env.flush_all()
    env.invalidate_all()
    return env["retail.inbox.message"].search([("backend_id", "=", source.id)], order="id desc",
                                              limit=1)

def units(warehouse):
    return mug.with_context(location=warehouse.lot_stock_id.id).qty_available
def of(order):
    return env["retail.return"].search([("order_id", "=", order.id)])
def problems(state="open"):
    return env["retail.exception"].search([("state", "=", state)]).mapped("code")

# Authorised by the shop, expected at the warehouse, brought to the store.
order = delivered(3)
assert units(third) == 17
tell(shop, order, "authorized", 2)
record = of(order)
assert record.picking_ids.picking_type_id.warehouse_id == third
message = tell(estate, order, "received", 2, 1, "STORE-1", name="S-1")
assert message.state == "done", message.error
assert of(order) == record, of(order)
assert (units(shelf), units(third)) == (1, 17), (units(shelf), units(third))
assert record.warehouse_id == shelf and record.line_ids.received_quantity == 1
assert record.refund_state == "not_due", record.refund_state
assert order.order_line.qty_delivered == 2
# Told again nothing moves; the rest makes the money due.
tell(estate, order, "received", 2, 1, "STORE-1", name="S-1")
assert units(shelf) == 1
tell(estate, order, "completed", 2, 2, "STORE-1", name="S-1")
assert (units(shelf), units(third)) == (2, 17), (units(shelf), units(third))
assert record.state in ("refund_eligible", "refunded", "completed"), record.state
assert record.asked_amount == 20 and record.refund_state == "asked", record.refund_state
assert record.refund_eligible_at and "return_refund_due" in problems(), problems()
waiting = record.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))
assert not waiting.move_ids.filtered(lambda one: one.state not in ("done", "cancel"))
lane = env["retail.goods.task"].search([("res_model", "=", "retail.return")])
assert set(lane.mapped("state")) == {"done"}, lane.mapped("error")

# Nobody had announced it: a store takes it in, damaged, out of sale.
order = delivered(1)
tell(estate, order, "received", 1, 1, "STORE-1", condition="damaged", disposition="undecided")
assert units(shelf) == 2
place = shelf._retail_place("undecided")
assert mug.with_context(location=place.id).qty_available == 1
assert "return_damaged" in problems() and of(order).whose_turn == "operator"

# A store that nobody knows: the message waits, and goods lie nowhere by mistake.
order = delivered(1)
message = tell(estate, order, "received", 1, 1, "STORE-9")
assert message.state == "blocked", message.state
assert "return_place_unknown" in problems() and not of(order)
assert units(shelf) == 2
print("brought to the store")
"""


def test_a_web_order_of_a_third_partys_warehouse_comes_back_to_a_store():
    require_told("store_return", MODULES, SCRIPT, "brought to the store")
