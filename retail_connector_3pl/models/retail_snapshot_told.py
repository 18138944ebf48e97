from odoo import models
from odoo.tools import SQL

from ..decisions.unit_word import EACH
from . import snapshot_told_sql as told_sql


class RetailSnapshot(models.Model):
    """What was told, and which product each line is, in a table of the transaction."""

    _inherit = "retail.snapshot"

    def _drop_tables(self):
        for name in told_sql.TABLES:
            table = SQL.identifier(f"retail_count_{name}")
            self.env.cr.execute(SQL("DROP TABLE IF EXISTS pg_temp.%s", table))

    def _read_told(self):
        """Put what was told into a table, with the product of each line."""
        cr = self.env.cr
        self.ignored_count = 0
        first, *ways = self._ways()
        cr.execute(told_sql.MANY)
        cr.execute(SQL(told_sql.TOLD, snapshot=self.id, each=sorted(EACH), found=first))
        if cr.rowcount > sum(self.part_ids.mapped("line_count")):
            cr.execute(told_sql.SEVERAL)
            cr.execute(told_sql.ONE_OF_SEVERAL)
        cr.execute(told_sql.AS_USUAL)
        self._find(ways)
        cr.execute(told_sql.TOLD_AT_ALL, {"snapshot": self.id})
        has_lots, has_units = cr.fetchone()
        if has_lots:
            cr.execute(told_sql.LOTS, {"company": self.company_id.id})
        if has_units:
            cr.execute(told_sql.WORDS)
            self._convert([row[0] for row in cr.fetchall()])
        self._explode_kits()

    def _find(self, ways):
        """Find products by one way after the other, until all lines have one."""
        for word, found in ways:
            if not self._found_any(told_sql.OPEN):
                break
            self.env.cr.execute(SQL(told_sql.FIND, found=found, word=SQL(word)))
        self._find_mapped()

    def _found_any(self, query, **values):
        self.env.cr.execute(query, values)
        return bool(self.env.cr.rowcount)

    def _ways(self):
        """Return the query by which all lines are found, then (what is looked up, query) of others.

        In the order of the product resolver. Goods that are not sold any more still lie there.
        """
        backend = self.backend_id
        chosen = [] if backend.product_match == "binding" else backend.product_match.split("_")
        names = [{"sku": "default_code", "barcode": "barcode"}[way] for way in chosen]
        codes = [self._code(name, active) for active in (True, False) for name in names]
        if codes and not self._found_any(told_sql.HAS_BINDINGS, backend=backend.id):
            return [codes[0], *(("told.sku", code) for code in codes[1:])]
        return [
            SQL(told_sql.NOTHING),
            ("coalesce(told.item, told.sku)", SQL(told_sql.BOUND, backend=backend.id)),
            ("told.sku", SQL(told_sql.BOUND_SKU, backend=backend.id)),
            *(("told.sku", code) for code in codes),
        ]

    def _code(self, name, active):
        return SQL(
            told_sql.CODE,
            field=SQL.identifier(name),
            active=active,
            company=self.company_id.id,
        )

    def _find_mapped(self):
        """Find by mapping what has no product yet; leave out what is deliberately ignored."""
        mappings = self.env["retail.mapping"]
        known = [("backend_id", "=", self.backend_id.id), ("kind", "=", "product")]
        if not mappings.search_count(known, limit=1):
            return
        self.env.cr.execute(told_sql.UNFOUND)
        skus = [row[0] for row in self.env.cr.fetchall()]
        found = mappings._resolve(self.backend_id, "product", skus) if skus else {}
        if found:
            pairs = [(sku, product.id or None) for sku, product in found.items()]
            told, products = map(list, zip(*pairs, strict=True))
            self.env.cr.execute(told_sql.MAPPED, {"skus": told, "products": products})
            ignored = [sku for sku, product in found.items() if not product]
            self.env.cr.execute(told_sql.IGNORE, {"skus": ignored})
            self.ignored_count = self.env.cr.rowcount
