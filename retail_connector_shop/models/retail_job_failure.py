from odoo import api, models


class RetailJobFailure(models.AbstractModel):
    """Watches the jobs of adoption runs as well."""

    _inherit = "retail.job.failure"

    @api.model
    def _model_names(self):
        """Override: add the adoption runs."""
        return [*super()._model_names(), "retail.product.adoption"]
