from odoo import models

from odoo.addons.retail_connector_base.canonical import LineKind
from odoo.addons.retail_connector_base.decisions.order_amounts import line_amounts
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from .order_draft import LineDraft

# Which of the backend's products stands for what is not goods.
PRODUCT_FIELDS = {
    LineKind.CUSTOM: "custom_product_id",
    LineKind.GIFT_CARD: "gift_card_product_id",
    LineKind.TIP: "tip_product_id",
    LineKind.DUTY: "duty_product_id",
    LineKind.FEE: "fee_product_id",
    LineKind.DISCOUNT: "discount_product_id",
}


def variant_key(told):
    """Return by what a variant is bound: its id, or for one that the channel deleted, its code."""
    known = told.get("variant_external_id")
    return known or (f"sku:{told['sku']}" if told.get("sku") else f"title:{told.get('title')}")


class RetailImporterOrder(models.AbstractModel):
    """Which product each line of an order is."""

    _inherit = "retail.importer.order"

    def _find_lines(self, backend, drafts):
        """Draft the lines of orders with their products, one query per way to find them."""
        for draft in drafts:
            draft.lines = self._draft_lines(draft)
        goods = [
            line.source
            for draft in drafts
            for line in draft.lines
            if line.part == "line" and line.source.kind is LineKind.PRODUCT
        ]
        products = self.env["retail.product.resolver"]._finder(
            backend, goods, lambda line: variant_key(vars(line))
        )
        for draft in drafts:
            for line in draft.lines:
                line.product = self._product_of(backend, line, products)
                if not line.product and not draft.error:
                    draft.fail(self._product_problem(backend, draft, line))

    def _draft_lines(self, draft):
        """Return drafts of what is still wanted: lines without quantity are left out."""
        wanted = [("line", line) for line in draft.order.lines if line.quantity]
        charges = [("shipping", line) for line in draft.order.shipping_lines]
        return [
            LineDraft(
                part=part,
                external_id=source.external_id,
                source=source,
                title=source.title,
                amounts=line_amounts(source, draft.presentment),
            )
            for part, source in wanted + charges
        ]

    def _product_of(self, backend, line, products):
        if line.part == "shipping":
            return backend.shipping_product_id
        if line.source.kind is LineKind.PRODUCT:
            return products(line.source)
        return backend[PRODUCT_FIELDS[line.source.kind]]

    def _product_problem(self, backend, draft, line):
        """Return the problem of a line whose product is not known."""
        if line.part == "shipping" or line.source.kind is not LineKind.PRODUCT:
            return self._missing_product_problem(draft, line)
        source = line.source
        subject = source.sku or source.variant_external_id or source.title
        return Problem(
            error_class=ErrorClass.MAPPING,
            code="unknown_sku",
            subject=subject,
            title=self.env._("No product for “%(sku)s”", sku=subject),
            cause=self.env._(
                "“%(title)s” of order %(order)s is no product in Odoo, or several products share "
                "its code. Nothing of the order was imported.",
                title=source.title,
                order=draft.order.name,
            ),
            fix="map_product",
            fix_values={
                "sku": source.sku,
                "barcode": source.barcode,
                "variant_external_id": source.variant_external_id,
                "product_external_id": source.product_external_id,
                "title": source.title,
                "price": str(source.unit_price.side(draft.presentment).amount),
                "requires_shipping": source.requires_shipping,
            },
            amount=draft.total,
            currency=draft.currency_code,
        )

    def _missing_product_problem(self, draft, line):
        kind = "shipping" if line.part == "shipping" else line.source.kind.value
        return Problem(
            error_class=ErrorClass.CONFIGURATION,
            code="missing_product",
            subject=kind,
            title=self.env._("The backend has no product for “%(kind)s”", kind=kind),
            cause=self.env._("Choose it on the backend under Products, then retry."),
            fix="open_backend",
            amount=draft.total,
            currency=draft.currency_code,
        )
