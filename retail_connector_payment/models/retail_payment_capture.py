from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.canonical import (
    CapturePayment,
    Money,
    VoidPayment,
    minor_unit,
)
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.capture import CaptureOn, Part, share_out, shipped_value
from ..decisions.order_payment import tenders

UNABLE = "capture_unsupported"


class RetailOrderBinding(models.Model):
    """Takes what is authorised when the policy says so, and sets free what is not needed."""

    _inherit = "retail.order.binding"

    def write(self, vals):
        """Override: the authorisations of an order that is cancelled are set free."""
        cancelled = self.browse()
        if vals.get("state") == "cancelled":
            cancelled = self.filtered(lambda order: order.state != "cancelled")
        result = super().write(vals)
        cancelled._void_authorizations()
        return result

    def _confirm(self):
        """Override: some policies take the money now."""
        result = super()._confirm()
        self._request_captures()
        return result

    # Capturing

    def _request_captures(self):
        """Owe the gateways what is due of each order and was not asked for yet.

        Level-triggered: what was asked for is counted, so that nothing is asked for twice.
        """
        some = self.filtered(lambda o: any(p._is_ours_to_take() for p in o.payment_ids))
        for order in some:
            for policy, payments in order._authorizations().grouped("capture_on").items():
                order._capture(payments, CaptureOn(policy))

    def _authorizations(self):
        """Return what can be captured or voided by us: of each tender what one backend reports.

        A shop and a gateway may both tell of one authorisation; it is captured where that can be
        done, and only once.
        """
        self.ensure_one()
        found = self.payment_ids.browse()
        ours = {(p.backend_id.id, p.external_id): p for p in self.payment_ids}
        for members in tenders(self._transactions()) if self.payment_ids else ():
            told = found.union(*(ours[m.reporter, m.name] for m in members))
            of_tender = told.filtered(lambda p: p._is_ours_to_take()).sorted("id")
            reporter = of_tender.filtered(lambda p: p._can_be_told("capture_payment"))[:1]
            chosen = (reporter or of_tender[:1]).backend_id
            found |= of_tender.filtered(lambda p, b=chosen: p.backend_id == b)
        return found

    def _capture(self, payments, policy):
        due, whole = self._due(policy)
        if not due:
            return
        asked = [payment._asked_or_taken() for payment in payments]
        rests = [
            payment._decimal(payment.amount) - covered
            for payment, covered in zip(payments, asked, strict=True)
        ]
        # What came by other ways (a gift card, say) is not taken again.
        captured = payments._exact(self.captured_amount, self.currency_id)
        taken = sum(
            (p._in_order_currency(p._decimal(p.taken_amount)) for p in payments), Decimal(0)
        )
        covered = sum(
            (p._in_order_currency(c) for p, c in zip(payments, asked, strict=True)), Decimal(0)
        )
        wanted = due - (captured - taken) - covered
        shares = share_out(
            wanted, [p._in_order_currency(r) for p, r in zip(payments, rests, strict=True)]
        )
        for payment, share, rest, before in zip(payments, shares, rests, asked, strict=True):
            if share > 0:
                payment._request_capture(
                    min(payment._of_order_currency(share), rest), before, whole
                )

    def _due(self, policy):
        """Return what is to be taken of the order by now, and whether that is all of it."""
        sale = self.odoo_id
        if sale.state != "sale" or self.state == "cancelled":
            return Decimal(0), False
        total = self.payment_ids._exact(self.amount_total, self.currency_id)
        if policy is CaptureOn.CONFIRMATION:
            return (Decimal(0), False) if self.is_held else (total, True)
        value, whole = shipped_value(
            [self._part(line) for line in sale.order_line], minor_unit(self.currency_id.name)
        )
        return (total, True) if whole else (min(value, total), False)

    def _part(self, line):
        total = self.payment_ids._exact(line.price_total, line.currency_id)
        if not line.move_ids:
            return Part(total)
        return Part(
            total, Decimal(str(line.product_uom_qty)), Decimal(str(max(line.qty_delivered, 0)))
        )

    # Setting free

    def _void_authorizations(self):
        """Owe the gateways that authorisations of cancelled orders are set free."""
        for payment in self.sudo().filtered("payment_ids")._authorizations_of_all():
            if not payment._asked_or_taken() and payment._can_be_told("void_payment"):
                command = VoidPayment(
                    payment_external_id=payment.external_id,
                    order_external_id=payment.order_external_id or None,
                )
                commands = self.env["retail.outbox.command"]
                commands._put(payment.backend_id, command, f"void:{payment.id}", payment)

    def _authorizations_of_all(self):
        return self.payment_ids.browse().union(*(order._authorizations() for order in self))


class RetailPayment(models.Model):
    """Authorisations that are captured or voided by us."""

    _inherit = "retail.payment"

    def _is_ours_to_take(self):
        self.ensure_one()
        return (
            self.kind == "authorization"
            and self.state == "success"
            and not self.test
            and not self._has_lapsed()
            and not self.rest_is_free
            and self.rest_amount > 0
            and self.capture_on != CaptureOn.MANUAL.value
            and self.gateway_id.booking != "elsewhere"
        )

    def _can_be_told(self, kind):
        """Tell whether the backend takes a command of this kind."""
        exporter = self.env["retail.outbox.command"]._exporter(kind)
        return exporter._is_offered(self.backend_id)

    def _asked_or_taken(self):
        """Return how much of it was captured or asked for; in its own currency."""
        self.ensure_one()
        commands = self.env["retail.outbox.command"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("kind", "=", "capture_payment"),
                ("state", "!=", "cancelled"),
            ]
        )  # fmt: skip
        asked = sum((command._command().amount.amount for command in commands), Decimal(0))
        return max(asked, self._decimal(self.taken_amount))

    def _request_capture(self, amount, before, final):
        """Owe the gateway one capture. Its key names the sum up to it: each is asked for once."""
        self.ensure_one()
        backend = self.backend_id
        if not self._can_be_told("capture_payment"):
            self.env["retail.exception"]._report(backend, self._unable_problem())
            return
        command = CapturePayment(
            payment_external_id=self.external_id,
            order_external_id=self.order_external_id or None,
            amount=Money(amount=amount, currency=self.currency_id.name),
            final=final,
        )
        key = f"capture:{self.id}:{self._decimal(before + amount)}"
        self.env["retail.outbox.command"]._put(backend, command, key, self)
        self.env["retail.exception"]._solved(backend, [f"{UNABLE}|{backend.id}"])
        if final:
            self.sudo().write({"rest_is_free": True})

    def _unable_problem(self):
        return Problem(
            error_class=ErrorClass.CONFIGURATION,
            code=UNABLE,
            subject=str(self.backend_id.id),
            title=self.env._("%(backend)s takes no captures", backend=self.backend_id.name),
            cause=self.env._(
                "Payments are to be captured by us, but its connector cannot do that, or is not "
                "running. Capture them at the gateway, and change the backend's policy."
            ),
            fix="open_backend",
        )

    # Currencies

    def _in_order_currency(self, amount):
        """Return an amount of this payment in its order's currency."""
        order = self.order_binding_id
        if order.currency_id == self.currency_id or not self.amount:
            return amount
        whole = order._in_currency(self)
        return self._exact(amount * whole / self._decimal(self.amount), order.currency_id)

    def _of_order_currency(self, amount):
        """Return an amount of the order in this payment's currency."""
        order = self.order_binding_id
        if order.currency_id == self.currency_id:
            return amount
        whole = order._in_currency(self)
        return self._decimal(amount * self._decimal(self.amount) / whole) if whole else amount


class StockPicking(models.Model):
    """Deliveries, with which money is taken."""

    _inherit = "stock.picking"

    def _action_done(self):
        """Override: take what is authorised for what left, where the policy says so."""
        result = super()._action_done()
        orders = self.sudo().move_ids.sale_line_id.order_id.retail_binding_ids
        orders.filtered("payment_ids")._request_captures()
        return result


class SaleOrder(models.Model):
    """Orders that are cancelled in Odoo."""

    _inherit = "sale.order"

    _retail_name_index = models.Index("(name)")

    def _action_cancel(self):
        """Override: set free what is authorised for them."""
        result = super()._action_cancel()
        self.sudo().retail_binding_ids._void_authorizations()
        return result
