from odoo import api, models

from odoo.addons.retail_connector_base.decisions.problem import ImportProblem

from .retail_product_candidate import SAFE_REASONS


class RetailImporterProduct(models.AbstractModel):
    """Products of a system that owns something of them are taken over, not only listed."""

    _inherit = "retail.importer.product"

    @api.model
    def _apply(self, backend, pairs):
        """Override: tie what is beyond doubt, make what may be made, take over the content."""
        results = super()._apply(backend, pairs)
        if not backend._owns_of_products():
            return results
        products = [item.canonical for item, _listing in pairs]
        listings = self.env[self._binding_model].browse(
            results[item.message_id].record[1] for item, _listing in pairs
        )
        for listing, product in zip(listings, products, strict=True):
            listing.told = product.model_dump(mode="json", exclude_unset=True)
        self._tie(backend, products)
        self.env["retail.product.content"]._take(backend, listings)
        return results

    def _tie(self, backend, products):
        """Bind the variants whose product is beyond doubt."""
        names = [product.external_id for product in products]
        if backend.create_products:
            self.env["retail.product.content.create"]._create_missing(backend, products)
        sure = self.env["retail.product.candidate"].search(
            [
                ("backend_id", "=", backend.id),
                ("product_external_id", "in", names),
                ("state", "=", "matched"),
                ("match_reason", "in", SAFE_REASONS),
                ("product_id", "!=", False),
            ]
        )
        if sure:
            sure.sudo().with_context(retail_import=True)._adopt()


class RetailProductCandidate(models.Model):
    """What a person adopts of a system of record is taken over at once."""

    _inherit = "retail.product.candidate"

    def _adopt(self):
        """Override: take over what was told before the product was known."""
        adopted = super()._adopt()
        if self.env.context.get("retail_import"):
            return adopted
        for backend, rows in adopted.grouped("backend_id").items():
            if backend._owns_of_products():
                rows._take_content(backend)
        return adopted

    def _take_content(self, backend):
        listings = self.env["retail.product.listing"].sudo()
        found = listings._by_external_id(backend, self.mapped("product_external_id"))
        for listing in found.values():
            try:
                with self.env.cr.savepoint():
                    self.env["retail.product.content"].sudo()._take(backend, listing)
            except ImportProblem as error:
                self.env["retail.exception"]._report(backend, error.problem)
