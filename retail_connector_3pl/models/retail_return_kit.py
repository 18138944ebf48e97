from collections import defaultdict
from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.canonical.goods_return import ReturnLine
from odoo.addons.retail_connector_base.models.retail_return_goods import PERSON
from odoo.addons.retail_connector_base.models.retail_return_settle import exact

from ..decisions.kit_units import whole_kits, without_kits

NOTHING = Decimal(0)
# The line of a message that stands for whole kits of an order line.
KIT = "kit:"


class RetailReturnGoods(models.Model):
    """Goods that are kits move as their parts."""

    _inherit = "retail.return.goods"

    def _parts(self):
        """Return by product the units that one unit of these goods is."""
        self.ensure_one()
        line, product = self.line_id, self.product_id
        if product == line.product_id:
            return line._parts()
        return self.env["retail.kit"]._parts(product, self.company_id) or {product: Decimal(1)}


class RetailReturn(models.Model):
    """Kits that come back as parts: whoever sends parts out takes parts in.

    Whole kits among the parts are the kits that were sold. What is left over is no kit: it is
    booked as what it is, and shown like anything else that was not authorised.
    """

    _inherit = "retail.return"

    def _sold_kits(self):
        """Return by order line that sold a kit the units of its parts."""
        found = {}
        for sold in self.order_id.order_line.filtered(lambda one: one.product_uom_qty > 0):
            parts = self.env["retail.kit"]._parts(sold.product_id, self.company_id, sold.move_ids)
            if parts:
                found[sold] = parts
        return found

    def _as_kits(self, backend, told):
        """Return a message in which the parts of kits that were sold are these kits."""
        sold = self._sold_kits()
        if not sold or not told.lines:
            return told
        finder = self.env["retail.return.finder"]
        products = finder._products(backend, [line.sku for line in told.lines])
        own = self.order_id.order_line.product_id
        lines = list(told.lines)
        for sale_line, needs in sold.items():
            lines = self._with_kit(lines, products, sale_line, needs, own)
        return told.model_copy(update={"lines": tuple(lines)})

    def _with_kit(self, lines, products, sale_line, needs, own):
        """Return lines with the whole kits of one order line put together."""
        parts = [
            line
            for line in lines
            if products.get(line.sku) in needs and products[line.sku] not in own and not line.lots
        ]
        if len({(line.condition, line.disposition) for line in parts}) != 1:
            return lines
        if self._moved_of(needs):
            # They are booked as loose parts: as kits they would come twice.
            return lines
        asked = self._kits_in(parts, products, needs, "quantity")
        came = self._kits_in(parts, products, needs, "received_quantity")
        if not (asked or came):
            return lines
        kit = ReturnLine(
            external_id=f"{KIT}{sale_line.id}",
            sku=sale_line.product_id.default_code,
            quantity=asked,
            received_quantity=came,
            reason=parts[0].reason,
            condition=parts[0].condition,
            disposition=parts[0].disposition,
        )
        # Kits that were booked and are told to be fewer by now do not come again as parts.
        taken = max(came or NOTHING, self._moved_of([sale_line.product_id]))
        rest = self._rest_of(parts, products, needs, asked, taken)
        return [line for line in lines if line not in parts] + [kit, *rest]

    def _moved_of(self, products):
        """Return the units of products that are booked."""
        rows = self.goods_ids.filtered(lambda row: row.product_id in products)
        return exact(sum(rows.mapped("moved_quantity")))

    def _kits_in(self, lines, products, needs, name):
        """Return the whole kits in a figure of lines of parts, ``None`` where none tells it."""
        units = _sums(lines, products, name)
        return whole_kits(units, needs) if units else None

    def _rest_of(self, lines, products, needs, asked, came):
        """Return lines of what is beyond whole kits."""
        left = without_kits(_sums(lines, products, "quantity"), needs, asked)
        here = without_kits(_sums(lines, products, "received_quantity"), needs, came)
        first = {products[line.sku]: line for line in reversed(lines)}
        for product in {**left, **here}:
            told = {"quantity": left.get(product, NOTHING)}
            if first[product].received_quantity is not None:
                told["received_quantity"] = here.get(product, NOTHING)
            yield first[product].model_copy(update=told)

    def _sale_line_of(self, finder, binding, told, products):
        """Override: what was put together from parts names its order line."""
        named = self.order_id.order_line.filtered(
            lambda one: told.external_id == f"{KIT}{one.id}" and not told.order_line_external_id
        )
        return named or super()._sale_line_of(finder, binding, told, products)

    # What a person validated

    def _note_kits(self, picking, moves):
        """Write down the whole kits among validated moves of parts; return these moves."""
        noted = self.env["stock.move"]
        for line in self.line_ids.filtered("sale_line_id"):
            needs = line._parts()
            own = moves.filtered(
                lambda one, line=line, needs=needs: (
                    one.sale_line_id == line.sale_line_id and one.product_id in needs
                )
            )
            if line.product_id in needs or not own:
                continue
            units = defaultdict(Decimal)
            for move in own:
                units[move.product_id] += move._in_product_units()
            kits = whole_kits(units, needs)
            # Odd parts are noted one by one.
            if kits and not without_kits(units, needs, kits):
                self._note_kit(picking, line, own, kits)
                noted |= own
        return noted

    def _note_kit(self, picking, line, moves, kits):
        shelves = picking.picking_type_id.warehouse_id.lot_stock_id
        on_shelf = all(move.location_dest_id._child_of(shelves) for move in moves)
        place = "restock" if on_shelf else "undecided"
        row = self.env["retail.return.goods"].create(
            {
                "return_id": self.id,
                "line_id": line.id,
                "key": f"move:{moves[0].id}",
                "rank": PERSON,
                "product_id": line.product_id.id,
                "warehouse_id": picking.picking_type_id.warehouse_id.id,
                "quantity": float(kits),
                "moved_quantity": float(kits),
                "place": place,
                "chosen_disposition": place if on_shelf else False,
                "disposition": place,
                "decided_by_id": self.env.uid if on_shelf else False,
            }
        )
        for move in moves:
            self._bind_move(row, move, move._in_product_units())


def _sums(lines, products, name):
    """Return by product the units that lines tell."""
    found = defaultdict(Decimal)
    for line in lines:
        if getattr(line, name) is not None:
            found[products[line.sku]] += getattr(line, name)
    return dict(found)
