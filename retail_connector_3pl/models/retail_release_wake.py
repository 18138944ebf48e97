from odoo import api, models
from odoo.tools import SQL

# Held back for what is missing: ready, with a reason. ``changed`` has them looked at again.
LOOK_AGAIN = """
    UPDATE retail_release release SET changed = true
     WHERE release.state = 'ready' AND release.reason IS NOT NULL
       AND NOT coalesce(release.changed, false) AND (%(backends)s)
       AND EXISTS (SELECT FROM retail_release_line line
                    WHERE line.release_id = release.id AND line.product_id = ANY(%(products)s))
 RETURNING id, warehouse_id
"""


class RetailRelease(models.Model):
    """What waits for a release, and what a release waits for: each wakes the other by itself."""

    _inherit = "retail.release"

    _held_back_index = models.Index("(id) WHERE state = 'ready' AND reason IS NOT NULL")

    @api.model
    def _make(self, warehouse, pickings):
        """Override: import what the warehouse told of these releases before they were made."""
        made = super()._make(warehouse, pickings)
        if made:
            keys = [f"order:{name}" for name in made.mapped("name")]
            # What is put to wait at this very moment is looked at again within two minutes.
            self.env["retail.inbox.message"].sudo()._release_waiting(warehouse.backend_id, keys)
        return made

    @api.model
    def _look_again_at(self, products, backends=None):
        """Look again at releases that are held back and hold some of these products.

        ``backends`` limits it to the releases to their warehouses.
        """
        if not products or not self.env["retail.warehouse"]._stock_ids():
            return
        limit = SQL("TRUE")
        if backends is not None:
            limit = SQL("release.backend_id = ANY(%s)", backends.ids)
        self.env["retail.release"].flush_model()
        query = SQL(LOOK_AGAIN, backends=limit, products=products.ids)
        self._wake_marked(self.env.execute_query(query))

    @api.model
    def _wake_marked(self, rows):
        """Wake the lanes of releases that were marked: rows of (release id, warehouse id)."""
        self.browse(row[0] for row in rows).invalidate_recordset(["changed"])
        for warehouse_id in {row[1] for row in rows}:
            self.env["retail.releaser"]._wake_after_commit(warehouse_id)
