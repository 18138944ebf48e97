from odoo import api, fields, models

from ..providers import PROVIDERS


class RetailBackend(models.Model):
    """The vendors of this addon, and how their orders become sale orders."""

    _inherit = "retail.backend"

    @api.model
    def _provider_classes(self):
        """Override: offer the vendors of this addon."""
        return {**super()._provider_classes(), **{cls.code: cls for cls in PROVIDERS}}

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
    _rounding_tolerance_positive = models.Constraint(
        "CHECK (rounding_tolerance >= 0)", "The rounding tolerance is not negative."
    )

    def _order_warehouse(self):
        """Return the warehouse that orders of this backend ship from."""
        self.ensure_one()
        own = self.env["stock.warehouse"].search([("company_id", "=", self.company_id.id)], limit=1)
        return self.warehouse_id or own

    def _governed_fields(self):
        """Override: how orders are made is configuration, too."""
        own = {
            "confirm_on",
            "hold_stock",
            "rounding_tolerance",
            "currency_side",
            "import_test_orders",
            "warehouse_id",
            "team_id",
            "payment_term_id",
        }
        return super()._governed_fields() | own
