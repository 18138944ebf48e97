from odoo import api, fields, models

from ..providers import PROVIDERS


class RetailBackend(models.Model):
    """The point of sale systems of this addon, and how their tickets become orders."""

    _inherit = "retail.backend"

    pos_store_ids = fields.One2many("retail.pos.store", "backend_id", string="Stores", copy=False)
    pos_register_ids = fields.One2many(
        "retail.pos.register", "backend_id", string="Registers", copy=False
    )
    allows_unreferenced_returns = fields.Boolean(
        help="Take goods back that name no ticket they were sold with. Otherwise such a return "
        "waits for a person."
    )

    @api.model
    def _provider_classes(self):
        """Override: offer the systems of this addon."""
        return {**super()._provider_classes(), **{cls.code: cls for cls in PROVIDERS}}

    def _governed_fields(self):
        """Override: what stores may do is configuration, too."""
        return super()._governed_fields() | {"allows_unreferenced_returns"}
