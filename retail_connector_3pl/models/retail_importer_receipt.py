from odoo import api, models

from odoo.addons.retail_connector_base.canonical import ReceiptState
from odoo.addons.retail_connector_base.decisions.moment import naive_utc
from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome
from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, ItemFailures
from odoo.addons.retail_connector_base.decisions.receipt import printable

LOCK = "SELECT FROM retail_receipt WHERE id = ANY(%s) FOR UPDATE"


class RetailImporterReceipt(models.AbstractModel):
    """What warehouses took in: recorded here, moved in their lanes.

    A version replaces the one before. A message whose items or units are not known is blocked, and
    nothing of it is recorded.
    """

    _name = "retail.importer.receipt"
    _description = "Retail Importer: receipts"
    _inherit = ["retail.importer"]

    _binding_model = "retail.receipt"

    @api.model
    def _apply(self, backend, pairs):
        """Override: record each receipt, and have its warehouse's lane move the difference."""
        known = [receipt.id for _item, receipt in pairs if receipt]
        self.env.cr.execute(LOCK, [known])
        failures, drafts = {}, []
        for item, receipt in pairs:
            try:
                drafts.append((item, receipt, self._draft(backend, item.canonical, receipt)))
            except ImportProblem as problem:
                failures[item.message_id] = problem
        if failures:
            raise ItemFailures(failures)
        return {
            item.message_id: self._record(item, receipt, draft) for item, receipt, draft in drafts
        }

    def _draft(self, backend, told, receipt):
        """Return (warehouse, announcement, values of lines) of a message, or raise."""
        warehouse, announcement = receipt.warehouse_id, receipt.announcement_id
        if not announcement:
            warehouse = warehouse or self._warehouse_of(backend, told)
            announcement = self.env["retail.announcement"]._known_as(
                warehouse, told.announcement_reference
            )
        return warehouse, announcement, self._lines(backend, told, announcement)

    def _warehouse_of(self, backend, told):
        """Return the warehouse that a receipt is of: the announcement knows where none is named."""
        houses = self.env["retail.warehouse"]
        if told.location_external_id is None and told.announcement_reference:
            announced = self.env["retail.announcement"].search(
                [("backend_id", "=", backend.id), ("name", "=", told.announcement_reference)]
            )
            if announced:
                return announced.warehouse_id
        return houses._known_in(backend, told.location_external_id)

    def _record(self, item, receipt, draft):
        warehouse, announcement, lines = draft
        values = self._values(item, announcement)
        if receipt:
            receipt.write(values)
        else:
            receipt = receipt.create(
                {
                    **values,
                    "backend_id": warehouse.backend_id.id,
                    "external_id": item.canonical.external_id,
                    "warehouse_id": warehouse.id,
                }
            )
        self._store_lines(receipt, lines)
        if receipt._has_work():
            self.env["retail.goods.task"]._put(warehouse.odoo_id, receipt)
        return ImportResult(Outcome.DONE, "", (receipt._name, receipt.id))

    def _values(self, item, announcement):
        told = item.canonical
        return {
            **self.env["retail.receipt"]._state_values(item),
            "announcement_id": announcement.id,
            "announcement_reference": told.announcement_reference
            and printable(told.announcement_reference),
            "state": told.state.value,
            "received_at": told.received_at and naive_utc(told.received_at),
            "note": told.note and printable(told.note),
        }

    def _store_lines(self, receipt, lines):
        """Keep the lines of this version; what it does not name any more has not come."""
        known = {line.key: line for line in receipt.line_ids}
        for key in known.keys() - {values["key"] for values in lines}:
            known[key].quantity = 0
        new = []
        for values in lines:
            line = known.get(values["key"])
            if line and line.product_id.id == values["product_id"]:
                line.write(values)
            elif line:
                # It was another item: that one goes back, this one is a line of its own.
                line.write({"quantity": 0, "key": f"{line.key}|was {line.id}"})
                new.append(values)
            else:
                new.append(values)
        receipt.line_ids.create([{"receipt_id": receipt.id, **values} for values in new])


class RetailReceipt(models.Model):
    """Whether there is something to do."""

    _inherit = "retail.receipt"

    def _has_work(self):
        """Tell whether goods are to be moved, or an announcement closed or opened again."""
        moved = any(line._difference() for line in self.line_ids)
        was_closed = self.announcement_id.closed_short
        return moved or was_closed or self.state == ReceiptState.COMPLETED.value
