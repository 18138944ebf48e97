from odoo import fields, models

from ..decisions.publication import Count


class RetailStockState(models.Model):
    """What a channel can sell of an item at one of its locations, as it acknowledged it last.

    ``owed`` and ``imported`` tell how much of the channel's own sales was in flight then and has
    been imported since (``decisions/publication.py``). Quantities are whole units of the product.
    """

    _name = "retail.stock.state"
    _description = "Retail Stock State"
    _inherit = ["retail.projection.state"]

    binding_id = fields.Many2one(required=True)
    product_id = fields.Many2one(related="binding_id.odoo_id", string="Product")
    location_binding_id = fields.Many2one(
        "retail.location.binding", required=True, readonly=True, ondelete="cascade", index=True
    )
    acknowledged = fields.Integer(readonly=True, help="The channel's quantity after our last word.")
    is_known = fields.Boolean(
        readonly=True, help="Whether the channel's quantity was ever read or written."
    )
    read_due_at = fields.Datetime(
        string="To Be Read",
        readonly=True,
        help="The channel's quantity is read again from this moment on (UTC).",
    )
    owed = fields.Integer(
        string="In Flight",
        readonly=True,
        help="Sold in the channel and not yet imported when the quantity was acknowledged.",
    )
    owed_since = fields.Datetime(readonly=True)
    imported = fields.Integer(
        string="Imported Since", readonly=True, help="Channel's sales imported since then."
    )
    desired = fields.Integer(
        string="Available", readonly=True, help="What Odoo could sell when it was compared last."
    )
    attempted = fields.Integer(readonly=True)
    attempt_expected = fields.Integer(readonly=True)
    attempt_reads = fields.Boolean(
        readonly=True, help="The channel's quantity has to be read before it can be changed."
    )
    attempt_owed = fields.Integer(readonly=True)

    _place_unique = models.UniqueIndex(
        "(binding_id, location_binding_id)", "An item is published once for each location."
    )

    _read_index = models.Index("(backend_id, read_due_at) WHERE read_due_at IS NOT NULL")

    def _read_from(self, moment):
        """Have the channel's quantity read again from a moment (UTC) on, or earlier."""
        later = self.filtered(lambda row: not row.read_due_at or row.read_due_at > moment)
        later.read_due_at = moment

    def _compute_display_name(self):
        for state in self:
            state.display_name = (
                f"{state.binding_id.odoo_id.display_name} @ {state.location_binding_id.name}"
            )

    def _count_of(self):
        """Return what is known of the channel's quantity, apart from what Odoo could sell."""
        self.ensure_one()
        return Count(0, 0, self.acknowledged if self.is_known else None, self.owed, self.imported)

    def _settle(self, quantity, owed, now, told=False):
        """Take ``quantity`` for what the channel holds, of which ``owed`` units are in flight."""
        self.ensure_one()
        values = self._acknowledged_values()
        if not told:
            # The channel's own sales brought it there: nothing was acknowledged just now.
            values.pop("acknowledged_at")
        since = (self.owed_since or now) if owed else False
        self.write(
            {
                **values,
                "is_known": True,
                "acknowledged": quantity,
                "owed": owed,
                "owed_since": since,
                "imported": 0,
            }
        )
