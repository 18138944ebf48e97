from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, Problem
from odoo.addons.retail_connector_base.decisions.receipt import printable
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.shipment_lines import told_lines
from .shipment_draft import GoodsDraft, LotDraft

MATCH_BY_ITEM = "match_by_item"


class RetailWarehouseShipment(models.Model):
    """Which products a shipment's lines are, and which lines of the release they name."""

    _inherit = "retail.warehouse.shipment"

    def _read_goods(self, told):
        """Return drafts of what left, in units of products, kits as their parts.

        Raises ``ImportProblem`` where an item, a line or a unit is not known: nothing moves then.
        """
        drafts = []
        for line in told_lines(told):
            named = self._named_line(line)
            product = self._product(line, named)
            if not product:
                continue
            quantity = self._in_units(product, line.quantity, line.unit)
            if quantity < 0:
                raise ImportProblem(self._negative_problem(line))
            drafts += self._drafts(line, named, product, quantity)
        return drafts

    def _drafts(self, line, named, product, quantity):
        parts = self._parts(product) if product != named.product_id else {}
        if parts:
            return [
                GoodsDraft(
                    key=f"{line.key}/{part.default_code or part.id}",
                    product=part,
                    quantity=self._rounded(quantity * units),
                    line=self.env["retail.release.line"],
                )
                for part, units in parts.items()
            ]
        lots = [
            LotDraft(lot.number, self._in_units(product, lot.quantity, line.unit), lot.expires_on)
            for lot in line.lots
        ]
        parcels = {}
        for parcel_id, part in line.parcels:
            units = self._in_units(product, part, line.unit)
            name = printable(parcel_id)
            parcels[name] = parcels.get(name, Decimal(0)) + units
        return [GoodsDraft(line.key, product, quantity, named, lots, parcels)]

    def _parts(self, product):
        """Return by part the units of one kit; nothing for what is none."""
        return self.env["retail.kit"]._parts(product, self.company_id)

    def _rounded(self, quantity):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return quantity.quantize(Decimal(1).scaleb(-digits))

    def _in_units(self, product, quantity, unit):
        return self.env["retail.unit.resolver"]._quantity(self.backend_id, product, quantity, unit)

    # Lines

    def _named_line(self, line):
        """Return the line of the release that is named, none where the warehouse names items."""
        lines = self.release_id.line_ids
        if not line.line_reference:
            return lines.browse()
        named = lines.filtered(lambda one: one.external_id == line.line_reference)
        if not named and not (line.sku and self._allows(MATCH_BY_ITEM)):
            raise ImportProblem(self._unknown_line_problem(line))
        return named

    # Products

    def _product(self, line, named):
        """Return the one product of a line; an empty one for what is deliberately ignored."""
        if not line.sku:
            if named:
                return named.product_id
            raise ImportProblem(self._no_item_problem(line))
        asked = self._words_of(named.product_id | self.release_id.line_ids.product_id)
        found = asked.get(_folded(line.sku)) or self._by_word(line.sku)
        if found is None:
            raise ImportProblem(self._unknown_item_problem(line))
        return found

    def _words_of(self, products):
        """Return by word the products that were asked for: the warehouse may call them so.

        Upper and lower case are one, unless that would make two products one.
        """
        bindings = self.env["retail.product.binding"].search(
            [("backend_id", "=", self.backend_id.id), ("odoo_id", "in", products.ids)]
        )
        words = {}
        for product in products:
            own = bindings.filtered(lambda one, product=product: one.odoo_id == product)
            codes = [product.default_code, product.barcode]
            for word in filter(None, [*codes, *own.mapped("sku"), *own.mapped("external_id")]):
                known = words.setdefault(_folded(word), product)
                words[_folded(word)] = known | product
        return {word: found for word, found in words.items() if len(found) == 1}

    def _by_word(self, sku):
        """Return the product of an item that was not asked for, ``None`` if none is known."""
        backend = self.backend_id
        bindings = self.env["retail.product.binding"].search(
            [
                ("backend_id", "=", backend.id),
                "|",
                ("external_id", "=", sku),
                ("sku", "=", sku),
            ]
        )
        mapped = self.env["retail.mapping"]._resolve(backend, "product", [sku])
        if sku in mapped and not bindings:
            return mapped[sku]
        found = bindings.odoo_id
        for way in () if found else ("sku", "barcode"):
            found |= (
                self.env["retail.product.resolver"]._by(backend, way, [_Word(sku)]).get(sku, found)
            )
        return found if len(found) == 1 else None

    # What a person must decide

    def _unknown_item_problem(self, line):
        return Problem(
            error_class=ErrorClass.MAPPING,
            code="unknown_item",
            subject=line.sku,
            title=self.env._("The warehouse sent “%(sku)s”, which is no product", sku=line.sku),
            cause=self.env._(
                "Shipment %(shipment)s of %(release)s holds %(quantity)s of it. Nothing of the "
                "shipment has moved in Odoo. Say which product it is; it goes on by itself.",
                shipment=self.display_name,
                release=self.release_id.name,
                quantity=line.quantity,
            ),
            fix="map_value",
            fix_values=self.env["retail.mapping"]._problem_values("product", line.sku),
        )

    def _unknown_line_problem(self, line):
        return self._data_problem(
            "unknown_release_line",
            line.line_reference,
            self.env._(
                "%(release)s has no line “%(line)s”",
                release=self.release_id.name,
                line=line.line_reference,
            ),
            self.env._(
                "Shipment %(shipment)s names it, with %(quantity)s of “%(sku)s”. Nothing of the "
                "shipment has moved in Odoo. If the item is right, match its lines by item.",
                shipment=self.display_name,
                quantity=line.quantity,
                sku=line.sku or "?",
            ),
            fix=MATCH_BY_ITEM if line.sku else "retry",
        )

    def _no_item_problem(self, line):
        return self._data_problem(
            "shipment_without_item",
            line.key,
            self.env._("A line of shipment %(shipment)s names nothing", shipment=self.display_name),
            self.env._(
                "It holds %(quantity)s of what is neither a line of the release nor an item. "
                "Ask the warehouse; a new version of the shipment is imported by itself.",
                quantity=line.quantity,
            ),
        )

    def _negative_problem(self, line):
        return self._data_problem(
            "shipment_negative",
            line.key,
            self.env._(
                "Shipment %(shipment)s holds %(quantity)s of “%(key)s”",
                shipment=self.display_name,
                quantity=line.quantity,
                key=line.key,
            ),
            self.env._("Less than nothing cannot leave. Ask the warehouse what it means."),
        )

    def _data_problem(self, code, subject, title, cause, fix="retry", **values):
        return Problem(
            error_class=ErrorClass.DATA,
            code=code,
            subject=f"{self.external_id}|{subject}",
            title=title,
            cause=cause,
            fix=fix,
            fix_values={"res_model": self._name, "res_id": self.id},
            **values,
        )


class _Word:
    """What the products' resolver wants to know of a line."""

    def __init__(self, sku):
        self.sku = sku
        self.barcode = sku


def _folded(word):
    return word.strip().casefold()
