from odoo import models

from odoo.addons.retail_connector_base.canonical.goods_return import Condition
from odoo.addons.retail_connector_base.models.retail_return_goods import HOLDER, IMPLIED, TOLD
from odoo.addons.retail_connector_base.models.retail_return_settle import exact

from ..decisions.return_receipt import received_of


class RetailReturn(models.Model):
    """Writes down what came, as each system tells of it."""

    _inherit = "retail.return"

    def _take_goods(self, finder, binding, told):
        """Write down what came, as this system tells of it now."""
        wanted = {}
        any_told = any(line.received_quantity is not None for line in told.lines)
        products = finder._products(binding.backend_id, [line.sku for line in told.lines])
        for each in told.lines:
            units, implied = received_of(each, told.state, any_told)
            if implied and units and self._is_told_elsewhere(finder, binding.backend_id):
                continue
            for key, values in self._goods_of(
                finder, binding, told, each, units, implied, products
            ):
                wanted[key] = values
        rows = self.goods_ids.filtered(lambda row: row.binding_id == binding)
        by_key = {row.key: row for row in rows}
        for key, values in wanted.items():
            row = by_key.get(key)
            if row:
                self._update_goods(row, values)
            elif values["quantity"]:
                self._add_goods(binding, key, values)
        gone = rows.filtered(lambda row: row.key not in wanted and row.quantity)
        gone.write({"quantity": 0.0})
        self.goods_ids._decide()

    def _is_told_elsewhere(self, finder, backend):
        """Tell whether somebody else has the goods in his hands, and will say what came."""
        third = finder._third_party(self.warehouse_id)
        return bool(third and third.backend_id != backend)

    def _goods_of(self, finder, binding, told, each, units, implied, products):
        """Yield (key, values) of what came of a told line: one for each lot."""
        line = self.env["retail.return.line"].browse(binding.lines[each.external_id])
        product = products.get(each.sku) or line.product_id
        condition = each.condition.value
        if line.product_id and product != line.product_id:
            condition = Condition.WRONG_ITEM.value
        warehouse = self._place_of(finder, binding.backend_id, told)
        holds = finder._runs(binding.backend_id, warehouse)
        values = {
            "line_id": line.id,
            "product_id": product.id,
            "sku": each.sku,
            "warehouse_id": warehouse.id,
            "condition": condition,
            "told_disposition": each.disposition.value,
            "note": each.note,
            "rank": HOLDER if holds else IMPLIED if implied else TOLD,
            "lot_name": False,
        }
        left = units
        for lot in each.lots if units else ():
            part = min(lot.quantity, left)
            left -= part
            key = f"{each.external_id}#{lot.number}"
            yield key, {**values, "lot_name": lot.number, "quantity": float(part)}
        yield each.external_id, {**values, "quantity": float(left)}

    def _add_goods(self, binding, key, values):
        return self.env["retail.return.goods"].create(
            {**values, "return_id": self.id, "binding_id": binding.id, "key": key}
        )

    def _update_goods(self, row, values):
        """Write what changed; where goods were put away once is where they are."""
        # What is not told a person may have said.
        said = {name for name in ("lot_name", "product_id") if not values[name]}
        values = {name: value for name, value in values.items() if name not in said}
        if exact(row.moved_quantity):
            kept = ("warehouse_id", "product_id", "lot_name")
            values = {name: value for name, value in values.items() if name not in kept}
        changed = {
            name: value
            for name, value in values.items()
            if (row[name].id if name.endswith("_id") else row[name]) != value
        }
        if changed:
            row.write(changed)
