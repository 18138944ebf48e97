from odoo import api, models
from odoo.tools import SQL

# What a platform that owns stock can sell, less what was promised in Odoo since it counted. Several
# of its places that are one location in Odoo are added; of several platforms at one location the
# first in order counts. What it does not count or tells to be below zero is none.
WITH_EXTERNAL = """
    WITH own AS MATERIALIZED (%(own)s),
    root AS MATERIALIZED (%(roots)s),
    told AS MATERIALIZED (
        SELECT found.backend_id, place.odoo_id, found.product_id, owned.rank,
               sum(CASE WHEN found.is_counted THEN greatest(0, found.quantity) ELSE 0 END) AS units,
               min(found.observed_at)
                   - coalesce(max(platform.stock_lag), 0) * interval '1 minute' AS since
          FROM retail_external_availability found
          JOIN retail_backend platform ON platform.id = found.backend_id AND platform.active
          JOIN retail_ownership owned ON owned.backend_id = found.backend_id
           AND owned.domain = 'stock' AND owned.field IS NULL AND owned.owner = 'channel'
          JOIN retail_location_binding place ON place.id = found.location_binding_id
         WHERE place.odoo_id IS NOT NULL AND found.product_id IS NOT NULL %(only)s
         GROUP BY found.backend_id, place.odoo_id, found.product_id, owned.rank),
    placed AS MATERIALIZED (
        SELECT DISTINCT ON (root.group_id, told.product_id, told.odoo_id)
               root.group_id, told.product_id, told.units, told.since,
               location.parent_path AS path
          FROM told
          JOIN stock_location location ON location.id = told.odoo_id
          JOIN root ON location.parent_path LIKE root.parent_path || '%%'
         ORDER BY root.group_id, told.product_id, told.odoo_id, told.rank, told.backend_id),
    external AS (
        SELECT placed.group_id, placed.product_id,
               sum(greatest(0, placed.units - moved.units - quoted.units - gone.units)) AS free
          FROM placed
          CROSS JOIN LATERAL (
               SELECT coalesce(sum(move.product_qty), 0) AS units
                 FROM stock_move move
                 JOIN stock_location source ON source.id = move.location_id
                  AND source.usage IN ('internal', 'view')
                 JOIN stock_location target ON target.id = move.location_dest_id
                WHERE move.product_id = placed.product_id AND move.create_date > placed.since
                  AND move.state NOT IN ('draft', 'cancel')
                  AND (source.parent_path LIKE placed.path || '%%'
                       OR placed.path LIKE source.parent_path || '%%')
                  AND target.parent_path NOT LIKE placed.path || '%%') moved
          CROSS JOIN LATERAL (
               SELECT coalesce(sum(line.product_uom_qty * unit.factor / own_unit.factor), 0)
                      AS units
                 FROM sale_order_line line
                 JOIN sale_order ON sale_order.id = line.order_id
                  AND sale_order.state IN ('draft', 'sent')
                 JOIN retail_order_binding bound ON bound.odoo_id = sale_order.id
                  AND bound.state <> 'cancelled'
                 JOIN stock_warehouse warehouse ON warehouse.id = sale_order.warehouse_id
                 JOIN stock_location source ON source.id = warehouse.lot_stock_id
                 JOIN uom_uom unit ON unit.id = line.product_uom_id
                 JOIN product_product product ON product.id = line.product_id
                 JOIN product_template template ON template.id = product.product_tmpl_id
                 JOIN uom_uom own_unit ON own_unit.id = template.uom_id
                WHERE line.product_id = placed.product_id AND line.product_uom_qty > 0
                  AND sale_order.create_date > placed.since
                  AND (source.parent_path LIKE placed.path || '%%'
                       OR placed.path LIKE source.parent_path || '%%')) quoted
          CROSS JOIN LATERAL (
               SELECT coalesce(sum(found.quantity), 0) AS units
                 FROM (%(gone)s) found
                 JOIN stock_location source ON source.id = found.location_id
                WHERE found.product_id = placed.product_id AND found.since > placed.since
                  AND (source.parent_path LIKE placed.path || '%%'
                       OR placed.path LIKE source.parent_path || '%%')) gone
         GROUP BY placed.group_id, placed.product_id)
    SELECT coalesce(external.group_id, own.group_id) AS group_id,
           coalesce(external.product_id, own.product_id) AS product_id,
           coalesce(external.free, own.free) AS free
      FROM own FULL JOIN external
        ON external.group_id = own.group_id AND external.product_id = own.product_id
"""


class RetailAvailability(models.AbstractModel):
    """Where a platform owns stock, its quantities replace Odoo's own count.

    By product and location group: an item that the platform never told of is Odoo's to count. In a
    group where it told of an item, Odoo's own stock of that item counts for nothing.
    """

    _inherit = "retail.availability"

    @api.model
    def _free_sql(self, location_binding_ids, product_ids=None, roots=None):
        """Override: put in what the owners of stock tell."""
        own = super()._free_sql(location_binding_ids, product_ids, roots)
        if not self._is_owned_outside():
            return own
        roots = roots or self._roots_sql(location_binding_ids)
        return SQL(
            WITH_EXTERNAL,
            own=own,
            roots=roots,
            only=self._only_sql(product_ids),
            gone=self._gone_sql(),
        )

    def _is_owned_outside(self):
        return bool(
            self.env["retail.ownership"]
            .sudo()
            .search_count([("domain", "=", "stock"), ("owner", "=", "channel")], limit=1)
        )


class RetailProjectionStock(models.AbstractModel):
    """Who owns stock is not told what it has."""

    _inherit = "retail.projection.stock"

    def _new_attempt(self, flow):
        """Override: nothing is published to the owner."""
        if flow.backend_id._owns("stock", "stock"):
            return self.env[self._state_model]
        return super()._new_attempt(flow)
