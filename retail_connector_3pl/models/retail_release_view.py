from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..decisions.release_progress import AT_WAREHOUSE, OPEN
from .retail_release import STATES

OPERATOR = "retail_connector_base.group_operator"
SOON = timedelta(hours=2)


class RetailRelease(models.Model):
    """What people see of releases and do with them."""

    _inherit = "retail.release"

    sku_count = fields.Integer(compute="_compute_counts", string="Lines")
    request_count = fields.Integer(compute="_compute_counts", string="Open Requests")
    is_late = fields.Boolean(
        compute="_compute_is_late", search="_search_is_late", help="It should have left."
    )
    is_urgent = fields.Boolean(
        compute="_compute_is_late", help="Its cut-off is near, and the warehouse has no word of it."
    )
    age_hours = fields.Float(
        compute="_compute_is_late", string="Age (hours)", help="Since it was ready."
    )
    next_step = fields.Char(compute="_compute_next_step", string="What to Do Next")

    @api.depends("name", "order_id")
    def _compute_display_name(self):
        """Override: name the order, also to those who may not open it."""
        for release in self:
            order = release.sudo().order_id.name
            release.display_name = f"{release.name} ({order})" if order else release.name

    def _states_in_order(self, states, _domain):
        """Return the states that occur, in the order in which they follow each other."""
        return [value for value, _label in STATES if value in states]

    @api.depends("line_ids", "request_ids.state")
    def _compute_counts(self):
        for release in self:
            asked = release.request_ids.filtered(lambda one: one.state == "asked")
            release.sku_count = len(release.line_ids)
            release.request_count = len(asked)

    @api.depends("state", "ship_by", "cutoff_at")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for release in self:
            waits = release.state in OPEN
            release.is_late = bool(waits and release.ship_by and release.ship_by < now)
            untold = release.state in ("ready", "rejected")
            near = release.cutoff_at and release.cutoff_at - SOON < now
            release.is_urgent = bool(untold and near and not release.is_late)
            until = release.ended_at or now
            release.age_hours = (until - release.create_date).total_seconds() / 3600

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "in", list(OPEN)) & Domain("ship_by", "<", fields.Datetime.now())
        return late if True in value else ~late

    @api.depends("state", "reason", "request_ids.state", "command_id")
    def _compute_next_step(self):
        for release in self:
            release.next_step = release._next_step()

    def _next_step(self):
        """Return in words whose turn it is."""
        if self.request_ids.filtered(lambda one: one.state == "asked"):
            return self.env._("Wait for the warehouse's answer to what it was asked.")
        if self.state == "ready":
            return self._next_of_ready()
        return {
            "sent": self.env._("Wait until the warehouse accepts it."),
            "accepted": self.env._("Wait for the goods to leave."),
            "on_hold": self.env._("Give the warehouse what it needs."),
            "rejected": self.env._("Put right what it names, then press “Send Again”."),
            "partly_shipped": self.env._("Wait for the rest to leave."),
        }.get(self.state, "")

    def _next_of_ready(self):
        if self.reason:
            return self.env._("Put it right; it is sent by itself then.")
        if self.command_id:
            return self.env._("It is on its way to the warehouse.")
        if self.sudo().order_id.retail_binding_ids.filtered("is_held"):
            return self.env._("Lift the hold on the order.")
        return self.env._("It is sent when its time comes. Until then it may be changed freely.")

    # Buttons

    def action_send(self):
        """Send releases that wait for their time now, and rejected ones again."""
        self._check_may_operate()
        releases = self.sudo()
        releases.picking_id._check_not_held()
        for release in releases:
            if release.state == "ready" and not release.command_id:
                release.reason = False
                release._renew_lines()
                release._send()
            elif release.state == "rejected":
                release._send_again()
            else:
                raise UserError(self.env._("%(name)s has been sent.", name=release.name))
        releases._log_act("release.sent_by_hand")
        return True

    def action_withdraw(self):
        """See to it that releases are not sent. The orders stay as they are."""
        self._check_may_operate()
        releases = self.sudo()
        releases._log_act("release.withdrawn")
        asked = releases._ask_again()._stop(
            self.env._("Withdrawn by %(name)s", name=self.env.user.name)
        )
        return asked._tell_that_asked() if asked else True

    def action_ask_again(self):
        """Ask again for what the warehouse refused to change."""
        self._check_may_operate()
        releases = self.sudo().filtered(lambda one: one.state in AT_WAREHOUSE)
        releases._ask_again()._ask_for_changes_of_all()
        releases._log_act("release.asked_again")
        return True

    def action_release_again(self):
        """Release the delivery of a release that is over once more."""
        self._check_may_operate()
        for release in self.sudo():
            release._solve_problems(["release_cancelled_there"])
        return self.picking_id.action_retail_release()

    def action_open_picking(self):
        """Open the delivery."""
        self.ensure_one()
        self.check_access("read")
        return self._open_one(self.picking_id)

    def action_open_order(self):
        """Open the sale order."""
        self.ensure_one()
        self.check_access("read")
        return self._open_one(self.order_id)

    def action_open_commands(self):
        """Open what the warehouse was told of this release."""
        self.ensure_one()
        self.check_access("read")
        action = self.backend_id.action_open_commands()
        return action | {
            "domain": [
                ("backend_id", "=", self.backend_id.id),
                ("entity_key", "=", f"order:{self.name}"),
            ]
        }

    def _ask_for_changes_of_all(self):
        for release in self:
            release._ask_for_changes()

    def _may_go_out(self):
        """Tell whether a release that is ready may be told to its warehouse now."""
        self.ensure_one()
        held = self.order_id.retail_binding_ids.filtered("is_held")
        return self.state == "ready" and not held and not self.changed

    def _check_may_operate(self):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(OPERATOR)):
            raise AccessError(self.env._("Only an operator releases orders or takes them back."))

    def _log_act(self, action):
        for release in self:
            self.env["retail.audit"]._log(action, release, release.backend_id)

    def _tell_that_asked(self):
        return self._notify(
            self.env._(
                "%(names)s: the warehouse is asked. What it has is cancelled when it agrees.",
                names=", ".join(self.mapped("name")),
            )
        )

    @api.model
    def _open_one(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }

    @api.model
    def _open_some(self, domain):
        """Return the action that shows releases: the form where there is one only."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_connector_3pl.retail_release_action"
        )
        found = self.search(domain)
        if len(found) == 1:
            return action | {"views": [(False, "form")], "view_mode": "form", "res_id": found.id}
        return action | {"domain": domain, "context": {}}
