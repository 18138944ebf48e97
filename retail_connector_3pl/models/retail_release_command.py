from datetime import timezone
from decimal import Decimal

from odoo import api, models
from odoo.tools import html2plaintext

from odoo.addons.retail_connector_base.canonical import (
    Address,
    CancelRelease,
    ChangeRelease,
    Money,
    Recipient,
    ReleaseLine,
    ReleaseOrder,
)


class RetailRelease(models.Model):
    """What a warehouse is told of a release, in canonical words."""

    _inherit = "retail.release"

    def _release_order(self):
        """Return the command that has the warehouse send it."""
        self.ensure_one()
        picking, order = self.picking_id, self.order_id
        return ReleaseOrder(
            order_external_id=self.name,
            location_external_id=self.warehouse_id.external_id,
            order_name=self._order_name(),
            recipient=self._recipient_now(),
            lines=self._lines_told(),
            priority=self.priority,
            ordered_at=_utc(order.date_order),
            ship_by=_utc(self.ship_by),
            carrier=self._carrier_word(picking.carrier_id),
            note=self._note_text(),
            tags=tuple(order.tag_ids.mapped("name")),
        )

    def _change_release(self, request):
        """Return the command that asks for a change of the release."""
        wanted = request.wanted or {}
        recipient, lines = wanted.get("recipient"), wanted.get("lines")
        return ChangeRelease(
            **self._request_values(request),
            recipient=Recipient.model_validate(recipient) if recipient else None,
            lines=self._lines_wanted(lines) if lines is not None else None,
        )

    def _cancel_release(self, request):
        """Return the command that asks the warehouse not to send it."""
        return CancelRelease(**self._request_values(request), reason=request.reason or None)

    def _request_values(self, request):
        return {
            "order_external_id": self.name,
            "request_reference": request.name,
            "warehouse_order_external_id": self.external_id or None,
            "location_external_id": self.warehouse_id.external_id,
        }

    def _order_name(self):
        """Return the number that the customer knows."""
        binding = self.order_id.retail_binding_ids[:1]
        return binding.name or self.order_id.name or self.picking_id.name

    def _note_text(self):
        """Return what the customer or a colleague wants the warehouse to know.

        The note of an order that no channel sent is Odoo's terms and conditions.
        """
        order, picking = self.order_id, self.picking_id
        parts = (order.note if order.retail_binding_ids else None, picking.note)
        return "\n".join(html2plaintext(part).strip() for part in parts if part) or None

    # Whom it goes to

    def _recipient_now(self):
        """Return who is to get it, as Odoo has it now."""
        partner = self.picking_id.partner_id or self.order_id.partner_shipping_id
        buyer = self.order_id.partner_id or partner
        return Recipient(
            address=self._address_of(partner),
            email=partner.email or buyer.email or None,
            phone=partner.phone or buyer.phone or None,
        )

    @api.model
    def _address_of(self, partner):
        company = partner.company_name or (
            partner.commercial_partner_id.is_company and partner.commercial_partner_id.name
        )
        name = partner.name or partner.parent_id.name
        return Address(
            name=name or None,
            company=company if company and company != name else None,
            street=partner.street or None,
            street2=partner.street2 or None,
            city=partner.city or None,
            zip=partner.zip or None,
            province=partner.state_id.name or None,
            province_code=partner.state_id.code or None,
            country_code=partner.country_id.code or None,
            phone=partner.phone or None,
        )

    # What it holds

    def _lines_told(self):
        return self._lines_of({line: line.quantity for line in self.line_ids})

    def _lines_wanted(self, wanted):
        """Return lines by ``{line reference: quantity}``; those of quantity 0 are left out."""
        lines = {line.external_id: line for line in self.line_ids}
        kept = {key: float(units) for key, units in wanted.items() if units and key in lines}
        return self._lines_of({lines[key]: units for key, units in kept.items()})

    def _lines_of(self, quantities):
        lines = self.browse().line_ids.union(*quantities)
        items = self._items(lines.product_id)
        units = self._unit_words(lines.product_id.uom_id)
        return tuple(
            ReleaseLine(
                external_id=line.external_id,
                sku=self._sku(line.product_id, items),
                item_external_id=items[line.product_id].external_id or None,
                name=line.product_id.display_name,
                quantity=Decimal(str(quantity)),
                unit=units.get(line.product_id.uom_id),
                lots=self._lots_of(line),
                value=self._value_of(line.move_id),
            )
            for line, quantity in quantities.items()
        )

    @api.model
    def _sku(self, product, items):
        return items[product].sku or product.default_code or product.barcode or ""

    def _items(self, products):
        """Return the warehouse's items by product, empty where none is bound."""
        bindings = self.env["retail.product.binding"].search(
            [("backend_id", "in", self.backend_id.ids), ("odoo_id", "in", products.ids)],
            order="id",
        )
        found = bindings.grouped("odoo_id")
        return {product: found.get(product, bindings.browse())[:1] for product in products}

    def _unit_words(self, units):
        """Return the warehouse's words for units that it has a word for."""
        rows = self._words("uom", "uom_id", units)
        return {row.uom_id: row.external_label or row.external_key for row in rows}

    def _carrier_word(self, carrier):
        """Return what the warehouse calls a carrier: our own name for it where it never said."""
        rows = self._words("carrier", "carrier_id", carrier)
        return rows[:1].external_label or rows[:1].external_key or carrier.name or None

    def _words(self, kind, field, records):
        mappings = self.env["retail.mapping"]
        if not records:
            return mappings
        return mappings.search(
            [
                ("backend_id", "in", self.backend_id.ids),
                ("kind", "=", kind),
                (field, "in", records.ids),
            ],
            order="id",
        )

    def _lots_of(self, line):
        if not self.warehouse_id.names_lots:
            return ()
        return tuple(dict.fromkeys(line.move_id.move_line_ids.lot_id.mapped("name")))

    def _value_of(self, move):
        """Return what one unit was sold for without taxes; nothing for parts of a kit."""
        sold = move.sale_line_id
        if not sold or sold.product_id != move.product_id or not sold.product_uom_qty:
            return None
        units = sold.product_uom_id._compute_quantity(
            sold.product_uom_qty, sold.product_id.uom_id, round=False
        )
        amount = Decimal(str(round(sold.price_subtotal / units, 6)))
        return Money(amount=amount, currency=sold.currency_id.name)


def _utc(moment):
    return moment.replace(tzinfo=timezone.utc) if moment else None
