from odoo import api, models
from odoo.exceptions import UserError

from .published_change import note_changes


class ProductTemplate(models.Model):
    """Products tell of what channels show of them."""

    _inherit = "product.template"

    def write(self, vals):
        """Override: note what changed."""
        result = super().write(vals)
        note_changes(self, vals.keys())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        listings = self.env["retail.listing"].sudo()
        told = listings.search(
            [
                ("product_tmpl_id", "in", self.ids),
                "|",
                "|",
                ("external_id", "!=", False),
                ("attempt_key", "!=", False),
                ("maybe_there", "=", True),
            ],
            limit=1,
        )
        if told:
            raise UserError(
                self.env._(
                    "%(product)s is published in %(backend)s: archive it instead, then it is "
                    "taken off the channel.",
                    product=told.product_tmpl_id.display_name,
                    backend=told.backend_id.name,
                )
            )
