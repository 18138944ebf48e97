from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..decisions.config_difference import Change, outdated, says_something


def difference_table(env, changes):
    """Return changes as a table in words; technical names are tooltips. Every cell is escaped."""
    if not changes:
        return False
    cells = Markup('<tr><td title="%s">%s</td><td title="%s">%s</td><td>%s</td><td>%s</td></tr>')
    rows = Markup().join(
        cells % (change.item, what, change.field, field, before, after)
        for change in filter(says_something, changes)
        for what, field, before, after in [env["retail.config"]._in_words(change)]
    )
    head = Markup("<tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr>") % (
        env._("What"),
        env._("Field"),
        env._("Before"),
        env._("After"),
    )
    table = '<table class="table table-sm"><thead>%s</thead><tbody>%s</tbody></table>'
    return Markup(table) % (head, rows)


class RetailConfigChange(models.Model):
    """A change of configuration that waits for a second person."""

    _name = "retail.config.change"
    _description = "Retail Configuration Change"
    _inherit = ["mail.thread", "mail.activity.mixin", "retail.notice.mixin"]
    _order = "state, id desc"
    _rec_name = "reason"
    _mail_post_access = "read"

    backend_id = fields.Many2one(
        "retail.backend", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    state = fields.Selection(
        [
            ("proposed", "Waits for Approval"),
            ("applied", "Applied"),
            ("rejected", "Rejected"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="proposed",
        tracking=True,
        index=True,
    )
    reason = fields.Char(string="Why", required=True, readonly=True)
    requested_by_id = fields.Many2one("res.users", string="Proposed by", readonly=True)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True, tracking=True)
    decided_at = fields.Datetime(readonly=True)
    changes = fields.Json(required=True, readonly=True)
    changes_html = fields.Html(compute="_compute_changes_html", string="What Would Change")
    outdated_text = fields.Text(compute="_compute_outdated_text")
    may_approve = fields.Boolean(compute="_compute_may_approve")

    def _changes(self):
        self.ensure_one()
        return [Change(**change) for change in self.changes]

    @api.depends("changes")
    def _compute_changes_html(self):
        for change in self:
            change.changes_html = difference_table(self.env, change._changes())

    def _compute_outdated_text(self):
        for change in self:
            late = change._outdated() if change.state == "proposed" else ()
            told = (self.env["retail.config"]._in_words(each) for each in late)
            change.outdated_text = "\n".join(f"{what}: {field}" for what, field, *_rest in told)

    @api.depends_context("uid")
    @api.depends("state", "requested_by_id")
    def _compute_may_approve(self):
        administrator = self.env.user.has_group("retail_connector_base.group_administrator")
        for change in self:
            own = change.requested_by_id == self.env.user
            change.may_approve = administrator and change.state == "proposed" and not own

    def _outdated(self):
        present = self.env["retail.config"]._snapshot(self.backend_id)
        return outdated(present, self._changes())

    @api.model
    def _propose(self, backend, changes, reason):
        """Let changes wait for a second person; the backend's owner is told."""
        change = self.sudo().create(
            {
                "backend_id": backend.id,
                "reason": reason,
                "requested_by_id": self.env.uid,
                "changes": [each.as_json() for each in changes],
            }
        )
        if backend.owner_id and backend.owner_id != self.env.user:
            change.activity_schedule(
                "mail.mail_activity_data_todo", summary=reason, user_id=backend.owner_id.id
            )
        self.env["retail.audit"]._log("config.proposed", change, detail={"reason": reason})
        return change

    # Buttons

    def action_approve(self):
        """Carry a change out. Nobody approves his own."""
        for change in self:
            change._check_may_decide()
            if change.requested_by_id == self.env.user:
                raise AccessError(self.env._("Somebody else has to approve what you proposed."))
            if late := change._outdated():
                words = self.env["retail.config"]._in_words
                raise UserError(
                    self.env._(
                        "It does not start from what is configured now: %(items)s. Reject it, and "
                        "propose it anew.",
                        items=", ".join(sorted({words(each)[0] for each in late})),
                    )
                )
            change._carry_out()
        return True

    def _carry_out(self):
        own = self.sudo()
        versions = self.env["retail.config.version"]
        versions._note(self.backend_id, self.reason, "approval", self.env.user, own.requested_by_id)
        config = self.env["retail.config"].sudo()
        config._apply(self.backend_id, self._changes(), self.reason, "approval")
        own._decide("applied", self.env.user)

    def action_reject(self):
        """Refuse a change; nothing is changed."""
        for change in self:
            change._check_may_decide()
            withdrawn = change.requested_by_id == self.env.user
            change.sudo()._decide("withdrawn" if withdrawn else "rejected", self.env.user)
        return True

    def _check_may_decide(self):
        self.backend_id._check_administrator()
        if self.state != "proposed":
            raise UserError(self.env._("It was decided already."))

    def _decide(self, state, user):
        self.write({"state": state, "decided_by_id": user.id, "decided_at": fields.Datetime.now()})
        self.activity_unlink(["mail.mail_activity_data_todo"])
        detail = {"reason": self.reason, "decided_by": user.login}
        self.env["retail.audit"]._log(f"config.{state}", self, detail=detail)
