from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.receipt_split import Expected, Part, shares, taken_back


def _exact(quantity):
    return Decimal(str(quantity))


class RetailReceipt(models.Model):
    """Moving what came: the difference between what the receipt tells and what has moved."""

    _inherit = "retail.receipt"

    def _move_goods(self):
        """Move the difference in Odoo, all or nothing; close what is over; say what differs.

        Called in the warehouse's lane. Called again, it does nothing. Raises ``ImportProblem`` for
        what a person must decide first.
        """
        self.ensure_one()
        self.warehouse_id._check_is_chosen()
        back = self.line_ids.filtered(lambda line: line._difference() < 0)
        came = self.line_ids.filtered(lambda line: line._difference() > 0)
        for line in back:
            self._take_out(line, -line._difference())
        if came:
            self._check_lots(came)
            self._take_in(came)
        was_closed = self.announcement_id.closed_short
        self.announcement_id._progress()
        if came or back or was_closed or self._is_over():
            self._report_differences()

    # What came

    def _take_in(self, lines):
        """Move units that came onto the moves that expected them, and the rest beside these."""
        parts = []
        for line in lines:
            taken = {move.id for _line, move, _quantity, _announced in parts}
            for share in shares(_exact(line._difference()), self._expected(line, taken)):
                parts += self._moves_of(line, share, taken)
        self._fill(parts)
        moves = self.env["stock.move"].union(*(part[1] for part in parts))
        for picking in moves.picking_id:
            picking._action_done()
        for line, move, quantity, announced in parts:
            self._check_arrived(move)
            self._bind(line, move, quantity, announced)
            self._scrap(line, move)

    def _expected(self, line, taken):
        """Return the announced lines that units of a receipt's line may belong to, in order.

        ``taken`` are the ids of moves that stand for other units of this receipt already.
        """
        return [
            Expected(
                one.id,
                _exact(sum(one._open_moves(taken).mapped("product_qty"))),
                _exact(sum(quantity for _move, quantity in one._moved_by_hand())),
            )
            for one in self._announced_lines(line)
        ]

    def _announced_lines(self, line):
        """Return the one line that the warehouse names, or all of the item."""
        same = self.announcement_id.line_ids.filtered(lambda one: one.product_id == line.product_id)
        named = same.filtered(lambda one: line.reference and one.external_id == line.reference)
        return (named or same).sorted("id")

    def _moves_of(self, line, share, taken):
        """Return (line, move, units, announced line) for each move that a share is to become."""
        announced = self.env["retail.announcement.line"].browse(share.key or [])
        quantity = float(share.quantity)
        if share.part is Part.MOVED:
            self._adopt(line, announced, quantity)
            return []
        if share.part is Part.EXPECTED:
            return self._carve(line, announced, quantity, taken)
        return [(line, self._extra_move(line, announced, quantity), quantity, announced)]

    def _adopt(self, line, announced, quantity):
        """Bind what a person validated by hand: these goods have moved."""
        for move, moved in announced._moved_by_hand():
            units = min(quantity, moved)
            if units > 0:
                self._bind(line, move, units, announced)
                quantity -= units

    def _carve(self, line, announced, quantity, taken):
        """Return moves of their own for units that were expected; the rest stays open."""
        found, unit = [], line.product_id.uom_id
        for move in announced._open_moves(taken):
            units = min(quantity, move.product_qty)
            if unit.is_zero(units):
                continue
            part = self._part_of(move, units)
            taken.add(part.id)
            found.append((line, part, units, announced))
            quantity -= units
        return found

    def _part_of(self, move, quantity):
        """Return a move of exactly these units, cut off an open one."""
        product = move.product_id
        if product.uom_id.compare(quantity, move.product_qty) >= 0:
            return move
        if move.product_uom != product.uom_id:
            # Half a case is no whole number of cases.
            move.write({"product_uom_qty": move.product_qty, "product_uom": product.uom_id.id})
        part = move.create(move._split(quantity))
        part.with_context(bypass_entire_pack=True)._action_confirm(merge=False, create_proc=False)
        return part

    def _fill(self, parts):
        """Say of each move what came of it: how much, of which lot, onto which shelf."""
        lines = self.env["stock.move.line"]
        for line, move, quantity, _announced in parts:
            move.move_line_ids.unlink()
            lines.create(
                {
                    "move_id": move.id,
                    "picking_id": move.picking_id.id,
                    "product_id": move.product_id.id,
                    "product_uom_id": move.product_id.uom_id.id,
                    "quantity": quantity,
                    "location_id": move.location_id.id,
                    "location_dest_id": self._shelf_of(line, move).id,
                    "lot_id": self._lot_of(line).id,
                    "company_id": move.company_id.id,
                    "picked": True,
                }
            )
            move.picked = True

    def _shelf_of(self, line, move):
        """Return where goods go: what can be sold goes where the move says."""
        house = self.warehouse_id
        shelf = house._shelf_of(line.condition)
        return move.location_dest_id if shelf == house.odoo_id.lot_stock_id else shelf

    def _bind(self, line, move, quantity, announced):
        number = len(line.binding_ids) + 1
        self.env["retail.move.binding"].create(
            {
                "backend_id": self.backend_id.id,
                "external_id": f"receipt:{self.external_id}:{line.id}:{number}",
                "odoo_id": move.id,
                "receipt_id": self.id,
                "receipt_line_id": line.id,
                "announcement_line_id": announced.id,
                "quantity": quantity,
                "last_seen_at": self.last_seen_at,
                "correlation_id": self.correlation_id,
            }
        )

    def _check_arrived(self, move):
        if move.state == "done":
            return
        raise ImportProblem(
            Problem(
                error_class=ErrorClass.DATA,
                code="receipt_not_moved",
                subject=f"{self.external_id}|{move.id}",
                title=self.env._(
                    "%(product)s of receipt %(receipt)s could not be taken in",
                    product=move.product_id.display_name,
                    receipt=self.external_id,
                ),
                cause=self.env._("Odoo did not complete the transfer. Look at it, then retry."),
                fix="retry",
            )
        )

    # What did not come after all

    def _take_out(self, line, quantity):
        """Send units back to where they came from: the warehouse corrected its receipt."""
        moved = [(binding.id, _exact(units)) for binding, units in line._standing()]
        for binding_id, units in taken_back(_exact(quantity), moved):
            binding = self.env["retail.move.binding"].browse(binding_id)
            back = self._back_move(line, binding.odoo_id, float(units))
            self._bind(line, back, -float(units), binding.announcement_line_id)
            binding.announcement_line_id._reopen(binding.odoo_id, float(units))


class RetailReceiptLine(models.Model):
    """Which moves of a line stand."""

    _inherit = "retail.receipt.line"

    def _standing(self):
        """Return (binding, units) of what moved in and was not sent back since, in order."""
        incoming = self.binding_ids.filtered(lambda one: one.quantity > 0).sorted("id")
        returned = self.binding_ids - incoming
        back = returned.grouped(lambda one: one.odoo_id.origin_returned_move_id)
        nothing = returned.browse()
        return [
            (one, one.quantity + sum(back.get(one.odoo_id, nothing).mapped("quantity")))
            for one in incoming
        ]
