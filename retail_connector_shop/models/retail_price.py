from odoo import api, fields, models

from odoo.addons.retail_connector_base.decisions.price_display import shown

# Each product is held against the price list's rules that concern its batch: of larger batches
# each product costs more, of smaller ones each query.
BATCH = 100
# Kinds of taxes whose amount is proportional to the price, and the price that tells the factor.
PROPORTIONAL = ("percent", "division")
PROBE = 1_000_000.0


class RetailPrice(models.AbstractModel):
    """What one unit of a product costs in a shop today."""

    _name = "retail.price"
    _description = "Retail Connector: prices of a shop"

    @api.model
    def _of(self, backend, products):
        """Return the ``ShownPrice`` of products by id. The backend must be configured for it."""
        company = backend.company_id
        products = products.sudo().with_company(company).with_context(lang=None)
        found = {}
        for start in range(0, len(products), BATCH):
            found |= self._of_batch(backend.with_company(company), products[start : start + BATCH])
        return found

    def _of_batch(self, backend, products):
        currency = backend._shop_currency()
        prices = self._listed(backend.pricelist_id, products, currency)
        before = self._compared_with(backend, products, currency)
        display = self._display(backend, currency)
        return {
            product.id: shown(
                display(product, prices[product.id]),
                display(product, before[product.id]) if before else None,
                currency.name,
            )
            for product in products
        }

    def _compared_with(self, backend, products, currency):
        """Return the prices to compare with by product id, empty where there are none."""
        if backend.compare_at_policy == "none":
            return {}
        if backend.compare_at_policy == "pricelist":
            return self._listed(backend.compare_at_pricelist_id, products, currency)
        return self._listed(self.env["product.pricelist"], products, currency)

    def _listed(self, pricelist, products, currency):
        """Return unit prices; without a price list those are sales prices."""
        return pricelist.sudo()._get_products_price(
            products, 1.0, currency=currency, date=fields.Datetime.now()
        )

    def _display(self, backend, currency):
        """Return the function that turns a product's price into what the shop shows.

        Taxes in per cent multiply a price by a factor, computed once for each set of them.
        """
        included, factors = backend._shows_taxes(), {}

        def display(product, price):
            taxes = product.taxes_id._filter_taxes_by_company(backend.company_id)
            flat = taxes.flatten_taxes_hierarchy()
            if all(bool(tax.price_include) is included for tax in flat):
                return price
            if not all(tax.amount_type in PROPORTIONAL for tax in flat):
                return self._converted(taxes, price, currency, product, included)
            key = tuple(taxes.ids)
            if key not in factors:
                factors[key] = self._converted(taxes, PROBE, currency, product, included) / PROBE
            return price * factors[key]

        return display

    def _converted(self, taxes, price, currency, product, included):
        """Return a price with or without its taxes. The display rounds it once, to the shop's
        minor unit."""
        totals = taxes.with_context(round_base=False).compute_all(
            price, currency, 1.0, product=product, rounding_method="round_globally"
        )
        return totals["total_included" if included else "total_excluded"]
