from decimal import Decimal

from odoo import api, models

from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.unit_word import is_each, same_unit


class RetailUnitResolver(models.AbstractModel):
    """Turns what a warehouse counted (pieces, cases, pallets) into the product's own unit.

    A word means a piece; or the packaging of that very product which has this name or barcode; or
    what the backend's mapping of kind ``uom`` says, for all products alike.
    """

    _name = "retail.unit.resolver"
    _description = "Retail Connector: units of warehouses"

    @api.model
    def _quantity(self, backend, product, quantity, word=None):
        """Return a quantity (Decimal) in the product's unit.

        Raises ``ImportProblem`` where the word is not mapped or does not fit the product.
        """
        unit = product.uom_id if is_each(word) else self._unit(backend, product, word)
        if unit == product.uom_id:
            return self._checked(product, quantity, quantity)
        if not unit._has_common_reference(product.uom_id):
            raise ImportProblem(self._misfit_problem(backend, product, word, unit))
        # The factors are floats: the digits that Odoo keeps are what is told.
        turned = unit._compute_quantity(float(quantity), product.uom_id, round=False)
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return self._checked(product, quantity, Decimal(str(round(turned, digits + 4))))

    def _unit(self, backend, product, word):
        own = product.product_uom_ids.filtered(lambda code: code.barcode == word.strip()).uom_id
        own = own or product.uom_ids.filtered(lambda unit: same_unit(word, unit.name))
        if len(own) == 1:
            return own
        if same_unit(word, product.uom_id.name):
            return product.uom_id
        found = self.env["retail.mapping"]._resolve(backend, "uom", [word])
        unit = found.get(word)
        if not unit:
            raise ImportProblem(self._unknown_problem(product, word))
        return unit

    def _checked(self, product, told, quantity):
        """Return a quantity that Odoo can keep, or raise ``ImportProblem``."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        kept = quantity.quantize(Decimal(1).scaleb(-digits))
        if abs(kept - quantity) > Decimal(1).scaleb(-digits - 3):
            raise ImportProblem(self._digits_problem(product, told, digits))
        return kept

    def _unknown_problem(self, product, word):
        return Problem(
            error_class=ErrorClass.MAPPING,
            code="unknown_unit",
            subject=word,
            title=self.env._("The warehouse counts in “%(word)s”", word=word),
            cause=self.env._(
                "%(product)s has no packaging of that name, and the word is not mapped. Say which "
                "unit it is, or give the product such a packaging, then retry.",
                product=product.display_name,
            ),
            fix="map_value",
            fix_values=self.env["retail.mapping"]._problem_values(
                "uom", word, product=product.display_name
            ),
        )

    def _misfit_problem(self, backend, product, word, unit):
        return Problem(
            error_class=ErrorClass.MAPPING,
            code="unit_misfit",
            subject=f"{word}|{product.id}",
            title=self.env._(
                "%(product)s cannot be counted in %(unit)s",
                product=product.display_name,
                unit=unit.name,
            ),
            cause=self.env._(
                "The warehouse counted it in “%(word)s”, which is mapped to %(unit)s; the product "
                "is kept in %(own)s. Give the product a packaging of that name, or map the word "
                "to another unit, then retry.",
                word=word,
                unit=unit.name,
                own=product.uom_id.name,
            ),
            fix="open_record",
            fix_values={"res_model": product._name, "res_id": product.id},
        )

    def _digits_problem(self, product, told, digits):
        return Problem(
            error_class=ErrorClass.CONFIGURATION,
            code="quantity_digits",
            subject=str(digits),
            title=self.env._("Odoo keeps %(digits)s decimals of a quantity", digits=digits),
            cause=self.env._(
                "%(quantity)s of %(product)s were told. Raise the decimal accuracy of “Product "
                "Unit” under Settings / Technical, then retry.",
                quantity=told,
                product=product.display_name,
            ),
            fix="retry",
        )
