from odoo import api, models
from odoo.tools import SQL

# Moves that will take stock and have not reserved it (all of it) yet. What waits for its own
# supply takes none.
DEMANDING = ("confirmed", "waiting", "partially_available")

# (location group, product, free): what is on hand and not reserved, less what is promised.
FREE = """
    WITH root AS MATERIALIZED (%(roots)s),
    place AS MATERIALIZED (
        SELECT DISTINCT root.group_id, location.id AS location_id
          FROM root JOIN stock_location location
            ON location.parent_path LIKE root.parent_path || '%%'
         WHERE location.usage = 'internal'),
    claim AS MATERIALIZED (
        SELECT group_id, location_id FROM place
         UNION
        SELECT root.group_id, location.id FROM root JOIN stock_location location
            ON root.parent_path LIKE location.parent_path || '%%'
         WHERE location.usage IN ('internal', 'view'))
    SELECT group_id, product_id, sum(quantity) AS free FROM (
        SELECT place.group_id, found.product_id,
               coalesce(found.quantity, 0) - found.reserved_quantity AS quantity
          FROM stock_quant found JOIN place ON place.location_id = found.location_id
         WHERE true %(only)s
         UNION ALL
        SELECT claim.group_id, found.product_id,
               -greatest(0, found.product_qty * (1 - coalesce(found.quantity, 0)
                         / nullif(found.product_uom_qty, 0)))
          FROM stock_move found JOIN claim ON claim.location_id = found.location_id
         WHERE found.state = ANY(%(demanding)s)
           AND found.procure_method = 'make_to_stock'
           AND NOT EXISTS (SELECT FROM place WHERE place.group_id = claim.group_id
                              AND place.location_id = found.location_dest_id) %(only)s
         UNION ALL
        SELECT claim.group_id, found.product_id,
               -greatest(0, found.product_uom_qty * unit.factor / own.factor)
          FROM retail_order_binding bound
          JOIN sale_order ON sale_order.id = bound.odoo_id
           AND sale_order.state IN ('draft', 'sent') AND bound.state <> 'cancelled'
          JOIN sale_order_line found ON found.order_id = sale_order.id
           AND found.product_id IS NOT NULL
          JOIN stock_warehouse warehouse ON warehouse.id = sale_order.warehouse_id
          JOIN claim ON claim.location_id = warehouse.lot_stock_id
          JOIN uom_uom unit ON unit.id = found.product_uom_id
          JOIN product_product product ON product.id = found.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
           AND template.is_storable
          JOIN uom_uom own ON own.id = template.uom_id
         WHERE true %(only)s
         UNION ALL
        SELECT claim.group_id, found.product_id, -found.quantity
          FROM (%(gone)s) found JOIN claim ON claim.location_id = found.location_id
         WHERE true %(only)s
    ) AS parts GROUP BY group_id, product_id
"""
# Of the shape that addons add to. The planner leaves it out of what it runs.
NOTHING_GONE = """
    SELECT NULL::int AS location_id, NULL::int AS product_id, 0.0::float AS quantity,
           NULL::timestamp AS since
     WHERE false
"""


class RetailAvailability(models.AbstractModel):
    """What can be sold, of many products at once, by statements whose number does not grow.

    on hand − reserved − confirmed but not yet reserved − offered in orders of channels that are
    not confirmed yet − gone without a move; per mapped location group, in units of the product.
    """

    _name = "retail.availability"
    _description = "Retail Connector: availability"

    @api.model
    def _free_sql(self, location_binding_ids, product_ids=None, roots=None):
        """Return the query of (location_binding_id, product_id, free); no row means nothing.

        ``roots`` is a query of (group_id, parent_path) for other groups than location bindings.

        A quant has no quantity, not even zero, where Odoo found the usual one locked and noted
        a reservation in a row of its own. It counts all the same.
        """
        return SQL(
            FREE,
            roots=roots or self._roots_sql(location_binding_ids),
            only=self._only_sql(product_ids),
            demanding=list(DEMANDING),
            gone=self._gone_sql(),
        )

    @api.model
    def _gone_sql(self):
        """Return the query of (location_id, product_id, quantity, since): units that left a place
        without a move in Odoo that tells of it. Addons add theirs with UNION ALL."""
        return SQL(NOTHING_GONE)

    def _only_sql(self, product_ids):
        """Return the condition for some products: their ids, or a query of an array of them."""
        if product_ids is None:
            return SQL("")
        ids = product_ids if isinstance(product_ids, SQL) else SQL("%s", list(product_ids))
        return SQL("AND found.product_id = ANY(%s)", ids)

    def _roots_sql(self, location_binding_ids):
        """Return the query of (group_id, parent_path): a location and those counted with it."""
        return SQL(
            """
            SELECT bound.id AS group_id, location.parent_path
              FROM retail_location_binding bound
              JOIN stock_location location ON location.id = bound.odoo_id
             WHERE bound.id = ANY(%(ids)s)
             UNION
            SELECT also.binding_id, location.parent_path
              FROM retail_location_binding_also also
              JOIN stock_location location ON location.id = also.location_id
             WHERE also.binding_id = ANY(%(ids)s)
            """,
            ids=list(location_binding_ids),
        )

    @api.model
    def _kits(self, products, company=None):
        """Return by kit its components with their units per kit; other products are left out.

        Kits exist where manufacturing is installed; their own stock counts for nothing.
        """
        if "mrp.bom" not in self.env:
            return {}
        of = {"company_id": company.id} if company else {}
        boms = self.env["mrp.bom"].sudo()._bom_find(products, bom_type="phantom", **of)
        return {product: self._components(product, bom) for product, bom in boms.items() if bom}

    def _components(self, kit, bom):
        one = kit.uom_id._compute_quantity(1, bom.product_uom_id, round=False)
        _boms, lines = bom.explode(kit, one / bom.product_qty)
        needs = {}
        for line, data in lines:
            component = line.product_id
            if component.is_storable:
                units = line.product_uom_id._compute_quantity(
                    data["qty"], component.uom_id, round=False
                )
                needs[component] = needs.get(component, 0) + units
        return needs
