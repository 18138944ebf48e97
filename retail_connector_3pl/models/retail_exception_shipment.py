from odoo import models

from .retail_warehouse_shipment_fill import CREATE_LOTS, RESERVED_LOTS
from .retail_warehouse_shipment_read import MATCH_BY_ITEM


class RetailException(models.Model):
    """What people decide about shipments that could not be carried out as they were told."""

    _inherit = "retail.exception"

    def _fix_labels(self):
        """Override: add the decisions about shipments."""
        return {
            **super()._fix_labels(),
            CREATE_LOTS: self.env._("Create the Lots"),
            RESERVED_LOTS: self.env._("Take the Reserved Lots"),
            MATCH_BY_ITEM: self.env._("Match Lines by Item"),
        }

    def _fix_create_lots(self):
        return self._decide_shipment(CREATE_LOTS)

    def _fix_take_reserved_lots(self):
        return self._decide_shipment(RESERVED_LOTS)

    def _fix_match_by_item(self):
        return self._decide_shipment(MATCH_BY_ITEM)

    def _decide_shipment(self, decision):
        """Note a decision about the shipment, and let its goods move."""
        if self.res_model != "retail.warehouse.shipment":
            return self.action_retry()
        shipment = self.env[self.res_model].sudo().browse(self.res_id).exists()
        shipment._allow(decision)
        detail = {"decision": decision, "shipment": shipment.external_id}
        self.env["retail.audit"]._log("shipment.decided", shipment, self.backend_id, detail=detail)
        return self.action_retry()
