from datetime import timezone
from uuid import UUID

from odoo import api, models

from ..canonical import Tracking
from ..canonical.answers import (
    CustomerRecord,
    MessageStatus,
    OrderLineStatus,
    OrderStatus,
    ShipmentStatus,
    ShippedLine,
)
from ..decisions.customer_match import e164


class RetailApiReader(models.AbstractModel):
    """What a client of the canonical API may read: what its own backend knows.

    Called with all rights, for one backend: every query names it.
    """

    _name = "retail.api.reader"
    _description = "Retail API: reading"

    # Messages

    @api.model
    def _read_message(self, backend, message_id) -> MessageStatus | None:
        """Return what became of a message of this backend, ``None`` for one it never sent."""
        try:
            wanted = str(UUID(message_id))
        except ValueError:
            return None
        message = self.env["retail.inbox.message"].search(
            [("correlation_id", "=", wanted), ("backend_id", "=", backend.id)], limit=1
        )
        return self._message_status(message) if message else None

    def _message_status(self, message):
        document = message.record_model and self.env[message.record_model].browse(message.record_id)
        return MessageStatus(
            id=message.correlation_id,
            kind=message.kind or None,
            entity_key=message.entity_key,
            state=message.state,
            received_at=_utc(message.received_at),
            finished_at=_utc(message.finished_at),
            next_attempt_at=_utc(message.next_attempt_at),
            attempts=message.attempts,
            error_class=message.error_class or None,
            error=message.error or None,
            document=document.exists().display_name or None if document else None,
        )

    # Registers

    @api.model
    def _read_pos_feed(self, backend, stores, since, after, limit):
        """Return (items, revision of the last one): of some stores, or of all for none named.

        Without ``since``, all that is sold; else all that changed, also what is sold no more. Only
        with stores installed there is any.
        """
        return [], None

    # Warehouses

    @api.model
    def _read_releases(self, backend, filters, after=0, limit=1000):
        """Return what the backend's warehouses are to send, and the last release's id or ``None``.

        ``filters`` are ``location`` and ``order`` (several), and ``updated_since``, without which
        what is over is left out. Only with warehouses installed there is any.
        """
        return (), None

    # Orders

    @api.model
    def _read_order(self, backend, external_id) -> OrderStatus | None:
        """Return an order of this backend as it stands, ``None`` for one it does not know."""
        orders = self.env["retail.order.binding"]
        order = orders._by_external_id(backend, [external_id]).get(external_id)
        return self._order_status(order) if order else None

    def _order_status(self, order):
        return OrderStatus(
            external_id=order.external_id,
            name=order.name or None,
            document=order.odoo_id.name,
            state=order.state,
            payment_state=order.payment_state or None,
            holds=tuple(order.hold_ids.filtered("active").mapped("reason")),
            currency=order.currency_id.name,
            total=_decimal(order.amount_total, order.currency_id),
            total_tax=_decimal(order.amount_tax, order.currency_id),
            lines=tuple(map(self._line_status, order.line_ids.filtered(self._is_line))),
            shipments=tuple(map(self._shipment_status, self._shipments_of(order))),
            updated_at=_utc(max(order.write_date, order.odoo_id.write_date)),
        )

    def _is_line(self, line):
        return line.part == "line" and line.odoo_id

    def _line_status(self, line):
        sold = line.odoo_id
        return OrderLineStatus(
            external_id=line.external_id,
            sku=sold.product_id.default_code or None,
            quantity=sold.product_uom_qty,
            delivered_quantity=sold.qty_delivered,
            invoiced_quantity=sold.qty_invoiced,
        )

    # Shipments

    def _shipments_of(self, order):
        shipments = self.env["retail.shipment.binding"]
        return shipments.search([("order_binding_id", "=", order.id)], order="id")

    @api.model
    def _read_shipments(self, backend, orders=(), since=None, after=0, limit=1000):
        """Return shipments of this backend's orders, and the last one's id or ``None``."""
        domain = [("backend_id", "=", backend.id), ("id", ">", after)]
        if orders:
            domain.append(("order_binding_id.external_id", "in", list(orders)))
        if since:
            domain.append(("write_date", ">=", _naive(since)))
        found = self.env["retail.shipment.binding"].search(domain, order="id", limit=limit)
        return tuple(map(self._shipment_status, found)), _last(found, limit)

    def _shipment_status(self, shipment):
        numbers = [number.strip() for number in (shipment.tracking or "").split(",")]
        return ShipmentStatus(
            reference=shipment.name or shipment.external_id,
            external_id=shipment.external_id,
            order_external_id=shipment.order_binding_id.external_id,
            state=shipment.state,
            shipped_at=_utc(shipment.odoo_id.date_done or shipment.create_date),
            carrier=shipment.carrier or None,
            trackings=tuple(Tracking(number=number) for number in numbers if number),
            lines=tuple(map(ShippedLine.model_validate, shipment.lines or ())),
        )

    # Customers

    @api.model
    def _read_customers(self, backend, filters, after=0, limit=1000):
        """Return customers that are bound to this backend, and the last binding's id.

        ``filters`` are ``external_id`` (several), ``email``, ``phone`` and ``updated_since``.
        """
        domain = [("backend_id", "=", backend.id), ("id", ">", after)]
        if external_ids := filters.get("external_id"):
            domain.append(("external_id", "in", list(external_ids)))
        if email := filters.get("email"):
            domain.append(("odoo_id.email_normalized", "=", email.strip().lower()))
        if phone := filters.get("phone"):
            domain.append(("odoo_id.phone", "in", [phone, e164(phone, None) or phone]))
        if since := filters.get("updated_since"):
            domain.append(("odoo_id.write_date", ">=", _naive(since)))
        found = self.env["retail.partner.binding"].search(domain, order="id", limit=limit)
        return tuple(map(self._customer_record, found)), _last(found, limit)

    def _customer_record(self, binding):
        partner = binding.odoo_id
        return CustomerRecord(
            external_id=binding.external_id,
            name=partner.name or None,
            email=partner.email or None,
            phone=partner.phone or None,
            city=partner.city or None,
            zip=partner.zip or None,
            country_code=partner.country_id.code or None,
            updated_at=_utc(partner.write_date),
        )


def _last(found, limit):
    return found[-1].id if len(found) == limit else None


def _utc(moment):
    return moment.replace(tzinfo=timezone.utc) if moment else None


def _naive(moment):
    return moment.astimezone(timezone.utc).replace(tzinfo=None)


def _decimal(amount, currency):
    return format(amount, f".{currency.decimal_places}f")
