from odoo import models


class RetailPosDay(models.Model):
    """A day's goods."""

    _inherit = "retail.pos.day"

    def _stock_is_settled(self):
        """Tell whether the goods of all tickets that are posted on these days have moved."""
        return not self._goods_owed(limit=1)

    def _goods_owed(self, limit=None):
        """Return the requests whose goods have not moved: what waits, and what failed."""
        requests = self.env["retail.pos.stock.request"].sudo()
        domain = [("order_id.session_id", "in", self.sudo().session_ids.ids)]
        return requests.search(domain, limit=limit)
