from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.decisions.problem import ImportProblem

from .shipment_draft import LotDraft

CREATE_LOTS = "create_lots"
RESERVED_LOTS = "take_reserved_lots"
ZERO = Decimal(0)


class RetailWarehouseShipment(models.Model):
    """Which units leave: of which lots and from which shelves, and in which parcels."""

    _inherit = "retail.warehouse.shipment"

    def _fill(self, move, quantity, draft, packages):
        """Let units leave with a move; return it. What is reserved elsewhere may be taken."""
        tracked = move.product_id.tracking != "none"
        if tracked and (draft.lots or self._needs_lots(move)):
            self._fill_lots(move, quantity, draft)
        else:
            self._fill_plain(move, quantity)
        self._pack(move, draft, packages)
        move.picked = True
        return move

    def _fill_plain(self, move, quantity):
        unit = move.product_id.uom_id
        move.quantity = unit._compute_quantity(float(quantity), move.product_uom, round=False)

    # Lots

    def _needs_lots(self, move):
        """Tell whether units need a told lot: a person or the operation's type may do without."""
        kind = move.picking_type_id
        wanted = kind.use_create_lots or kind.use_existing_lots
        return wanted and not self._allows(RESERVED_LOTS)

    def _fill_lots(self, move, quantity, draft):
        """Let the told lots leave, from where they lie."""
        parts = self._take_lots(draft, quantity, move)
        lots = self._lots(move, [lot for lot, _part in parts])
        move._do_unreserve()
        values = []
        for lot, part in parts:
            values += self._line_values(move, lots[lot.number], part)
        self.env["stock.move.line"].create(values)

    def _take_lots(self, draft, quantity, move):
        """Return (lot, units) of a quantity, and use them up.

        Where a person said so, what no lot is told for is of the reserved lots.
        """
        parts, need = [], quantity
        for lot in [*draft.lots, *self._reserved_lots(draft, move)]:
            taken = min(need, lot.quantity)
            if taken > 0:
                parts.append((lot, taken))
                lot.quantity -= taken
                need -= taken
        if need > 0:
            raise ImportProblem(self._lots_missing_problem(draft, need))
        return parts

    def _reserved_lots(self, draft, move):
        told = {lot.number: lot.quantity for lot in draft.lots}
        found = []
        for line in move.move_line_ids if self._allows(RESERVED_LOTS) else ():
            units = self._exact(line.quantity_product_uom) - told.pop(line.lot_id.name, ZERO)
            if line.lot_id and units > 0:
                found.append(LotDraft(line.lot_id.name, units))
        return found

    def _lots(self, move, drafts):
        """Return lots by number: found or, where the operation's type allows it, made."""
        product, company = move.product_id, move.company_id
        numbers = list({draft.number for draft in drafts})
        found = self.env["stock.lot"].search(
            [
                ("product_id", "=", product.id),
                ("name", "in", numbers),
                ("company_id", "in", (False, company.id)),
            ]
        )
        lots = {lot.name: lot for lot in found}
        missing = [draft for draft in drafts if draft.number not in lots]
        if missing and not (move.picking_type_id.use_create_lots or self._allows(CREATE_LOTS)):
            raise ImportProblem(self._unknown_lots_problem(product, missing))
        for draft in missing:
            lots[draft.number] = self._make_lot(product, company, draft)
        return lots

    def _make_lot(self, product, company, draft):
        values = {"name": draft.number, "product_id": product.id, "company_id": company.id}
        if draft.expires_on and "expiration_date" in self.env["stock.lot"]._fields:
            values["expiration_date"] = draft.expires_on
        return self.env["stock.lot"].create(values)

    def _line_values(self, move, lot, quantity):
        """Return the lines of a lot's units: from where it lies, the rest from the shelf."""
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", move.product_id.id),
                ("lot_id", "=", lot.id),
                ("location_id", "child_of", move.location_id.id),
                ("quantity", ">", 0),
            ],
            order="in_date, id",
        )
        values, need = [], quantity
        for quant in quants:
            taken = min(need, self._exact(quant.quantity))
            if taken > 0:
                line = move._prepare_move_line_vals(float(taken), quant)
                values.append(line)
                need -= taken
        if need > 0:
            values.append({**move._prepare_move_line_vals(float(need)), "lot_id": lot.id})
        return values

    # Parcels

    def _pack(self, move, draft, packages):
        """Put a move's units into the parcels that they are told to lie in."""
        if len(packages) == 1:
            move.move_line_ids.result_package_id = next(iter(packages.values()))
            return
        for parcel_id in list(draft.parcels):
            if parcel_id in packages:
                self._pack_into(move, draft, parcel_id, packages[parcel_id])

    def _pack_into(self, move, draft, parcel_id, package):
        for line in move.move_line_ids.filtered(lambda line: not line.result_package_id):
            room = draft.parcels[parcel_id]
            held = self._exact(line.quantity_product_uom)
            if room <= 0:
                return
            if held > room:
                self._split_line(line, held - room)
            line.result_package_id = package
            draft.parcels[parcel_id] = room - min(room, held)

    def _split_line(self, line, rest):
        """Leave the rest of a line's units to a line of its own."""
        unit = line.product_id.uom_id
        part = unit._compute_quantity(float(rest), line.product_uom_id, round=False)
        line.quantity -= part
        line.copy({"quantity": part, "result_package_id": False})

    def _use_up(self, drafts):
        """Take off what left because of earlier versions: of lots, and in parcels."""
        for binding in self.move_binding_ids:
            draft = drafts.get(binding.line_key)
            lines = binding.odoo_id.move_line_ids
            for line in lines if draft else ():
                units = self._exact(line.quantity_product_uom)
                lot = next((one for one in draft.lots if one.number == line.lot_id.name), None)
                if lot:
                    lot.quantity = max(ZERO, lot.quantity - units)
                parcel_id = line.result_package_id.retail_external_id
                if parcel_id in draft.parcels:
                    draft.parcels[parcel_id] = max(ZERO, draft.parcels[parcel_id] - units)

    # What a person must decide

    def _lots_missing_problem(self, draft, quantity):
        return self._data_problem(
            "shipment_lots_missing",
            draft.key,
            self.env._(
                "Which lots of %(product)s left with %(shipment)s?",
                product=draft.product.display_name,
                shipment=self.display_name,
            ),
            self.env._(
                "It is kept by lot or serial number, and the warehouse named none for "
                "%(quantity)s. Nothing of the shipment has moved in Odoo. Take the lots that are "
                "reserved for the delivery, or ask the warehouse for a new version.",
                quantity=quantity,
            ),
            fix=RESERVED_LOTS,
        )

    def _unknown_lots_problem(self, product, drafts):
        numbers = ", ".join(sorted({draft.number for draft in drafts}))
        return self._data_problem(
            "shipment_unknown_lots",
            f"{product.id}|{numbers}",
            self.env._(
                "%(product)s has no lot %(numbers)s",
                product=product.display_name,
                numbers=numbers,
            ),
            self.env._(
                "Shipment %(shipment)s holds it, and operations of this type take lots that exist "
                "only. Nothing of the shipment has moved in Odoo. If the number is right, create "
                "the lot; else correct it with the warehouse.",
                shipment=self.display_name,
            ),
            fix=CREATE_LOTS,
        )
