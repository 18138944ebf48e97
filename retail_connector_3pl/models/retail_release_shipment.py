from odoo import api, fields, models

from ..decisions.release_progress import ENDED

OPEN_MOVES = ("waiting", "confirmed", "partially_available", "assigned")


class RetailReleaseLine(models.Model):
    """What is still to be sent of a line."""

    _inherit = "retail.release.line"

    move_binding_ids = fields.One2many(
        "retail.move.binding", "release_line_id", string="Moves", readonly=True
    )

    def _open_move(self):
        """Return the move that still stands for the line; none where all has left, or may not."""
        return self.move_id.filtered(lambda move: move.state in OPEN_MOVES)


class RetailRelease(models.Model):
    """What shipments do to the release that they belong to."""

    _inherit = "retail.release"

    shipment_count = fields.Integer(compute="_compute_shipment_count")

    @api.depends("shipment_ids")
    def _compute_shipment_count(self):
        for release in self:
            release.shipment_count = len(release.shipment_ids)

    def action_open_shipments(self):
        """Open what the warehouse told to have sent of these releases."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_connector_3pl.retail_warehouse_shipment_action"
        )
        return action | {"domain": [("release_id", "in", self.ids)]}

    def _take_state(self, state, *args, **kwargs):
        """Override: goods that left before the warehouse accepted their order move now."""
        moved = super()._take_state(state, *args, **kwargs)
        moved._wake_goods()
        return moved

    def _end_unsent(self, reason):
        """Override: no answer will come any more for which goods that left might wait."""
        result = super()._end_unsent(reason)
        self._wake_goods()
        return result

    def _wake_goods(self):
        """Move the goods that waited for a word of the warehouse on these releases."""
        for release in self.sudo():
            shipments = release.shipment_ids.filtered(lambda one: one.state == "shipped")
            waiting = self.env["retail.goods.task"].sudo()._open_of(shipments)
            waiting.filtered(lambda task: task.state == "waiting")._try_now()

    def _came_to_nothing(self):
        """Tell whether nothing was to be sent any more: it, or all that it holds, is cancelled."""
        moves, left = self.line_ids.move_id, self.shipment_ids.move_binding_ids
        dropped = moves and all(move.state == "cancel" for move in moves)
        return self.state == "cancelled" or bool(dropped and not left)

    def _after_shipment(self, final=False):
        """Bring lines, delivery and state up to date with what has left."""
        self.ensure_one()
        for line in self.line_ids:
            bindings = line.move_binding_ids.filtered(
                lambda binding, line=line: binding.product_id == line.product_id
            )
            line.shipped_quantity = sum(bindings.mapped("quantity"))
        left = self.shipment_ids.move_binding_ids.odoo_id.picking_id
        if not left:
            if final:
                self._take_state("cancelled", self.env._("The warehouse sent nothing of it."))
            return
        if final or self.state in ENDED:
            self._end_short(self.line_ids._open_move())
        open_moves = self.line_ids._open_move()
        own = (left & self._deliveries()).sorted("id")
        self.picking_id = (open_moves.picking_id or own or self.picking_id)[-1:]
        self._take_state("partly_shipped" if open_moves else "shipped")

    def _take_rest_back(self):
        """Stand again for the rest of what ended short, unless it was released anew: it left."""
        if self.state not in ("shipped", "delivered"):
            return
        rest = self._deliveries().backorder_ids.move_ids.filtered(
            lambda move: move.state in OPEN_MOVES and not move.retail_release_line_ids
        )
        for line in self.line_ids.filtered(lambda line: not line._open_move()):
            same = rest.filtered(
                lambda move, line=line: (
                    move.product_id == line.product_id
                    and move.sale_line_id == line.move_id.sale_line_id
                )
            )
            line.move_id = same[:1] or line.move_id
            rest -= same[:1]

    def _end_short(self, moves):
        """Let go of what the warehouse will not send: cancelled, or free to be released again."""
        if self.warehouse_id.short_policy == "cancel":
            moves._action_cancel()
            return
        for line in self.line_ids.filtered(lambda line: line.move_id in moves):
            left = line.move_binding_ids.odoo_id
            line.move_id = left.sorted("id")[-1:]

    def _deliveries(self):
        """Return the deliveries of this release: what is still to be sent, and what left before."""
        found = wanted = self.picking_id | self.line_ids.move_id.picking_id
        while wanted := wanted.backorder_id - found:
            found |= wanted
        return found
