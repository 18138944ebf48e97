from odoo import models

from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass


class RetailReceipt(models.Model):
    """Moves that nobody expected: beyond what was announced, and back again."""

    _inherit = "retail.receipt"

    def _extra_move(self, line, announced, quantity):
        """Return a move of units beyond what was expected, beside what is moved anyway.

        Of an announced item it belongs to the same purchase: what came is what is paid.
        """
        like = announced.move_ids.sorted("id")[-1:]
        if like:
            values = self._values_like(like, quantity)
        else:
            values = self._move_values(line.product_id, quantity)
        picking = self._own_picking(like.picking_id)
        move = self.env["stock.move"].create({**values, "picking_id": picking.id})
        move._action_confirm(merge=False, create_proc=False)
        return move

    def _values_like(self, move, quantity):
        """Return the values of a move of units that belongs to what a move belongs to.

        A purchase, say: Odoo counts what its moves brought and took away.
        """
        values = move.copy_data(move._prepare_move_split_vals(quantity))[0]
        for link in ("move_dest_ids", "move_orig_ids"):
            values.pop(link, None)
        return {
            **values,
            "product_uom_qty": quantity,
            "product_uom": move.product_id.uom_id.id,
            "retail_announcement_line_id": False,
        }

    def _own_picking(self, like):
        """Return a transfer for what nobody expected, one for each receipt and source."""
        source = like.location_id or self._supplier_location()
        house = self.warehouse_id.odoo_id
        mine = self.env["stock.picking"].search(
            [
                ("retail_receipt_id", "=", self.id),
                ("location_id", "=", source.id),
                ("state", "not in", ("done", "cancel")),
            ],
            limit=1,
        )
        return mine or mine.create(
            {
                "picking_type_id": house.in_type_id.id,
                "location_id": source.id,
                "location_dest_id": (like.location_dest_id or house.lot_stock_id).id,
                "partner_id": like.partner_id.id,
                "origin": self.external_id,
                "retail_receipt_id": self.id,
            }
        )

    def _supplier_location(self):
        return self.env.ref("stock.stock_location_suppliers")

    def _move_values(self, product, quantity):
        house = self.warehouse_id.odoo_id
        return {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "product_uom": product.uom_id.id,
            "location_id": self._supplier_location().id,
            "location_dest_id": house.lot_stock_id.id,
            "company_id": house.company_id.id,
            "picking_type_id": house.in_type_id.id,
            "origin": self.external_id,
        }

    # Back

    def _back_move(self, line, move, quantity):
        """Return a done move of units from where a move put them to where it took them from."""
        house = self.warehouse_id.odoo_id
        source = move.move_line_ids.location_dest_id[:1] or move.location_dest_id
        scrapped = self._scraps_of(line).filtered(lambda scrap: scrap.state == "done")
        if scrapped:
            source = scrapped.scrap_location_id[:1]
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": (
                    house.in_type_id.return_picking_type_id or house.out_type_id
                ).id,
                "location_id": source.id,
                "location_dest_id": move.location_id.id,
                "partner_id": move.picking_id.partner_id.id,
                "origin": self.external_id,
                "retail_receipt_id": self.id,
            }
        )
        back = self.env["stock.move"].create(
            {
                **self._values_like(move, quantity),
                "picking_id": picking.id,
                "picking_type_id": picking.picking_type_id.id,
                "location_id": source.id,
                "location_dest_id": move.location_id.id,
                "origin_returned_move_id": move.id,
                "to_refund": True,
            }
        )
        back._action_confirm(merge=False, create_proc=False)
        back.move_line_ids.unlink()
        self._fill_back(line, back, quantity)
        picking._action_done()
        self._check_arrived(back)
        return back

    def _fill_back(self, line, back, quantity):
        self.env["stock.move.line"].create(
            {
                "move_id": back.id,
                "picking_id": back.picking_id.id,
                "product_id": back.product_id.id,
                "product_uom_id": back.product_id.uom_id.id,
                "quantity": quantity,
                "location_id": back.location_id.id,
                "location_dest_id": back.location_dest_id.id,
                "lot_id": self._lot_of(line).id,
                "company_id": back.company_id.id,
                "picked": True,
            }
        )
        back.picked = True

    # Lots and scrap

    def _check_lots(self, lines):
        """Refuse goods without the lot that Odoo needs, before anything moves."""
        for line in lines:
            if line.product_id.tracking == "none" or line.lot_name:
                continue
            raise ImportProblem(
                Problem(
                    error_class=ErrorClass.DATA,
                    code="receipt_lot_missing",
                    subject=f"{self.external_id}|{line.product_id.id}",
                    title=self.env._(
                        "Which lot of %(product)s came?", product=line.product_id.display_name
                    ),
                    cause=self.env._(
                        "Receipt %(receipt)s names no lot or serial number, and Odoo tracks the "
                        "product by them. Ask the warehouse for a receipt with lots; it replaces "
                        "this one.",
                        receipt=self.external_id,
                    ),
                    fix="retry",
                )
            )

    def _lot_of(self, line):
        """Return the lot of a line, made where it is new."""
        lots = self.env["stock.lot"]
        if not line.lot_name:
            return lots
        identity = {
            "name": line.lot_name,
            "product_id": line.product_id.id,
            "company_id": self.company_id.id,
        }
        domain = [
            ("name", "=", line.lot_name),
            ("product_id", "=", line.product_id.id),
            ("company_id", "in", (False, self.company_id.id)),
        ]
        found = lots.search(domain, limit=1)
        if not found and line.expires_on and "expiration_date" in lots._fields:
            identity["expiration_date"] = line.expires_on
        return found or lots.create(identity)

    def _scrap(self, line, move):
        """Throw away what arrived damaged, where that is the policy."""
        if not self.warehouse_id._is_scrapped(line.condition):
            return
        shelf = move.move_line_ids.location_dest_id[:1]
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": line.product_id.id,
                "product_uom_id": line.product_id.uom_id.id,
                "scrap_qty": sum(move.move_line_ids.mapped("quantity")),
                "lot_id": self._lot_of(line).id,
                "location_id": shelf.id,
                "company_id": self.company_id.id,
                "origin": self._scrap_origin(line),
            }
        )
        scrap.do_scrap()

    def _scrap_origin(self, line):
        return f"{self.external_id} {line.key}"

    def _scraps_of(self, line):
        domain = [
            ("origin", "=", self._scrap_origin(line)),
            ("product_id", "=", line.product_id.id),
            ("company_id", "=", self.company_id.id),
        ]
        return self.env["stock.scrap"].search(domain)
