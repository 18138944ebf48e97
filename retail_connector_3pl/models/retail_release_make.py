from odoo import api, fields, models

from .retail_release_line import unit_quantity

# Nobody follows a release from the start: its making is no news.
QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True, "mail_create_nolog": True}


class RetailRelease(models.Model):
    """How releases are made of deliveries, with what they hold."""

    _inherit = "retail.release"

    priority = fields.Integer(readonly=True, help="The higher the sooner.")
    due_at = fields.Datetime(
        string="Release on", readonly=True, copy=False, help="When the delay is over."
    )
    cutoff_at = fields.Datetime(
        string="Cut-off", readonly=True, copy=False, help="Told until then it leaves in time."
    )
    ship_by = fields.Datetime(readonly=True, copy=False, help="When it should have left.")
    recipient = fields.Json(readonly=True, help="Who gets it, as the warehouse was told.")

    _one_open = models.UniqueIndex(
        "(picking_id) WHERE state NOT IN ('shipped', 'delivered', 'cancelled')",
        "A delivery is released once.",
    )
    _work_index = models.Index("(warehouse_id, priority, id) WHERE state = 'ready'")

    @api.model
    def _make(self, warehouse, pickings):
        """Return the releases of deliveries that have no open one yet, in their order: all new."""
        releases = self.sudo().with_company(warehouse.company_id).with_context(**QUIET)
        names = releases._free_names(pickings)
        # The database's clock, which tells later what is due.
        now = self.env.cr.now().replace(microsecond=0)
        return releases.create(
            [
                {"name": names[picking], **releases._values_of(warehouse, picking, now)}
                for picking in pickings
            ]
        )

    def _values_of(self, warehouse, picking, now):
        due_at = warehouse._due_at(now)
        cutoff_at, ship_by = warehouse._promise(due_at)
        return {
            "warehouse_id": warehouse.id,
            "picking_id": picking.id,
            "order_id": picking.sale_id.id,
            "priority": warehouse._priority_of(picking),
            "due_at": due_at,
            "cutoff_at": cutoff_at,
            "ship_by": ship_by,
            "line_ids": [
                fields.Command.create(self._line_values(str(number), move))
                for number, move in enumerate(self._moves_of(picking), 1)
            ],
        }

    def _free_names(self, pickings):
        """Return the deliveries' own numbers, numbered on where one was released before."""
        domain = [("picking_id", "in", pickings.ids)]
        used = dict(self._read_group(domain, ["picking_id"], ["__count"]))
        return {
            picking: f"{picking.name}-{used[picking] + 1}" if picking in used else picking.name
            for picking in pickings
        }

    @api.model
    def _moves_of(self, picking):
        """Return what of a delivery is still to be sent."""
        return picking.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and move.product_uom_qty > 0
        )

    @api.model
    def _line_values(self, external_id, move):
        return {
            "external_id": external_id,
            "move_id": move.id,
            "product_id": move.product_id.id,
            "quantity": unit_quantity(move),
        }
