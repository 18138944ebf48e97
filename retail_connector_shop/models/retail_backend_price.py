from odoo import api, fields, models

# What the connection test calls these.
CURRENCY, TAXES_INCLUDED = "currency", "prices include taxes"
PRICE_POLICY = {
    "pricelist_id",
    "compare_at_policy",
    "compare_at_pricelist_id",
    "price_tax_display",
    "last_test_report",
}


class RetailBackend(models.Model):
    """How a shop's prices come out of Odoo's."""

    _inherit = "retail.backend"

    pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Price List",
        check_company=True,
        help="Gives the price of one unit today. In the shop's currency. Empty: sales prices.",
    )
    compare_at_policy = fields.Selection(
        [
            ("none", "None"),
            ("list_price", "The Sales Price"),
            ("pricelist", "Another Price List"),
        ],
        string="Compare-at Price",
        required=True,
        default="none",
        help="What the shop shows crossed out beside the price, where it is higher. “None” takes "
        "away what the shop showed before.",
    )
    compare_at_pricelist_id = fields.Many2one(
        "product.pricelist", string="Compare-at Price List", check_company=True
    )
    price_tax_display = fields.Selection(
        [
            ("shop", "As the Shop Says"),
            ("included", "Taxes Included"),
            ("excluded", "Taxes Excluded"),
        ],
        string="Prices in the Shop",
        required=True,
        default="shop",
        help="Prices are converted with the default taxes of the product. “As the shop says” is "
        "what the last connection test found, else how the company enters prices.",
    )
    price_problem = fields.Char(compute="_compute_price_problem")

    def write(self, vals):
        """Override: another price policy bears upon all prices."""
        result = super().write(vals)
        if PRICE_POLICY & vals.keys():
            self._compare_all("price")
        return result

    # What the shop says of itself

    def _shop_detail(self, name):
        """Return what the connection test found of the shop, ``None`` if it did not say."""
        details = (self.last_test_report or {}).get("details") or ()
        return next((value for label, value in details if label.lower() == name), None)

    def _shop_currency(self):
        """Return the shop's currency: what the connection test reported, else the company's."""
        self.ensure_one()
        name = self._shop_detail(CURRENCY)
        currencies = self.env["res.currency"].with_context(active_test=False)
        found = name and currencies.search([("name", "=", name)], limit=1)
        return found or self.company_id.currency_id

    def _shows_taxes(self):
        """Tell whether the shop's prices include taxes."""
        self.ensure_one()
        if self.price_tax_display != "shop":
            return self.price_tax_display == "included"
        told = self._shop_detail(TAXES_INCLUDED)
        if told is None:
            return self.company_id.account_price_include == "tax_included"
        return told == "yes"

    # What is not right

    @api.depends(
        "pricelist_id.currency_id",
        "compare_at_policy",
        "compare_at_pricelist_id.currency_id",
        "last_test_report",
        "company_id.currency_id",
    )
    def _compute_price_problem(self):
        for backend in self:
            # Whoever sees the backend sees this, with or without rights on price lists.
            backend.price_problem = backend.sudo()._find_price_problem()

    def _find_price_problem(self):
        """Say why no price can be told, ``False`` if all is well."""
        currency = self._shop_currency()
        needed = self.pricelist_id
        if self.compare_at_policy == "pricelist":
            if not self.compare_at_pricelist_id:
                return self.env._("Choose the price list that compare-at prices come from.")
            needed |= self.compare_at_pricelist_id
        wrong = needed.filtered(lambda found: found.currency_id != currency)
        if wrong:
            return self.env._(
                "The shop sells in %(currency)s, the price list “%(name)s” is in %(other)s.",
                currency=currency.name,
                name=wrong[0].name,
                other=wrong[0].currency_id.name,
            )
        if not self.pricelist_id and currency != self.company_id.currency_id:
            return self.env._(
                "The shop sells in %(currency)s: choose a price list in this currency.",
                currency=currency.name,
            )
        return False

    def _special_products(self):
        """Return the products of special lines: the channel sets what they cost."""
        self.ensure_one()
        special = [name for name in self._fields if name.endswith("_product_id")]
        return self.env["product.product"].union(*(self[name] for name in special))
