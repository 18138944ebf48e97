from odoo import api, fields, models

from ..decisions.invoice_check import OF_REFERENCES, State
from .retail_warehouse_tariff import SERVICES

LINE_STATES = [
    (State.MATCH.value, "Matches"),
    (State.PRICE.value, "Price Differs"),
    (State.QUANTITY.value, "Quantity Differs"),
    (State.UNKNOWN.value, "Unknown Reference"),
    (State.TWICE.value, "Charged Twice"),
    (State.NO_TARIFF.value, "Not in the Tariff"),
]
NEEDS_REFERENCE = frozenset(service.value for service in OF_REFERENCES)
REFERENCES = (
    "order_reference",
    "shipment_reference",
    "tracking_number",
    "receipt_reference",
)


class RetailWarehouseInvoiceLine(models.Model):
    """One charge of a warehouse, and what it should have been.

    Exact decimals are kept as text beside the amounts that people see.
    """

    _name = "retail.warehouse.invoice.line"
    _description = "Charge of a Warehouse"
    _order = "invoice_id, id"
    _rec_name = "external_id"

    invoice_id = fields.Many2one(
        "retail.warehouse.invoice", required=True, readonly=True, index=True, ondelete="cascade"
    )
    backend_id = fields.Many2one(related="invoice_id.backend_id", store=True, index=True)
    company_id = fields.Many2one(related="invoice_id.company_id", store=True)
    currency_id = fields.Many2one(related="invoice_id.currency_id", store=True)
    issued_on = fields.Date(related="invoice_id.issued_on", store=True)
    external_id = fields.Char(string="Line", required=True, readonly=True)
    service = fields.Selection(SERVICES, required=True, readonly=True, index=True)
    description = fields.Char(readonly=True)
    quantity = fields.Float(digits=(16, 6), readonly=True)
    unit_price = fields.Float(digits=(16, 6), readonly=True)
    amount = fields.Monetary(string="Charged", readonly=True)
    exact = fields.Json(readonly=True, help="Quantity, price and amount as they were told.")
    order_reference = fields.Char(string="Order", readonly=True)
    shipment_reference = fields.Char(string="Shipment", readonly=True)
    tracking_number = fields.Char(string="Tracking", readonly=True)
    receipt_reference = fields.Char(string="Receipt", readonly=True)
    sku = fields.Char(string="SKU", readonly=True)
    charged_on = fields.Date(readonly=True)
    fingerprint = fields.Char(readonly=True, help="The same work charged again has the same.")
    state = fields.Selection(LINE_STATES, readonly=True, index=True)
    expected_quantity = fields.Float(digits=(16, 6), readonly=True)
    expected_price = fields.Float(digits=(16, 6), readonly=True)
    expected_amount = fields.Monetary(string="Expected", readonly=True)
    difference = fields.Monetary(
        compute="_compute_difference", store=True, string="Too Much",
        help="Charged beyond what it should be; below zero where it is less.",
    )  # fmt: skip
    release_id = fields.Many2one("retail.release", readonly=True, ondelete="set null")
    receipt_id = fields.Many2one("retail.receipt", readonly=True, ondelete="set null")

    _once = models.UniqueIndex("(invoice_id, external_id)", "An invoice has each line once.")
    _fingerprint_index = models.Index("(backend_id, fingerprint) WHERE fingerprint IS NOT NULL")

    @api.depends("amount", "expected_amount", "state")
    def _compute_difference(self):
        for line in self:
            line.difference = line.amount - line.expected_amount if line.state else 0.0
