from psycopg2.extras import execute_values

from odoo import api, models

# What a channel says of a variant, in the order of its values.
TOLD = (
    "product_external_id",
    "inventory_item_external_id",
    "title",
    "options",
    "sku",
    "barcode",
    "price",
    "currency_id",
    "status",
)
# A product is in one lane at a time, so that no two transactions write one variant.
UPSERT = f"""
    INSERT INTO retail_product_candidate
           (backend_id, company_id, external_id, {", ".join(TOLD)}, state, match_reason,
            create_uid, write_uid, create_date, write_date)
    VALUES %s
    ON CONFLICT (backend_id, external_id) DO UPDATE
       SET {", ".join(f"{name} = EXCLUDED.{name}" for name in TOLD)},
           write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
"""

KNOWN = """
    SELECT external_id, id, sku, barcode, product_external_id
      FROM retail_product_candidate
     WHERE backend_id = %(backend)s
       AND (product_external_id = ANY(%(listings)s) OR external_id = ANY(%(variants)s))
"""

TELL_BINDINGS = """
    UPDATE retail_product_binding binding
       SET sku = candidate.sku, barcode = candidate.barcode, title = candidate.title,
           product_external_id = candidate.product_external_id,
           inventory_item_external_id = candidate.inventory_item_external_id,
           last_seen_at = now() AT TIME ZONE 'UTC', write_date = now() AT TIME ZONE 'UTC'
      FROM retail_product_candidate candidate
     WHERE candidate.backend_id = %(backend)s AND candidate.external_id = ANY(%(variants)s)
       AND binding.backend_id = candidate.backend_id
       AND binding.external_id = candidate.external_id
"""


class RetailProductCandidate(models.Model):
    """What a channel tells of its variants is taken over in a handful of statements a batch."""

    _inherit = "retail.product.candidate"

    @api.model
    def _take(self, backend, listings, partial=()):
        """Take over listings, given as listing id → rows of values.

        What a listing does not name any more is gone from the shop, unless only a part of it was
        told.
        """
        self.flush_model()
        rows = {row["external_id"]: row for listed in listings.values() for row in listed}
        known = self._known(backend, listings, rows)
        if rows:
            self._upsert(backend, list(rows.values()))
            self.env.cr.execute(TELL_BINDINGS, {"backend": backend.id, "variants": list(rows)})
            self.env["retail.product.binding"].invalidate_model()
        self.invalidate_model()
        self._rematch_changed(backend, known, rows)
        gone = [
            candidate_id
            for external_id, (candidate_id, _sku, _barcode, listing) in known.items()
            if external_id not in rows and listing not in partial
        ]
        self.browse(gone)._leave_shop()

    def _known(self, backend, listings, rows):
        """Return external id → (id, SKU, barcode, listing) of what the listings held before."""
        self.env.cr.execute(
            KNOWN,
            {"backend": backend.id, "listings": list(listings), "variants": list(rows)},
        )
        return {row[0]: row[1:] for row in self.env.cr.fetchall()}

    def _upsert(self, backend, rows):
        uid = self.env.uid
        head, now = (backend.id, backend.company_id.id), self.env.cr.now()
        tail = ("unmatched", "none", uid, uid, now, now)
        values = [
            (*head, row["external_id"], *(row.get(name) for name in TOLD), *tail) for row in rows
        ]
        execute_values(self.env.cr._obj, UPSERT, values, page_size=1000)

    def _rematch_changed(self, backend, known, rows):
        """Match what is new or has another SKU or barcode, and all that its change bears upon."""
        now = {external_id: (row["sku"], row["barcode"]) for external_id, row in rows.items()}
        before = {external_id: row[1:3] for external_id, row in known.items()}
        changed = {key for key in now if now[key] != before.get(key)}
        if not changed:
            return
        self.env.cr.execute(
            "SELECT id FROM retail_product_candidate "
            "WHERE backend_id = %s AND external_id = ANY(%s)",
            [backend.id, list(changed)],
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        keys = [states[key] for states in (now, before) for key in changed if key in states]
        self._match(backend, self._affected(backend, ids, keys))

    def _leave_shop(self):
        """The channel deleted these variants. What is adopted stays bound, for past orders."""
        if not self:
            return
        adopted = self.filtered(lambda candidate: candidate.state == "adopted")
        adopted.write({"status": "deleted"})
        rest = self - adopted
        keys = [(row.sku, row.barcode) for row in self]
        backend = self.backend_id
        rest.unlink()
        self._match(backend, self._affected(backend, [], keys))
