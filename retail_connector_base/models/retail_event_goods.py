from odoo import api, models

from ..canonical import Tracking
from ..canonical.event import EventLine, OrderShipped, RefundIssued, ReturnCompleted
from .event_occurrence import decimal, money, text


class RetailEvent(models.AbstractModel):
    """Events of goods that leave or come back, and of money that is given back."""

    _inherit = "retail.event"

    # Goods

    @api.model
    def _build_order_shipped(self, picking):
        moves = picking.move_ids.filtered(
            lambda move: move.state == "done" and move.location_dest_id.usage == "customer"
        )
        return self._of_goods(OrderShipped, picking, moves, self._shipped)

    @api.model
    def _build_return_completed(self, picking):
        moves = picking.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.location_id.usage == "customer"
                and move.location_dest_id.usage != "customer"
            )
        )
        return self._of_goods(ReturnCompleted, picking, moves, self._returned)

    @api.model
    def _of_goods(self, model, picking, moves, data):
        orders = moves.sale_line_id.order_id or picking.sale_id
        if not moves or not orders:
            return []
        warehouse = picking.picking_type_id.warehouse_id
        return [self._of_order(model, orders, lambda: data(picking, orders, moves), warehouse)]

    @api.model
    def _shipped(self, picking, orders, moves):
        return OrderShipped(
            **self._order_facts(orders),
            delivery=picking.name,
            shipped_at=self._moment(picking.date_done),
            warehouse=text(picking.picking_type_id.warehouse_id.code),
            carrier=self._carrier(picking),
            trackings=self._trackings(picking),
            lines=self._goods(moves),
        )

    @api.model
    def _returned(self, picking, orders, moves):
        return ReturnCompleted(
            **self._order_facts(orders),
            receipt=picking.name,
            received_at=self._moment(picking.date_done),
            warehouse=text(picking.picking_type_id.warehouse_id.code),
            lines=self._goods(moves),
        )

    @api.model
    def _goods(self, moves):
        return tuple(
            EventLine(
                sku=text(move.product_id.default_code),
                description=move.product_id.display_name,
                quantity=decimal(move.quantity),
                unit=text(move.product_uom.name),
                external_id=self._channel_line(move.sale_line_id),
            )
            for move in moves
        )

    @api.model
    def _carrier(self, picking):
        """Return who carries a delivery; carriers exist where deliveries are installed."""
        return text(picking.carrier_id.name) if "carrier_id" in picking._fields else None

    @api.model
    def _trackings(self, picking):
        if "carrier_tracking_ref" not in picking._fields:
            return ()
        numbers = (picking.carrier_tracking_ref or "").replace(";", ",").split(",")
        return tuple(Tracking(number=number.strip()) for number in numbers if number.strip())

    # Money

    @api.model
    def _build_refund_issued(self, move):
        orders = move.invoice_line_ids.sale_line_ids.order_id
        if move.move_type != "out_refund" or move.state != "posted" or not orders:
            return []
        return [self._of_order(RefundIssued, orders, lambda: self._refunded(move, orders))]

    @api.model
    def _refunded(self, move, orders):
        currency = move.currency_id
        lines = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        return RefundIssued(
            **self._order_facts(orders),
            refund=move.name,
            issued_on=move.invoice_date or move.date,
            tax=money(move.amount_tax, currency),
            total=money(move.amount_total, currency),
            lines=tuple(
                EventLine(
                    sku=text(line.product_id.default_code),
                    description=line.name or line.product_id.display_name or "",
                    quantity=decimal(line.quantity),
                    unit=text(line.product_uom_id.name),
                    external_id=self._channel_line(line.sale_line_ids[:1]),
                    total=money(line.price_total, currency),
                )
                for line in lines
            ),
        )
