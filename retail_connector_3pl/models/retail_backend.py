from odoo import api, fields, models

from ..providers import PROVIDERS


class RetailBackend(models.Model):
    """The warehouses of a third party's account."""

    _inherit = "retail.backend"

    warehouse_ids = fields.One2many(
        "retail.warehouse", "backend_id", string="Warehouses", copy=False
    )

    @api.model
    def _provider_classes(self):
        """Override: offer the warehouses and carriers of this addon."""
        return {**super()._provider_classes(), **{cls.code: cls for cls in PROVIDERS}}

    def _importer_name(self, kind):
        """Override: what a warehouse sent moves goods; what a shop says is its own echo of that."""
        usual = super()._importer_name(kind)
        if kind == "shipment" and (self.sudo().warehouse_ids or usual not in self.env):
            return "retail.importer.warehouse_shipment"
        return usual
