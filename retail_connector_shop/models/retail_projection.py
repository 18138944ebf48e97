from odoo import api, models


class RetailProjection(models.AbstractModel):
    """The states that shops are told beside stock."""

    _inherit = "retail.projection"

    @api.model
    def _models(self):
        """Override: add prices and products."""
        return {
            **super()._models(),
            "price": "retail.projection.price",
            "product": "retail.projection.product",
        }
