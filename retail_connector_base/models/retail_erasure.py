from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..decisions.masking import masked

OPERATOR = "retail_connector_base.group_operator"
ADMINISTRATOR = "retail_connector_base.group_administrator"
DUE_DAYS = 30
WAIT_HOURS = 24
# What tells whose data it is: forgotten when the request is closed.
SUBJECT = ("email", "phone", "customer_external_id", "order_external_ids", "partner_id", "found")


class RetailErasure(models.Model):
    """A request about a person's data: to erase it, or to hand it over.

    Two people are needed, but where the channel itself asks and the backend says that is enough.
    """

    _name = "retail.erasure"
    _description = "Retail Privacy Request"
    _inherit = ["mail.activity.mixin", "mail.thread", "retail.job.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    type = fields.Selection(
        [("erase", "Erase a Person"), ("shop", "Erase a Shop"), ("access", "Hand Over Data")],
        required=True,
        readonly=True,
        default="erase",
    )
    source = fields.Selection(
        [("person", "Person"), ("webhook", "Channel")],
        required=True,
        readonly=True,
        default="person",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    backend_id = fields.Many2one(
        "retail.backend",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Only what this backend brought. Empty: everything in the company.",
    )
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("approved", "Approved"),
            ("running", "Running"),
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="requested",
        index=True,
    )
    email = fields.Char(readonly=True, groups=ADMINISTRATOR, copy=False)
    phone = fields.Char(readonly=True, groups=ADMINISTRATOR, copy=False)
    customer_external_id = fields.Char(readonly=True, groups=ADMINISTRATOR, copy=False)
    order_external_ids = fields.Json(readonly=True, groups=ADMINISTRATOR, copy=False)
    partner_id = fields.Many2one(
        "res.partner", readonly=True, groups=ADMINISTRATOR, copy=False, ondelete="set null"
    )
    found = fields.Json(
        readonly=True, groups=fields.NO_ACCESS, copy=False, help="What was found, until it is done."
    )
    subject_masked = fields.Char(compute="_compute_subject_masked", string="About")
    found_text = fields.Text(
        compute="_compute_found_text", string="Found", groups=ADMINISTRATOR, compute_sudo=True
    )
    message_id = fields.Many2one(
        "retail.inbox.message", readonly=True, ondelete="set null", index="btree_not_null"
    )
    requested_by_id = fields.Many2one("res.users", readonly=True, required=True)
    requested_at = fields.Datetime(readonly=True, required=True, default=fields.Datetime.now)
    due_at = fields.Datetime(readonly=True, string="Due")
    reason = fields.Char(readonly=True, help="Why it was asked for; without personal data.")
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime(readonly=True, copy=False)
    approved_how = fields.Char(readonly=True, copy=False)
    next_run_at = fields.Datetime(readonly=True, copy=False, string="Next Attempt")
    waits_for = fields.Char(readonly=True, copy=False)
    done_at = fields.Datetime(readonly=True, copy=False)
    line_ids = fields.One2many("retail.erasure.line", "erasure_id", readonly=True, string="Result")
    erased_count = fields.Integer(compute="_compute_counts", string="Erased")
    kept_count = fields.Integer(compute="_compute_counts", string="Kept")
    may_approve = fields.Boolean(compute="_compute_may_approve")

    _message_index = models.UniqueIndex(
        "(message_id) WHERE message_id IS NOT NULL", "A message makes one request."
    )

    @api.depends("type")
    def _compute_name(self):
        for erasure in self:
            erasure.name = self.env._("Privacy request %(id)s", id=erasure.id or "")

    def _compute_subject_masked(self):
        for erasure in self:
            known = erasure.sudo()
            shown = masked({name: known[name] or "" for name in ("email", "phone")})
            parts = [shown["email"], shown["phone"]]
            parts.append(known.customer_external_id and f"№ …{known.customer_external_id[-3:]}")
            whole = self.env._("The whole shop") if erasure.type == "shop" else ""
            erasure.subject_masked = ", ".join(part for part in (whole, *parts) if part)

    def _compute_found_text(self):
        """Tell the one who approves whose data it is."""
        for erasure in self:
            open_one = erasure.state in ("requested", "approved", "waiting")
            erasure.found_text = erasure._describe() if open_one and erasure.id else False

    @api.depends("line_ids.erased", "line_ids.kept")
    def _compute_counts(self):
        for erasure in self:
            erasure.erased_count = sum(erasure.line_ids.mapped("erased"))
            erasure.kept_count = sum(erasure.line_ids.mapped("kept"))

    @api.depends("state", "requested_by_id")
    @api.depends_context("uid")
    def _compute_may_approve(self):
        for erasure in self:
            erasure.may_approve = erasure.state == "requested" and erasure._may_approve()

    # Asking for it

    @api.model
    def _request(self, values):
        """Make a request with the due date that the law gives."""
        now = fields.Datetime.now()
        erasure = self.sudo().create(
            {
                "requested_by_id": self.env.uid,
                "requested_at": now,
                "due_at": now + timedelta(days=DUE_DAYS),
                **values,
            }
        )
        erasure._audit("requested")
        return erasure

    def _audit(self, what, **detail):
        """Leave an entry that names the request, never the person."""
        for erasure in self:
            audit = self.env["retail.audit"].with_company(erasure.company_id)
            detail = {"request": erasure.id, "type": erasure.type, **detail}
            audit._log(f"privacy.{what}", erasure, erasure.backend_id or None, detail=detail)

    # Deciding

    def _may_approve(self):
        """Tell whether the user may: nobody approves his own request."""
        self.ensure_one()
        own = self.requested_by_id == self.env.user
        return not own and self.env.user.has_group(ADMINISTRATOR)

    def action_approve(self):
        """Let it be carried out: a second administrator has looked at what was found."""
        self._check_administrator()
        for erasure in self:
            if erasure.state != "requested":
                raise UserError(self.env._("Only what is requested can be approved."))
            if not erasure._may_approve():
                raise AccessError(self.env._("Somebody else has to approve your own request."))
        self.sudo()._approve(self.env.user)

    def _approve(self, user=None, how=None, at=None):
        """Approve, by a person or by the backend's policy; start at once or at a moment."""
        self.write(
            {
                "state": "approved",
                "approved_by_id": user.id if user else False,
                "approved_at": fields.Datetime.now(),
                "approved_how": how,
                "next_run_at": at or fields.Datetime.now(),
            }
        )
        self.activity_ids.unlink()
        self._audit("approved", how=how or "person")
        for erasure in self:
            if not at:
                erasure._after_commit("_start", erasure.id)

    def action_refuse(self):
        """Close without doing anything; who asked has to be told why."""
        self._check_administrator()
        if any(erasure.state not in ("requested", "approved", "waiting") for erasure in self):
            raise UserError(
                self.env._("It was begun already: what is erased cannot be brought back.")
            )
        erasures = self.sudo()
        erasures.activity_ids.unlink()
        erasures.write({"state": "refused", "next_run_at": False})
        erasures._forget_subject()
        erasures._audit("refused")

    def action_run_again(self):
        """Look again now whether what it waits for is over."""
        self._check_administrator()
        if any(erasure.state not in ("approved", "waiting") for erasure in self):
            raise UserError(self.env._("Only what is approved or waits can be started."))
        for erasure in self.sudo():
            erasure._after_commit("_start", erasure.id)

    def _check_administrator(self):
        self.check_access("read")
        if not self.env.user.has_group(ADMINISTRATOR):
            raise AccessError(self.env._("Only an administrator decides about privacy requests."))

    def _forget_subject(self):
        """Forget whose data it was: the marks are what remains."""
        self.write(dict.fromkeys(SUBJECT, False))

    def _remind(self):
        """Give somebody the task to decide before it is due."""
        for erasure in self.filtered(lambda erasure: erasure.state == "requested"):
            owner = erasure.backend_id.owner_id or self.env.ref("base.user_admin")
            erasure.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=fields.Date.to_date(erasure.due_at),
                summary=self.env._("Decide about a privacy request"),
                user_id=owner.id,
            )


class RetailErasureLine(models.Model):
    """What became of one store."""

    _name = "retail.erasure.line"
    _description = "Retail Privacy Request: result"
    _order = "id"
    _rec_name = "store"

    erasure_id = fields.Many2one("retail.erasure", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="erasure_id.company_id", store=True)
    store = fields.Char(required=True, readonly=True)
    erased = fields.Integer(readonly=True)
    kept = fields.Integer(readonly=True)
    note = fields.Char(readonly=True, string="Why Kept")
