from datetime import timezone

from odoo import api, models

from odoo.addons.retail_connector_base.canonical import Price
from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass


class RetailPriceItem(models.AbstractModel):
    """Where a price that is told belongs, and whether it can be written there as it is."""

    _name = "retail.price.item"
    _description = "Retail Connector: places of prices"

    # The product

    @api.model
    def _products(self, backend, prices):
        """Return a function that gives the one product of a price. Raises ``ImportProblem``."""
        find = self.env["retail.product.resolver"]._finder(
            backend, prices, lambda price: price.variant_external_id
        )

        def find_or_raise(price):
            product = find(price)
            if not product:
                raise ImportProblem(self._unknown(price))
            return product

        return find_or_raise

    def _unknown(self, price):
        subject = price.sku or price.variant_external_id or price.barcode
        return Problem(
            error_class=ErrorClass.MAPPING,
            code="unknown_sku",
            subject=subject,
            title=self.env._("No product for “%(sku)s”", sku=subject),
            cause=self.env._(
                "A price was told for what is no product in Odoo, or for a code that several "
                "products share."
            ),
            fix="map_product",
            fix_values={
                "sku": price.sku,
                "barcode": price.barcode,
                "variant_external_id": price.variant_external_id,
                "product_external_id": None,
                "title": subject,
                "price": str(price.amount or 0),
                "requires_shipping": True,
            },
        )

    # The place

    @api.model
    def _place(self, backend, price, product):
        """Return the price list that a price belongs to, empty for the sales price."""
        if price.price_list is None:
            return self._own_place(backend, price, product)
        mappings = self.env["retail.mapping"]
        mapped = mappings._resolve(backend, "price_list", [price.price_list])
        if mapped.get(price.price_list):
            return mapped[price.price_list]
        raise ImportProblem(
            Problem(
                error_class=ErrorClass.MAPPING,
                code="unmapped_price_list",
                subject=price.price_list,
                title=self.env._("Price list “%(name)s” is not mapped", name=price.price_list),
                cause=self.env._("Say which price list of Odoo it is; its prices wait until then."),
                fix="map_value",
                fix_values=mappings._problem_values(
                    "price_list", price.price_list, currency=price.currency
                ),
            )
        )

    def _own_place(self, backend, price, product):
        lists = self.env["product.pricelist"]
        if backend.price_target == "pricelist":
            if not backend.pricelist_id:
                self._refuse(
                    "price_place", backend.name, self.env._("Choose the price list of the backend.")
                )
            return backend.pricelist_id
        if price.min_quantity > 1 or price.valid_from or price.valid_until:
            text = self.env._(
                "A sales price holds always and for any quantity. Let the backend's prices go to "
                "a price list."
            )
            self._refuse("price_place", backend.name, text)
        if len(product.product_tmpl_id.product_variant_ids) > 1:
            text = self.env._(
                "The sales price is one for all variants of “%(product)s”. Let the backend's "
                "prices go to a price list.",
                product=product.product_tmpl_id.name,
            )
            self._refuse("price_place", product.default_code or str(product.id), text)
        return lists

    # Whether it fits

    @api.model
    def _check(self, backend, price, place):
        """Raise ``ImportProblem`` for a price that cannot be written as it is."""
        currency = place.currency_id if place else backend.company_id.currency_id
        if price.currency != currency.name:
            text = self.env._(
                "The price is in %(theirs)s, its price list in %(ours)s. Nothing is converted.",
                theirs=price.currency,
                ours=currency.name,
            )
            self._refuse("price_currency", f"{price.price_list or ''}:{price.currency}", text)
        included = backend.company_id.account_price_include == "tax_included"
        if price.taxes_included is not None and price.taxes_included is not included:
            text = self.env._(
                "Their prices include taxes, Odoo's do not."
                if price.taxes_included
                else "Their prices are without taxes, Odoo's include them."
            )
            self._refuse("price_taxes", price.price_list or "", text)
        digits = self.env["decimal.precision"].precision_get("Product Price")
        if price.amount is not None and round(price.amount, digits) != price.amount:
            text = self.env._(
                "%(amount)s has more decimal places than prices have in Odoo (Decimal Accuracy: "
                "Product Price).",
                amount=price.amount,
            )
            self._refuse("price_digits", price.external_id, text)

    def _refuse(self, code, subject, text):
        raise ImportProblem(
            Problem(
                error_class=ErrorClass.CONFIGURATION,
                code=code,
                subject=subject,
                title=self.env._("A price cannot be taken as it is"),
                cause=text,
                fix="open_backend",
            )
        )

    # The rule

    @api.model
    def _values(self, place, price, product):
        """Return the values of the rule that says this price."""
        quantity = float(price.min_quantity)
        return {
            "pricelist_id": place.id,
            "applied_on": "0_product_variant",
            "product_tmpl_id": product.product_tmpl_id.id,
            "product_id": product.id,
            "compute_price": "fixed",
            "fixed_price": float(price.amount or 0),
            "min_quantity": quantity if quantity > 1 else 0.0,
            "date_start": _moment(price.valid_from),
            "date_end": _moment(price.valid_until),
        }

    @api.model
    def _stored(self, binding, amount):
        """Return the price that a binding was told last, with an amount."""
        return Price.model_validate({**binding.snapshot, "amount": amount})


def _moment(moment):
    return moment.astimezone(timezone.utc).replace(tzinfo=None) if moment else False
