from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.retail_connector_base.canonical import is_whole

from ..decisions.refund_split import Room, room

TAKEN = ("capture", "sale")
BACK = "refund"
# A refund that is not known to have failed may take the money.
MAY_BE_BACK = ("success", "pending", "unknown")

# The row is written, not only locked: a second request whose snapshot is older fails to serialize
# and is run again, instead of finding the lock free and the first request invisible.
RESERVE = """
    UPDATE retail_payment
       SET refund_reserved = coalesce(refund_reserved, 0) + %(amount)s
     WHERE id = %(id)s
       AND coalesce(refund_reserved, 0) + %(amount)s + %(refunded)s <= amount
 RETURNING id
"""
FREE = """
    UPDATE retail_payment
       SET refund_reserved = greatest(coalesce(refund_reserved, 0) - %(amount)s, 0)
     WHERE id = %(id)s
"""


class RetailPayment(models.Model):
    """What can be given back of a payment; the gateway's reports of refunds reach our requests."""

    _inherit = "retail.payment"

    refund_reserved = fields.Monetary(
        readonly=True,
        copy=False,
        help="What our own requests give back of it, or are about to.",
    )
    refund_ids = fields.One2many("retail.refund", "payment_id", string="Requests", readonly=True)

    _refund_reserved_within = models.Constraint(
        "CHECK (refund_reserved >= 0 AND refund_reserved <= amount)",
        "More would be given back than was taken.",
    )

    # Amounts

    def _whole(self, amount: Decimal) -> Decimal:
        """Return an amount that can be given back; raise ``UserError`` for any other."""
        if amount <= 0 or not is_whole(amount, self.currency_id.name):
            raise UserError(
                self.env._(
                    "%(amount)s %(currency)s cannot be given back.",
                    amount=amount,
                    currency=self.currency_id.name,
                )
            )
        return amount

    def _is_taken(self):
        """Tell whether money was taken, and is told of by the gateway that can give it back."""
        self.ensure_one()
        return (
            self.kind in TAKEN
            and self.state == "success"
            and not self.test
            and self.gateway_id.booking != "elsewhere"
        )

    def _refunded_elsewhere(self) -> Decimal:
        """Return what went back, or may have, without a request of ours.

        A refund that does not say what it gives back counts for each payment of its order.
        """
        self.ensure_one()
        names = [name for name in (self.external_id, self.authorization) if name]
        domain = [
            ("backend_id", "=", self.backend_id.id),
            ("kind", "=", BACK),
            ("state", "in", MAY_BE_BACK),
            ("test", "=", False),
        ]
        found = self.search([*domain, ("parent_external_id", "in", names)])
        if self.order_binding_id:
            order = ("order_binding_id", "=", self.order_binding_id.id)
            found |= self.search([*domain, order, ("parent_external_id", "=", False)])
        holding = self.refund_ids.filtered("holds")
        ours = set(holding.mapped("external_id")) - {False}
        references = {holding._reference(each.id) for each in holding}
        foreign = found.filtered(
            lambda fact: fact.external_id not in ours and fact.reference not in references
        )
        return self._decimal(sum(foreign.mapped("amount")))

    def _refundable(self) -> Decimal:
        """Return what can still be asked for."""
        if not self._is_taken():
            return Decimal(0)
        return room(
            self._decimal(self.amount),
            self._refunded_elsewhere(),
            self._decimal(self.refund_reserved),
        )

    @api.model
    def _refund_rooms(self, payments):
        """Return what can be given back of payments, the newest first."""
        newest = payments.sorted(lambda each: (each.processed_at or each.create_date, each.id))
        return [Room(each.id, each._refundable()) for each in reversed(newest)]

    # Keeping it

    def _reserve_refund(self, amount: Decimal):
        """Keep an amount for a request; raise ``UserError`` where that much is not left."""
        self.flush_recordset()
        refunded = self._refunded_elsewhere()
        values = {"id": self.id, "amount": amount, "refunded": refunded}
        self.env.cr.execute(RESERVE, values)
        self.invalidate_recordset(["refund_reserved"], flush=False)
        if not self.env.cr.rowcount:
            raise UserError(
                self.env._(
                    "Only %(left)s %(currency)s of %(payment)s can still be given back.",
                    left=self._refundable(),
                    currency=self.currency_id.name,
                    payment=self.display_name,
                )
            )

    def _reserve_again(self, amount: Decimal):
        """Keep an amount that went back after all, though it was said to have failed."""
        self.flush_recordset()
        left = self._decimal(self.amount) - self._decimal(self.refund_reserved)
        values = {"id": self.id, "amount": -min(amount, left)}
        self.env.cr.execute(FREE, values)
        self.invalidate_recordset(["refund_reserved"], flush=False)

    def _free_refund(self, amount: Decimal):
        """Let an amount be asked for again."""
        self.flush_recordset()
        self.env.cr.execute(FREE, {"id": self.id, "amount": amount})
        self.invalidate_recordset(["refund_reserved"], flush=False)

    # What the gateway reports

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a refund that the gateway reports may be one of ours."""
        payments = super().create(vals_list)
        payments._tell_refunds()
        return payments

    def write(self, vals):
        """Override: its state decides about our request, and about the channel's refund."""
        result = super().write(vals)
        if "state" in vals:
            self._tell_refunds()
        return result

    def _tell_refunds(self):
        """Let requests and channel refunds see what became of these, where any are refunds."""
        facts = self.sudo().filtered(lambda payment: payment.kind == BACK)
        for backend, found in facts.grouped("backend_id").items():
            for fact, request in found._requests_of(backend):
                request._follow(fact)
        if facts:
            facts._wake_channel_refunds()

    def _requests_of(self, backend):
        """Return (fact, request) of those that are reports about our own requests."""
        by_name = {fact.external_id: fact for fact in self}
        by_reference = {fact.reference: fact for fact in self if fact.reference}
        ids = [
            int(name.partition(":")[2])
            for name in by_reference
            if name.startswith("refund:") and name.partition(":")[2].isdigit()
        ]
        requests = self.env["retail.refund"].sudo().search(
            [
                ("backend_id", "=", backend.id),
                ("command_id", "!=", False),
                "|", ("external_id", "in", list(by_name)),
                "&", ("external_id", "=", False), ("id", "in", ids),
            ]
        )  # fmt: skip
        for request in requests:
            reference = request._reference(request.id)
            yield by_name.get(request.external_id) or by_reference[reference], request

    def _wake_channel_refunds(self):
        """Look again at the refunds of channels that wait for these transactions."""
        told = set(self.mapped("order_external_id")) - {False}
        waiting = self.env["retail.refund.binding"].sudo().search(
            [
                ("state", "in", ("waiting", "draft")),
                ("backend_id", "in", self.backend_id.ids),
                "|", ("order_binding_id", "in", self.order_binding_id.ids),
                ("order_external_id", "in", list(told)),
            ]
        )  # fmt: skip
        if waiting:
            self.env["retail.credit.note"].sudo()._try(waiting)
