from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.retail_connector_base.canonical import Money, RefundPayment

from ..decisions.refund_approval import needs_second_person

STATES = [
    ("draft", "Draft"),
    ("requested", "To Approve"),
    ("approved", "Approved"),
    ("sent", "Sent"),
    ("confirmed", "Confirmed"),
    ("failed", "Failed"),
    ("rejected", "Rejected"),
    ("cancelled", "Cancelled"),
]
OVER = ("failed", "rejected", "cancelled")
REFERENCE = "refund:%s"


class RetailRefund(models.Model):
    """Our request to give money back: asked for by one person, approved by another, sent once.

    One request gives back a part of one payment. Nobody writes it: it is made by the wizard and
    changed by its buttons and by what the gateway says.
    """

    _name = "retail.refund"
    _description = "Retail Refund"
    _inherit = ["mail.thread", "mail.activity.mixin", "retail.notice.mixin"]
    _order = "id desc"
    _mail_post_access = "read"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True)
    payment_id = fields.Many2one(
        "retail.payment", required=True, readonly=True, index=True, ondelete="restrict"
    )
    backend_id = fields.Many2one(
        related="payment_id.backend_id", store=True, index=True, ondelete="restrict"
    )
    gateway_id = fields.Many2one(related="payment_id.gateway_id")
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    order_binding_id = fields.Many2one(
        "retail.order.binding", string="Order", readonly=True, index="btree_not_null",
        ondelete="restrict",
    )  # fmt: skip
    credit_move_id = fields.Many2one(
        "account.move", string="Credit Note", readonly=True, index="btree_not_null",
        ondelete="restrict",
    )  # fmt: skip
    currency_id = fields.Many2one(related="payment_id.currency_id", store=True)
    amount = fields.Monetary(required=True, readonly=True, tracking=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    company_amount = fields.Monetary(
        string="Amount in Company Currency",
        readonly=True,
        currency_field="company_currency_id",
        help="At the rate of the day it was asked for: decides who has to approve.",
    )
    reason = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", tracking=True, index=True
    )
    requested_by_id = fields.Many2one("res.users", required=True, readonly=True)
    requested_at = fields.Datetime(readonly=True)
    decided_by_id = fields.Many2one(
        "res.users", string="Approved or Rejected by", readonly=True, tracking=True
    )
    decided_at = fields.Datetime(readonly=True)
    second_person = fields.Boolean(
        string="Two People", readonly=True, help="Somebody else than the requester approves."
    )
    holds = fields.Boolean(
        readonly=True, default=True, help="Its amount is kept of the payment, or went back."
    )
    command_id = fields.Many2one(
        "retail.outbox.command", readonly=True, index="btree_not_null", ondelete="set null"
    )
    external_id = fields.Char(
        string="ID at the Gateway", readonly=True, copy=False, index="btree_not_null"
    )
    fact_id = fields.Many2one(
        "retail.payment",
        string="The Gateway's Report",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    failure = fields.Char(readonly=True, help="Why it failed, in the gateway's words.")
    former_id = fields.Many2one(
        "retail.refund", string="Instead of", readonly=True, ondelete="set null"
    )

    _amount_positive = models.Constraint("CHECK (amount > 0)", "Give back more than nothing.")
    _external_unique = models.UniqueIndex(
        "(backend_id, external_id) WHERE external_id IS NOT NULL",
        "A refund of the gateway is one request.",
    )

    @api.model
    def _reference(self, refund_id):
        """Return our own name of a refund, which the gateway keeps; also the command's key."""
        return REFERENCE % refund_id

    # Asking

    @api.model
    def _request(self, payment, amount: Decimal, reason, order=None, move=None, former=None):
        """Ask to give a part of a payment back, in the current user's name; return the request.

        The amount is kept of the payment from now on. Raises ``UserError`` where it cannot be.
        """
        payment, requester = payment.sudo(), self.env.user
        self._check_can_refund(payment)
        amount = payment._whole(amount)
        payment._reserve_refund(amount)
        refund = self.sudo().create(
            {
                "name": self._title(payment, order),
                "payment_id": payment.id,
                "order_binding_id": (order or payment.order_binding_id).id,
                "credit_move_id": move.id if move else False,
                "amount": float(amount),
                "company_amount": self._in_company_currency(payment, amount),
                "reason": reason,
                "requested_by_id": requester.id,
                "former_id": former.id if former else False,
            }
        )
        refund._submit()
        return refund.with_env(self.env)

    def _title(self, payment, order):
        name = (order or payment.order_binding_id).sudo().name or payment.external_id
        return self.env._("Refund of %(name)s", name=name)

    def _in_company_currency(self, payment, amount):
        company = payment.company_id
        today = fields.Date.context_today(self)
        return payment.currency_id._convert(float(amount), company.currency_id, company, today)

    def _check_can_refund(self, payment):
        """Raise ``UserError`` unless money of this payment can be given back from here."""
        exporter = self.env["retail.exporter.refund_payment"]
        if not payment._is_taken() or not exporter._is_offered(payment.backend_id):
            raise UserError(
                self.env._(
                    "%(payment)s cannot be given back from here: only money that was taken, by a "
                    "gateway that runs and takes refunds.",
                    payment=payment.display_name,
                )
            )

    def _submit(self):
        """Let a request wait for its approval, or approve it where its requester may alone."""
        alone = self._alone_before()
        threshold = Decimal(str(self.backend_id.refund_approval_above))
        amount = Decimal(str(self.company_amount))
        self.write(
            {
                "state": "requested",
                "requested_at": fields.Datetime.now(),
                "second_person": needs_second_person(threshold, alone, amount),
            }
        )
        self._note_decision("refund.requested", reason=self.reason)
        if not self.second_person and self._is_accountant(self.requested_by_id):
            self._approve(self.requested_by_id)
        else:
            self._call_approvers()

    def _alone_before(self):
        """Return what the requester gave back of the order without anybody else."""
        domain = [
            ("id", "!=", self.id),
            ("requested_by_id", "=", self.requested_by_id.id),
            ("company_id", "=", self.company_id.id),
            ("second_person", "=", False),
            ("holds", "=", True),
        ]
        if self.order_binding_id:
            domain.append(("order_binding_id", "=", self.order_binding_id.id))
        else:
            domain.append(("payment_id", "=", self.payment_id.id))
        return sum((Decimal(str(each.company_amount)) for each in self.search(domain)), Decimal(0))

    # Telling the gateway

    def _command(self):
        payment, order = self.payment_id, self.order_binding_id
        same = order and order.backend_id == self.backend_id
        amount = payment._decimal(self.amount)
        return RefundPayment(
            payment_external_id=payment.external_id,
            order_external_id=order.external_id if same else None,
            amount=Money(amount=amount, currency=self.currency_id.name),
            reference=self._reference(self.id),
            reason=self.reason,
        )

    def _put_command(self):
        """Owe the gateway the refund, once."""
        commands = self.env["retail.outbox.command"]
        self.command_id = commands._put(
            self.backend_id, self._command(), self._reference(self.id), self
        )

    # What the gateway says

    def _note_sent(self, external_ids):
        """Note that the gateway took it; its report may have been here before."""
        external_id = next(iter(external_ids), False)
        self.external_id = external_id or self.external_id
        fact = self._find_fact()
        if not fact:
            self.write({"state": "sent", "failure": False})
        self._note_decision("refund.sent", external_id=external_id)
        if fact:
            self._follow(fact)

    def _find_fact(self):
        facts = self.env["retail.payment"]
        if self.external_id:
            facts = facts._by_external_id(self.backend_id, [self.external_id])
            return facts.get(self.external_id, self.env["retail.payment"])
        return facts.search(
            [
                ("backend_id", "=", self.backend_id.id),
                ("kind", "=", "refund"),
                ("reference", "=", self._reference(self.id)),
            ],
            limit=1,
        )

    def _follow(self, fact):
        """Take over what the gateway reports of a refund."""
        self.write({"fact_id": fact.id, "external_id": fact.external_id})
        if fact.state == "success":
            self._confirm()
        elif fact.state in ("failure", "error"):
            self._fail(fact.failure or fact.state)
        elif self.state in ("approved", *OVER):
            self.write({"state": "sent", "failure": False})
            self._hold()

    def _confirm(self):
        if self.state == "confirmed":
            return
        self._hold()
        self.write({"state": "confirmed", "failure": False})
        self._note_decision("refund.confirmed", external_id=self.external_id)
        self._solved()

    def _fail(self, text):
        """Note that the money did not go, or came back to us: it can be asked for anew."""
        if self.state == "failed" and not self.holds:
            return
        self.write({"state": "failed", "failure": (text or "")[:500]})
        self._let_go()
        self._note_decision("refund.failed", text=text)
        self._report_failure()

    # What is kept of the payment

    def _hold(self):
        """Keep the amount again: it went although the request was over."""
        if not self.holds:
            self.payment_id._reserve_again(self.payment_id._decimal(self.amount))
            self.holds = True

    def _let_go(self):
        """Let the amount be asked for again."""
        if self.holds:
            self.payment_id._free_refund(self.payment_id._decimal(self.amount))
            self.holds = False

    def _note_decision(self, action, **detail):
        """Write down what happened, with the amount."""
        amount = f"{self.payment_id._decimal(self.amount)} {self.currency_id.name}"
        audit = self.env["retail.audit"].with_user(self.env.user)
        audit._log(action, self, detail={"amount": amount, **detail})
