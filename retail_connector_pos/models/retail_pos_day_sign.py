from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..decisions.day_words import covers, stored_difference

ACCOUNTANT = "retail_connector_base.group_accountant"
SIGNABLE = ("open", "reported", "different")


class RetailPosDay(models.Model):
    """Who signs what differs: an accountant, with a reason, and not whoever caused it."""

    _inherit = "retail.pos.day"

    signature = fields.Json(readonly=True, copy=False, help="The differences that were signed.")
    signed_by_id = fields.Many2one("res.users", readonly=True, copy=False, string="Signed by")
    signed_at = fields.Datetime(readonly=True, copy=False, string="Signed on")
    sign_reason = fields.Char(readonly=True, copy=False, string="Reason")
    may_sign = fields.Boolean(compute="_compute_may_sign")

    @api.depends("state", "tie", "signature")
    @api.depends_context("uid")
    def _compute_may_sign(self):
        accountant = self.env.user.has_group(ACCOUNTANT)
        for day in self:
            signable = day.state in SIGNABLE and day.business_date < day._today()
            differs = day.state == "different" or not day.report_id
            day.may_sign = (
                accountant
                and (signable or day.state == "different")
                and differs
                and not day._took_part(self.env.user)
            )

    # Buttons

    def action_sign(self):
        """Ask for the reason of a signature."""
        self.ensure_one()
        self._check_may_sign()
        self.sudo()._bring_up_to_date()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sign the Difference"),
            "res_model": "retail.pos.sign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_day_id": self.id},
        }

    def action_close_again(self):
        """Try once more to post this day."""
        self._check_accountant()
        self.sudo().write({"next_attempt_at": False, "review_key": False})
        self._wake_closer()
        return True

    def action_compare(self):
        """Compare tickets and report again now."""
        self.check_access("read")
        if not self.env.user.has_group("retail_connector_base.group_operator"):
            raise AccessError(self.env._("Only an operator does this."))
        for day in self.sudo().filtered(lambda day: day.state in SIGNABLE):
            day._bring_up_to_date()
        self._wake_closer()
        return True

    # Signing

    def _sign(self, seen, reason):
        """Sign the differences that the user saw. Raises when others are found by now."""
        self.ensure_one()
        self._check_may_sign()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why it can be closed: the reason is kept."))
        day = self.sudo()
        day._lock_day()
        _ours, tie = day._compare()
        if tie.differences and not covers(seen, tie.differences):
            raise UserError(self.env._("Something changed meanwhile: look at the day again."))
        day.write(
            {
                "signature": [stored_difference(each) for each in tie.differences],
                "signed_by_id": self.env.uid,
                "signed_at": fields.Datetime.now(),
                "sign_reason": reason,
            }
        )
        detail = {"reason": reason, "differences": [day._words_of(d) for d in tie.differences]}
        self.env["retail.audit"]._log("pos_day.signed", self, detail=detail)
        day._wake_closer()

    def _consequences(self):
        """Return in words what posting this day does about its differences."""
        self.ensure_one()
        lines = [self.env._("The day is posted with the tickets that are imported.")]
        for row in (self.tie or {}).get("tenders", ()):
            amount = float(row["over_short"])
            if amount:
                account = self._difference_account(row, amount)
                lines.append(
                    self.env._(
                        "%(amount)s of %(tender)s is booked to %(account)s.",
                        amount=self._money(row["over_short"]),
                        tender=row["label"],
                        account=account or self.env._("nothing: it has no journal"),
                    )
                )
        if self.missing_count or self.waiting_count:
            lines.append(
                self.env._("Tickets that come later are posted on a day that is open then.")
            )
        return lines

    def _difference_account(self, row, amount):
        """Return the account that what is over or short of a tender is booked to."""
        methods = self.env["pos.payment.method"].sudo()
        method = methods.browse(int(row["key"])) if row["key"].isdigit() else methods
        journal = method.journal_id
        account = journal.profit_account_id if amount > 0 else journal.loss_account_id
        return account.display_name

    def _wake_closer(self):
        for backend in self.sudo().backend_id:
            self.env["retail.pos.closer"]._wake_after_commit(backend.id)

    def _bring_up_to_date(self):
        """Compare now, so that a person sees what is so; whether it is posted, its lane decides."""
        ours, tie = self._compare()
        self._write_changes(self._tie_values(ours, tie))

    def _lock_day(self):
        """Let two who sign at the same time do it one after the other."""
        self.flush_recordset()
        self.env.cr.execute("SELECT FROM retail_pos_day WHERE id = %s FOR UPDATE", [self.id])
        self.invalidate_recordset(["state", "signature"])

    # Who may

    def _check_accountant(self):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(ACCOUNTANT)):
            raise AccessError(self.env._("An accountant decides about a day's differences."))

    def _check_may_sign(self):
        self._check_accountant()
        for day in self:
            if day._took_part(self.env.user):
                raise AccessError(
                    self.env._("You sold at this register that day: somebody else has to sign.")
                )
            if day.state not in SIGNABLE:
                raise UserError(self.env._("It is closed already, or is being closed."))
            if not day.report_id and day.business_date >= day._today():
                raise UserError(self.env._("This day is not over: wait for its report."))

    def _took_part(self, user):
        """Tell whether a user sold at this register on this day: nobody approves his own drawer."""
        orders = self.env["pos.order"].sudo()
        return bool(
            orders.search_count(
                [("retail_ticket_ids.day_id", "=", self.id), ("user_id", "=", user.id)], limit=1
            )
        )
