from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, Problem
from odoo.addons.retail_connector_base.models.retail_return_settle import exact
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.return_receipt import named_lots

NOTHING = Decimal(0)


class RetailReturn(models.Model):
    """Puts goods away as their disposition says, and finds their lots."""

    _inherit = "retail.return"

    def _put_away(self, row, quantity):
        """Move units from where they wait for a decision to where they belong."""
        warehouse = row.warehouse_id or self.warehouse_id
        source = warehouse._retail_place("undecided")
        for product, units in row._parts().items():
            for lot, part in self._lying(row, product, source, quantity * units):
                if row.disposition == "scrap":
                    move = self._scrap(product, source, lot, part)
                else:
                    target = warehouse._retail_place(row.disposition)
                    move = self._shift(product, source, target, lot, part)
                self._check_done(move)
                self._bind_move(row, move, part)
        row.place = row.disposition

    def _scrap(self, product, source, lot, quantity):
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": product.id,
                "product_uom_id": product.uom_id.id,
                "scrap_qty": float(quantity),
                "lot_id": lot.id if lot else False,
                "location_id": source.id,
                "origin": self.display_name,
                "company_id": self.company_id.id,
            }
        )
        scrap.do_scrap()
        return scrap.move_ids

    def _shift(self, product, source, target, lot, quantity):
        unit = product.uom_id
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom": unit.id,
                "product_uom_qty": float(quantity),
                "location_id": source.id,
                "location_dest_id": target.id,
                "company_id": self.company_id.id,
                "origin": self.display_name,
                "picked": True,
                "move_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_id": unit.id,
                            "quantity": float(quantity),
                            "lot_id": lot.id if lot else False,
                            "location_id": source.id,
                            "location_dest_id": target.id,
                            "company_id": self.company_id.id,
                            "picked": True,
                        }
                    )
                ],
            }
        )
        move._action_done()
        return move

    def _check_done(self, move):
        """Raise ``UserError`` where Odoo left goods where they were."""
        if any(one.state != "done" for one in move):
            raise UserError(
                self.env._("Odoo did not move %(product)s.", product=move.product_id.display_name)
            )

    # Lots

    def _lots(self, row, move, quantity):
        """Return (lot, units) of what came: as told, else those that were delivered.

        Raises ``ImportProblem`` where nobody can tell.
        """
        product = move.product_id
        if product.tracking == "none":
            return [(None, quantity)]
        # A number told of a kit is that of its only part that has numbers.
        tracked = [part for part in row._parts() if part.tracking != "none"]
        if row.lot_name and len(tracked) == 1:
            named = named_lots(row.lot_name, quantity)
            return [(self._lot(product, name), part) for name, part in named]
        left = self._delivered_lots(move)
        if sum(left.values(), NOTHING) == quantity:
            return list(left.items())
        if len(left) == 1 and next(iter(left.values())) >= quantity:
            return [(next(iter(left)), quantity)]
        raise ImportProblem(self._lot_problem(row))

    def _lot(self, product, name):
        lots = self.env["stock.lot"]
        companies = [False, self.company_id.id]
        domain = [("product_id", "=", product.id), ("name", "=", name)]
        found = lots.search([*domain, ("company_id", "in", companies)], limit=1)
        values = {"product_id": product.id, "name": name, "company_id": self.company_id.id}
        return found or lots.create(values)

    def _delivered_lots(self, move):
        """Return by lot the units of the delivery that a move takes back and are not back yet."""
        origin, left = move.origin_returned_move_id, {}
        for line in origin.move_line_ids.filtered("lot_id"):
            units = exact(line.quantity_product_uom)
            left[line.lot_id] = left.get(line.lot_id, NOTHING) + units
        back = origin.returned_move_ids.filtered(lambda one: one.state == "done")
        for line in back.move_line_ids.filtered(lambda one: one.lot_id in left):
            left[line.lot_id] -= exact(line.quantity_product_uom)
        return {lot: units for lot, units in left.items() if units > 0}

    def _lying(self, row, product, source, quantity):
        """Return (lot, units) of a row's goods that lie where they wait for a decision."""
        if product.tracking == "none":
            return [(None, quantity)]
        found = {}
        moves = self.env["retail.move.binding"].sudo().search(
            [("return_goods_id.line_id", "=", row.line_id.id)]
        ).odoo_id.filtered(lambda move: move.product_id == product)  # fmt: skip
        for line in moves.move_line_ids.filtered("lot_id"):
            units = exact(line.quantity_product_uom)
            sign = (line.location_dest_id == source) - (line.location_id == source)
            found[line.lot_id] = found.get(line.lot_id, NOTHING) + units * sign
        parts = []
        for lot in sorted(found, key=lambda one: (one.name != row.lot_name, one.id)):
            part = min(found[lot], quantity)
            if part > 0:
                parts.append((lot, part))
                quantity -= part
        return parts

    def _lot_problem(self, row):
        return Problem(
            error_class=ErrorClass.DATA,
            code="return_lot_unknown",
            subject=f"{self.name}|{row.id}",
            title=self.env._(
                "Which lot or serial number of %(product)s came back with %(name)s?",
                product=row.product_id.display_name,
                name=self.display_name,
            ),
            cause=self.env._(
                "It was not told, and several were delivered. Open the return, press “Came…” and "
                "enter what came with its number, then retry."
            ),
            fix="open_record",
            fix_values={"res_model": self._name, "res_id": self.id},
        )
