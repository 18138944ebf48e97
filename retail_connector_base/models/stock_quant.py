from odoo import api, models

from ..decisions.allocation import spread
from .reservation_batch import BULK


class StockQuant(models.Model):
    """Quants whose reservation a batch writes itself, and whose sum stays what lines reserve."""

    _inherit = "stock.quant"

    @api.model
    def _update_reserved_quantity(self, product_id, location_id, quantity, *args, **kwargs):
        """Override: a batch raises its quants at once, and quants that are the same count as one.

        Odoo adds a quant where it finds the usual one locked. Afterwards it changes whichever is
        not locked, and never to below zero: what the other one holds then stays reserved for
        nobody, and is missing in every channel, until the night's repair.
        """
        if self.env.context.get(BULK):
            return None
        place = product_id, location_id
        if self._twins(*place, *args, **kwargs)._change_reserved(quantity):
            return None
        return super()._update_reserved_quantity(*place, quantity, *args, **kwargs)

    @api.model
    def _twins(self, product, location, lot_id=None, package_id=None, owner_id=None, strict=True):
        """Return the quants of the very same goods: one, unless it was found locked before."""
        found = self.sudo()._gather(product, location, lot_id, package_id, owner_id, strict=True)
        return found.filtered(lambda quant: quant.lot_id.id == (lot_id.id if lot_id else False))

    def _change_reserved(self, change):
        """Change what several quants have reserved together; tell whether it was done.

        Those that somebody has locked are left alone. What the others do not hold goes below zero,
        as Odoo notes it in a new quant where all are locked: the sum is right at any time.
        """
        quants = len(self) > 1 and self.try_lock_for_update(allow_referencing=True)
        if not quants:
            return False
        after = spread(change, {quant.id: quant.reserved_quantity for quant in quants})
        for quant in quants.filtered(lambda quant: quant.id in after):
            quant.reserved_quantity = after[quant.id]
        self._note_level(quants.product_id)
        return True

    @api.model
    def _update_available_quantity(self, product_id, location_id, *args, **kwargs):
        """Override: channels are told of another quantity on hand."""
        result = super()._update_available_quantity(product_id, location_id, *args, **kwargs)
        self._note_level(product_id)
        return result

    def _note_level(self, product):
        self.env["retail.change"]._note("stock_level", product.ids)
        self.env["retail.event.change"]._note(product.ids)
