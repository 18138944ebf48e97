from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.canonical import Disposition
from odoo.addons.retail_connector_base.decisions.moment import naive_utc

from ..decisions.return_receipt import HERE
from ..decisions.snapshot_transit import still_to_move
from . import snapshot_transit_sql as sql

MODEL = "retail.return"
RESTOCK = Disposition.RESTOCK.value


class RetailSnapshotTransit(models.AbstractModel):
    """Returns that the warehouse told of: what goes back onto the shelves and has not moved."""

    _inherit = "retail.snapshot.transit"

    def _told_queries(self):
        """Override."""
        return [*super()._told_queries(), sql.TOLD_RETURNS]

    def _waiting(self, warehouse):
        """Override."""
        unimported = self._unimported(warehouse.backend_id, "return")
        newer = {told.external_id for _message, told in unimported}
        found = super()._waiting(warehouse)
        for record in self._tasks(warehouse, MODEL):
            if newer.isdisjoint(record.binding_ids.mapped("external_id")):
                found += self._goods_of(
                    self._in_parts(warehouse, _coming(warehouse.odoo_id, record)),
                    record.received_at or record.create_date,
                    (MODEL, record.id),
                    record.rma or record.name,
                )
        for message, told in unimported:
            found += self._coming_back(warehouse, message, told)
        return found

    def _coming_back(self, warehouse, message, told):
        """Return what a message tells that is back on the shelves and has not moved in Odoo."""
        finder, backend = self.env["retail.return.finder"], warehouse.backend_id
        order = finder._order_of(backend, told.order_external_id)
        place = finder._warehouse(backend, told.location_external_id, order)
        if told.state not in HERE or place != warehouse.odoo_id:
            return []
        lines = [line for line in told.lines if line.disposition is Disposition.RESTOCK]
        products = finder._products(backend, [line.sku for line in lines])
        told_goods = [
            (products[line.sku], None, line.received_quantity or Decimal(0))
            for line in lines
            if line.sku in products
        ]
        goods = self._goods_of(
            self._in_parts(warehouse, told_goods),
            naive_utc(told.received_at or told.updated_at) or message.received_at,
            (message._name, message.id),
            told.name or told.external_id,
        )
        bound = self.env["retail.return.binding"]._by_external_id(backend, [told.external_id])
        return still_to_move(goods, self._moved_of(warehouse, _return_of(bound, told)))

    def _in_parts(self, warehouse, goods):
        """Return (product, lot, units) of goods, kits as their parts."""
        kits, company = self.env["retail.kit"], warehouse.company_id
        found = []
        for product, lot, units in goods:
            parts = kits._parts(product, company)
            found += [(part, None, units * each) for part, each in parts.items()]
            found += [] if parts else [(product, lot, units)]
        return found


def _return_of(bound, told):
    """Return the return that a message is bound to, ``None`` where it is the first."""
    return bound[told.external_id].odoo_id if told.external_id in bound else None


def _coming(house, record):
    """Return (product, lot, units) of a return that are to be put onto a warehouse's shelves."""
    found, rows = record._plan(), {row.id: row for row in record.goods_ids}
    parts = [part for part in (*found.comes, *found.shifts) if part.wanted == RESTOCK]
    return [
        (rows[part.key].product_id, rows[part.key].lot_name, part.quantity)
        for part in parts
        if rows[part.key].product_id
        and (rows[part.key].warehouse_id or record.warehouse_id) == house
    ]
