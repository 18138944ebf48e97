from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.decisions.moment import naive_utc
from odoo.addons.retail_connector_base.decisions.problem import ImportProblem

from ..decisions.snapshot_transit import still_to_move

MODEL = "retail.receipt"


class RetailSnapshotTransit(models.AbstractModel):
    """Receipts that the warehouse told of and that Odoo has not moved."""

    _inherit = "retail.snapshot.transit"

    def _waiting(self, warehouse):
        """Override."""
        unimported = self._unimported(warehouse.backend_id, "receipt")
        found = super()._waiting(warehouse)
        for receipt in self._known(self._tasks(warehouse, MODEL), unimported):
            found += self._goods_of(
                [_part(warehouse, line, line._difference()) for line in receipt.line_ids],
                receipt.received_at or receipt.create_date,
                (MODEL, receipt.id),
                receipt.external_id,
            )
        for message, told in unimported:
            found += self._arriving(warehouse, message, told)
        return found

    def _arriving(self, warehouse, message, told):
        """Return what a message tells that came in and has not moved in Odoo."""
        importer, backend = self.env["retail.importer.receipt"], warehouse.backend_id
        receipt = self.env[MODEL]._by_external_id(backend, [told.external_id]).get(told.external_id)
        try:
            place = receipt.warehouse_id if receipt else importer._warehouse_of(backend, told)
            if place != warehouse:
                return []
            announced = self.env["retail.announcement"]._known_as(
                warehouse, told.announcement_reference
            )
            rows = importer._lines(backend, told, announced)
        except ImportProblem:
            # Its own exception asks a person what came.
            return []
        lines = [self.env["retail.receipt.line"].new(values) for values in rows]
        goods = self._goods_of(
            [_part(warehouse, line, line.quantity) for line in lines],
            naive_utc(told.received_at or told.updated_at) or message.received_at,
            (message._name, message.id),
            told.external_id,
        )
        return still_to_move(goods, self._moved_of(warehouse, receipt) if receipt else [])


def _part(warehouse, line, units):
    """Return (product, lot, units) of what came onto the shelves, 0 of what lies elsewhere."""
    try:
        shelf = warehouse._shelf_of(line.condition)
    except ImportProblem:
        return line.product_id, None, Decimal(0)
    root = warehouse.odoo_id.lot_stock_id.parent_path
    lies_there = shelf.parent_path.startswith(root) and not warehouse._is_scrapped(line.condition)
    return line.product_id, line.lot_name, Decimal(str(units)) if lies_there else Decimal(0)
