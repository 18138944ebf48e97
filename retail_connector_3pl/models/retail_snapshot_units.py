from odoo import models

from ..decisions.unit_word import is_each, same_unit
from . import snapshot_told_sql as told_sql

DIGITS = 10


class RetailSnapshot(models.Model):
    """Counts in other units than the product's own."""

    _inherit = "retail.snapshot"

    def _convert(self, words):
        """Turn what was counted in these units into each product's own; mark what cannot be."""
        words = [word for word in words if not is_each(word)]
        if not words:
            return
        self.env.cr.execute(told_sql.UNITS, {"units": words})
        pairs = self.env.cr.fetchall()
        mapped = self.env["retail.mapping"]._resolve(self.backend_id, "uom", words)
        products = self.env["product.product"].browse(product_id for product_id, _word in pairs)
        by_id = {product.id: product for product in products}
        factors = [self._factor(by_id[product_id], word, mapped) for product_id, word in pairs]
        values = {
            "products": [product_id for product_id, _word in pairs],
            "units": [word for _product_id, word in pairs],
            "factors": factors,
        }
        self.env.cr.execute(told_sql.CONVERT, values)
        rows = zip(pairs, factors, strict=True)
        unread = {word: by_id[product_id] for (product_id, word), factor in rows if not factor}
        self._report_units({word: unread[word] for word in unread if word not in mapped})

    def _factor(self, product, word, mapped):
        """Return how many of the product's units one is; ``None`` where nobody knows.

        By the rules of ``retail.unit.resolver``, with the mappings of all words read at once.
        """
        own = product.product_uom_ids.filtered(lambda code: code.barcode == word).uom_id
        own = own or product.uom_ids.filtered(lambda unit: same_unit(word, unit.name))
        unit = own if len(own) == 1 else mapped.get(word)
        if len(own) != 1 and same_unit(word, product.uom_id.name):
            unit = product.uom_id
        if not unit or not unit._has_common_reference(product.uom_id):
            return None
        return round(unit._compute_quantity(1.0, product.uom_id, round=False), DIGITS)

    def _report_units(self, unread):
        """Ask what units mean that nobody has mapped: a row of the mapping for each word."""
        resolver, reporter = self.env["retail.unit.resolver"], self.env["retail.exception"].sudo()
        for word, product in unread.items():
            reporter._report(self.backend_id, resolver._unknown_problem(product, word))
