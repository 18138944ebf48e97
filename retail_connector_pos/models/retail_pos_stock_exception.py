from odoo import models

from .retail_pos_stock_failure import CODE


class RetailException(models.Model):
    """Trying again, and dismissing, what did not move."""

    _inherit = "retail.exception"

    def _retry(self, user):
        """Override: goods that did not move are tried again; the lane resolves what moved."""
        stuck = self._stuck_goods()
        stuck._try_now()
        moving = self.filtered(
            lambda found: found.code == CODE and found.res_id in stuck.order_id.ids
        )
        return super(RetailException, self - moving)._retry(user)

    def action_dismiss(self, reason):
        """Override: goods that somebody has put right by hand do not move any more."""
        result = super().action_dismiss(reason)
        self.sudo()._stuck_goods()._give_up()
        return result

    def _stuck_goods(self):
        """Return the requests that these exceptions are about."""
        order_ids = self.filtered(lambda found: found.code == CODE).mapped("res_id")
        requests = self.env["retail.pos.stock.request"].sudo()
        return requests.search([("order_id", "in", order_ids)]) if order_ids else requests
