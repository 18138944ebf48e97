from odoo import fields, models

from odoo.addons.retail_connector_base.providers import Capability


class RetailWarehouse(models.Model):
    """What becomes of what a warehouse does not send."""

    _inherit = "retail.warehouse"

    short_policy = fields.Selection(
        [("backorder", "Is released again"), ("cancel", "Is cancelled")],
        string="What It Could Not Send",
        default="backorder",
        required=True,
        help="When the warehouse ends an order and has not sent all of it. A person is told in any "
        "case.",
    )

    def _awaits_acceptance(self):
        """Tell whether shipments wait until the warehouse has said that it took the order."""
        return self.await_acceptance and self._offers(Capability.WAREHOUSE_ORDERS_IN)
