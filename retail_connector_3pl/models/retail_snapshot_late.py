from collections import defaultdict
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from ..decisions.snapshot_late import taken_back

# Documents whose goods may be told late, with the field that says when they moved there.
DOCUMENTS = {
    "retail.warehouse.shipment": "shipped_at",
    "retail.receipt": "received_at",
    "retail.return": "received_at",
}


class RetailGoodsTask(models.Model):
    """Goods that are told of after a count which already missed them."""

    _inherit = "retail.goods.task"

    def _move(self, record):
        """Override: what a count took for a loss, and is explained now, is taken back at once."""
        house = self._counted_since(record)
        if not house:
            return super()._move(record)
        before = self._units_of(house, record)
        result = super()._move(record)
        late = self._units_of(house, record)
        for key, units in before.items():
            late[key] = late.get(key, Decimal(0)) - units
        self.env["retail.snapshot"]._see_late(house, record, late)
        return result

    def _counted_since(self, record):
        """Return the third party's warehouse, if a count since a document changed its stock."""
        if record._name not in DOCUMENTS:
            return None
        houses, lines = self.env["retail.warehouse"].sudo(), self.env["retail.snapshot.line"].sudo()
        house = houses.search([("odoo_id", "=", self.warehouse_id.id)], limit=1)
        applied = [
            ("warehouse_id", "=", house.id),
            ("state", "=", "applied"),
            ("taken_at", ">=", record[DOCUMENTS[record._name]] or record.create_date),
        ]
        return house if house and lines.search_count(applied, limit=1) else None

    def _units_of(self, house, record):
        """Return by (product, lot, moment there) the units that Odoo has moved of a document."""
        self.env.flush_all()
        found = defaultdict(Decimal)
        for goods in self.env["retail.snapshot.transit"].sudo()._moved_of(house, record):
            found[goods.item.product_id, goods.item.lot, goods.there_at] += goods.quantity
        return found


class RetailSnapshot(models.Model):
    """Counts in the light of what was told too late for them.

    A count that missed goods which had left already found them lacking; once applied, the shipment
    that tells of them would take them out a second time. It is told when it moves: then the count
    is compared again, and what it took out on account of these goods comes back.
    """

    _inherit = "retail.snapshot"

    def _see_late(self, house, record, late):
        """Put right what counts applied because goods (units by item and moment) were not told."""
        late = {key: units for key, units in late.items() if units and key[2]}
        if not late:
            return
        lines = self.env["retail.snapshot.line"].search(
            [
                ("warehouse_id", "=", house.id),
                ("state", "=", "applied"),
                ("product_id", "in", [product_id for product_id, _lot, _at in late]),
                ("taken_at", ">=", min(moment for _product, _lot, moment in late)),
            ]
        )
        # One after the other: what the first puts right explains the next.
        for snapshot in lines.snapshot_id.sorted("taken_at"):
            own = lines.filtered(lambda line, of=snapshot: line.snapshot_id == of)
            snapshot._take_back(record, {line: line._late_units(late) for line in own})

    def _take_back(self, record, late):
        """Take back what was applied on account of late goods (units by line)."""
        self._lock()
        self._work_out(own_too=False)
        now = self.env["retail.snapshot.line"].union(*late)._differences_now()
        due = {}
        for line, units in late.items():
            differs = Decimal(str(now[line.id][0]))
            back = taken_back(Decimal(str(line.applied_quantity)), units, differs)
            if back:
                due[line] = back
        if due:
            self._put_back(due, record)

    def _put_back(self, due, record):
        try:
            with self.env.cr.savepoint():
                self._adjust(due)
        except UserError:
            self._ask_again(due, record)
            return
        for line, units in due.items():
            line.detail = self.env._(
                "%(units)s put back: %(document)s, told after it was applied, explains it.",
                units=f"{units:+f}",
                document=record.display_name,
            )

    def _ask_again(self, due, record):
        """Let a person decide what cannot be put back by itself."""
        for line, units in due.items():
            value = self.currency_id.round(float(units) * line.cost)
            line.write(
                {
                    "state": "open",
                    "automatic": False,
                    "difference": float(units),
                    "value": value,
                    "size": abs(value),
                    "detail": self.env._(
                        "%(document)s was told after it was applied.", document=record.display_name
                    ),
                }
            )
        self._settle_state()
        self._tell()


class RetailSnapshotLine(models.Model):
    """What was told too late for a line."""

    _inherit = "retail.snapshot.line"

    def _late_units(self, late):
        """Return the units of the line's item that had moved there before it was counted."""
        taken_at = fields.Datetime.to_datetime(self.taken_at)
        lot = self.lot_id.name or self.lot_name or None
        return sum(
            (
                units
                for (product_id, number, moment), units in late.items()
                if product_id == self.product_id.id
                and moment <= taken_at
                and (self.product_id.tracking == "none" or number == lot)
            ),
            Decimal(0),
        )
