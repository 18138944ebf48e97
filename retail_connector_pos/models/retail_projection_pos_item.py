import json

from odoo import models
from odoo.tools import SQL

from odoo.addons.retail_connector_base.models import retail_projection
from odoo.addons.retail_connector_base.providers import Answer, Capability, FeedItem

from ..decisions.feed_content import digest
from ..decisions.feed_item import feed_item

# What registers sell.
SOLD = """
    SELECT product.id
      FROM product_product product
      JOIN product_template template ON template.id = product.product_tmpl_id
     WHERE product.active AND template.active AND template.sale_ok AND template.available_in_pos
       AND (template.company_id IS NULL OR template.company_id = %(company)s)
       AND (%(products)s::int[] IS NULL OR product.id = ANY(%(products)s))
     ORDER BY product.id
"""
ROOTS = """
    SELECT store.id AS group_id, location.parent_path
      FROM retail_pos_store store
      JOIN stock_warehouse warehouse ON warehouse.id = store.odoo_id
      JOIN stock_location location ON location.id = warehouse.lot_stock_id
     WHERE store.id = ANY(%s)
"""
# Only what differs gets a revision: numbers that nobody sees would be used up otherwise.
DESIRE = """
    WITH free AS MATERIALIZED (%(free)s),
    told AS MATERIALIZED (
        SELECT * FROM unnest(%(product_ids)s::int[], %(contents)s::text[], %(hashes)s::varchar[])
            AS told (product_id, content, hash)),
    wanted AS MATERIALIZED (
        SELECT store.id AS store_id, told.product_id, told.content, told.hash,
               template.is_storable AS counted,
               CASE WHEN template.is_storable
                    THEN greatest(0, floor(coalesce(free.free, 0) - %(buffer)s + 1e-6))::int
                    ELSE 0 END AS available
          FROM told
          JOIN product_product product ON product.id = told.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
         CROSS JOIN unnest(%(store_ids)s::int[]) AS store (id)
          LEFT JOIN free ON free.group_id = store.id AND free.product_id = told.product_id),
    differing AS MATERIALIZED (
        SELECT wanted.* FROM wanted
          LEFT JOIN retail_pos_feed feed
            ON feed.store_id = wanted.store_id AND feed.product_id = wanted.product_id
         WHERE feed.id IS NULL OR (feed.content_hash, feed.counted, feed.available, feed.sold)
               IS DISTINCT FROM (wanted.hash, wanted.counted, wanted.available, true)
         ORDER BY wanted.product_id, wanted.store_id)
    INSERT INTO retail_pos_feed AS feed
           (backend_id, company_id, store_id, product_id, content, content_hash, counted,
            available, sold, revision, acknowledged_revision, attempted_revision, attempts,
            pending, verdict, checked_at, create_uid, write_uid, create_date, write_date)
    SELECT %(backend)s, %(company)s, store_id, product_id, content::jsonb, hash, counted,
           available, true, nextval('retail_pos_feed_revision'), 0, 0, 0,
           true, 'pending', %(now)s, %(uid)s, %(uid)s, %(now)s, %(now)s
      FROM differing
        ON CONFLICT (store_id, product_id) DO UPDATE
       SET content = excluded.content, content_hash = excluded.content_hash,
           counted = excluded.counted, available = excluded.available, sold = true,
           revision = excluded.revision, pending = true, verdict = 'pending', error = NULL,
           checked_at = excluded.checked_at
"""
# What is not sold in a store any more is told once more, as that.
END = """
    UPDATE retail_pos_feed feed
       SET sold = false, revision = nextval('retail_pos_feed_revision'), pending = true,
           verdict = 'pending', error = NULL, checked_at = %(now)s
     WHERE backend_id = %(backend)s AND sold
       AND (%(products)s::int[] IS NULL OR product_id = ANY(%(products)s))
       AND (product_id <> ALL(%(sold)s) OR store_id <> ALL(%(stores)s))
"""
# Whoever reads the feed himself is told of what is written here.
PUBLISH = """
    UPDATE retail_pos_feed
       SET pending = false, verdict = 'ok', acknowledged_revision = revision,
           acknowledged_at = %(now)s
     WHERE backend_id = %(backend)s AND pending
"""
TELL_ALL = """
    UPDATE retail_pos_feed
       SET pending = true, acknowledged_revision = 0, error = NULL,
           verdict = CASE WHEN %(forgive)s OR verdict = 'ok' THEN 'pending' ELSE verdict END
     WHERE backend_id = %(backend)s AND attempt_key IS NULL AND sold
       AND (%(forgive)s OR verdict NOT IN ('refused', 'missing'))
"""


class RetailProjectionPosItem(models.AbstractModel):
    """Tells registers of products, prices, promotions and what each store can sell."""

    _name = "retail.projection.pos.item"
    _description = "Retail Connector: feeding registers"
    _inherit = ["retail.projection"]

    _flow_kind = "pos_item"
    _state_model = "retail.pos.feed"

    def init(self):
        """Make the sequence of revisions."""
        self.env.cr.execute("CREATE SEQUENCE IF NOT EXISTS retail_pos_feed_revision AS integer")

    # Comparing

    def _compare(self, backend, product_ids):
        """Override: texts and prices once for a group of stores, then one statement for each."""
        self.env.flush_all()
        products = self._sold(backend, product_ids)
        groups = self.env["retail.pos.feed.content"]._groups(backend)
        stores = self.env["retail.pos.store"].union(*groups.values())
        self._end(backend, product_ids, products, stores)
        if product_ids is None and len(products) > retail_projection.AT_ONCE and groups:
            self._compare_later(backend, products.ids)
        else:
            for key, group in groups.items():
                self._desire(backend, key, group, products)
        if not self._is_pushed(backend):
            now = self.env.cr.now()
            self.env.cr.execute(PUBLISH, {"backend": backend.id, "now": now})
        self.env[self._state_model].invalidate_model()

    def _sold(self, backend, product_ids):
        values = {"company": backend.company_id.id, "products": product_ids}
        self.env.cr.execute(SOLD, values)
        return self.env["product.product"].browse(row[0] for row in self.env.cr.fetchall())

    def _end(self, backend, product_ids, products, stores):
        self.env.cr.execute(
            END,
            {
                "backend": backend.id,
                "products": product_ids,
                "sold": products.ids,
                "stores": stores.ids,
                "now": self.env.cr.now(),
            },
        )

    def _desire(self, backend, key, stores, products):
        contents = self.env["retail.pos.feed.content"]._contents(backend, key, products)
        roots = SQL(ROOTS, stores.ids)
        self.env.cr.execute(
            SQL(
                DESIRE,
                free=self.env["retail.availability"]._free_sql((), products.ids, roots=roots),
                product_ids=list(contents),
                contents=[json.dumps(content) for content in contents.values()],
                hashes=[digest(content) for content in contents.values()],
                store_ids=stores.ids,
                buffer=backend.stock_buffer,
                backend=backend.id,
                company=backend.company_id.id,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )

    def _read_again(self, backend, forgive=False):
        """Override: nothing is read from registers; all is told once more."""
        self.env.cr.execute(TELL_ALL, {"backend": backend.id, "forgive": forgive})
        self.env[self._state_model].invalidate_model()

    # Sending

    def _is_pushed(self, backend):
        return Capability.FEED_OUT in backend._provider_class().capabilities

    def _batch_of(self, provider_class):
        return provider_class.feed_batch

    def _call(self, provider, changes, key) -> list[Answer]:
        return provider.change_feed(changes, key)

    def _attempt(self, backend, rows):
        """Override: what is desired is sent. What was taken off before it was told is left out."""
        if not self._is_pushed(backend):
            rows.pending = False
            return rows.browse()
        never = rows.filtered(lambda row: not row.sold and not row.acknowledged_revision)
        never.write({"pending": False, "verdict": "ok"})
        told = rows - never
        for row in told:
            row.write({"attempted": row._value(), "attempted_revision": row.revision})
        return told

    def _changes(self, rows) -> list[FeedItem]:
        return [feed_item(row.attempted) for row in rows]

    def _acknowledge(self, row, answer):
        """Override: the registers have what was sent; something else may be desired by now."""
        is_newest = row.attempted_revision == row.revision
        row.write(
            {
                **row._acknowledged_values(),
                "acknowledged_revision": row.attempted_revision,
                "pending": not is_newest,
                "verdict": "ok" if is_newest else "pending",
            }
        )
