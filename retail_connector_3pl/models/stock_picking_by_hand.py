from odoo import models

from ..decisions.release_progress import OPEN
from .stock_picking_shipment import LEFT_ALREADY


class StockPicking(models.Model):
    """Deliveries that a warehouse has are validated by its word, and not by hand.

    What it was not told of yet may be: it is not told any more then.
    """

    _inherit = "stock.picking"

    def button_validate(self):
        """Override: refuse what would leave twice, before anything is asked."""
        self._retail_open_releases()._check_by_hand()
        return super().button_validate()

    def _action_done(self):
        """Override: see ``button_validate``; the connector's own movements pass."""
        if self.env.su and self.env.context.get(LEFT_ALREADY):
            return super()._action_done()
        releases = self._retail_open_releases()
        releases._check_by_hand()
        releases._leave_by_hand()
        result = super()._action_done()
        releases._left_by_hand()
        return result

    def _retail_open_releases(self):
        """Return the releases that stand for something in these deliveries and are not over."""
        theirs = self.env["retail.warehouse"]._stock_ids_ever()
        pickings = self.sudo().filtered(lambda one: one.picking_type_id.warehouse_id.id in theirs)
        if not pickings:  # without a query for who has no such warehouse
            return self.env["retail.release"].sudo()
        lines = pickings.move_ids.retail_release_line_ids.filtered(
            lambda line: line._open_move().picking_id in pickings
        )
        releases = pickings.retail_release_ids | lines.release_id
        return releases.filtered(lambda release: release.state in OPEN)
