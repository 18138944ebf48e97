from odoo import api, models
from odoo.tools import SQL

from odoo.addons.retail_connector_base.fail_points import reach

LOCK_SPACE = 0x52435F33
CHUNK = 100
# Whoever works on releases; whoever only looks takes no lock.
LOCK = SQL("FOR UPDATE OF release")

# Deliveries of the warehouse that are ready, of orders that nobody holds or is about to cancel, and
# that were never released: a second time is a person's decision.
READY = """
    SELECT picking.id FROM stock_picking picking
      JOIN stock_picking_type type ON type.id = picking.picking_type_id AND type.code = 'outgoing'
      JOIN stock_location goal ON goal.id = picking.location_dest_id
       AND goal.usage IN ('customer', 'transit')
      JOIN retail_warehouse warehouse ON warehouse.odoo_id = type.warehouse_id
     WHERE warehouse.id = %(warehouse_id)s AND warehouse.active AND warehouse.auto_release
       AND picking.state = 'assigned'
       AND (warehouse.release_since IS NULL OR picking.create_date >= warehouse.release_since)
       AND NOT EXISTS (SELECT FROM retail_release former WHERE former.picking_id = picking.id)
       AND NOT (%(held)s)
       AND NOT EXISTS (
           SELECT FROM retail_release sibling
             JOIN retail_release_request request ON request.release_id = sibling.id
            WHERE sibling.order_id = picking.sale_id
              AND request.state = 'asked' AND request.order_too)
       AND (warehouse.ship_policy = 'available' AND picking.move_type = 'direct' OR NOT EXISTS (
           SELECT FROM stock_move move
            WHERE move.picking_id = picking.id AND move.product_uom_qty > 0
              AND move.state NOT IN ('assigned', 'done', 'cancel')))
     ORDER BY picking.priority DESC, picking.scheduled_date, picking.id
     LIMIT %(limit)s
"""
HELD = """
    EXISTS (SELECT FROM retail_order_binding bound
             WHERE bound.odoo_id = %s AND bound.is_held)
"""
CHANGED = """
    SELECT release.id FROM retail_release release
     WHERE release.warehouse_id = %(warehouse_id)s AND release.changed
     ORDER BY release.id LIMIT %(limit)s %(lock)s
"""
DUE = """
    SELECT release.id FROM retail_release release
     WHERE release.warehouse_id = %(warehouse_id)s AND release.state = 'ready'
       AND release.command_id IS NULL AND release.reason IS NULL
       AND NOT coalesce(release.changed, false)
       AND release.due_at <= (now() AT TIME ZONE 'UTC') AND NOT (%(held)s)
     ORDER BY release.priority DESC, release.id LIMIT %(limit)s %(lock)s
"""


class RetailReleaser(models.AbstractModel):
    """Releases what is ready in a third party's warehouse, and asks for what changed since.

    One lane per warehouse. A delivery that becomes ready, an order that is let go, a release that
    changed wake it; the cron comes for what is due later, and for what was lost with a process.
    """

    _name = "retail.releaser"
    _description = "Retail Connector: releasing"
    _inherit = ["retail.lane.mixin"]

    _lane_job = "_job_release"

    def _lane_user(self, warehouse_id):
        return self.env["retail.warehouse"].sudo().browse(warehouse_id).backend_id.user_id

    def _lane_title(self, warehouse_id):
        return self.env._("Release deliveries of warehouse %(id)s", id=warehouse_id)

    @api.model
    def _sweep(self):
        """Wake the lane of every warehouse that has something to do; every minute."""
        for warehouse in self.env["retail.warehouse"].sudo().search([("odoo_id", "!=", False)]):
            if self._has_work(warehouse):
                self._wake_after_commit(warehouse.id)

    def _has_work(self, warehouse):
        """Tell whether there is something to do. Locks nothing: a lane may be doing it just now."""
        finds = (self._changed, self._ready, self._due)
        return any(find(warehouse, limit=1, lock=SQL()) for find in finds)

    def _job_release(self, warehouse_id):
        """Release what is ready in a warehouse."""
        with self._lane_to_itself((LOCK_SPACE, warehouse_id), warehouse_id):
            self._run_chunks(warehouse_id)

    def _more_waits(self, cr, warehouse_id):
        """Override: whoever holds the lane looks until nothing is left."""
        return False

    def _try_chunk(self, warehouse_id):
        """Override: compare what changed, release what is ready, send what is due."""
        warehouse = self.env["retail.warehouse"].sudo().browse(warehouse_id).exists()
        if not warehouse.odoo_id:
            return False
        context = {"allowed_company_ids": warehouse.company_id.ids}
        warehouse = warehouse.with_context(**context).with_company(warehouse.company_id)
        lane = self.with_env(warehouse.env)
        return bool(lane._compare(warehouse) or lane._make(warehouse) or lane._send_due(warehouse))

    # The steps

    @api.model
    def _compare(self, warehouse):
        """Ask for what changed after the release; return what was compared."""
        changed = self._changed(warehouse)
        changed._compare()
        return changed

    @api.model
    def _make(self, warehouse):
        """Make releases of deliveries that are ready; return them."""
        pickings = self._ready(warehouse)
        if warehouse.ship_policy == "available":
            pickings._split_off_unreserved()
        made = self.env["retail.release"]._make(warehouse, pickings)
        if made and warehouse.release_delay:
            cron = self.env.ref("retail_connector_3pl.cron_release", raise_if_not_found=False)
            for due_at in set(made.mapped("due_at")):
                cron and cron.sudo()._trigger(at=due_at)
        if made:
            reach("release.made", made.mapped("name"))
        return made

    @api.model
    def _send_due(self, warehouse):
        """Send what is due, the most urgent first; return it."""
        exporter = self.env["retail.exporter.release_order"]
        if not (warehouse._reads_by_itself() or exporter._is_offered(warehouse.backend_id)):
            return self.env["retail.release"]
        due = self._due(warehouse)
        due._send()
        return due

    # What is found

    def _changed(self, warehouse, limit=CHUNK, lock=LOCK):
        ids = self._rows_of(CHANGED, warehouse, limit, lock=lock)
        return self.env["retail.release"].sudo().browse(ids)

    def _ready(self, warehouse, limit=CHUNK, lock=LOCK):
        """Return deliveries; nobody else releases them, so that none is ever locked."""
        held = SQL(HELD, SQL("picking.sale_id"))
        ids = self._rows_of(READY, warehouse, limit, held=held)
        return self.env["stock.picking"].sudo().with_company(warehouse.company_id).browse(ids)

    def _due(self, warehouse, limit=CHUNK, lock=LOCK):
        held = SQL(HELD, SQL("release.order_id"))
        ids = self._rows_of(DUE, warehouse, limit, held=held, lock=lock)
        return self.env["retail.release"].sudo().browse(ids)

    def _rows_of(self, query, warehouse, limit, **parts):
        self.env.flush_all()
        self.env.cr.execute(SQL(query, warehouse_id=warehouse.id, limit=limit, **parts))
        return [row[0] for row in self.env.cr.fetchall()]
