from odoo import api, models
from odoo.fields import Domain


class RetailAnnouncement(models.Model):
    """Which deliveries are announced."""

    _inherit = "retail.announcement"

    @api.model
    def _expected_pickings(self, warehouse):
        """Return the deliveries that are on their way to a third party's warehouse.

        Goods that customers send back are announced as returns.
        """
        house = warehouse.odoo_id
        if not house:
            return self.env["stock.picking"]
        root = house.view_location_id.id
        return self.env["stock.picking"].search(
            Domain("state", "in", ("waiting", "confirmed", "assigned"))
            & Domain("picking_type_id.code", "in", ("incoming", "internal"))
            & Domain("location_dest_id", "child_of", root)
            & ~Domain("location_id", "child_of", root)
            & Domain("location_id.usage", "!=", "customer")
        )
