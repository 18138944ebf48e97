from odoo import api, models

NAMES = frozenset({"odoo_id", "sku", "external_id"})


class RetailProductBinding(models.Model):
    """Items of a warehouse, by which it knows what it is to send."""

    _inherit = "retail.product.binding"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: releases that waited for these items go now."""
        bindings = super().create(vals_list)
        bindings._look_again_at_releases()
        return bindings

    def write(self, vals):
        """Override: see ``create``."""
        result = super().write(vals)
        if not NAMES.isdisjoint(vals):
            self._look_again_at_releases()
        return result

    def _look_again_at_releases(self):
        releases = self.env["retail.release"].sudo()
        releases._look_again_at(self.sudo().odoo_id, self.sudo().backend_id)
