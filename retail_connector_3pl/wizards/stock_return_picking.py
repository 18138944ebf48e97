from odoo import models

from ..models.stock_picking_return import RETURN, WAREHOUSE


class StockReturnPicking(models.TransientModel):
    """Odoo's own return of a delivery, made for a return of ours."""

    _inherit = "stock.return.picking"

    def _prepare_picking_default_values_based_on(self, picking):
        """Override: the goods go where the return says, which may be another warehouse."""
        values = super()._prepare_picking_default_values_based_on(picking)
        record = self.env["retail.return"].browse(self.env.context.get(RETURN))
        if not record:
            return {**values, "retail_return_id": False}
        warehouse = self.env["stock.warehouse"].browse(self.env.context[WAREHOUSE])
        usual = picking.picking_type_id.return_picking_type_id
        fits = usual.code == "incoming" and usual.warehouse_id == warehouse
        return {
            **values,
            "retail_return_id": record.id,
            "picking_type_id": (usual if fits else warehouse.in_type_id).id,
            "location_dest_id": warehouse._retail_place("restock").id,
            "origin": record.display_name,
        }
