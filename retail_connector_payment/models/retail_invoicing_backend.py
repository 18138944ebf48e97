from odoo import api, fields, models

POLICIES = [
    ("manual", "By a Person"),
    ("order", "When They Are Ordered"),
    ("delivery", "When They Are Delivered"),
    ("consolidated", "Gathered by Customer"),
]
PERIODS = [("day", "Day"), ("week", "Week"), ("month", "Month")]


class RetailBackend(models.Model):
    """When orders of a channel are invoiced."""

    _inherit = "retail.backend"

    invoice_policy = fields.Selection(
        POLICIES,
        string="Invoice Orders",
        required=True,
        default="manual",
        help="Odoo's own figures decide how much, by the products' invoicing policy.",
    )
    invoice_period = fields.Selection(
        PERIODS,
        string="One Invoice for Each",
        required=True,
        default="month",
        help="Made when the period is over, for each customer and currency.",
    )

    def _governed_fields(self):
        """Override: it decides about money."""
        return super()._governed_fields() | {"invoice_policy", "invoice_period"}


class RetailInboxSweeper(models.AbstractModel):
    """Sweeps the invoices too."""

    _inherit = "retail.inbox.sweeper"

    @api.model
    def _sweep(self):
        """Override: wake the lanes of invoices as well."""
        result = super()._sweep()
        self.env["retail.invoicing"]._sweep()
        return result
