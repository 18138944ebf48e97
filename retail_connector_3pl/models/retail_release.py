from odoo import fields, models

STATES = [
    ("ready", "Ready"),
    ("sent", "Sent"),
    ("accepted", "Accepted"),
    ("on_hold", "On Hold"),
    ("rejected", "Rejected"),
    ("partly_shipped", "Partly Shipped"),
    ("shipped", "Shipped"),
    ("delivered", "Delivered"),
    ("cancelled", "Cancelled"),
]


class RetailRelease(models.Model):
    """An order as a third-party warehouse was asked to send it: one delivery, one release.

    ``name`` is our reference, which the warehouse gives back. Backorders that shipments leave stay
    with the release: ``picking_id`` is what is still to be sent, or was sent last.
    """

    _name = "retail.release"
    _description = "Release to a Warehouse"
    _inherit = ["mail.thread", "mail.activity.mixin", "retail.notice.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Reference", required=True, readonly=True, copy=False)
    warehouse_id = fields.Many2one(
        "retail.warehouse", required=True, readonly=True, index=True, ondelete="restrict"
    )
    backend_id = fields.Many2one(related="warehouse_id.backend_id", store=True, index=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    external_id = fields.Char(
        string="Warehouse's Number", readonly=True, index="btree_not_null", copy=False
    )
    picking_id = fields.Many2one(
        "stock.picking", string="Delivery", required=True, readonly=True, index=True,
        ondelete="restrict",
    )  # fmt: skip
    order_id = fields.Many2one(
        "sale.order", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    state = fields.Selection(
        STATES, required=True, default="ready", readonly=True, index=True,
        group_expand="_states_in_order",
    )  # fmt: skip
    reason = fields.Char(readonly=True, help="Why it was rejected or is on hold.")
    line_ids = fields.One2many("retail.release.line", "release_id", string="Lines")
    request_ids = fields.One2many("retail.release.request", "release_id", string="Requests")
    shipment_ids = fields.One2many("retail.warehouse.shipment", "release_id", string="Shipments")

    _name_unique = models.UniqueIndex("(backend_id, name)", "A reference names one release.")
    _external_unique = models.UniqueIndex(
        "(backend_id, external_id) WHERE external_id IS NOT NULL",
        "An order of the warehouse is one release.",
    )
