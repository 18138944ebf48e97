from datetime import timedelta

from odoo import fields, models

# How long goods that left wait until the warehouse says that it took their order.
ACCEPTANCE_HOURS = 24
# An answer of the warehouse is missing.
UNANSWERED = ("ready", "sent")


class RetailWarehouseShipment(models.Model):
    """When the goods of shipments move."""

    _inherit = "retail.warehouse.shipment"

    def _have_goods_moved(self):
        """Put the goods of this shipment into its warehouse's lane, if any; return a note."""
        self.ensure_one()
        if self.state == "pending" or (self.state == "cancelled" and not self.move_binding_ids):
            return ""
        task = self.env["retail.goods.task"]._put(self.warehouse_id.odoo_id, self)
        if self.release_id.state not in UNANSWERED or not self.warehouse_id._awaits_acceptance():
            return ""
        deadline = self.create_date + timedelta(hours=ACCEPTANCE_HOURS)
        if deadline > fields.Datetime.now():
            task.write({"next_attempt_at": deadline})
        return self.env._("Its goods wait until the warehouse has accepted the order.")
