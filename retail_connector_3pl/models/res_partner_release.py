from odoo import models

from ..decisions.release_progress import OPEN
from .retail_release_erasure import ERASING

ADDRESS = frozenset(
    (
        "name",
        "company_name",
        "street",
        "street2",
        "city",
        "zip",
        "state_id",
        "country_id",
        "phone",
        "email",
    )
)


class ResPartner(models.Model):
    """Contacts that goods are on their way to."""

    _inherit = "res.partner"

    def write(self, vals):
        """Override: a warehouse that sends something there is asked to send it to where it is."""
        result = super().write(vals)
        erasing = self.env.context.get(ERASING)
        moved = not (erasing or ADDRESS.isdisjoint(vals))
        if moved and self.env["retail.warehouse"]._stock_ids():
            releases = self.env["retail.release"].sudo()
            found = releases.search(
                [("picking_id.partner_id", "in", self.ids), ("state", "in", list(OPEN))]
            )
            releases._mark_changed(found.picking_id)
        return result
