from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.retail_connector_base.canonical import Refund

ACCOUNTANT = "retail_connector_base.group_accountant"

STATES = [
    ("waiting", "Waits"),
    ("no_effect", "Without Effect"),
    ("draft", "To Check"),
    ("posted", "Credited"),
    ("settled", "Settled by Hand"),
    ("cancelled", "Deleted in the Channel"),
]
WAITS_FOR = [
    ("order", "Its Order"),
    ("transactions", "The Gateway"),
    ("invoice", "The Invoice"),
    ("person", "A Person"),
]
# Looked at again whenever something of the order changes.
OPEN = ("waiting", "no_effect", "draft")


class RetailRefundBinding(models.Model):
    """What a channel gave back of an order, and the credit note that shows it.

    Kept from the moment it is told; the credit note is made when its order, its transactions and
    its invoice are there (``retail.credit.note``).
    """

    _name = "retail.refund.binding"
    _description = "Retail Refund Binding"
    _inherit = ["retail.binding", "retail.notice.mixin"]

    _canonical_kind = "refund"

    odoo_id = fields.Many2one(
        "account.move", string="Credit Note", readonly=True, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip
    order_external_id = fields.Char(required=True, readonly=True, index=True)
    order_binding_id = fields.Many2one(
        "retail.order.binding", string="Order", readonly=True, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip
    state = fields.Selection(STATES, required=True, readonly=True, default="waiting", index=True)
    waits_for = fields.Selection(WAITS_FOR, readonly=True)
    refunded_at = fields.Datetime(readonly=True, help="When the channel made it (UTC).")
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(
        readonly=True, help="What the channel's lines and adjustments come to, with taxes."
    )
    paid_amount = fields.Monetary(readonly=True, help="What went back, by its transactions.")
    note = fields.Char(readonly=True, help="What the channel says about it, or why it waits.")
    snapshot = fields.Json(readonly=True, help="The refund as the channel told it last.")
    effect = fields.Json(readonly=True, help="What of it the credit note shows.")
    tried_at = fields.Datetime(readonly=True)
    may_decide = fields.Boolean(compute="_compute_may_decide")

    _open_index = models.Index("(state, tried_at) WHERE state IN ('waiting', 'draft')")
    _waiting_order_index = models.Index(
        "(backend_id, order_external_id) WHERE order_binding_id IS NULL"
    )

    def _refund(self) -> Refund:
        """Return the refund as the channel told it last."""
        self.ensure_one()
        return Refund.model_validate(self.snapshot)

    def _effect_of(self, kind):
        """Return (key, amount) of what the credit notes of these refunds show of a kind."""
        rows = (row for binding in self if binding.odoo_id for row in binding.effect or ())
        return [(key, amount) for found, key, amount in rows if found == kind]

    def _note_posted(self):
        """Note that a credit note is posted; a person may have corrected what did not tie."""
        drafts = self.filtered(lambda binding: binding.state == "draft")
        if drafts:
            drafts.write({"state": "posted", "waits_for": False})
            self.env["retail.credit.note"].sudo()._problems_solved(drafts)

    # What people decide

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        accountant = self.env.user.has_group(ACCOUNTANT)
        for binding in self:
            binding.may_decide = accountant and binding.state in OPEN

    def action_make(self):
        """Try again to make the credit note, now."""
        self._check_decider()
        bindings = self.sudo()
        bindings.filtered(lambda one: one.state == "draft" and not one.odoo_id).state = "waiting"
        self.env["retail.credit.note"].sudo()._try(bindings)
        return self._notify(self.env._("Looked at: %(n)s.", n=len(self)))

    def action_settle(self):
        """Leave refunds without a credit note of ours: somebody booked them by hand."""
        self._check_decider()
        for binding in self.sudo():
            if binding.odoo_id.state == "draft":
                raise UserError(
                    self.env._(
                        "%(move)s is a draft. Post it, or delete it first.",
                        move=binding.odoo_id.display_name,
                    )
                )
            binding.write({"state": "settled", "waits_for": False})
            self.env["retail.credit.note"].sudo()._problems_solved(binding)
        self.env["retail.audit"]._log("refund.settled_by_hand", self)
        return True

    def _check_decider(self):
        """Raise ``AccessError`` unless the user sees these refunds and decides about money."""
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(ACCOUNTANT)):
            raise AccessError(self.env._("An accountant decides about credit notes."))


class RetailOrderBinding(models.Model):
    """What was given back of an order; refunds that came before it find it."""

    _inherit = "retail.order.binding"

    refund_binding_ids = fields.One2many(
        "retail.refund.binding", "order_binding_id", string="Channel Refunds", readonly=True
    )
    credited_at = fields.Datetime(
        readonly=True, help="When a credit note was made last. Makes parallel ones meet."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override: tie the refunds that waited for these orders."""
        orders = super().create(vals_list)
        orders._attach_refunds()
        return orders

    def _attach_refunds(self):
        """Tie refunds to their orders; their credit notes are made with the invoices."""
        for backend, orders in self.grouped("backend_id").items():
            by_id = {order.external_id: order for order in orders}
            domain = [
                ("backend_id", "=", backend.id),
                ("order_binding_id", "=", False),
                ("order_external_id", "in", list(by_id)),
            ]
            for refund in self.env["retail.refund.binding"].sudo().search(domain):
                order = by_id[refund.order_external_id]
                refund.write({"order_binding_id": order.id, "waits_for": "invoice"})
