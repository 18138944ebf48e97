from odoo import api, models

from ..canonical.event import (
    ChannelCustomer,
    ChannelOrder,
    EventLine,
    OrderCancelled,
    OrderConfirmed,
    OrderDelivered,
    PaymentCaptured,
)
from ..decisions.event_filter import Facts
from .event_occurrence import Occurrence, decimal, money, text, unit_money


class RetailEvent(models.AbstractModel):
    """Events of orders."""

    _inherit = "retail.event"

    # What happened

    @api.model
    def _build_order_confirmed(self, order):
        if order.state != "sale":
            return []
        return [self._of_order(OrderConfirmed, order, lambda: self._confirmed(order))]

    @api.model
    def _build_order_cancelled(self, order):
        if order.state != "cancel":
            return []
        return [
            self._of_order(
                OrderCancelled, order, lambda: OrderCancelled(**self._order_facts(order))
            )
        ]

    @api.model
    def _build_order_delivered(self, binding):
        order = binding.odoo_id
        return [
            self._of_order(
                OrderDelivered, order, lambda: OrderDelivered(**self._order_facts(order))
            )
        ]

    @api.model
    def _build_payment_captured(self, binding):
        order = binding.odoo_id
        return [self._of_order(PaymentCaptured, order, lambda: self._captured(binding))]

    @api.model
    def _of_order(self, model, orders, data, warehouses=None):
        """Return what happened to an order, or to several of which the first gives the order."""
        first = orders[:1]
        bindings = orders.retail_binding_ids
        warehouses = orders.warehouse_id if warehouses is None else warehouses
        facts = Facts(
            type=model.type,
            company_id=first.company_id.id,
            channels=frozenset(bindings.backend_id.ids),
            brands=frozenset(bindings.backend_id.brand_id.ids),
            warehouses=frozenset(warehouses.ids),
        )
        return Occurrence(facts, first.name, f"order:{first.id}", data)

    # What is told

    @api.model
    def _order_facts(self, orders):
        """Return what every event of an order tells."""
        return {
            "order": orders[:1].name,
            "channel_orders": tuple(
                ChannelOrder(
                    channel=binding.backend_id.name,
                    external_id=binding.external_id,
                    number=text(binding.name),
                )
                for binding in orders.retail_binding_ids
            ),
        }

    @api.model
    def _confirmed(self, order):
        currency = order.currency_id
        return OrderConfirmed(
            **self._order_facts(order),
            ordered_at=self._moment(order.date_order),
            customer=str(order.partner_id.id),
            channel_customers=self._channel_customers(order.partner_id, order.company_id),
            warehouse=text(order.warehouse_id.code),
            untaxed=money(order.amount_untaxed, currency),
            tax=money(order.amount_tax, currency),
            total=money(order.amount_total, currency),
            lines=tuple(
                self._order_line(line)
                for line in order.order_line.filtered(lambda line: not line.display_type)
            ),
        )

    @api.model
    def _order_line(self, line):
        return EventLine(
            sku=text(line.product_id.default_code),
            description=line.name,
            quantity=decimal(line.product_uom_qty),
            unit=text(line.product_uom_id.name),
            external_id=self._channel_line(line),
            unit_price=unit_money(line.price_unit, line.currency_id),
            total=money(line.price_total, line.currency_id),
        )

    @api.model
    def _captured(self, binding):
        gateways = (name.strip() for name in (binding.payment_gateways or "").split(","))
        return PaymentCaptured(
            **self._order_facts(binding.odoo_id),
            amount=money(binding.amount_total, binding.currency_id),
            gateways=tuple(name for name in gateways if name),
        )

    @api.model
    def _channel_line(self, line):
        """Return the channel's id of a line, where it came from one."""
        return text(line.retail_binding_ids[:1].external_id)

    @api.model
    def _channel_customers(self, partner, company):
        return tuple(
            ChannelCustomer(channel=binding.backend_id.name, external_id=binding.external_id)
            for binding in partner.retail_binding_ids
            if binding.company_id == company
        )
