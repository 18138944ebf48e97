from psycopg2.extras import execute_values

from odoo import api, models

from odoo.addons.retail_connector_base.decisions.product_match import Evidence, match_product

from .retail_product_candidate import OPEN_STATES

# Products that a backend may sell: active, and of its company, a parent of it or nobody's.
USABLE = """
    SELECT product.id, btrim(product.default_code) AS sku, product.barcode
      FROM product_product product
      JOIN product_template template ON template.id = product.product_tmpl_id
     WHERE product.active AND template.active
       AND (template.company_id IS NULL OR template.company_id = ANY(%(companies)s))
"""

EVIDENCE = f"""
    WITH scope AS (
        SELECT id, sku, barcode, state, match_reason, product_id
          FROM retail_product_candidate
         WHERE backend_id = %(backend)s AND state = ANY(%(open)s) AND match_reason <> 'chosen'
           AND (%(ids)s::int[] IS NULL OR id = ANY(%(ids)s))
    ), rival AS NOT MATERIALIZED (
        SELECT sku, barcode FROM retail_product_candidate
         WHERE backend_id = %(backend)s AND state <> 'ignored' AND status <> 'deleted'
    ), usable AS NOT MATERIALIZED ({USABLE}), by_sku AS (
        SELECT scope.id, array_agg(usable.id) AS products
          FROM scope JOIN usable ON usable.sku = scope.sku GROUP BY scope.id
    ), by_barcode AS (
        SELECT scope.id, array_agg(usable.id) AS products
          FROM scope JOIN usable ON usable.barcode = scope.barcode GROUP BY scope.id
    ), shared_sku AS (
        SELECT sku FROM rival WHERE sku IN (SELECT sku FROM scope)
         GROUP BY sku HAVING count(*) > 1
    ), shared_barcode AS (
        SELECT barcode FROM rival WHERE barcode IN (SELECT barcode FROM scope)
         GROUP BY barcode HAVING count(*) > 1
    )
    SELECT scope.id, scope.state, scope.match_reason, scope.product_id,
           by_sku.products, by_barcode.products,
           shared_sku.sku IS NOT NULL, shared_barcode.barcode IS NOT NULL
      FROM scope
      LEFT JOIN by_sku ON by_sku.id = scope.id
      LEFT JOIN by_barcode ON by_barcode.id = scope.id
      LEFT JOIN shared_sku ON shared_sku.sku = scope.sku
      LEFT JOIN shared_barcode ON shared_barcode.barcode = scope.barcode
"""

WRITE_MATCHES = """
    UPDATE retail_product_candidate candidate
       SET state = verdict.state, match_reason = verdict.reason,
           product_id = verdict.product_id::int, write_date = now() AT TIME ZONE 'UTC'
      FROM (VALUES %s) AS verdict (id, state, reason, product_id)
     WHERE candidate.id = verdict.id
"""

# One product for two variants may be meant, but nobody adopts that unseen. What is bound is not
# matched any more: a binding of a matched candidate's product is another variant's.
DOUBT_SHARED_PRODUCTS = """
    WITH shared AS (
        SELECT product_id FROM retail_product_candidate
         WHERE backend_id = %(backend)s AND product_id IS NOT NULL AND status <> 'deleted'
           AND (state = 'matched' OR match_reason = 'shared_product')
           AND (%(products)s::int[] IS NULL OR product_id = ANY(%(products)s))
         GROUP BY product_id HAVING count(*) > 1
        UNION
        SELECT odoo_id FROM retail_product_binding
         WHERE backend_id = %(backend)s
           AND (%(products)s::int[] IS NULL OR odoo_id = ANY(%(products)s))
    )
    UPDATE retail_product_candidate candidate
       SET state = 'ambiguous', match_reason = 'shared_product'
      FROM shared
     WHERE candidate.backend_id = %(backend)s AND candidate.product_id = shared.product_id
       AND candidate.state = 'matched' AND candidate.match_reason <> 'chosen'
"""

# A variant is adopted when it is bound, by whomever, and no longer when its binding is gone.
FOLLOW_BINDINGS = """
    UPDATE retail_product_candidate candidate
       SET state = CASE WHEN binding.id IS NULL THEN 'unmatched' ELSE 'adopted' END,
           match_reason = CASE WHEN binding.id IS NULL THEN 'none'
                               WHEN candidate.product_id = binding.odoo_id
                               THEN candidate.match_reason ELSE 'bound' END,
           product_id = binding.odoo_id, error = NULL
      FROM retail_product_candidate own
      LEFT JOIN retail_product_binding binding
             ON binding.backend_id = own.backend_id AND binding.external_id = own.external_id
     WHERE candidate.id = own.id AND own.backend_id = %(backend)s
       AND (%(ids)s::int[] IS NULL OR own.id = ANY(%(ids)s))
       AND CASE WHEN binding.id IS NULL THEN own.state = 'adopted'
                ELSE own.state <> 'adopted' OR own.product_id IS DISTINCT FROM binding.odoo_id END
"""

AFFECTED = """
    WITH own AS (
        SELECT id, product_id FROM retail_product_candidate
         WHERE backend_id = %(backend)s
           AND (id = ANY(%(ids)s) OR sku = ANY(%(skus)s) OR barcode = ANY(%(barcodes)s))
    )
    SELECT id FROM own
    UNION
    SELECT other.id FROM retail_product_candidate other
     WHERE other.backend_id = %(backend)s
       AND other.product_id IN (SELECT product_id FROM own)
"""


class RetailProductCandidate(models.Model):
    """Which products fit: one query for any number of variants, decided by ``product_match``."""

    _inherit = "retail.product.candidate"

    def _match_again(self):
        """Match these candidates again, and those whose verdict depends on them."""
        for backend, candidates in self.grouped("backend_id").items():
            keys = [(row.sku, row.barcode) for row in candidates]
            self._match(backend, self._affected(backend, candidates.ids, keys))

    @api.model
    def _affected(self, backend, ids, keys):
        """Return the candidates that share a (SKU, barcode) or a product with the given ones."""
        self.flush_model()
        self.env.cr.execute(
            AFFECTED,
            {
                "backend": backend.id,
                "ids": list(ids),
                "skus": list({sku for sku, _barcode in keys if sku}),
                "barcodes": list({barcode for _sku, barcode in keys if barcode}),
            },
        )
        return [row[0] for row in self.env.cr.fetchall()]

    @api.model
    def _match(self, backend, ids=None):
        """Propose products for open candidates, all of the backend's when no ids are given."""
        if ids is not None and not ids:
            return
        self.env.flush_all()
        scope = {"backend": backend.id, "ids": ids, "open": list(OPEN_STATES)}
        self.env.cr.execute(FOLLOW_BINDINGS, scope)
        self.env.cr.execute(EVIDENCE, {**scope, "companies": self._companies(backend)})
        verdicts = self._verdicts(self.env.cr.fetchall())
        if verdicts:
            execute_values(self.env.cr._obj, WRITE_MATCHES, verdicts, page_size=5000)
        products = None if ids is None else [row[3] for row in verdicts if row[3]]
        self.env.cr.execute(DOUBT_SHARED_PRODUCTS, {**scope, "products": products})
        self.invalidate_model()

    @api.model
    def _companies(self, backend):
        """Return the companies whose products a backend may sell besides those of nobody."""
        return backend.company_id.sudo().parent_ids.ids

    @api.model
    def _verdicts(self, rows):
        """Return (id, state, reason, product) of the candidates whose verdict changed."""
        changed = []
        for candidate_id, *current, by_sku, by_barcode, sku_shared, barcode_shared in rows:
            match = match_product(Evidence.of(by_sku, by_barcode, sku_shared, barcode_shared))
            verdict = [match.state.value, match.reason.value, match.product_id]
            if verdict != current:
                changed.append((candidate_id, *verdict))
        return changed
