from decimal import Decimal

from odoo import fields, models

from ..decisions.snapshot_spread import Shelf, spread, still_right
from . import snapshot_keep_sql as keep_sql


class RetailSnapshot(models.Model):
    """Approved differences become inventory adjustments, in the warehouse's lane, once."""

    _inherit = "retail.snapshot"

    def _apply(self):
        """Put approved differences into the stock, in the light of what happened meanwhile."""
        self.ensure_one()
        self._work_out(own_too=False)
        approved = self._lines_in("approved")
        now = approved._differences_now()
        due = {line: self._still_due(line, *now[line.id]) for line in approved}
        due = {line: units for line, units in due.items() if units}
        if due:
            self._adjust(due)
        self._settle_state()
        self._tell()

    def _still_due(self, line, difference, on_hand, explained):
        """Return what of an approved line is to be applied; what changed is asked for again."""
        units = still_right(Decimal(str(line.difference)), Decimal(str(difference)))
        if units is None:
            value = self.currency_id.round(float(difference) * line.cost)
            line.write(
                {
                    "state": "open",
                    "automatic": False,
                    "difference": difference,
                    "on_hand": on_hand,
                    "explained": explained,
                    "expected": on_hand + explained,
                    "value": value,
                    "size": abs(value),
                    "detail": self.env._("It differs more than was approved, or otherwise."),
                }
            )
        elif not units:
            line.write({"state": "explained", "detail": self.env._("Explained meanwhile.")})
        return units

    # Adjusting

    def _adjust(self, due):
        """Make and bind the inventory adjustments of lines (line: units)."""
        quants = self._quants(due)
        before = self._last_move()
        changed = self.env["stock.quant"]
        for line, units in due.items():
            changed |= self._set_counted(line, units, quants.get(line.id, changed.browse()))
        name = self._adjustment_name()
        changed.with_context(inventory_mode=True, inventory_name=name)._apply_inventory()
        self._bind(due, self._moves_since(before, name))
        self._note_applied(due)

    def _quants(self, due):
        """Return by line the quants that its difference may be taken from."""
        products = self.env["product.product"].union(*(line.product_id for line in due))
        root = self.warehouse_id.odoo_id.lot_stock_id
        found = self.env["stock.quant"].search(
            [
                ("product_id", "in", products.ids),
                ("location_id", "child_of", root.id),
                ("location_id.usage", "=", "internal"),
                ("owner_id", "=", False),
            ],
            order="id",
        )
        by_product = found.grouped("product_id")
        nothing = found.browse()
        return {
            line.id: by_product.get(line.product_id, nothing).filtered(line._is_of_lot)
            for line in due
        }

    def _set_counted(self, line, units, quants):
        """Set what is counted on the shelves of an item; return the quants that change."""
        home = self.warehouse_id.odoo_id.lot_stock_id
        shelves = [
            Shelf(
                quant.id,
                Decimal(str(quant.quantity)),
                Decimal(str(quant.reserved_quantity)),
                quant.location_id == home and not quant.package_id,
            )
            for quant in quants
        ]
        changes, rest = spread(units, shelves)
        changed = quants.browse(changes)
        for quant in changed:
            quant.inventory_quantity = quant.quantity + float(changes[quant.id])
        return changed | self._new_quant(line, home, rest) if rest else changed

    def _new_quant(self, line, home, units):
        lot = line.lot_id or line._make_lot()
        values = {"product_id": line.product_id.id, "location_id": home.id, "lot_id": lot.id}
        quants = self.env["stock.quant"].with_context(inventory_mode=True)
        return quants.create({**values, "inventory_quantity": float(units)})

    def _adjustment_name(self):
        return self.env._(
            "Count %(name)s (%(id)s)", name=self.display_name, id=f"{self._name},{self.id}"
        )

    def _last_move(self):
        self.env.cr.execute("SELECT coalesce(max(id), 0) FROM stock_move")
        return self.env.cr.fetchone()[0]

    def _moves_since(self, before, name):
        """Return the moves of this adjustment. Ids of others lie between: the name tells."""
        return self.env["stock.move"].search(
            [("id", ">", before), ("is_inventory", "=", True), ("inventory_name", "=", name)],
            order="id",
        )

    def _bind(self, due, moves):
        """Bind each move to the line that it puts right."""
        by_product = moves.grouped("product_id")
        rows = []
        for line in due:
            for move in by_product.get(line.product_id, moves.browse()):
                if line._is_of_lot(move.move_line_ids):
                    rows.append(self._binding_values(line, move))
        if len(rows) != len(moves):
            raise ValueError("an adjustment belongs to no line of the count, or to two")
        self.env["retail.move.binding"].create(rows)

    def _binding_values(self, line, move):
        return {
            "backend_id": self.backend_id.id,
            "external_id": f"snapshot:{self.id}:{line.id}:{move.id}",
            "odoo_id": move.id,
            "snapshot_line_id": line.id,
            "quantity": move.quantity,
            "last_seen_at": fields.Datetime.now(),
        }

    def _note_applied(self, due):
        for line, units in due.items():
            line.write(
                {"state": "applied", "applied_quantity": line.applied_quantity + float(units)}
            )
        lines = self.env["retail.snapshot.line"].union(*due)
        detail = lines._detail(self.reason or "")
        self.env["retail.audit"]._log("snapshot.applied", self, detail=detail)


class RetailSnapshotLine(models.Model):
    """What adjusting asks of a line."""

    _inherit = "retail.snapshot.line"

    def _differences_now(self):
        """Return by line (difference, on hand, explained) in the light of what happened since."""
        self.env.cr.execute(keep_sql.STILL, {"lines": self.ids})
        return {
            line_id: (difference, on_hand or 0, explained or 0)
            for line_id, difference, on_hand, explained in self.env.cr.fetchall()
        }

    def _is_of_lot(self, records):
        """Tell whether quants or move lines are of the line's lot; any is where it has none."""
        if self.product_id.tracking == "none":
            return True
        lot = self.lot_id or self._known_lot()
        return bool(lot) and records.lot_id == lot

    def _known_lot(self):
        """Return the lot of a name that was told, if there is one by now."""
        return self.env["stock.lot"].search(
            [
                ("product_id", "=", self.product_id.id),
                ("name", "=", self.lot_name),
                ("company_id", "in", (False, self.company_id.id)),
            ],
            limit=1,
        )

    def _make_lot(self):
        """Return the lot that a count was the first to tell of; none for what has no lots."""
        if not self.lot_name or self.product_id.tracking == "none":
            return self.env["stock.lot"]
        values = {"product_id": self.product_id.id, "name": self.lot_name}
        return self._known_lot() or self.env["stock.lot"].create(
            {**values, "company_id": self.company_id.id}
        )
