from decimal import Decimal

from odoo import fields, models

from ..decisions.snapshot_tolerance import Limits


class RetailWarehouse(models.Model):
    """Which differences of a count are applied without asking, and who approves the others."""

    _inherit = "retail.warehouse"

    snapshot_ids = fields.One2many("retail.snapshot", "warehouse_id", readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    count_auto_apply = fields.Boolean(
        string="Apply Small Differences",
        help="Differences of a count within the limits below are applied without a person.",
    )
    count_tolerance_quantity = fields.Float(
        string="Up to (units)", digits="Product Unit", help="Of one item. 0: any quantity."
    )
    count_tolerance_percent = fields.Float(
        string="Up to (%)", help="Of what was expected of one item. 0: any share."
    )
    count_tolerance_value = fields.Monetary(
        string="Up to (value)",
        currency_field="company_currency_id",
        help="Of one item, at cost, in the company's currency. 0: any value.",
    )
    count_accountant_above = fields.Monetary(
        string="Counts: Accountant above",
        currency_field="company_currency_id",
        help="Gains and losses of one count added up, at cost: above it an accountant approves. "
        "0: an accountant always approves.",
    )
    count_alert_above = fields.Monetary(
        string="Counts: Tell from",
        currency_field="company_currency_id",
        help="An exception is shown when the unexplained differences of a count that wait for "
        "approval are worth this or more. 0: always.",
    )

    _count_limits_positive = models.Constraint(
        "CHECK (count_tolerance_quantity >= 0 AND count_tolerance_percent >= 0 "
        "AND count_tolerance_value >= 0 AND count_accountant_above >= 0 "
        "AND count_alert_above >= 0)",
        "Limits of counts cannot be negative.",
    )

    def _governed_fields(self):
        """Override: amounts, too, say what is done without asking, and who is asked."""
        amounts = {"count_tolerance_value", "count_accountant_above", "count_alert_above"}
        return super()._governed_fields() | amounts

    def _count_limits(self):
        """Return up to what a difference is applied without a person."""
        self.ensure_one()
        return Limits(
            applies=self.count_auto_apply,
            quantity=Decimal(str(self.count_tolerance_quantity)),
            percent=Decimal(str(self.count_tolerance_percent)),
            value=Decimal(str(self.count_tolerance_value)),
        )
