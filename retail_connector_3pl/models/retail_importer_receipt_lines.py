from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, Problem
from odoo.addons.retail_connector_base.decisions.receipt import printable
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.receipt_lines import told_lines


class _Item:
    """What the resolver of products looks at: a line that names its item by SKU alone."""

    def __init__(self, sku):
        self.sku = self.barcode = sku


class RetailImporterReceipt(models.AbstractModel):
    """Which item, how many units, and which lot each line of a receipt is."""

    _inherit = "retail.importer.receipt"

    def _lines(self, backend, told, announcement):
        """Return the values of a receipt's lines, one a key. Raises ``ImportProblem``."""
        parts = told_lines(told)
        find = self._product_finder(backend, {part.sku for part in parts} - {None})
        found = {}
        for part in parts:
            product = find(part.sku) if part.sku else self._announced(announcement, part)
            if not product:
                raise ImportProblem(self._unknown_problem(told, part))
            values = self._line_values(backend, product, part)
            if values["quantity"] < 0:
                raise ImportProblem(self._negative_problem(told, part))
            before = found.get(values["key"])
            if before:
                values["quantity"] += before["quantity"]
            found[values["key"]] = values
        return list(found.values())

    def _product_finder(self, backend, skus):
        """Return a function that gives the product of a SKU: bound, mapped, or by its code."""
        items = {sku: _Item(sku) for sku in skus}
        resolver = self.env["retail.product.resolver"]
        find = resolver._finder(backend, list(items.values()), lambda item: item.sku)
        found = {sku: find(item) for sku, item in items.items()}
        missing = [sku for sku in skus if not found[sku]]
        mapped = self.env["retail.mapping"]._resolve(backend, "product", missing)
        return lambda sku: found[sku] or mapped.get(sku)

    def _announced(self, announcement, part):
        """Return the product of an announced line that the warehouse names by our reference."""
        lines = announcement.line_ids.filtered(lambda line: line.external_id == part.reference)
        return lines.product_id

    def _line_values(self, backend, product, part):
        quantity = self.env["retail.unit.resolver"]._quantity(
            backend, product, part.quantity, part.unit
        )
        lot = part.lot if product.tracking != "none" else None
        # Lots of what Odoo does not track are one line.
        name = part.key.rsplit("|", 1)[0]
        return {
            "key": f"{name}|{lot or ''}",
            "reference": part.reference,
            "sku": part.sku and printable(part.sku),
            "product_id": product.id,
            "condition": part.condition,
            "lot_name": lot,
            "expires_on": part.expires_on if lot else None,
            "told": " ".join(filter(None, (f"{part.quantity:f}", part.unit))),
            "quantity": float(quantity),
        }

    def _unknown_problem(self, told, part):
        word = part.sku or part.reference or ""
        return Problem(
            error_class=ErrorClass.MAPPING,
            code="unknown_sku",
            subject=word,
            title=self.env._("No product for “%(sku)s”", sku=word),
            cause=self.env._(
                "Receipt %(receipt)s tells of an item that is no product in Odoo, or several "
                "products share its code. Nothing of the receipt was recorded.",
                receipt=told.external_id,
            ),
            fix="map_value",
            fix_values=self.env["retail.mapping"]._problem_values("product", word, sku=part.sku),
        )

    def _negative_problem(self, told, part):
        return Problem(
            error_class=ErrorClass.DATA,
            code="receipt_lots",
            subject=f"{told.external_id}|{part.key}",
            title=self.env._("Receipt %(receipt)s does not add up", receipt=told.external_id),
            cause=self.env._(
                "Of “%(sku)s” it tells less than nothing, or more in lots than in all "
                "(%(rest)s). Ask the warehouse for a corrected receipt; it replaces this one.",
                sku=part.sku or part.reference,
                rest=part.quantity + Decimal(),
            ),
            fix="retry",
        )
