from odoo import models

from .retail_product_candidate_match import USABLE

# Deliberately past the ORM: 50,000 rows in a second. What a create would do besides is done in
# ``_insert_bindings``: flush before, recompute and forget afterwards. The unique index decides
# between two adoptions of one variant.
INSERT_BINDINGS = f"""
    INSERT INTO retail_product_binding
           (backend_id, company_id, external_id, odoo_id, sku, barcode, title,
            product_external_id, inventory_item_external_id, last_seen_at,
            create_uid, write_uid, create_date, write_date)
    SELECT candidate.backend_id, candidate.company_id, candidate.external_id, usable.id,
           candidate.sku, candidate.barcode, candidate.title, candidate.product_external_id,
           candidate.inventory_item_external_id, %(now)s, %(uid)s, %(uid)s, %(now)s, %(now)s
      FROM retail_product_candidate candidate
      JOIN ({USABLE}) usable ON usable.id = candidate.product_id
     WHERE candidate.backend_id = %(backend)s AND candidate.id = ANY(%(ids)s)
       AND candidate.state IN ('matched', 'ambiguous', 'unmatched')
    ON CONFLICT (backend_id, external_id) DO NOTHING
    RETURNING id
"""

MARK_ADOPTED = """
    UPDATE retail_product_candidate candidate
       SET state = 'adopted', product_id = binding.odoo_id, error = NULL,
           match_reason = CASE WHEN candidate.product_id = binding.odoo_id
                               THEN candidate.match_reason ELSE 'bound' END,
           write_uid = %(uid)s, write_date = %(now)s
      FROM retail_product_binding binding
     WHERE candidate.backend_id = %(backend)s AND candidate.id = ANY(%(ids)s)
       AND candidate.state <> 'adopted'
       AND binding.backend_id = candidate.backend_id
       AND binding.external_id = candidate.external_id
    RETURNING candidate.id
"""

BLOCKED_ORDERS = """
    SELECT id FROM retail_exception
     WHERE backend_id = %(backend)s AND state = 'open' AND code = 'unknown_sku'
       AND (fix_values ->> 'variant_external_id' = ANY(%(variants)s)
            OR btrim(fix_values ->> 'sku') = ANY(%(skus)s))
"""


class RetailProductCandidate(models.Model):
    """Adoption: candidates become product bindings."""

    _inherit = "retail.product.candidate"

    def _adopt(self):
        """Bind the product of each of these candidates that has a usable one; return them.

        Safe to run twice. Orders that wait for one of these variants are tried again.
        """
        adopted = self.browse()
        for backend, candidates in self.grouped("backend_id").items():
            done = candidates._insert_bindings(backend)
            done._retry_orders(backend)
            adopted |= done
        (self - adopted)._note_unusable()
        return adopted

    def _insert_bindings(self, backend):
        self.env.flush_all()
        values = {
            "backend": backend.id,
            "companies": self._companies(backend),
            "ids": self.ids,
            "uid": self.env.uid,
            "now": self.env.cr.now(),
        }
        self.env.cr.execute(INSERT_BINDINGS, values)
        bindings = self.env["retail.product.binding"].browse(
            row[0] for row in self.env.cr.fetchall()
        )
        self.env.cr.execute(MARK_ADOPTED, values)
        adopted = self.browse(row[0] for row in self.env.cr.fetchall())
        self.env.invalidate_all(flush=False)
        bindings.modified(["odoo_id"])
        return adopted

    def _note_unusable(self):
        """Say on the row why a chosen or proposed product could not be bound."""
        unusable = self.filtered(lambda row: row.state in ("matched", "ambiguous", "unmatched"))
        with_product = unusable.filtered("product_id")
        with_product.write(
            {"error": self.env._("The product is archived or belongs to another company.")}
        )
        (unusable - with_product).write({"error": self.env._("Choose a product first.")})

    def _retry_orders(self, backend):
        """Try the orders again that these variants, unknown until now, have blocked."""
        if not self:
            return
        self.env["retail.exception"].flush_model(["backend_id", "state", "code", "fix_values"])
        self.env.cr.execute(
            BLOCKED_ORDERS,
            {
                "backend": backend.id,
                "variants": self.mapped("external_id"),
                "skus": [sku for sku in self.mapped("sku") if sku],
            },
        )
        problems = self.env["retail.exception"].browse(row[0] for row in self.env.cr.fetchall())
        problems._retry(self.env.user)
