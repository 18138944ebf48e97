from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.retail_connector_base.models.retail_unimported import MOVING, READ_AT_MOST
from odoo.addons.retail_connector_base.providers.errors import TransientError

from ..decisions.snapshot_transit import Goods, Item, effect
from . import snapshot_transit_sql as sql


class RetailSnapshotTransit(models.AbstractModel):
    """What was on its way when a warehouse counted.

    What Odoo has moved of documents is read by SQL, whatever their number. What waits (a task of
    the stock lane, a message that is not imported) is read one by one: there is little of it.
    """

    _name = "retail.snapshot.transit"
    _description = "Retail Connector: goods in transit"

    @api.model
    def _events(self, snapshot, own_too=True):
        """Return (goods, effect) of all that explains differences of a count.

        The effect is in units that the warehouse had more than Odoo.
        """
        house, instant = snapshot.warehouse_id, snapshot.taken_at
        goods = [
            *self._moved(house, SQL(sql.AFTER, instant=instant)),
            *self._counts_that_wait(snapshot, own_too),
            *self._waiting(house),
        ]
        effects = ((each, effect(each, instant)) for each in goods)
        return [(each, units) for each, units in effects if units]

    @api.model
    def _holds(self, warehouse, instant):
        """Return by product (reserved, known): what releases keep back, and surely keep back."""
        self.env.cr.execute(sql.HOLDS, {"warehouse": warehouse.id, "instant": instant})
        return {
            product_id: (reserved or 0, known or 0)
            for product_id, reserved, known in self.env.cr.fetchall()
        }

    # What Odoo has moved

    def _told_queries(self):
        """Return the queries of documents' moves. What is not told yet has no moment."""
        return [sql.TOLD_SHIPMENTS, sql.TOLD_RECEIPTS, sql.TOLD_COUNTS, sql.MADE_HERE]

    def _moved(self, warehouse, when):
        """Return the goods that Odoo has moved of documents that meet a condition."""
        told = SQL(" UNION ALL ").join(map(SQL, self._told_queries()))
        root = warehouse.odoo_id.lot_stock_id.parent_path
        query = SQL(sql.MOVED, root=f"{root}%", told=told, when=when)
        return [
            Goods(
                Item(product_id, lot), Decimal(str(units)), there, here, (model, res_id), name
            )
            for model, res_id, name, there, here, product_id, lot, units
            in self.env.execute_query(query)
        ]  # fmt: skip

    def _moved_of(self, warehouse, records):
        """Return the goods that Odoo has moved of documents."""
        if not records:
            return []
        return self._moved(warehouse, SQL(sql.OF_DOCUMENTS, model=records._name, ids=records.ids))

    def _counts_that_wait(self, snapshot, own_too):
        """Return what former counts put right as soon as the lane comes to it."""
        self.env.cr.execute(
            sql.WAITING_COUNTS,
            {
                "warehouse": snapshot.warehouse_id.id,
                "snapshot": snapshot.id,
                "own_too": own_too,
            },
        )
        return [
            Goods(
                Item(product_id, lot),
                Decimal(str(units)),
                at,
                None,
                ("retail.snapshot", count_id),
                name,
            )
            for count_id, name, at, product_id, lot, units in self.env.cr.fetchall()
        ]

    # What waits

    def _waiting(self, warehouse):
        """Return what documents tell of a warehouse and Odoo has not moved. Each kind adds its."""
        return []

    def _tasks(self, warehouse, model):
        """Return the documents of a model whose goods wait in the warehouse's lane."""
        tasks = self.env["retail.goods.task"].search(
            [
                ("warehouse_id", "=", warehouse.odoo_id.id),
                ("res_model", "=", model),
                ("state", "in", ("waiting", "blocked")),
            ]
        )
        return self.env[model].browse(tasks.mapped("res_id")).exists()

    def _unimported(self, backend, kind):
        """Return (message, what it says) of messages that are not imported, oldest first.

        Raises ``TransientError`` while a flood of them is being imported: the count is compared
        when it is over. What nobody can read is shown elsewhere.
        """
        reader = self.env["retail.unimported"]
        if len(reader._find(backend, MOVING, 1, kind)) > READ_AT_MOST:
            raise TransientError("Many messages of the warehouse are being imported.")
        messages = reader._readable(backend, kind).sorted("id")
        return [
            (message, told) for message in messages for told in reader._orders(backend, message)
        ]

    def _known(self, records, unimported):
        """Return the documents of which no newer word waits in the inbox."""
        newer = {told.external_id for _message, told in unimported}
        return records.filtered(lambda record: record.external_id not in newer)

    def _goods_of(self, drafts, there_at, document, name):
        """Return (product, lot, units) of a document as goods that Odoo has not moved."""
        return [
            Goods(Item(product.id, lot or None), units, there_at, None, document, name)
            for product, lot, units in drafts
            if units
        ]
