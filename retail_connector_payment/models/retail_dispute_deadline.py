from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical import DisputeState
from odoo.addons.retail_connector_base.decisions.fingerprint import fingerprint_of
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.dispute_state import ASKING

ACTIVITY = "mail.mail_activity_data_todo"
URGENT = timedelta(hours=48)
CODE = "dispute_deadline"
ASKING_NAMES = [state.value for state in ASKING]
WARNED_AT_ONCE = 100


class RetailDispute(models.Model):
    """Somebody has to answer in time, or the money is gone."""

    _inherit = "retail.dispute"

    warned_at = fields.Datetime(readonly=True, help="When an exception told that time is short.")

    def _watch_deadline(self):
        """Give an accountant the task to answer, or take it away once that was done."""
        self.ensure_one()
        mine = self.activity_ids.filtered(lambda activity: activity.automated)
        if DisputeState(self.state) not in ASKING:
            mine.unlink()
            self._calm()
        elif not self.respond_until:
            return
        elif mine:
            mine.date_deadline = self._deadline_day(mine[:1].user_id)
        else:
            self._schedule_answer()

    def _schedule_answer(self):
        user = self._who_answers()
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            ACTIVITY,
            date_deadline=self._deadline_day(user),
            summary=self.env._("Answer dispute %(name)s", name=self.external_id),
            user_id=user.id,
        )

    def _deadline_day(self, user):
        local = fields.Datetime.context_timestamp(
            self.with_context(tz=user.tz or "UTC"), self.respond_until
        )
        return local.date()

    def _who_answers(self):
        """Return the backend's owner, else an accountant of its company, else its user."""
        backend = self.backend_id
        group = self.env.ref("retail_connector_base.group_accountant")
        accountants = group.sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and backend.company_id in user.company_ids
        )
        people = accountants - self.env.ref("base.user_root") - backend.user_id
        return backend.owner_id or people[:1] or backend.user_id

    def _calm(self):
        if self.warned_at:
            self.warned_at = False
            name = fingerprint_of(self._deadline_problem())
            self.env["retail.exception"]._solved(self.backend_id, [name])

    @api.model
    def _sweep_deadlines(self):
        """Warn once of every dispute that must be answered soon and was not."""
        now = fields.Datetime.now()
        urgent = self.search(
            [
                ("state", "in", ASKING_NAMES),
                ("respond_until", "<", now + URGENT),
                ("warned_at", "=", False),
            ],
            limit=WARNED_AT_ONCE,
        )
        for dispute in urgent:
            problem = dispute._deadline_problem()
            self.env["retail.exception"]._report(dispute.backend_id, problem, record=dispute)
        urgent.warned_at = now

    def _deadline_problem(self):
        return Problem(
            error_class=ErrorClass.FINANCE,
            code=CODE,
            subject=self.external_id,
            title=self.env._("Dispute %(name)s must be answered", name=self.external_id),
            cause=self.env._(
                "Evidence is accepted until %(moment)s (UTC). Without an answer the money is lost. "
                "Send it at the gateway, or accept the dispute there.",
                moment=self.respond_until,
            ),
            fix="open_record",
            amount=self._exact(self.amount),
            currency=self.currency_id.name,
        )


class RetailInboxSweeper(models.AbstractModel):
    """Watches deadlines too."""

    _inherit = "retail.inbox.sweeper"

    @api.model
    def _sweep(self):
        """Override: warn of disputes whose time runs out."""
        result = super()._sweep()
        self.env["retail.dispute"]._sweep_deadlines()
        return result
