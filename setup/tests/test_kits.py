"""Kits are offered by their scarcest component. Manufacturing is installed for this test alone."""

from odoo_shell import require_told

MODULES = ("retail_connector_base", "retail_connector_shop", "mrp")
SCRIPT = """
from odoo.addons.retail_connector_base.providers import Answer, Verdict

place = env["stock.warehouse"].search([], limit=1).lot_stock_id
def product(name, stock=0):
    made = env["product.product"].create({"name": name, "is_storable": True})
    if stock:
        env["stock.quant"]._update_available_quantity(made, place, stock)
    return made
mug, spoon, box = product("Mug", 7), product("Spoon", 21), product("Box")
dozen = env.ref("uom.product_uom_dozen")
set_, gift = product("Set", 99), product("Gift")
bom = env["mrp.bom"].create({
    "product_tmpl_id": set_.product_tmpl_id.id, "type": "phantom", "product_qty": 2,
    "bom_line_ids": [(0, 0, {"product_id": mug.id, "product_qty": 2}),
                     (0, 0, {"product_id": spoon.id, "product_qty": 12})],
})
nested = env["mrp.bom"].create({
    "product_tmpl_id": gift.product_tmpl_id.id, "type": "phantom",
    "bom_line_ids": [(0, 0, {"product_id": set_.id, "product_qty": 2})],
})
backend = env["retail.backend"].create({"name": "Kits", "provider": "shopify", "state": "running"})
env["retail.location.binding"].create(
    {"backend_id": backend.id, "external_id": "1", "name": "Main", "odoo_id": place.id})
for each in mug, spoon, set_, gift:
    env["retail.product.binding"].create({
        "backend_id": backend.id, "external_id": each.name, "odoo_id": each.id,
        "inventory_item_external_id": each.name})
flow = backend.flow_ids.filtered(lambda f: f.kind == "stock_level" and f.direction == "out")
flow.action_resume()
stock = env["retail.projection.stock"]

def told():
    rows = stock._new_attempt(flow)
    found = {row.binding_id.external_id: row.attempted for row in rows}
    for row in rows:
        stock._acknowledge(row, Answer(Verdict.DONE))
    rows.write({"attempt_key": False})
    return found

def noted():
    env.cr.precommit.run()

first = told()
assert first == {"Mug": 7, "Spoon": 21, "Set": 3, "Gift": 1}, first
noted(); told()
env["stock.quant"]._update_available_quantity(spoon, place, -9)
noted()
second = told()
assert second == {"Spoon": 12, "Set": 2}, second
env["stock.quant"]._update_available_quantity(mug, place, -7)
noted()
third = told()
assert third == {"Mug": 0, "Set": 0, "Gift": 0}, third
print("kits are right")
"""


def test_a_kit_is_offered_by_its_scarcest_component():
    require_told("kits", MODULES, SCRIPT, "kits are right")
