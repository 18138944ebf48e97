from datetime import timezone

from odoo import api, fields, models

from ..decisions.outcome import ImportResult, Outcome
from ..decisions.stock_word import PATIENCE, Told, Word, judge_word


class RetailImporterStockLevel(models.AbstractModel):
    """Hears that a channel holds another quantity than it was told.

    Nothing is changed by it: the item is marked, and the flow that publishes reads what the channel
    holds by then. An echo of our own publication is dropped without a write.
    """

    _name = "retail.importer.stock_level"
    _inherit = "retail.importer"
    _description = "Retail Importer: stock levels"

    @api.model
    def _import_batch(self, backend, items):
        """Override: a level has no record of its own, so there is no version to guard."""
        if backend.id not in self.env["retail.change"]._backends_of("stock_level"):
            note = self.env._("Stock is not published there.")
            return {item.message_id: ImportResult(Outcome.IGNORED, note) for item in items}
        rows = self._rows(backend, [item.canonical for item in items])
        products = {row.binding_id.product_external_id for row in rows.values()} - {False}
        dead = self.env["retail.tombstone"]._dead(backend, "product", products)
        return {
            item.message_id: self._hear(rows.get(item.canonical.external_id), item, dead)
            for item in items
        }

    def _rows(self, backend, levels):
        """Return what is published of these levels, by their external id."""
        found = self.env["retail.stock.state"].search(
            [
                ("backend_id", "=", backend.id),
                ("location_binding_id.odoo_id", "!=", False),
                ("location_binding_id.external_id", "in", [v.location_external_id for v in levels]),
                ("binding_id.inventory_item_external_id", "in",
                 [v.inventory_item_external_id for v in levels]),
            ]
        )  # fmt: skip
        keys = map(self.env["retail.projection.stock"]._key_of, found)
        return {f"{key.item}:{key.location}": row for key, row in zip(keys, found, strict=True)}

    def _hear(self, row, item, dead):
        if not row:
            note = self.env._("Nothing is published of this item at this location.")
            return ImportResult(Outcome.IGNORED, note)
        record = (row._name, row.id)
        if row.binding_id.product_external_id in dead:
            note = self.env._("The product was deleted in the channel.")
            return ImportResult(Outcome.SUPERSEDED, note, record)
        if not row.is_known and row.verdict != "missing":
            note = self.env._("It is read anyway before it is told.")
            return ImportResult(Outcome.DONE, note, record)
        return self._take(row, judge_word(self._told(row), *self._said(item.canonical)), record)

    def _told(self, row):
        return Told(
            row.acknowledged,
            row._count_of().expected if row.is_known else row.acknowledged,
            row.attempted if row.attempt_key else None,
            row.acknowledged_at and row.acknowledged_at.replace(tzinfo=timezone.utc) or None,
        )

    def _said(self, level):
        """Return the quantity and its moment; what is not stocked there has none."""
        available = level.available if level.connected else None
        return available, level.updated_at

    def _take(self, row, word, record):
        if word is Word.KNOWN:
            note = self.env._("The channel holds what is known.")
            return ImportResult(Outcome.DONE, note, record)
        if word is Word.OLD:
            note = self.env._("The channel was told another quantity since.")
            return ImportResult(Outcome.SUPERSEDED, note, record)
        now = fields.Datetime.now()
        if word is Word.RAISED:
            row._read_from(now)
            self.env["retail.projection.stock"]._wake_after_commit(row.backend_id.id)
        else:
            # The sweeper wakes the flow when its time has come.
            row._read_from(now + PATIENCE)
        note = self.env._("The channel's quantity is read again.")
        return ImportResult(Outcome.DONE, note, record)
