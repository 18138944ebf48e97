from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..canonical.event import EndpointTested
from ..decisions.masking import masked_preview

OPERATOR = "retail_connector_base.group_operator"
ADMINISTRATOR = "retail_connector_base.group_administrator"


class RetailSubscription(models.Model):
    """What people see of a subscription, and its buttons."""

    _inherit = "retail.subscription"

    delivered_count = fields.Integer(compute="_compute_counts", string="Delivered (24 h)")
    waiting_count = fields.Integer(compute="_compute_counts", string="Waiting")
    blocked_count = fields.Integer(compute="_compute_counts", string="Dead Letters")
    health = fields.Selection(
        [
            ("draft", "Set-up"),
            ("ok", "Healthy"),
            ("failing", "Failing"),
            ("resting", "Left in Peace"),
            ("paused", "Paused"),
            ("dead", "Not Answering"),
        ],
        compute="_compute_health",
    )

    @api.depends("state", "failures", "rests_until")
    def _compute_health(self):
        now = fields.Datetime.now()
        for subscription in self:
            health = subscription.state
            if health == "active":
                resting = subscription.rests_until and subscription.rests_until > now
                failing = "resting" if resting else "failing"
                health = failing if subscription.failures else "ok"
            subscription.health = health

    def _compute_counts(self):
        commands = self.env["retail.outbox.command"]
        day = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        mine = [("subscription_id", "in", self.ids)]
        done = dict(
            commands._read_group(
                [*mine, ("state", "=", "done"), ("done_at", ">=", day)],
                ["subscription_id"],
                ["__count"],
            )
        )
        groups = commands._read_group(
            [*mine, ("state", "not in", ("done", "cancelled"))],
            ["subscription_id", "state"],
            ["__count"],
        )
        counts = {(found.id, state): count for found, state, count in groups}
        for subscription in self:
            mine = {state: n for (owner, state), n in counts.items() if owner == subscription.id}
            subscription.delivered_count = done.get(subscription, 0)
            subscription.blocked_count = mine.pop("blocked", 0)
            subscription.waiting_count = sum(mine.values())

    # Buttons

    def action_new_secret(self):
        """Make a signing secret and show it, once; the first one starts the subscription."""
        self.ensure_one()
        self._check_role(ADMINISTRATOR, "write")
        secret = self.sudo()._new_secret()
        if self.state == "draft":
            self.sudo().state = "active"
        self.env["retail.audit"]._log("subscription.secret", self.sudo(), self.backend_id)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Signing Secret"),
            "res_model": "retail.subscription.secret",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_subscription_id": self.id,
                "default_secret_input": secret,
            },
        }

    def action_test(self):
        """Send an event that means nothing, to this subscription only."""
        self.ensure_one()
        self._check_role(OPERATOR, "read")
        self._check_started()
        event = self.env["retail.event"].sudo()._event(self.name, EndpointTested())
        delivery = (self.sudo()._wish(), f"test:{event.id}", event, None)
        self.env["retail.outbox.command"]._put_events([delivery])
        return self._notify(self.env._("A test event is on its way. See the deliveries."))

    def action_pause(self):
        """Send nothing for now; events are kept and sent later."""
        self._check_role(OPERATOR, "read")
        self.sudo()._pause(self.env._("By %(user)s.", user=self.env.user.name))
        self._log("subscription.pause")
        return self._notify(self.env._("Events are kept until you resume."))

    def action_resume(self):
        """Go on; what was kept is sent in order."""
        self._check_role(OPERATOR, "read")
        self._check_started()
        self.sudo()._resume()
        self._log("subscription.resume")
        return self._notify(self.env._("Events are sent again, in order."))

    def action_open_deliveries(self):
        """Open what this subscription was told."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_connector_base.retail_subscription_delivery_action"
        )
        return action | {"domain": [("subscription_id", "=", self.id)]}

    def action_open_replay(self):
        """Ask which events are to be delivered once more."""
        self.ensure_one()
        self._check_role(OPERATOR, "read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deliver Again"),
            "res_model": "retail.subscription.replay",
            "view_mode": "form",
            "target": "new",
            "context": {"default_subscription_id": self.id},
        }

    def _check_started(self):
        if any(found.state == "draft" for found in self.sudo()):
            raise UserError(self.env._("Make its signing secret first: nothing is sent unsigned."))

    def _check_role(self, group, operation):
        self.check_access(operation)
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(self.env._("Your role does not allow this."))

    def _log(self, action):
        for subscription in self:
            self.env["retail.audit"]._log(action, subscription.sudo(), subscription.backend_id)


class RetailOutboxCommand(models.Model):
    """What people see of a delivery."""

    _inherit = "retail.outbox.command"

    event_label = fields.Char(compute="_compute_event_label", string="Event")

    @api.depends("event_type")
    def _compute_event_label(self):
        types = self.env["retail.event.type"].sudo().search([])
        names = {found.code: found.name for found in types}
        for command in self:
            test = self.env._("Test") if command.event_type else False
            command.event_label = names.get(command.event_type, test)

    @api.depends("event_type", "event_subject")
    def _compute_display_name(self):
        """Override: a delivery is called by its event and what that is about."""
        deliveries = self.filtered("event_type")
        for command in deliveries:
            command.display_name = f"{command.event_label}: {command.event_subject}"
        return super(RetailOutboxCommand, self - deliveries)._compute_display_name()

    @api.depends("kind", "event_type")
    def _compute_kind_label(self):
        """Override: a delivery is called by its event."""
        deliveries = self.filtered("event_type")
        for command in deliveries:
            command.kind_label = self.env._("Event: %(event)s", event=command.event_label)
        return super(RetailOutboxCommand, self - deliveries)._compute_kind_label()

    def _compute_payload_text(self):
        """Override: events are shown as they are sent, personal data masked."""
        deliveries = self.filtered("event_type")
        for command in deliveries:
            command.payload_text = masked_preview(command._command().event.body())
            command.external_ids_text = False
        return super(RetailOutboxCommand, self - deliveries)._compute_payload_text()

    def action_deliver_again(self):
        """Tell subscribers of these events once more, as new deliveries of the same events."""
        self._check_operator()
        events = self.sudo().filtered(lambda command: command.event_type)
        lost = events.filtered(lambda command: not command.subscription_id)
        if not events or lost:
            raise UserError(self.env._("Choose deliveries of subscriptions that still exist."))
        made = events._deliver_again()
        events._audit("outbox.deliver_again")
        return self._notify(self.env._("Deliveries put in the queue: %(n)s.", n=len(made)))
