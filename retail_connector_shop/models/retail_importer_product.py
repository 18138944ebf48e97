from odoo import api, models

from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome
from odoo.addons.retail_connector_base.decisions.product_match import trimmed


class RetailImporterProduct(models.AbstractModel):
    """Turns a channel's products into the rows of the review list; adopts nothing by itself."""

    _name = "retail.importer.product"
    _inherit = "retail.importer"
    _description = "Retail Importer: products"

    _binding_model = "retail.product.listing"

    @api.model
    def _apply(self, backend, pairs):
        """Override: note the versions, take over the variants, all in a few statements."""
        listings = self._save_listings(backend, pairs)
        products = [item.canonical for item, _listing in pairs]
        currency = self._currency(backend)
        rows = {
            product.external_id: [
                self._row(product, variant, currency) for variant in product.variants
            ]
            for product in products
        }
        # Some vendors' events show the first variants only: the rest is asked for.
        partial = {product.external_id for product in products if not product.variants_complete}
        self.env["retail.product.candidate"]._take(backend, rows, partial)
        for external_id in partial:
            self.env["retail.poll"]._refetch_after_commit(backend, "product", external_id)
        return {
            item.message_id: ImportResult(Outcome.DONE, record=(listing._name, listing.id))
            for (item, _listing), listing in zip(pairs, listings, strict=True)
        }

    @api.model
    def _on_deleted(self, binding):
        """Override: the variants of a deleted product leave the review list."""
        binding.env["retail.product.candidate"]._take(binding.backend_id, {binding.external_id: []})

    def _save_listings(self, backend, pairs):
        """Create or update the listings; return them in the order of the pairs."""
        values = [self._listing_values(item) for item, _listing in pairs]
        new = iter(
            self.env[self._binding_model].create(
                [
                    {
                        **value,
                        "backend_id": backend.id,
                        "external_id": item.canonical.external_id,
                    }
                    for value, (item, listing) in zip(values, pairs, strict=True)
                    if not listing
                ]
            )
        )
        for value, (_item, listing) in zip(values, pairs, strict=True):
            listing.write(value)
        return [listing or next(new) for _item, listing in pairs]

    def _listing_values(self, item):
        title = trimmed(item.canonical.title)
        return {**self.env[self._binding_model]._state_values(item), "title": title}

    def _currency(self, backend):
        """Return the shop's currency: what the connection test reported, else the company's.

        Products do not name the currency of their prices.
        """
        details = dict((backend.last_test_report or {}).get("details") or ())
        code = next((value for name, value in details.items() if name.lower() == "currency"), None)
        found = self.env["res.currency"].with_context(active_test=False)
        return found.search([("name", "=", code)], limit=1) or backend.company_id.currency_id

    def _row(self, product, variant, currency):
        """Return what the review list holds of a variant."""
        return {
            "external_id": variant.external_id,
            "product_external_id": product.external_id,
            "inventory_item_external_id": variant.inventory_item_external_id,
            "title": trimmed(product.title),
            "options": trimmed(self._options(variant)),
            "sku": trimmed(variant.sku),
            "barcode": trimmed(variant.barcode),
            "price": variant.price,
            "currency_id": currency.id,
            "status": product.state.value,
        }

    def _options(self, variant):
        """Return what tells a variant from its siblings, e.g. "Red / L"."""
        return " / ".join(option.value for option in variant.options)
