from odoo import api, models
from odoo.tools import SQL

# Products that this system may ask about: those bound to it, and all others of its company. What is
# bound goes by the channel's own SKU.
ITEMS = """
    SELECT DISTINCT ON (product.id) product.id, coalesce(bound.sku, product.default_code) AS sku,
           coalesce(bound.barcode, product.barcode) AS barcode, bound.external_id,
           CASE WHEN bound.has_stock_buffer THEN coalesce(bound.stock_buffer, 0)
                ELSE %(buffer)s END AS buffer
      FROM %(asked)s product
      JOIN product_template template ON template.id = product.product_tmpl_id
       AND template.is_storable
       AND (template.company_id IS NULL OR template.company_id = %(company_id)s)
      LEFT JOIN retail_product_binding bound
        ON bound.odoo_id = product.id AND bound.backend_id = %(backend_id)s
     WHERE product.active AND coalesce(bound.sku, product.default_code) <> '' %(only)s
     ORDER BY product.id, bound.id LIMIT %(limit)s
"""
# The SKUs stand in the query once: to read and plan them costs more than to find them.
ASKED = "SELECT sku FROM unnest(%s::varchar[]) AS asked (sku)"
# Each part has an index of its own.
BY_SKU = """
    (SELECT product.* FROM product_product product JOIN (
        SELECT found.id FROM asked JOIN product_product found ON found.default_code = asked.sku
         UNION
        SELECT found.odoo_id FROM asked JOIN retail_product_binding found
            ON found.sku = asked.sku AND found.backend_id = %(backend_id)s
        ) wanted ON wanted.id = product.id)
"""
PLACES = """
    SELECT id AS group_id, name FROM retail_location_binding
     WHERE backend_id = %(backend_id)s AND odoo_id IS NOT NULL
     UNION ALL
    SELECT -id, code FROM stock_warehouse
     WHERE active AND company_id = %(company_id)s AND NOT EXISTS (
           SELECT FROM retail_location_binding
            WHERE backend_id = %(backend_id)s AND odoo_id IS NOT NULL)
"""
# Compiling the query and starting helpers take longer than running it.
AT_ONCE = "SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0"
# PostgreSQL writes the answer itself: a row in Python costs more than finding it.
ANSWER = """
    WITH asked AS MATERIALIZED (%(asked)s), item AS MATERIALIZED (%(items)s),
    place AS MATERIALIZED (%(places)s),
    free AS MATERIALIZED (%(free)s),
    less AS MATERIALIZED (
        SELECT * FROM unnest(%(less_ids)s::int[], %(less_units)s::float[]) AS less (id, units)),
    kit AS MATERIALIZED (
        SELECT * FROM unnest(%(kit_groups)s::int[], %(kit_ids)s::int[], %(kit_units)s::float[])
            AS kit (group_id, product_id, units))
    SELECT (SELECT max(id) FROM item), (SELECT count(*) FROM item),
           coalesce(json_agg(json_build_object(
               'sku', item.sku, 'barcode', item.barcode, 'variant_external_id', item.external_id,
               'location', place.name, 'available', greatest(0, floor(
                   coalesce(kit.units, free.free, 0) - item.buffer - coalesce(less.units, 0)
                   + 1e-6))::bigint) ORDER BY item.id, place.group_id), '[]')::text
      FROM item CROSS JOIN place
      LEFT JOIN free ON free.group_id = place.group_id AND free.product_id = item.id
      LEFT JOIN kit ON kit.group_id = place.group_id AND kit.product_id = item.id
      LEFT JOIN less ON less.id = item.id
"""


class RetailApiReader(models.AbstractModel):
    """What a client may read of availability: the figures that are published to a channel."""

    _inherit = "retail.api.reader"

    @api.model
    def _read_availability(self, backend, skus=(), locations=(), after=0, limit=1000):
        """Return (JSON of the items, the last product's id or ``None`` at the end).

        ``limit`` counts products, each of which has an item for every location. Availability is in
        whole units of the product, less the buffer and less what waits in the inbox.
        """
        asked = SQL(ASKED, list(skus))
        items = self._items_sql(backend, bool(skus), after, limit)
        places = self._places_sql(backend, locations)
        kits = self._kit_units(asked, items, places)
        own, others = self.env["retail.unimported"]._of(backend)
        less = {key: own.get(key, 0) + others.get(key, 0) for key in {*own, *others}}
        self.env.flush_all()
        self.env.cr.execute(AT_ONCE)
        self.env.cr.execute(
            SQL(
                ANSWER,
                asked=asked,
                items=items,
                places=places,
                # An array, so that the planner takes the index whatever it thinks of the number.
                free=self._free_there(places, SQL("ARRAY(SELECT id FROM item)")),
                less_ids=list(less),
                less_units=list(less.values()),
                kit_groups=[group_id for group_id, _product_id in kits],
                kit_ids=[product_id for _group_id, product_id in kits],
                kit_units=list(kits.values()),
            )
        )
        last, count, answer = self.env.cr.fetchone()
        return answer, last if count == limit else None

    def _items_sql(self, backend, by_sku, after, limit):
        """Return the query of the products that are asked for, a page of them."""
        wanted, only = SQL("product_product"), SQL("AND product.id > %s", after)
        if by_sku:
            wanted = SQL(BY_SKU, backend_id=backend.id)
            sku = SQL("coalesce(bound.sku, product.default_code) IN (SELECT sku FROM asked)")
            only = SQL("%s AND %s", only, sku)
        return SQL(
            ITEMS,
            asked=wanted,
            only=only,
            backend_id=backend.id,
            buffer=backend.stock_buffer,
            company_id=backend.company_id.id,
            limit=limit,
        )

    # Places

    def _places_sql(self, backend, names):
        """Return the query of (group_id, name): mapped locations, or else the warehouses."""
        places = SQL(PLACES, backend_id=backend.id, company_id=backend.company_id.id)
        if not names:
            return places
        return SQL("SELECT * FROM (%s) place WHERE name = ANY(%s)", places, list(names))

    def _free_there(self, places, product_ids):
        """Return the query of what is free at these places; warehouses have negative ids."""
        roots = SQL(
            """
            SELECT place.group_id, location.parent_path
              FROM (%(places)s) place
              JOIN stock_warehouse warehouse ON warehouse.id = -place.group_id
              JOIN stock_location location ON location.id = warehouse.lot_stock_id
             UNION
            SELECT place.group_id, location.parent_path
              FROM (%(places)s) place
              JOIN retail_location_binding bound ON bound.id = place.group_id
              JOIN stock_location location ON location.id = bound.odoo_id
             UNION
            SELECT place.group_id, location.parent_path
              FROM (%(places)s) place
              JOIN retail_location_binding_also also ON also.binding_id = place.group_id
              JOIN stock_location location ON location.id = also.location_id
            """,
            places=places,
        )
        return self.env["retail.availability"]._free_sql((), product_ids, roots=roots)

    # Kits

    def _kit_units(self, asked, items, places):
        """Return by (group, kit) what can be made of its components; nothing without kits."""
        if "mrp.bom" not in self.env:
            return {}
        self.env.cr.execute(SQL("WITH asked AS (%s) SELECT id FROM (%s) item", asked, items))
        products = self.env["product.product"].browse(row[0] for row in self.env.cr.fetchall())
        kits = self.env["retail.availability"]._kits(products)
        parts = {part.id for needs in kits.values() for part in needs}
        self.env.cr.execute(self._free_there(places, list(parts)))
        free = {(place, product): float(units) for place, product, units in self.env.cr.fetchall()}
        self.env.cr.execute(SQL("SELECT group_id FROM (%s) place", places))
        groups = [row[0] for row in self.env.cr.fetchall()]
        return {
            (group, kit.id): min(free.get((group, part.id), 0) / n for part, n in needs.items())
            for group in groups
            for kit, needs in kits.items()
            if needs
        }
