from odoo import models

from ..decisions.release_progress import AT_WAREHOUSE
from .retail_release_request_answer import AGREED


class RetailOrderBinding(models.Model):
    """Orders of channels whose goods a third party sends."""

    _inherit = "retail.order.binding"

    def _ask_to_stop(self, reason=""):
        """Override: ask the warehouses that have something of these orders."""
        asked = super()._ask_to_stop(reason)
        releases = self.env["retail.release"]._of(self.odoo_id)._stop(reason, order_too=True)
        return asked | self.filtered(lambda binding: binding.odoo_id in releases.order_id)

    def _may_change_address(self):
        """Override: a warehouse that has the order is asked; where goods have left it is late."""
        self.ensure_one()
        releases = self.env["retail.release"]._of(self.odoo_id)
        if self.state == "released" and any(one.state in AT_WAREHOUSE for one in releases):
            return True
        return super()._may_change_address()

    def _cancel(self, note):
        """Override: whoever gets here has asked the warehouses, where there was one to ask."""
        return super(RetailOrderBinding, self.with_context(**{AGREED: True}))._cancel(note)

    def _go_on(self):
        """Override: what waited for the hold is released."""
        free = super()._go_on()
        stock = free.odoo_id.picking_ids.picking_type_id.warehouse_id
        for warehouse in self.env["retail.warehouse"]._of_stock(stock):
            self.env["retail.releaser"]._wake_after_commit(warehouse.id)
        return free
