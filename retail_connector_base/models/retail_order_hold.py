from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..decisions.hold import HoldReason

LABELS = {
    HoldReason.PAYMENT: "Payment",
    HoldReason.FULFILLED: "Shipped Before Import",
    HoldReason.FRAUD: "Fraud",
    HoldReason.ADDRESS: "Address",
    HoldReason.PROMOTION: "Promotion Check",
    HoldReason.OTHER: "Other",
}


class RetailOrderHold(models.Model):
    """A reason why an order must not leave. It is lifted, never deleted."""

    _name = "retail.order.hold"
    _description = "Retail Order Hold"
    _order = "id desc"
    _rec_name = "reason"

    binding_id = fields.Many2one(
        "retail.order.binding", string="Order", required=True, ondelete="cascade", index=True
    )
    backend_id = fields.Many2one(related="binding_id.backend_id", store=True)
    company_id = fields.Many2one(related="binding_id.company_id", store=True, index=True)
    reason = fields.Selection(
        [(reason.value, label) for reason, label in LABELS.items()], required=True, readonly=True
    )
    note = fields.Char(readonly=True, help="What somebody should know who decides about it.")
    active = fields.Boolean(default=True, readonly=True, help="Lifted holds are kept, inactive.")
    lifted_by_id = fields.Many2one("res.users", readonly=True, string="Lifted by")
    lifted_at = fields.Datetime(readonly=True, string="Lifted on")

    _one_per_reason = models.UniqueIndex(
        "(binding_id, reason) WHERE active", "An order is held once for each reason."
    )

    @api.model
    def _hold(self, bindings, reason, note=""):
        """Hold orders for a reason; those already held for it stay so. Return the new holds."""
        held = self.search([("binding_id", "in", bindings.ids), ("reason", "=", reason.value)])
        return self.create(
            [
                {"binding_id": binding.id, "reason": reason.value, "note": note}
                for binding in bindings - held.binding_id
            ]
        )

    @api.model
    def _lift(self, bindings, reason):
        """Lift the holds of orders for one reason."""
        self.search([("binding_id", "in", bindings.ids), ("reason", "=", reason.value)])._end()

    def _end(self):
        if self:
            lifted = {"lifted_by_id": self.env.uid, "lifted_at": fields.Datetime.now()}
            self.write({"active": False, **lifted})

    def action_lift(self):
        """Lift the holds; orders without any other hold go on."""
        self._check_may_decide()
        holds = self.sudo().filtered("active")
        holds._end()
        for hold in holds:
            self.env["retail.audit"]._log(
                "hold.lifted", hold.binding_id, hold.backend_id, detail={"reason": hold.reason}
            )
        holds.binding_id._go_on()
        return True

    def _check_may_decide(self):
        self.check_access("read")
        if not self.env.user.has_group("retail_connector_base.group_operator"):
            raise AccessError(self.env._("Only an operator holds orders or lets them go."))
