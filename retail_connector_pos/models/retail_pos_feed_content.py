from decimal import Decimal

from odoo import api, fields, models

from ..decisions.feed_content import Grant, plain, promotions

BATCH = 200
PROGRAMS = ("promotion", "promo_code", "buy_x_get_y")
MODES = ("percent", "per_order")


class RetailPosFeedContent(models.AbstractModel):
    """What is told of products, once for all stores that tell the same.

    Stores with the same price list, currency, fiscal position and promotions form a group.
    """

    _name = "retail.pos.feed.content"
    _description = "Retail Connector: what registers are told"

    @api.model
    def _groups(self, backend):
        """Return ``{key: stores}`` of the stores that are fed."""
        stores = backend.pos_store_ids.filtered(lambda store: store.active and store.odoo_id)
        groups = {}
        for store in stores:
            groups.setdefault(self._key(store), self.env["retail.pos.store"])
            groups[self._key(store)] |= store
        return groups

    def _key(self, store):
        config = store.register_ids.odoo_id[:1]
        pricelist = store.pricelist_id or config.pricelist_id
        currency = pricelist.currency_id or config.currency_id or store.company_id.currency_id
        position = config.default_fiscal_position_id
        return pricelist, currency, position, self._programs(store, currency)

    def _programs(self, store, currency):
        """Return the promotions that run in a store today, of its currency."""
        today = fields.Date.context_today(self.with_context(tz=store._timezone()))
        found = self.env["loyalty.program"].search(
            [
                ("pos_ok", "=", True),
                ("program_type", "in", PROGRAMS),
                ("company_id", "in", (False, store.company_id.id)),
                ("currency_id", "=", currency.id),
                "|", ("date_from", "=", False), ("date_from", "<=", today),
                "|", ("date_to", "=", False), ("date_to", ">=", today),
            ],
            order="id",
        )  # fmt: skip
        configs = store.register_ids.odoo_id
        return found.filtered(lambda p: not p.pos_config_ids or p.pos_config_ids & configs)

    @api.model
    def _contents(self, backend, key, products):
        """Return ``{product id: content}`` of a group of stores."""
        found = {}
        bound = self._bound(backend, products)
        products = products.with_company(backend.company_id).with_context(
            lang=None, display_default_code=False
        )
        for start in range(0, len(products), BATCH):
            found |= self._contents_of(backend, key, products[start : start + BATCH], bound)
        return found

    def _bound(self, backend, products):
        bindings = self.env["retail.product.binding"].search(
            [("backend_id", "=", backend.id), ("odoo_id", "in", products.ids)], order="id desc"
        )
        return {binding.odoo_id.id: binding.external_id for binding in bindings}

    def _contents_of(self, backend, key, products, bound):
        pricelist, currency, position, programs = key
        prices = pricelist._get_products_price(
            products, 1.0, currency=currency, date=fields.Datetime.now()
        )
        grants = self._grants(programs, products)
        return {
            product.id: {
                "variant": bound.get(product.id),
                "sku": product.default_code or None,
                "barcodes": self._barcodes(product),
                "title": product.display_name,
                "unit": product.uom_id.name,
                "currency": currency.name,
                "promotions": promotions(grants.get(product.id, ())),
                **self._priced(backend, product, prices[product.id], currency, position),
            }
            for product in products
        }

    def _barcodes(self, product):
        own = [product.barcode] if product.barcode else []
        return own + sorted(set(product.product_uom_ids.mapped("barcode")) - {False, *own})

    def _priced(self, backend, product, price, currency, position):
        """Return price and taxes. Where some taxes are included and some not, all are."""
        taxes = product.taxes_id._filter_taxes_by_company(backend.company_id)
        taxes = position.map_tax(taxes).flatten_taxes_hierarchy()
        included = [bool(tax.price_include) for tax in taxes]
        if included and len(set(included)) > 1:
            price = taxes.compute_all(price, currency, 1.0, product=product)["total_included"]
        by_company = backend.company_id.account_price_include == "tax_included"
        places = max(
            self.env["decimal.precision"].precision_get("Product Price"), currency.decimal_places
        )
        rates = sorted(tax.amount for tax in taxes if tax.amount_type == "percent")
        return {
            "price": plain(Decimal(str(price)).quantize(Decimal(1).scaleb(-places))),
            "taxes_included": any(included) if included else by_company,
            "tax_rates": [plain(Decimal(str(rate)) / 100) for rate in rates],
        }

    # Promotions

    def _grants(self, programs, products):
        """Return the discounts that concern each product."""
        found = {}
        for program in programs:
            for reward in program.reward_ids.filtered(self._is_told):
                for product in self._lowered(program, reward, products):
                    found.setdefault(product.id, []).append(self._grant(program, reward))
        return found

    def _is_told(self, reward):
        return (
            reward.reward_type == "discount"
            and reward.discount_mode in MODES
            and reward.discount_applicability in ("order", "specific")
        )

    def _lowered(self, program, reward, products):
        if reward.discount_applicability == "specific":
            return products.filtered_domain(reward._get_discount_product_domain())
        by_rule = program._get_valid_products(products)
        return products.browse().union(*by_rule.values()) if by_rule else products

    def _grant(self, program, reward):
        rule = program.rule_ids[:1]
        return Grant(
            program.id,
            program.name,
            reward.discount_mode,
            Decimal(str(reward.discount)),
            reward.discount_applicability == "order",
            max(rule.minimum_qty, 1),
            (rule.mode == "with_code" and rule.code) or None,
        )
