from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..decisions.duties import Act
from .retail_inbox_message import DEAD, PENDING

OPERATOR = "retail_connector_base.group_operator"
DECIDERS = (
    "retail_connector_base.group_accountant",
    "retail_connector_base.group_administrator",
)


class RetailInboxMessage(models.Model):
    """What people do with messages, and what the form shows of them."""

    _inherit = "retail.inbox.message"

    stage = fields.Selection(
        [("queue", "In Queue"), ("person", "Needs a Person"), ("rest", "At Rest")],
        compute="_compute_stage",
        help="Who acts next: the system, a person, or nobody.",
    )
    source_at = fields.Datetime(compute="_compute_source_at", string="Changed at the Channel")

    @api.depends("state")
    def _compute_stage(self):
        for message in self:
            dead = "person" if message.state in DEAD else "rest"
            message.stage = "queue" if message.state in PENDING else dead

    @api.depends("version")
    def _compute_source_at(self):
        for message in self:
            seconds = int(message.version or 0) // 1_000_000
            message.source_at = seconds and fields.Datetime.add(
                fields.Datetime.to_datetime("1970-01-01"), seconds=seconds
            )

    # Buttons

    def action_replay(self):
        """Process messages once more, whatever became of them."""
        self._check_operator()
        self.sudo()._replay()
        return self._notify_count(self.env._("Messages put back in the queue: %(count)s."))

    def action_open_skip(self):
        """Ask for the reason for which messages are skipped."""
        self._check_may_skip()
        return self._open_dialog(
            self.env._("Skip Messages"), "retail.inbox.skip", {"default_message_ids": self.ids}
        )

    def action_skip(self, reason):
        """Put messages aside for good: they have no effect. What came after them goes on."""
        self._check_may_skip()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why they can be skipped: the reason is kept."))
        self.sudo()._skip(reason)
        return self._notify_count(self.env._("Messages skipped: %(count)s."))

    def action_open_record(self):
        """Open the Odoo document that the message became."""
        self.ensure_one()
        self.check_access("read")
        record = self.record_model and self.env[self.record_model].browse(self.record_id).exists()
        if not record:
            raise UserError(self.env._("This message has no document in Odoo."))
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }

    def action_open_exception(self):
        """Open the exception that the message waits for."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "retail.exception",
            "res_id": self.exception_id.id,
            "view_mode": "form",
        }

    def action_open_entity(self):
        """Open all messages about the same entity, in the order in which they came."""
        self.ensure_one()
        action = self.backend_id.action_open_messages()
        action["domain"] += [("entity_key", "=", self.entity_key)]
        return action | {"display_name": self.entity_key}

    # Access: people have no right to write messages

    def _check_operator(self):
        self.check_access("read")
        if not self.env.user.has_group(OPERATOR):
            raise AccessError(self.env._("Only an operator processes messages again."))

    def _check_may_skip(self):
        """Raise ``AccessError`` unless the user may leave these messages without effect.

        That is what dismissing an exception does: the same roles are asked for.
        """
        self._check_operator()
        self.exception_id._check_may(Act.DISMISS)
        unexplained = self.filtered(lambda message: not message.exception_id)
        money = any(message.amount_at_risk for message in unexplained)
        if money and not any(self.env.user.has_group(group) for group in DECIDERS):
            raise AccessError(
                self.env._("Money is at risk: an accountant or administrator skips these messages.")
            )

    def _notify_count(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message % {"count": len(self)},
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _open_dialog(self, name, model, context):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": context,
        }
