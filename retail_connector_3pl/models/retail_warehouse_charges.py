from odoo import fields, models


class RetailWarehouse(models.Model):
    """Who charges for a warehouse's work, and by which tariff."""

    _inherit = "retail.warehouse"

    tariff_ids = fields.One2many("retail.warehouse.tariff", "warehouse_id")
    biller_id = fields.Many2one(
        "res.partner", string="Who Charges", check_company=True, ondelete="restrict",
        help="The vendor of its bills.",
    )  # fmt: skip
    charge_tolerance = fields.Float(
        string="Differences up to",
        digits=(16, 2),
        help="By how much a charge may exceed the tariff before a person is told, in the "
        "invoice's currency.",
    )
    bill_tax_ids = fields.Many2many(
        "account.tax", string="Taxes on Its Bills", check_company=True,
        domain=[("type_tax_use", "=", "purchase")],
        help="Empty: what the expense account says.",
    )  # fmt: skip
