from functools import partial

from odoo import api, fields, models
from odoo.tools import ormcache

from ..canonical.event import StockChanged

NOTED = "retail_event_change"


class RetailEventChange(models.Model):
    """A product whose stock may be another than what subscribers were told.

    Rows are written with the change and deleted by the lane that compared (as ``retail.change`` is
    for channels): however many moves there are, each product is compared once and told once.
    """

    _name = "retail.event.change"
    _description = "Retail Event Change"
    _order = "id"
    _log_access = False
    _rec_name = "product_id"

    backend_id = fields.Many2one("retail.backend", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="backend_id.company_id")
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")

    _taken_index = models.Index("(backend_id, id)")

    @api.model
    def _note_moves(self, moves):
        """Note the products of moves, at no cost where nobody wants to hear of stock."""
        if self._backends():
            self._note(moves.product_id.ids)

    @api.model
    def _note(self, product_ids):
        """Note products for all who hear of stock; one statement, just before the commit."""
        if not product_ids or not self._backends():
            return
        noted = self.env.cr.precommit.data.setdefault(NOTED, set())
        if not noted:
            self.env.cr.precommit.add(partial(self.sudo()._write_noted))
        noted.update(product_ids)

    def _write_noted(self):
        product_ids = sorted(self.env.cr.precommit.data.pop(NOTED, ()))
        backend_ids = list(self._backends())
        # A product may have been deleted since it was noted.
        self.env.cr.execute(
            """
            INSERT INTO retail_event_change (backend_id, product_id)
            SELECT backend_id, product.id FROM unnest(%s::int[]) AS noted (backend_id)
              JOIN product_product product ON product.id = ANY(%s)
             ORDER BY backend_id, product.id
            """,
            [backend_ids, product_ids],
        )
        for backend_id in backend_ids:
            self.env["retail.event.stock"]._wake_after_commit(backend_id)

    @api.model
    @ormcache()
    def _backends(self):
        """Return the backends with a subscription that hears of stock, cached until one changes."""
        wishes = self.env["retail.subscription"]._wishes()
        return tuple(sorted({w.backend_id for w in wishes if StockChanged.type in w.types}))

    @api.model
    def _take(self, backend_id, limit):
        """Delete and return the noted products of a backend, in the order they were noted."""
        self.env.cr.execute(
            """
            DELETE FROM retail_event_change WHERE id IN (
                SELECT id FROM retail_event_change WHERE backend_id = %s ORDER BY id LIMIT %s)
            RETURNING product_id
            """,
            [backend_id, limit],
        )
        return sorted({row[0] for row in self.env.cr.fetchall()})
