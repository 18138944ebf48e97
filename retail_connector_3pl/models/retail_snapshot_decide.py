from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..decisions.snapshot_tolerance import Approver, approver_of

OPERATOR = "retail_connector_base.group_operator"
ACCOUNTANT = "retail_connector_base.group_accountant"
UNDECIDED = ("compared", "to_approve")


class RetailSnapshot(models.Model):
    """What people decide about the differences of a count. Nobody approves what he entered."""

    _inherit = "retail.snapshot"

    may_approve = fields.Boolean(compute="_compute_may_approve")

    @api.depends("state", "entered_by_id", "variance_size")
    @api.depends_context("uid")
    def _compute_may_approve(self):
        for snapshot in self:
            waits = snapshot.state == "to_approve"
            own = snapshot.entered_by_id == self.env.user
            snapshot.may_approve = waits and not own and snapshot._has_role(self.env.user)

    # Buttons

    def action_approve(self):
        """Ask why all that waits may be put into the stock."""
        return self._ask("approve")

    def action_reject(self):
        """Ask why nothing of what waits is put into the stock."""
        return self._ask("reject")

    def action_compare_again(self):
        """Compare again what nobody has decided about: products or units are known by now."""
        self.check_access("read")
        for snapshot in self:
            snapshot._check_operator()
            if snapshot.state not in UNDECIDED or not snapshot.sudo()._is_whole():
                raise UserError(
                    self.env._("%(count)s is not open any more.", count=snapshot.display_name)
                )
        self.sudo()._compare_again()
        return self._notify(self.env._("The comparison was started."))

    def action_open_lines(self):
        """Open the differences, the unexplained first."""
        self.ensure_one()
        self.check_access("read")
        name = "retail_connector_3pl.retail_snapshot_line_action"
        action = self.env["ir.actions.act_window"]._for_xml_id(name)
        return action | {
            "domain": [("snapshot_id", "=", self.id)],
            "context": {"search_default_group_kind": 1},
        }

    def _ask(self, decision):
        self.ensure_one()
        return self._lines_in("open")._ask(decision)

    # Who may

    def _has_role(self, user):
        """Tell whether a user's role allows him to approve a count of this value."""
        self.ensure_one()
        # All of the count that a person decides about: it does not become smaller in parts.
        sizes = self.sudo().line_ids.filtered(
            lambda line: line.kind == "variance" and not line.automatic
        )
        threshold = Decimal(str(self.sudo().warehouse_id.count_accountant_above))
        needed = approver_of((Decimal(str(line.size)) for line in sizes), threshold)
        group = ACCOUNTANT if needed is Approver.ACCOUNTANT else OPERATOR
        return user.has_group(group)

    def _check_operator(self):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(OPERATOR)):
            raise AccessError(self.env._("Only an operator decides about counts."))

    def _check_may_approve(self):
        """Raise unless the user may put these counts' differences into the stock."""
        for snapshot in self:
            snapshot._check_operator()
            if snapshot.entered_by_id and snapshot.entered_by_id == self.env.user:
                raise AccessError(self.env._("Somebody else has to approve what you entered."))
            if not (self.env.su or snapshot._has_role(self.env.user)):
                raise AccessError(
                    self.env._(
                        "%(count)s differs by more than you may approve: an accountant does.",
                        count=snapshot.display_name,
                    )
                )

    # What is decided

    def _compare_again(self):
        self.write({"compared_at": False})
        self._ask_to_move()


class RetailSnapshotLine(models.Model):
    """Decisions about single differences."""

    _inherit = "retail.snapshot.line"

    def action_approve(self):
        """Ask why these may be put into the stock."""
        return self._ask("approve")

    def action_reject(self):
        """Ask why these are not put into the stock."""
        return self._ask("reject")

    def _ask(self, decision):
        self.check_access("read")
        if not self.filtered(lambda line: line.state == "open"):
            raise UserError(self.env._("Nothing of this waits for a decision."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Approve") if decision == "approve" else self.env._("Reject"),
            "res_model": "retail.snapshot.decision",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_ids": self.ids, "default_decision": decision},
        }

    def _decide(self, decision, reason):
        """Approve or reject these as the user, each count as a whole; the lane applies them."""
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why: the reason is kept."))
        counts = self.snapshot_id
        if decision == "approve":
            counts._check_may_approve()
        counts._check_operator()
        counts.sudo()._lock()
        self.invalidate_recordset(["state"])
        if self.filtered(lambda line: line.state != "open"):
            raise UserError(
                self.env._("Some of this was decided meanwhile, or is out of date: look again.")
            )
        state = "approved" if decision == "approve" else "rejected"
        for snapshot, lines in self.sudo().grouped("snapshot_id").items():
            lines._write_decision(snapshot, state, reason, self.env.user)

    def _write_decision(self, snapshot, state, reason, user):
        self.write({"state": state, "decided_by_id": user.id, "reason": reason})
        snapshot.write(
            {
                "decided_by_id": user.id,
                "decided_at": fields.Datetime.now(),
                "reason": reason,
            }
        )
        audit = self.env["retail.audit"].with_user(user).sudo()
        audit._log(f"snapshot.{state}", snapshot, detail=self._detail(reason))
        snapshot._settle_state()
        snapshot._tell()
        if state == "approved":
            snapshot._ask_to_move()
