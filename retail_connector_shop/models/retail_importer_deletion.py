from odoo import models


class RetailImporterDeletion(models.AbstractModel):
    """Products that were published here are missed when their channel deletes them."""

    _inherit = "retail.importer.deletion"

    def _delete(self, backend, item):
        """Override: whether the channel's product was ever imported or not."""
        result = super()._delete(backend, item)
        if item.canonical.deleted_kind == "product":
            self.env["retail.listing"]._on_deleted_in_channel(backend, item.canonical.external_id)
        return result
