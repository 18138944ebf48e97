from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..decisions.reconciliation import Leg

STATES = [
    ("draft", "Draft"),
    ("computed", "Computed"),
    ("reviewed", "Reviewed"),
    ("locked", "Locked"),
]
LEGS = [
    (Leg.ORDERS.value, "Orders and Gateway"),
    (Leg.CLEARING.value, "Gateway and Clearing Account"),
    (Leg.BANK.value, "Payouts and Bank"),
]
BY_PERSON = frozenset({"gateway_id", "date_from", "date_to"})


class RetailReconciliation(models.Model):
    """A period of a gateway laid next to our books, worked through and signed.

    Computed by a job as often as wanted until an accountant signs it; explanations stay. A locked
    run never changes again, for nobody.
    """

    _name = "retail.reconciliation"
    _description = "Reconciliation Run"
    _inherit = ["retail.job.mixin", "retail.notice.mixin"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    gateway_id = fields.Many2one(
        "retail.gateway", required=True, index=True, ondelete="restrict", check_company=True
    )
    backend_id = fields.Many2one(related="gateway_id.backend_id", store=True)
    company_id = fields.Many2one(related="gateway_id.company_id", store=True, index=True)
    date_from = fields.Date(required=True, string="From", help="In the company's time zone.")
    date_to = fields.Date(required=True, string="To", help="This day belongs to it.")
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, index=True, copy=False
    )
    line_ids = fields.One2many("retail.reconciliation.line", "run_id", readonly=True)
    different_line_ids = fields.One2many(
        "retail.reconciliation.line",
        "run_id",
        domain=[("status", "!=", "matched")],
        string="Differences",
    )
    next_leg = fields.Selection(
        LEGS, readonly=True, copy=False, index="btree_not_null", help="What is computed next."
    )
    progress = fields.Integer(compute="_compute_progress", help="Per cent of the computation.")
    problem = fields.Char(readonly=True, copy=False, help="Why it could not be computed.")
    matched_count = fields.Integer(readonly=True, copy=False, string="Matched")
    different_count = fields.Integer(readonly=True, copy=False, string="Different")
    explained_count = fields.Integer(readonly=True, copy=False, string="Explained")
    checkpoint = fields.Json(readonly=True, copy=False, help="Counts and sums by leg and status.")
    computed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    computed_at = fields.Datetime(readonly=True, copy=False)
    reviewed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    reviewed_at = fields.Datetime(readonly=True, copy=False)
    locked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    locked_at = fields.Datetime(readonly=True, copy=False)

    _period_unique = models.UniqueIndex(
        "(gateway_id, date_from, date_to)", "A gateway has one run of a period."
    )
    _period_order = models.Constraint(
        "CHECK (date_from <= date_to)", "A period ends after it begins."
    )

    @api.depends("gateway_id", "date_from", "date_to")
    def _compute_name(self):
        for run in self:
            run.name = f"{run.gateway_id.name}: {run.date_from} – {run.date_to}"

    @api.depends("next_leg")
    def _compute_progress(self):
        legs = [leg for leg, _label in LEGS]
        for run in self:
            done = legs.index(run.next_leg) if run.next_leg else len(legs)
            run.progress = 100 * done // len(legs)

    # What people write

    @api.model_create_multi
    def create(self, vals_list):
        """Override: people choose gateway and period; the rest is computed."""
        for vals in vals_list:
            self._check_by_person(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Override: a locked run does not change, not even for the superuser."""
        self._check_not_locked()
        self._check_by_person(vals)
        if not BY_PERSON.isdisjoint(vals) and any(run.state != "draft" for run in self):
            raise UserError(self.env._("Gateway and period are those it was computed for."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unsigned(self):
        self._check_not_locked()
        if any(run.state == "reviewed" for run in self):
            raise UserError(self.env._("A run that was signed cannot be deleted: reopen it first."))

    def _check_not_locked(self):
        for run in self:
            if run._origin.state == "locked":
                raise UserError(self.env._("“%(run)s” is locked.", run=run.name))

    def _check_by_person(self, vals):
        if not self.env.su and (names := set(vals) - BY_PERSON - {"different_line_ids"}):
            raise AccessError(
                self.env._(
                    "%(names)s: only the connector writes this.", names=", ".join(sorted(names))
                )
            )

    def _check_accountant(self):
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("retail_connector_base.group_accountant")):
            raise AccessError(self.env._("Only an accountant does this."))

    # Steps

    def action_compute(self):
        """Compute it in a job, from the beginning; explanations stay."""
        self.ensure_one()
        self._check_accountant()
        if self.state not in ("draft", "computed"):
            raise UserError(self.env._("It is signed. Reopen it first."))
        self.sudo().write(
            {"next_leg": LEGS[0][0], "problem": False, "computed_by_id": self.env.uid}
        )
        self.env["retail.reconciliation.runner"]._wake_after_commit(self.id)
        return self._notify(self.env._("It is being computed. This takes a moment."))

    def action_review(self):
        """Sign it: every difference is explained, and not by whoever signs."""
        self.ensure_one()
        self._check_accountant()
        self._check_state("computed")
        if self.next_leg or self.problem:
            raise UserError(self.env._("It is not computed completely."))
        if self.different_count:
            raise UserError(
                self.env._(
                    "%(count)s differences are not explained yet.", count=self.different_count
                )
            )
        if self.env.user in self.sudo().line_ids.explained_by_id:
            raise UserError(
                self.env._("You have explained differences of it: somebody else has to sign.")
            )
        self._step("reviewed", reviewed_by_id=self.env.uid, reviewed_at=fields.Datetime.now())
        return True

    def action_lock(self):
        """Lock it for good."""
        self.ensure_one()
        self._check_accountant()
        self._check_state("reviewed")
        self._step("locked", locked_by_id=self.env.uid, locked_at=fields.Datetime.now())
        return True

    def action_reopen(self):
        """Take the signature back."""
        self.ensure_one()
        self._check_accountant()
        self._check_state("reviewed")
        self._step("computed", reviewed_by_id=False, reviewed_at=False)
        return True

    def _check_state(self, state):
        if self.state != state:
            label = dict(STATES)[state]
            raise UserError(self.env._("It has to be “%(state)s” for this.", state=label))

    def _step(self, state, **values):
        self.sudo().write({"state": state, **values})
        self.env["retail.audit"]._log(f"reconciliation.{state}", self, detail=self.checkpoint)

    # Opening

    def action_open_lines(self):
        """Open the lines in a list of their own: only what is left to explain, if anything is."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_connector_payment.retail_reconciliation_line_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        left = self.state == "computed" and self.different_count
        action["context"] = {"search_default_different" if left else "search_default_leg": 1}
        return action
