from odoo import api, models

from ..providers import PROVIDERS


class RetailBackend(models.Model):
    """The gateways of this addon."""

    _inherit = "retail.backend"

    @api.model
    def _provider_classes(self):
        """Override: offer the gateways of this addon."""
        return {**super()._provider_classes(), **{cls.code: cls for cls in PROVIDERS}}
