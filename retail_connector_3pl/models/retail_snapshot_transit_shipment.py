from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.canonical import ShipmentState
from odoo.addons.retail_connector_base.decisions.moment import naive_utc
from odoo.addons.retail_connector_base.decisions.problem import ImportProblem

from ..decisions.snapshot_transit import still_to_move
from .retail_warehouse_shipment_read import MATCH_BY_ITEM

MODEL = "retail.warehouse.shipment"


class RetailSnapshotTransit(models.AbstractModel):
    """Shipments that the warehouse told of and that Odoo has not moved."""

    _inherit = "retail.snapshot.transit"

    def _waiting(self, warehouse):
        """Override."""
        unimported = self._unimported(warehouse.backend_id, "shipment")
        found = super()._waiting(warehouse)
        for shipment in self._known(self._tasks(warehouse, MODEL), unimported):
            document, told = (MODEL, shipment.id), shipment._told()
            found += self._leaving(warehouse, shipment, told, document, shipment.create_date)
        for message, told in unimported:
            shipment = self._shipment_of(warehouse, told)
            if shipment is not None:
                document = (message._name, message.id)
                heard_at = message.received_at
                found += self._leaving(warehouse, shipment, told, document, heard_at)
        return found

    def _shipment_of(self, warehouse, told):
        """Return the shipment of a message, a draft for a new one; ``None``: of elsewhere."""
        backend = warehouse.backend_id
        known = self.env[MODEL]._by_external_id(backend, [told.external_id])
        release = self.env["retail.release"].search(
            [("backend_id", "=", backend.id), ("name", "=", told.order_external_id)], limit=1
        )
        place = told.location_external_id or release.warehouse_id.external_id
        if place and place != warehouse.external_id or not place and len(backend.warehouse_ids) > 1:
            return None
        draft = self.env[MODEL].new(
            {
                "backend_id": backend.id,
                "external_id": told.external_id,
                "release_id": release.id,
                # Of an order that nobody knows the items tell enough.
                "allowances": [] if release else [MATCH_BY_ITEM],
            }
        )
        return known.get(told.external_id) or draft

    def _leaving(self, warehouse, shipment, told, document, heard_at):
        """Return what left with a shipment and has not moved in Odoo."""
        if told.state is not ShipmentState.SHIPPED:
            return []
        try:
            drafts = shipment._read_goods(told)
        except ImportProblem:
            # Its own exception asks a person what it holds.
            return []
        there_at = naive_utc(told.shipped_at or told.updated_at) or heard_at
        goods = self._goods_of(
            [part for draft in drafts for part in _parts(draft)],
            there_at,
            document,
            told.name or told.external_id,
        )
        moved = self._moved_of(warehouse, shipment) if shipment._origin else []
        return still_to_move(goods, moved)


def _parts(draft):
    """Return (product, lot, units below zero) of what left, lots apart."""
    lots = [(lot.number, lot.quantity) for lot in draft.lots if draft.product.tracking != "none"]
    rest = draft.quantity - sum((units for _lot, units in lots), Decimal(0))
    return [(draft.product, lot, -units) for lot, units in [*lots, (None, rest)]]
