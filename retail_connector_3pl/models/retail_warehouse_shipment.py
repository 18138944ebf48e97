from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical import Shipment

STATES = [("pending", "Announced"), ("shipped", "Shipped"), ("cancelled", "Cancelled")]


class RetailWarehouseShipment(models.Model):
    """A shipment as the warehouse told it, and the delivery that it became.

    ``snapshot`` is what was told last; what of it has moved is in the move bindings. A shipment
    may become two deliveries: what was not asked for leaves in one of its own.
    """

    _name = "retail.warehouse.shipment"
    _description = "Shipment of a Warehouse"
    _inherit = ["retail.binding"]
    _order = "shipped_at desc, id desc"

    _canonical_kind = "shipment"

    release_id = fields.Many2one(
        "retail.release", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    order_id = fields.Many2one(related="release_id.order_id")
    warehouse_id = fields.Many2one(
        "retail.warehouse", readonly=True, index="btree_not_null", ondelete="restrict",
        help="Where it left from.",
    )  # fmt: skip
    odoo_id = fields.Many2one(
        "stock.picking", string="Delivery", readonly=True, index="btree_not_null",
        ondelete="restrict",
    )  # fmt: skip
    picking_ids = fields.Many2many(
        "stock.picking", compute="_compute_picking_ids", compute_sudo=True, string="Deliveries"
    )
    name = fields.Char(readonly=True, help="The warehouse's own name of it.")
    state = fields.Selection(STATES, required=True, default="pending", readonly=True, index=True)
    goods_state = fields.Selection(
        [
            ("none", "Nothing to Move"),
            ("waiting", "Waiting"),
            ("blocked", "Blocked"),
            ("done", "Moved"),
            ("given_up", "Given Up"),
        ],
        compute="_compute_goods",
        string="Goods",
        help="Whether Odoo has moved what left.",
    )
    goods_error = fields.Char(compute="_compute_goods", string="Why Not")
    shipped_at = fields.Datetime(readonly=True)
    carrier = fields.Char(readonly=True)
    tracking = fields.Char(readonly=True)
    final = fields.Boolean(
        string="Last One", readonly=True, help="The warehouse will not send more of this order."
    )
    allowances = fields.Json(
        readonly=True, help="What somebody decided about it when it could not be carried out."
    )
    snapshot = fields.Json(readonly=True, help="The state that was applied last.")
    move_binding_ids = fields.One2many("retail.move.binding", "shipment_id", string="Moves")
    package_ids = fields.One2many("stock.package", "retail_shipment_id", string="Parcels")

    @api.depends("name", "external_id")
    def _compute_display_name(self):
        for shipment in self:
            shipment.display_name = shipment.name or shipment.external_id

    @api.depends("move_binding_ids.odoo_id.picking_id")
    def _compute_picking_ids(self):
        for shipment in self:
            shipment.picking_ids = shipment.move_binding_ids.odoo_id.picking_id

    def _compute_goods(self):
        tasks = self.env["retail.goods.task"].sudo()
        found = tasks.search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)], order="id"
        ).grouped("res_id")
        for shipment in self:
            task = found.get(shipment.id, tasks)[-1:]
            shipment.goods_error = task.error if task.state != "done" else False
            shipment.goods_state = task.state or "none"

    def action_open_pickings(self):
        """Open the deliveries that this shipment became."""
        self.ensure_one()
        self.check_access("read")
        pickings = self.env["ir.actions.act_window"]._for_xml_id("stock.action_picking_tree_all")
        return pickings | {"domain": [("id", "in", self.picking_ids.ids)], "context": {}}

    def action_retry(self):
        """Have the goods move now, where they have not."""
        self.check_access("read")
        tasks = self.env["retail.goods.task"]
        return tasks.browse(tasks.sudo()._open_of(self).ids).action_try_now()

    def _told(self) -> Shipment:
        """Return what was told last."""
        self.ensure_one()
        return Shipment.model_validate(self.snapshot)

    def _allows(self, what):
        """Tell whether somebody decided that this may be done."""
        return what in (self.allowances or ())

    def _allow(self, what):
        """Note a decision about these shipments."""
        for shipment in self:
            shipment.allowances = sorted({*(shipment.allowances or ()), what})
