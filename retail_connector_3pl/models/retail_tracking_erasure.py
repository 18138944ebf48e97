from odoo import models


class RetailErasure(models.Model):
    """What parcels and labels keep of a person: who signed, where, and the label's document."""

    _inherit = "retail.erasure"

    def _step_documents(self, after):
        """Override: forget who got his parcels, and the labels that name him."""
        result = super()._step_documents(after)
        orders = self.env["sale.order"].browse(self._subject().order_ids).exists()
        pickings = orders.picking_ids
        parcels = pickings.retail_tracking_ids
        parcels.write({"signed_by": False, "url": False})
        parcels.milestone_ids.write({"text": False, "place": False})
        labels = pickings.retail_label_ids
        documents = labels.attachment_id
        labels.write({"url": False, "document_state": "none", "attachment_id": False})
        documents.unlink()
        self._note(self.env._("Parcels and labels"), len(parcels) + len(labels))
        return result
