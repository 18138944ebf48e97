from odoo import api, fields, models


class ProductPricelist(models.Model):
    """A price list in each foreign currency: without one, Odoo gives an order its company's."""

    _inherit = "product.pricelist"

    is_retail_currency = fields.Boolean(
        string="Of the Retail Connector",
        readonly=True,
        copy=False,
        help="Gives imported orders their currency. Their prices come from the channel.",
    )

    _retail_currency_unique = models.UniqueIndex(
        "(company_id, currency_id) WHERE is_retail_currency",
        "The Retail Connector has one price list per company and currency.",
    )

    @api.model
    def _retail_of(self, company, currency):
        """Return the price list of a company for imported orders in a currency."""
        known = self.with_context(active_test=False).search(
            [
                ("is_retail_currency", "=", True),
                ("company_id", "=", company.id),
                ("currency_id", "=", currency.id),
            ]
        )
        return known or self.create(
            {
                "name": self.env._("Channel orders in %(currency)s", currency=currency.name),
                "company_id": company.id,
                "currency_id": currency.id,
                "is_retail_currency": True,
                "sequence": 10000,
            }
        )
