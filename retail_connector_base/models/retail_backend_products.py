from odoo import fields, models


class RetailBackend(models.Model):
    """Which products stand for what is sold and is not goods."""

    _inherit = "retail.backend"

    def _default_product(self, kind):
        return self.env.ref(f"retail_connector_base.product_{kind}", raise_if_not_found=False)

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

    def _governed_fields(self):
        """Override: what stands for what is configuration, too."""
        return super()._governed_fields() | {
            "custom_product_id",
            "tip_product_id",
            "duty_product_id",
            "fee_product_id",
            "discount_product_id",
            "gift_card_product_id",
            "shipping_product_id",
            "rounding_product_id",
        }
