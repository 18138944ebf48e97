from odoo import api, models

from ..decisions.feed_item import feed_answer


class RetailApiReader(models.AbstractModel):
    """What registers may read: all that their stores sell, or what changed of it."""

    _inherit = "retail.api.reader"

    @api.model
    def _read_pos_feed(self, backend, stores, since, after, limit):
        """Override: the feed of this backend's stores."""
        domain = [("backend_id", "=", backend.id), ("revision", ">", after)]
        if stores:
            domain.append(("store_id.external_id", "in", list(stores)))
        if since is None:
            domain.append(("sold", "=", True))
        rows = self.env["retail.pos.feed"].search(domain, order="revision", limit=limit)
        return [feed_answer(row._value()) for row in rows], rows[-1:].revision or None
