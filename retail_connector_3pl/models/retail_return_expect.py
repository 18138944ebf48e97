from collections import defaultdict
from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.models.retail_return_settle import exact

from .stock_picking_return import RETURN, WAREHOUSE

NOTHING = Decimal(0)
OPEN = ("draft", "waiting", "confirmed", "partially_available", "assigned")


class RetailReturn(models.Model):
    """Expected receipts: Odoo's own returns of the moves that delivered the goods."""

    _inherit = "retail.return"

    def _expect(self):
        """Make the expected receipts tie with what may still come; harmless where they do."""
        self.ensure_one()
        missing = {}
        for line in self.line_ids:
            for part, units in line._parts().items():
                wanted = self._awaited(line) * units
                moves = self._expected_moves(line, product=part)
                have = sum((move._in_product_units() for move in moves), NOTHING)
                if wanted > have and line.sale_line_id:
                    missing[line, part] = wanted - have
                elif have > wanted:
                    self._reduce(line, part, have - wanted)
        if missing and self.warehouse_id and self._may_expect():
            self._make_expected(missing, self.warehouse_id)

    def _awaited(self, line):
        """Return the units of a line whose receipt should stand open: to come, or to be moved."""
        moved = exact(line.moved_quantity)
        told = max(exact(line.received_quantity) - moved, NOTHING)
        if not self._may_expect():
            return told
        return max(exact(line.quantity) - moved, told, NOTHING)

    def _expected_moves(self, line, warehouse=None, product=None):
        """Return the moves of open receipts of a line (of one part of it), the oldest first."""
        moves = self.picking_ids.move_ids.filtered(
            lambda move: (
                move.state in OPEN
                and move.sale_line_id == line.sale_line_id
                and move.origin_returned_move_id
                and (product is None or move.product_id == product)
            )
        )
        if warehouse:
            moves = moves.filtered(lambda one: one.picking_type_id.warehouse_id == warehouse)
        return moves.sorted("id")

    def _reduce(self, line, product, quantity, keep=()):
        """Expect fewer units of a line's product or part; leave the moves in ``keep`` alone."""
        moves = self._expected_moves(line, product=product).filtered(lambda one: not one.picked)
        for move in moves.sorted("id", reverse=True):
            if move in keep:
                continue
            part = min(quantity, move._in_product_units())
            quantity -= part
            if part and part == move._in_product_units():
                move._action_cancel()
            elif part:
                left = float(move._in_product_units() - part)
                unit = move.product_id.uom_id
                move._do_unreserve()
                move.product_uom_qty = unit._compute_quantity(left, move.product_uom, round=False)
                move._action_assign()

    def _make_expected(self, units, warehouse):
        """Make receipts of units by (line, product) as far as they were delivered.

        Return their moves.
        """
        wanted = defaultdict(list)
        for (line, product), quantity in units.items():
            for move, part in self._returnable(line, product, quantity):
                wanted[move.picking_id].append((move, part))
        made = self.env["stock.move"]
        for picking, parts in wanted.items():
            made |= self._return_of(picking, parts, warehouse).move_ids
        self.invalidate_recordset(["picking_ids"])
        return made

    def _return_of(self, picking, parts, warehouse):
        """Return units of a delivery's moves, as a person would; return the receipt."""
        context = {RETURN: self.id, WAREHOUSE: warehouse.id, "tracking_disable": True}
        wizard = self.env["stock.return.picking"].sudo().with_context(**context)
        wizard = wizard.create({"picking_id": picking.id})
        quantities = {move.id: (move, part) for move, part in parts}
        for row in wizard.product_return_moves.filtered(lambda one: one.move_id.id in quantities):
            move, part = quantities[row.move_id.id]
            unit = move.product_id.uom_id
            row.quantity = unit._compute_quantity(float(part), move.product_uom, round=False)
        receipt = wizard._create_return()
        receipt.move_ids.write({"to_refund": True})
        return receipt

    def _link_moves(self):
        """Tie goods that came before their order or their delivery was known to what they undo."""
        bindings = self.env["retail.move.binding"].sudo()
        loose = bindings.search([("return_goods_id.return_id", "=", self.id)]).odoo_id.filtered(
            lambda move: (
                move.state == "done"
                and move.location_id.usage == "customer"
                and not move.origin_returned_move_id
            )
        )
        for line in self.line_ids.filtered("sale_line_id") if loose else ():
            parts = line._parts()
            for move in loose.filtered(lambda one, parts=parts: one.product_id in parts):
                units = move._in_product_units()
                for origin, part in self._returnable(line, move.product_id, units):
                    if part == units:
                        move.write(
                            {
                                "origin_returned_move_id": origin.id,
                                "sale_line_id": line.sale_line_id.id,
                                "to_refund": True,
                            }
                        )
                        loose -= move

    def _returnable(self, line, product, quantity):
        """Return (move, units) of delivered moves of a line that did not come back yet."""
        found = []
        for move in line._delivered_moves(product):
            back = move.returned_move_ids.filtered(lambda one: one.state != "cancel")
            left = move._in_product_units() - sum(
                (one._in_product_units() for one in back), NOTHING
            )
            part = min(left, quantity)
            if part > 0:
                found.append((move, part))
                quantity -= part
        return found


class RetailReturnLine(models.Model):
    """What was delivered of a line."""

    _inherit = "retail.return.line"

    def _parts(self):
        """Return by product the units that one unit of the line is: those of a kit's parts."""
        self.ensure_one()
        moves = self.sale_line_id.move_ids
        found = self.env["retail.kit"]._parts(self.product_id, self.company_id, moves)
        return found or {self.product_id: Decimal(1)}

    def _delivered_moves(self, product):
        """Return the moves that took a line's goods to the customer, the oldest first."""
        return self.sale_line_id.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.location_dest_id.usage == "customer"
                and move.product_id == product
            )
        ).sorted("id")

    def _sent_units(self):
        """Return the units that the customer got of a line and did not send back otherwise."""
        others = self.search([("sale_line_id", "=", self.sale_line_id.id), ("id", "!=", self.id)])
        elsewhere = exact(sum(others.mapped("moved_quantity")))
        sent = min(self._sent_of(part) / units for part, units in self._parts().items())
        return max(sent - elsewhere, NOTHING)

    def _sent_of(self, product):
        moves = self._delivered_moves(product)
        return sum((move._in_product_units() for move in moves), NOTHING)


class StockMove(models.Model):
    """Moves of goods that come back."""

    _inherit = "stock.move"

    def _in_product_units(self):
        """Return what a move moves, or moved, in the product's unit."""
        self.ensure_one()
        quantity = self.quantity if self.state == "done" else self.product_uom_qty
        unit = self.product_uom
        return exact(unit._compute_quantity(quantity, self.product_id.uom_id, round=False))
