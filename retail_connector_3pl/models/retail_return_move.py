from decimal import Decimal

from odoo import fields, models
from odoo.fields import Command

from odoo.addons.retail_connector_base.models.retail_return_goods import PERSON
from odoo.addons.retail_connector_base.models.retail_return_settle import exact

from .stock_picking_return import MOVING

NOTHING = Decimal(0)
UNDECIDED = "undecided"
# Where units are put before they go on: scrap and vendors' goods leave in a step of their own.
DIRECT = ("restock", "refurbish")


class RetailMoveBinding(models.Model):
    """Moves of goods that came back."""

    _inherit = "retail.move.binding"

    return_goods_id = fields.Many2one(
        "retail.return.goods", readonly=True, index="btree_not_null", ondelete="cascade"
    )


class RetailReturn(models.Model):
    """Moves what came back, in the warehouse's lane."""

    _inherit = "retail.return"

    def _move_goods(self):
        """Move what was told to be here and has not moved; a second time nothing is left to do."""
        self.ensure_one()
        record = self.with_context(**{MOVING: True})
        found = record._plan()
        rows = {row.id: row for row in record.goods_ids}
        for key, to, quantity in found.takes:
            record._take_over(rows[key], rows[to], quantity)
        parts = [(rows[part.key], part.quantity) for part in found.comes]
        record._take_in([(row, quantity) for row, quantity in parts if row.product_id])
        for part in found.shifts:
            record._put_away(rows[part.key], part.quantity)
        record._changed()

    def _take_over(self, former, row, quantity):
        """Let units that moved as one source told of them stand for what another tells."""
        former.moved_quantity = float(exact(former.moved_quantity) - quantity)
        row.write(
            {
                "moved_quantity": float(exact(row.moved_quantity) + quantity),
                # What lies undecided is put away by the same plan; for all else a person is asked.
                "place": row.disposition if former.place != UNDECIDED else UNDECIDED,
            }
        )

    # Taking in

    def _take_in(self, parts):
        """Receive units of some goods, all of them at once."""
        moves = self.env["stock.move"]
        taken = []
        for row, quantity in parts:
            place = row.disposition if row.disposition in DIRECT else UNDECIDED
            for move, part in self._moves_for(row, quantity):
                self._fill(move, row, part, place)
                taken.append((move, row, part))
                moves |= move
        for picking in moves.picking_id:
            picking._action_done()
        for move, row, part in taken:
            self._check_done(move)
            self._bind_move(row, move, part)
        for row, quantity in parts:
            place = row.disposition if row.disposition in DIRECT else UNDECIDED
            moved = exact(row.moved_quantity) + quantity
            row.write({"moved_quantity": float(moved), "place": place})
            if place != row.disposition:
                self._put_away(row, quantity)
        if parts:
            self._sum_up()

    def _moves_for(self, row, quantity):
        """Return (move, units) of what came, a kit as its parts."""
        parts = row._parts().items()
        return [
            found
            for product, units in parts
            for found in self._moves_of(row, product, quantity * units)
        ]

    def _moves_of(self, row, product, quantity):
        """Return (move, units): of expected receipts first, else of receipts made now."""
        warehouse, line, found = row.warehouse_id or self.warehouse_id, row.line_id, []
        if row.product_id == line.product_id and line.sale_line_id:
            quantity = self._carve(line, product, warehouse, quantity, found)
            if quantity > 0:
                # What was expected at another warehouse came here.
                self._reduce(line, product, quantity, [move for move, _part in found])
                self._make_expected({(line, product): quantity}, warehouse)
                quantity = self._carve(line, product, warehouse, quantity, found)
        if quantity > 0:
            found.append((self._unexpected_move(row, product, warehouse, quantity), quantity))
        return found

    def _carve(self, line, product, warehouse, quantity, found):
        """Take moves of expected receipts for some units; return how many are left."""
        used = self.env["stock.move"].union(*(move for move, _part in found))
        for move in self._expected_moves(line, warehouse, product) - used:
            if quantity <= 0 or move.picked:
                continue
            part = min(quantity, move._in_product_units())
            if part < move._in_product_units():
                move._do_unreserve()
                rest = move._split(float(move._in_product_units() - part))
                rest = self.env["stock.move"].create(rest)
                quiet = rest.with_context(bypass_entire_pack=True)
                quiet._action_confirm(merge=False, create_proc=False)
            found.append((move, part))
            quantity -= part
        return quantity

    def _unexpected_move(self, row, product, warehouse, quantity):
        """Return a receipt's move of units that no delivery of the order can be found for."""
        kind = warehouse.in_type_id
        customers = self.env.ref("stock.stock_location_customers")
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": customers.id,
                "location_dest_id": warehouse._retail_place("restock").id,
                "partner_id": self.order_id.partner_shipping_id.id or self.partner_id.id,
                "origin": self.display_name,
                "company_id": self.company_id.id,
                "retail_return_id": self.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": float(quantity),
                            "product_uom": product.uom_id.id,
                            "location_id": customers.id,
                            "location_dest_id": warehouse._retail_place("restock").id,
                            "company_id": self.company_id.id,
                            "origin": self.display_name,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        self.invalidate_recordset(["picking_ids"])
        return picking.move_ids

    def _fill(self, move, row, quantity, place):
        """Say what of a move came, of which lots, and where it is put."""
        warehouse = row.warehouse_id or self.warehouse_id
        target = warehouse._retail_place(place)
        lots = self._lots(row, move, quantity)
        move._do_unreserve()
        move.location_dest_id = target
        unit = move.product_id.uom_id
        move.move_line_ids = [
            Command.create(
                {
                    "picking_id": move.picking_id.id,
                    "product_id": move.product_id.id,
                    "product_uom_id": unit.id,
                    "quantity": float(part),
                    "lot_id": lot.id if lot else False,
                    "location_id": move.location_id.id,
                    "location_dest_id": target.id,
                    "company_id": move.company_id.id,
                    "picked": True,
                }
            )
            for lot, part in lots
        ]
        move.picked = True

    def _bind_move(self, row, move, quantity):
        """Tie a move to what it is for: once."""
        bindings = self.env["retail.move.binding"].sudo()
        number = bindings.search_count([("return_goods_id", "=", row.id)]) + 1
        return bindings.create(
            {
                "backend_id": self.backend_id.id,
                "external_id": f"return:{self.name}:{row.id}:{number}",
                "odoo_id": move.id,
                "return_goods_id": row.id,
                "quantity": float(quantity),
            }
        )

    # What a person validated

    def _note_validated(self, picking):
        """Write down what came with a receipt that somebody validated in Odoo."""
        moves = picking.move_ids.filtered(lambda one: one.state == "done")
        for move in moves - self._note_kits(picking, moves):
            line = self._line_of_move(move)
            shelves = picking.picking_type_id.warehouse_id.lot_stock_id
            on_shelf = move.location_dest_id._child_of(shelves)
            place = "restock" if on_shelf else UNDECIDED
            quantity = float(move._in_product_units())
            row = self.env["retail.return.goods"].create(
                {
                    "return_id": self.id,
                    "line_id": line.id,
                    "key": f"move:{move.id}",
                    "rank": PERSON,
                    "product_id": move.product_id.id,
                    "warehouse_id": picking.picking_type_id.warehouse_id.id,
                    "quantity": quantity,
                    "moved_quantity": quantity,
                    "place": place,
                    "chosen_disposition": place if on_shelf else False,
                    "disposition": place,
                    "decided_by_id": self.env.uid if on_shelf else False,
                }
            )
            self._bind_move(row, move, quantity)
        self._changed()

    def _line_of_move(self, move):
        found = self.line_ids.filtered(
            lambda line: (
                line.sale_line_id == move.sale_line_id and line.product_id == move.product_id
            )
        )
        return found[:1] or self.env["retail.return.line"].create(
            {
                "return_id": self.id,
                "sale_line_id": move.sale_line_id.id,
                "product_id": move.product_id.id,
            }
        )
