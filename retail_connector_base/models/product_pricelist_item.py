from odoo import api, models


class ProductPricelistItem(models.Model):
    """Rules of price lists tell of the products whose price they set."""

    _inherit = "product.pricelist.item"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: note what a new rule is about."""
        items = super().create(vals_list)
        items._note_prices()
        return items

    def write(self, vals):
        """Override: note what a rule was about, and is now."""
        self._note_prices()
        result = super().write(vals)
        self._note_prices()
        return result

    def unlink(self):
        """Override: note what a rule was about."""
        self._note_prices()
        return super().unlink()

    def _note_prices(self):
        """Note the products of rules; rules of categories and of all products mean everything."""
        changes = self.env["retail.change"]
        if not self or not changes._any_wants(changes._priced_kinds()):
            return
        items = self.sudo().with_context(active_test=False)
        single = items.filtered(lambda item: item.product_id or item.product_tmpl_id)
        own = (
            single.product_id
            | single.filtered(lambda item: not item.product_id).product_tmpl_id.product_variant_ids
        )
        changes._note_prices(own.ids)
        if items - single:
            self.env["retail.backend"]._compare_all_prices()
