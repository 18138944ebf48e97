from odoo import api, fields, models


class RetailAnnouncementLine(models.Model):
    """Units of one item that a warehouse was told to expect; it names the line by ``external_id``.

    Quantities are in the product's unit. ``move_ids`` are the moves that stand for it: what is
    still to come, and each part that came.
    """

    _name = "retail.announcement.line"
    _description = "Line of an Announced Delivery"
    _order = "announcement_id, id"
    _rec_name = "external_id"

    announcement_id = fields.Many2one(
        "retail.announcement", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="announcement_id.company_id", store=True)
    external_id = fields.Char(string="Line Reference", required=True, readonly=True)
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="restrict"
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    quantity = fields.Float(digits="Product Unit", required=True, readonly=True)
    move_ids = fields.One2many("stock.move", "retail_announcement_line_id", readonly=True)
    binding_ids = fields.One2many("retail.move.binding", "announcement_line_id", readonly=True)
    received_quantity = fields.Float(
        digits="Product Unit", compute="_compute_received_quantity", store=True, string="Received"
    )
    open_quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_open_quantity",
        compute_sudo=True,
        string="Still to Come",
    )

    _once = models.UniqueIndex(
        "(announcement_id, external_id)", "An announcement names each of its lines once."
    )

    @api.depends("binding_ids.quantity")
    def _compute_received_quantity(self):
        for line in self:
            line.received_quantity = sum(line.binding_ids.mapped("quantity"))

    @api.depends("move_ids.state", "move_ids.product_qty")
    def _compute_open_quantity(self):
        for line in self:
            line.open_quantity = sum(line._open_moves().mapped("product_qty"))

    def _open_moves(self, taken=()):
        """Return the moves whose goods have not come, what waits longest first.

        Those with ids in ``taken`` are left out.
        """
        moves = self.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and move.id not in taken
        )
        return moves.sorted("id")

    def _moved_by_hand(self):
        """Return (move, units) of goods that a person validated in Odoo and no receipt told of."""
        done = self.move_ids.filtered(lambda move: move.state == "done").sorted("id")
        if not done:
            return []
        bound = dict(
            self.env["retail.move.binding"]._read_group(
                [("odoo_id", "in", done.ids)], ["odoo_id"], ["quantity:sum"]
            )
        )
        found = []
        for move in done:
            unit = move.product_id.uom_id
            rest = move.product_uom._compute_quantity(move.quantity, unit) - bound.get(move, 0.0)
            if unit.compare(rest, 0.0) > 0:
                found.append((move, rest))
        return found

    def _reopen(self, move, most):
        """Expect units again that a receipt took back; ``move`` had brought them, or should have.

        Not more than are missing, and than ``most``: somebody may have cancelled others. What the
        warehouse has closed stays closed.
        """
        if not self or not move or self.announcement_id._is_closed():
            return
        quantity = min(self._missing(), most)
        if self.product_id.uom_id.compare(quantity, 0.0) <= 0:
            return
        standing = self._open_moves()[:1]
        if standing:
            unit = self.product_id.uom_id
            more = unit._compute_quantity(quantity, standing.product_uom, round=False)
            standing.product_uom_qty += more
            return
        values = move.copy_data(move._prepare_move_split_vals(quantity))[0]
        again = move.create(
            {
                **values,
                "product_uom": self.product_id.uom_id.id,
                "product_uom_qty": quantity,
                "picking_id": move.picking_id._create_backorder_picking().id,
                "retail_announcement_line_id": self.id,
            }
        )
        again._action_confirm(merge=False, create_proc=False)

    def _missing(self):
        """Return the units that were announced and have neither come nor are open."""
        by_hand = sum(quantity for _move, quantity in self._moved_by_hand())
        coming = sum(self._open_moves().mapped("product_qty"))
        return self.quantity - self.received_quantity - by_hand - coming
