from odoo import api, models

# Products that are compared in one transaction.
AT_ONCE = 2000


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

    def _compare_later(self, backend, product_ids):
        """Leave products to the next passes: what takes minutes must not be one transaction."""
        self.env.cr.execute(
            "INSERT INTO retail_change (backend_id, kind, product_id) "
            "SELECT %s, %s, unnest(%s::int[])",
            [backend.id, self._flow_kind, list(product_ids)],
        )
