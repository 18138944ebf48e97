from collections import defaultdict

from odoo import api, models

from ..decisions.allocation import spread
from .reservation_batch import BULK


class StockQuant(models.Model):
    """Quants whose reservation a batch writes itself, and whose sum stays what lines reserve."""

    _inherit = "stock.quant"

    @api.model
    def _update_reserved_quantity(
        self, product_id, location_id, quantity, lot_id=None, package_id=None, owner_id=None, **more
    ):
        """Override: a batch raises its quants at once, and quants that are the same count as one.

        Odoo adds a quant where it finds the usual one locked. Afterwards it changes whichever is
        not locked, and never to below zero: what the other one holds then stays reserved for
        nobody, and is missing in every channel, until the night's repair.
        """
        if self.env.context.get(BULK):
            return None
        lot = lot_id or self.env["stock.lot"]
        package = package_id or self.env["stock.package"]
        owner = owner_id or self.env["res.partner"]
        goods = product_id, location_id, lot, package, owner
        found = self.sudo()._gather(*goods, strict=True)
        if found.filtered(lambda quant: quant.lot_id == lot)._change_reserved(quantity):
            return None
        return super(StockQuant, self._knowing(found))._update_reserved_quantity(
            product_id, location_id, quantity, lot, package, owner, **more
        )

    def _knowing(self, found):
        """Return this model such that Odoo need not search again for what was found."""
        if self.env.context.get("quants_cache") is not None:
            return self
        quants = defaultdict(self.browse)
        for quant in found:
            key = (
                quant.product_id,
                quant.location_id,
                quant.lot_id,
                quant.package_id,
                quant.owner_id,
            )
            quants[tuple(part.id for part in key)] |= quant
        return self.with_context(quants_cache=quants)

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
        self.env["retail.change"]._note_stock(product.ids)
        self.env["retail.event.change"]._note(product.ids)
