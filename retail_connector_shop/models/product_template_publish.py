from odoo import api, models
from odoo.exceptions import UserError


class ProductTemplate(models.Model):
    """What a channel shows is taken off before it is deleted."""

    _inherit = "product.template"

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
