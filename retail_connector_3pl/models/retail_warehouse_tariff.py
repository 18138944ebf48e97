from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical import Service

from ..decisions.invoice_check import Per, Rate

SERVICES = [(one.value, one.value.replace("_", " ").title()) for one in Service]
PER = [
    (Per.UNIT.value, "Unit"),
    (Per.LINE.value, "Line"),
    (Per.ORDER.value, "Order or Receipt"),
    (Per.PARCEL.value, "Parcel"),
    (Per.KG.value, "Kilogram"),
    (Per.UNIT_DAY.value, "Unit and Day"),
    (Per.FLAT.value, "Charge"),
]


class RetailWarehouseTariff(models.Model):
    """A price that a warehouse agreed to, for one of its services."""

    _name = "retail.warehouse.tariff"
    _description = "Tariff of a Warehouse"
    _order = "warehouse_id, service, per, valid_from, weight_from, id"
    _check_company_auto = True

    warehouse_id = fields.Many2one(
        "retail.warehouse", required=True, index=True, ondelete="cascade"
    )
    backend_id = fields.Many2one(related="warehouse_id.backend_id", store=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    service = fields.Selection(SERVICES, required=True)
    per = fields.Selection(PER, required=True, default="unit", help="What the price is for.")
    price = fields.Float(
        digits=(16, 6), required=True, help="For one; it may be finer than a cent."
    )
    minimum = fields.Float(digits=(16, 6), help="A charge is never lower than this.")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    valid_from = fields.Date()
    valid_to = fields.Date()
    carrier = fields.Char(
        help="Freight: the carrier, or its service, as the warehouse writes it. Empty: all."
    )
    weight_from = fields.Float(string="From (g)", digits=(16, 3), help="Freight, in grams.")
    weight_to = fields.Float(
        string="Below (g)", digits=(16, 3), help="Freight, in grams. Empty: no limit."
    )
    note = fields.Char()

    _price_positive = models.Constraint(
        "CHECK (price >= 0 AND minimum >= 0)", "A price cannot be negative."
    )
    _valid = models.Constraint(
        "CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)",
        "A price begins before it ends.",
    )

    @api.depends("service", "per", "price")
    def _compute_display_name(self):
        services, per = dict(SERVICES), dict(PER)
        for row in self:
            row.display_name = f"{services.get(row.service, '')} / {per.get(row.per, '')}"

    def _rates(self, currency):
        """Return the prices in a currency as values for the check."""
        return [
            Rate(
                service=Service(row.service),
                per=Per(row.per),
                price=_exact(row.price),
                minimum=_exact(row.minimum),
                valid_from=row.valid_from or None,
                valid_to=row.valid_to or None,
                carrier=row.carrier or None,
                weight_from=_exact(row.weight_from) if row._has_weights() else None,
                weight_to=_exact(row.weight_to) if row.weight_to else None,
            )
            for row in self
            if row.currency_id == currency
        ]

    def _has_weights(self):
        return bool(self.weight_from or self.weight_to)


def _exact(value):
    # Six decimals are kept; a float holds more.
    return Decimal(str(round(value, 6)))
