from odoo import models

from ..decisions.hold import HoldReason
from ..decisions.order_process import Step
from .stock_move import FIRST_CONFIRMATION


class RetailOrderBinding(models.Model):
    """What people decide about an order: hold it, and let it go on."""

    _inherit = "retail.order.binding"

    def action_hold_fraud(self):
        """Hold orders until somebody has looked for fraud."""
        return self._hold_by_hand(HoldReason.FRAUD)

    def action_hold_address(self):
        """Hold orders until their address is right."""
        return self._hold_by_hand(HoldReason.ADDRESS)

    def action_hold_promotion(self):
        """Hold orders until their promotion was checked."""
        return self._hold_by_hand(HoldReason.PROMOTION)

    def action_lift_holds(self):
        """Lift all holds of these orders."""
        self.check_access("read")
        return self.hold_ids.filtered("active").action_lift()

    def _hold_by_hand(self, reason):
        holds = self.env["retail.order.hold"]
        self.check_access("read")
        holds._check_may_decide()
        for hold in holds.sudo()._hold(self, reason, note=self.env.user.name):
            self.env["retail.audit"]._log(
                "hold.set", hold.binding_id, hold.backend_id, detail={"reason": reason.value}
            )
        return True

    def _go_on(self):
        """Confirm the orders that nothing holds any more."""
        free = self.filtered(lambda binding: not binding.is_held)
        free.filtered(lambda binding: binding.odoo_id.state in ("draft", "sent"))._confirm()
        free.odoo_id.order_line.move_ids._request_reservation()
        return free

    def _confirm(self):
        """Confirm the sale orders in one go; the warehouse's lane reserves their stock."""
        for (user, company), bindings in self.grouped(
            lambda binding: (binding.backend_id.user_id, binding.company_id)
        ).items():
            orders = bindings.odoo_id.with_user(user).sudo().with_company(company)
            quiet = {**self._quiet(bindings.backend_id), FIRST_CONFIRMATION: True}
            orders.with_context(**quiet).action_confirm()
        self._advance("confirmed")
        self._record_steps(Step.VALIDATED)

    def _quiet(self, backend):
        """Return the context of what imports do: no mail, no tracking, reservation in its lane."""
        return {
            "allowed_company_ids": backend.company_id.ids,
            "retail_import": True,
            "retail_backend_id": backend[:1].id,
            "retail_defer_reservation": True,
            "tracking_disable": True,
            "mail_create_nolog": True,
            "mail_create_nosubscribe": True,
            "mail_notrack": True,
            "mail_activity_automation_skip": True,
            "send_email": False,
        }
