from odoo import models

from ..decisions.shipment_plan import Meets
from .stock_picking_shipment import LEFT_ALREADY


class RetailWarehouseShipment(models.Model):
    """Validates deliveries with what left: one move for each line of the shipment.

    What is still to be sent goes into a backorder, by Odoo's own ways. What no open demand stands
    for leaves in a delivery of its own.
    """

    _inherit = "retail.warehouse.shipment"

    def _pick(self, leavings, drafts, told, at):
        """Move goods. ``drafts`` are by key; ``at`` is when they left (naive UTC)."""
        packages = self._packages(told)
        lines = self.env["retail.release.line"]
        own = [leaving for leaving in leavings if not self._open_of(leaving)]
        moves = self._own_delivery(own, drafts, told, packages)
        wanted = [leaving for leaving in leavings if leaving not in own]
        for line in lines.browse(dict.fromkeys(leaving.line_id for leaving in wanted)):
            parts = [leaving for leaving in wanted if leaving.line_id == line.id]
            moves |= self._take_from(line, parts, drafts, packages)
        self._validate(moves.picking_id, moves, told, at)

    def _open_of(self, leaving):
        return self.env["retail.release.line"].browse(leaving.line_id)._open_move()

    # From the release's own delivery

    def _take_from(self, line, parts, drafts, packages):
        """Take what left out of the move of a line; return the moves that leave."""
        move = line.move_id
        moves = self.env["stock.move"]
        substitutes = [part for part in parts if part.meets is Meets.SUBSTITUTE]
        groups = self._groups(parts)
        asked = sum(quantity for quantity, _over in groups.values())
        for part in substitutes:
            made = self._new_move(
                move.picking_id, drafts[part.key].product, part.quantity, move.sale_line_id
            )
            moves |= self._fill(made, part.quantity, drafts[part.key], packages)
            self._bind(part.key, made, part.quantity, line, part.meets)
        replaced = min(
            sum(part.quantity for part in substitutes), self._exact(move.product_qty) - asked
        )
        moves |= self._take_groups(line, groups, drafts, packages, replaced)
        return moves

    def _groups(self, parts):
        """Return by the shipment's line what of it was asked for and what is too much."""
        groups = {}
        for part in parts:
            if part.meets is not Meets.SUBSTITUTE:
                asked, over = groups.get(part.key, (0, 0))
                if part.meets is Meets.ASKED:
                    groups[part.key] = (asked + part.quantity, over)
                else:
                    groups[part.key] = (asked, over + part.quantity)
        return groups

    def _take_groups(self, line, groups, drafts, packages, replaced):
        """Let each line of the shipment have a move; what was replaced is not sent any more."""
        move, moves = line.move_id, self.env["stock.move"]
        if replaced and replaced >= self._exact(move.product_qty):
            move._action_cancel()
        elif replaced:
            self._carve(move, replaced)._action_cancel()
        last = next((key for key in reversed(groups) if groups[key][0]), None)
        stays = move.state != "cancel" and last is not None
        carved = {}
        for key, (asked, over) in groups.items():
            if stays and key == last and not self._left_elsewhere(move, asked):
                continue
            if stays and asked and asked < self._exact(move.product_qty):
                carved[key] = self._carve(move, asked)
            elif not asked:
                sale_line = move.sale_line_id
                carved[key] = self._new_move(
                    move.picking_id, line.product_id, over, sale_line, confirm=False
                )
        order = [last] if stays and last not in carved else []
        for key in [*order, *carved]:
            taken = carved.get(key, move)
            self._set_out(taken)
            quantity = sum(groups[key])
            moves |= self._fill(taken, quantity, drafts[key], packages)
            asked, over = groups[key]
            self._bind(key, taken, quantity, line, Meets.ASKED if asked else Meets.OVER)
        return moves

    def _left_elsewhere(self, move, asked):
        """Tell whether a part left another warehouse, so that it needs a move of its own."""
        return not self._is_from_here(move) and asked < self._exact(move.product_qty)

    def _is_from_here(self, move):
        place = self.warehouse_id.odoo_id.view_location_id
        return move.location_id.parent_path.startswith(place.parent_path)

    def _set_out(self, move):
        """Let a move leave from where the goods left; confirm what was made for that."""
        if not self._is_from_here(move):
            move.location_id = self.warehouse_id.odoo_id.lot_stock_id
        if move.state == "draft":
            move._action_confirm(merge=False)

    def _carve(self, move, quantity):
        """Return a new move, in the same delivery, with a part of another one's demand."""
        return self.env["stock.move"].create(move._split(float(quantity)))

    def _new_move(self, picking, product, quantity, sale_line=None, confirm=True):
        """Return a move of goods that nothing in the delivery stands for."""
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom": product.uom_id.id,
                "product_uom_qty": float(quantity),
                "picking_id": picking.id,
                "picking_type_id": picking.picking_type_id.id,
                "location_id": self.warehouse_id.odoo_id.lot_stock_id.id,
                "location_dest_id": picking.location_dest_id.id,
                "company_id": picking.company_id.id,
                "origin": picking.origin,
                "sale_line_id": sale_line.id if sale_line else False,
            }
        )
        if confirm:
            move._action_confirm(merge=False)
        return move

    # In a delivery of its own

    def _own_delivery(self, leavings, drafts, told, packages):
        """Return moves, in a new delivery, of what no open demand stands for."""
        moves = self.env["stock.move"]
        if not leavings:
            return moves
        picking = self._new_picking()
        lines = self.env["retail.release.line"]
        for leaving in leavings:
            line = lines.browse(leaving.line_id)
            move = self._new_move(
                picking, drafts[leaving.key].product, leaving.quantity, line.move_id.sale_line_id
            )
            moves |= self._fill(move, leaving.quantity, drafts[leaving.key], packages)
            self._bind(leaving.key, move, leaving.quantity, line, leaving.meets)
        return moves

    def _new_picking(self):
        house, was = self.warehouse_id.odoo_id, self.release_id.picking_id
        return self.env["stock.picking"].create(
            {
                "picking_type_id": house.out_type_id.id,
                "partner_id": was.partner_id.id,
                "location_id": house.lot_stock_id.id,
                "location_dest_id": was.location_dest_id.id,
                "origin": ", ".join(filter(None, [was.origin, self.display_name])),
                "company_id": house.company_id.id,
            }
        )

    # Done

    def _validate(self, pickings, moves, told, at):
        """Validate deliveries with what leaves of them, backdated to when it left."""
        for picking in pickings:
            others = picking.move_ids - moves
            others.filtered(lambda move: move.state not in ("done", "cancel")).picked = False
        self._name_parcels(pickings, told)
        quiet = {LEFT_ALREADY: True, "cancel_backorder": False, "skip_backorder": True}
        pickings.with_context(**quiet)._action_done()
        moves.write({"date": at})
        pickings.write({"date_done": at})
        if not self.odoo_id:
            self.odoo_id = (pickings & self.release_id._deliveries() or pickings)[:1]
