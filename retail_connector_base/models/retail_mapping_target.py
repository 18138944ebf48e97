from odoo import api, fields, models


class RetailMappingTarget(models.AbstractModel):
    """What a channel's word can be mapped to: one field per kind.

    An addon that adds a kind extends ``kind``, adds its field and names it in ``_kind_fields``;
    mappings and the wizard that makes them both get it.
    """

    _name = "retail.mapping.target"
    _description = "Retail Mapping Target"

    company_id = fields.Many2one("res.company")
    kind = fields.Selection(
        [
            ("tax", "Tax"),
            ("payment_method", "Payment Method"),
            ("location", "Location"),
            ("uom", "Unit of Measure"),
            ("product", "Product"),
        ],
        required=True,
        help="Whose vocabulary the value belongs to.",
    )
    tax_id = fields.Many2one(
        "account.tax", check_company=True, domain=[("type_tax_use", "=", "sale")]
    )
    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain=[("type", "in", ("bank", "cash", "credit"))],
        help="Where payments by this method are booked.",
    )
    location_id = fields.Many2one(
        "stock.location", check_company=True, domain=[("usage", "=", "internal")]
    )
    uom_id = fields.Many2one("uom.uom", string="Unit")
    product_id = fields.Many2one(
        "product.product", check_company=True, domain=[("sale_ok", "=", True)]
    )
    ignored = fields.Boolean(
        string="Ignore", help="The value is known and deliberately has no counterpart in Odoo."
    )

    @api.model
    def _kind_fields(self) -> dict[str, str]:
        """Return the field that holds the target of each kind."""
        return {
            "tax": "tax_id",
            "payment_method": "journal_id",
            "location": "location_id",
            "uom": "uom_id",
            "product": "product_id",
        }

    @api.model
    def _financial_kinds(self) -> set[str]:
        """Return the kinds whose mapping is also an accountant's business."""
        return {"tax", "payment_method"}

    def _target(self):
        """Return the record the value is mapped to, empty when there is none."""
        self.ensure_one()
        return self[self._kind_fields()[self.kind]]

    def _target_values(self):
        """Return the values that say where the value is mapped to, for another model of ours."""
        self.ensure_one()
        return {
            "ignored": self.ignored,
            **{name: self[name].id for name in self._kind_fields().values()},
        }
