from odoo import api, fields, models

from ..providers import PROVIDERS


class RetailBackend(models.Model):
    """The vendors of this addon, and how their orders become sale orders."""

    _inherit = "retail.backend"

    @api.model
    def _provider_classes(self):
        """Override: offer the vendors of this addon."""
        return {**super()._provider_classes(), **{cls.code: cls for cls in PROVIDERS}}

    def _default_product(self, kind):
        return self.env.ref(f"retail_connector_shop.product_{kind}", raise_if_not_found=False)

    # Orders

    warehouse_id = fields.Many2one(
        "stock.warehouse", check_company=True, help="Where orders ship from; empty: the company's."
    )
    team_id = fields.Many2one("crm.team", string="Sales Team", check_company=True)
    order_user_id = fields.Many2one(
        "res.users", string="Salesperson", help="Of imported orders; usually nobody."
    )
    payment_term_id = fields.Many2one("account.payment.term", check_company=True)
    import_test_orders = fields.Boolean(
        help="Import what the channel marks as a test. Otherwise it is kept as ignored."
    )
    currency_side = fields.Selection(
        [("shop", "Shop Currency"), ("presentment", "Customer's Currency")],
        required=True,
        default="shop",
        help="In which of the channel's two currencies orders are made. Frozen with each order.",
    )

    # Holds

    confirm_on = fields.Selection(
        [
            ("authorized", "Payment Authorised"),
            ("captured", "Payment Captured"),
            ("always", "Always"),
        ],
        required=True,
        default="authorized",
        help="What confirms an order. Until then it is held.",
    )
    hold_stock = fields.Boolean(
        string="Reserve While Held",
        help="Confirm held orders and reserve their stock, but do not let them leave. Otherwise "
        "they stay quotations.",
    )

    # Amounts

    rounding_tolerance = fields.Integer(
        help="By how many minor units (cents) the untaxed total may differ and be made up by a "
        "rounding line, at most one per line. Taxes must always tie."
    )
    tax_policy = fields.Selection(
        [("match", "Find by Rate"), ("mapped", "Only as Mapped")],
        required=True,
        default="match",
        help="What to do about a tax that is not mapped: map it to the only sale tax of the same "
        "rate, country and price inclusion, or ask.",
    )
    _rounding_tolerance_positive = models.Constraint(
        "CHECK (rounding_tolerance >= 0)", "The rounding tolerance is not negative."
    )

    # Products and customers

    product_match = fields.Selection(
        [
            ("sku_barcode", "SKU, then Barcode"),
            ("barcode_sku", "Barcode, then SKU"),
            ("sku", "SKU only"),
            ("barcode", "Barcode only"),
            ("binding", "Neither"),
        ],
        string="Find Products by",
        required=True,
        default="sku_barcode",
        help="How variants without a binding are found.",
    )
    guest_partner_id = fields.Many2one(
        "res.partner",
        string="Guest Customer",
        check_company=True,
        help="Who buys when the channel tells nothing about the customer; made when needed.",
    )
    custom_product_id = fields.Many2one(
        "product.product",
        string="Custom Lines",
        check_company=True,
        default=lambda self: self._default_product("custom"),
        help="Also offered for variants that no product is made for.",
    )
    tip_product_id = fields.Many2one(
        "product.product",
        string="Tips",
        check_company=True,
        default=lambda self: self._default_product("tip"),
    )
    duty_product_id = fields.Many2one(
        "product.product",
        string="Duties",
        check_company=True,
        default=lambda self: self._default_product("duty"),
    )
    fee_product_id = fields.Many2one(
        "product.product",
        string="Fees",
        check_company=True,
        default=lambda self: self._default_product("fee"),
    )
    discount_product_id = fields.Many2one(
        "product.product",
        string="Order Discounts",
        check_company=True,
        default=lambda self: self._default_product("discount"),
    )
    gift_card_product_id = fields.Many2one(
        "product.product",
        string="Gift Cards Sold",
        check_company=True,
        default=lambda self: self._default_product("gift_card"),
        help="Its income account is the liability account of gift cards.",
    )
    shipping_product_id = fields.Many2one(
        "product.product",
        string="Shipping",
        check_company=True,
        default=lambda self: self._default_product("shipping"),
    )
    rounding_product_id = fields.Many2one(
        "product.product",
        string="Rounding",
        check_company=True,
        default=lambda self: self._default_product("rounding"),
    )

    def _order_warehouse(self):
        """Return the warehouse that orders of this backend ship from."""
        self.ensure_one()
        own = self.env["stock.warehouse"].search([("company_id", "=", self.company_id.id)], limit=1)
        return self.warehouse_id or own

    def _guest_partner(self):
        """Return who buys when nothing is known; make him when there is none yet."""
        self.ensure_one()
        if not self.guest_partner_id:
            name = self.env._("Guests of %(backend)s", backend=self.name)
            values = {"name": name, "company_id": self.company_id.id}
            self.sudo().guest_partner_id = self.env["res.partner"].create(values)
        return self.guest_partner_id

    def _governed_fields(self):
        """Override: how orders are made is configuration, too."""
        own = {
            "confirm_on",
            "hold_stock",
            "rounding_tolerance",
            "tax_policy",
            "currency_side",
            "product_match",
            "import_test_orders",
            "warehouse_id",
            "team_id",
            "payment_term_id",
            "custom_product_id",
            "tip_product_id",
            "duty_product_id",
            "fee_product_id",
            "discount_product_id",
            "gift_card_product_id",
            "shipping_product_id",
            "rounding_product_id",
        }
        return super()._governed_fields() | own
