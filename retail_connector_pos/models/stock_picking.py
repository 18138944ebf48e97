from odoo import models
from odoo.exceptions import UserError

from .stock_swallowed import MOVING, GoodsNotMovedError


class StockPicking(models.Model):
    """Goods of tickets have left: their pickings are done, or do not exist."""

    _inherit = "stock.picking"

    def _action_done(self):
        """Override: keep the reason that the point of sale's own caller swallows."""
        swallowed = self.env.context.get(MOVING)
        if swallowed is None:
            return super()._action_done()
        try:
            return super()._action_done()
        except UserError as error:
            swallowed.reasons.append(str(error))
            raise

    def _check_moved(self):
        """Raise ``GoodsNotMovedError`` unless all of these pickings moved all of their goods."""
        undone = self.filtered(lambda picking: picking.state != "done") | self.backorder_ids
        if not undone:
            return
        swallowed = self.env.context.get(MOVING)
        products = ", ".join(undone.move_ids.product_id.mapped("display_name"))
        raise GoodsNotMovedError(
            (swallowed and swallowed.last())
            or self.env._("Odoo did not move %(products)s.", products=products)
        )
