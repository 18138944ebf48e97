from decimal import Decimal

from odoo import fields, models

from ..decisions.snapshot_tolerance import Variance, is_tolerated


class RetailSnapshot(models.Model):
    """What becomes of unexplained differences: some are small enough, others need a person."""

    _inherit = "retail.snapshot"

    def _judge(self):
        """Approve what is within the warehouse's tolerance; the rest is left to a person."""
        limits = self.warehouse_id._count_limits()
        if not limits.applies:
            return
        lines = self._lines_in("open")
        small = lines.filtered(lambda line: is_tolerated(line._variance(), limits))
        if small:
            small.write({"state": "approved", "automatic": True})
            self.env["retail.audit"]._log(
                "snapshot.tolerated", self, detail=small._detail("within the tolerance")
            )

    def _settle_state(self):
        """Set the state of counts to what their lines say."""
        for snapshot in self:
            found = set(snapshot._line_states())
            state = next((name for name, of in self._states() if found & of), "compared")
            values = {"state": state} if state != snapshot.state else {}
            if state == "applied" and not snapshot.applied_at:
                values["applied_at"] = fields.Datetime.now()
            if values:
                snapshot.write(values)

    def _states(self):
        """Return the states of a count with those of its lines that mean it, in their order."""
        return (
            ("to_approve", {"open"}),
            ("approved", {"approved"}),
            ("applied", {"applied"}),
            ("rejected", {"rejected"}),
            ("superseded", {"superseded"}),
        )

    def _line_states(self):
        groups = self.env["retail.snapshot.line"]._read_group(
            [("snapshot_id", "=", self.id)], ["state"], ["__count"]
        )
        return [state for state, _count in groups]


class RetailSnapshotLine(models.Model):
    """A difference as decisions see it."""

    _inherit = "retail.snapshot.line"

    def _variance(self):
        self.ensure_one()
        return Variance(
            difference=Decimal(str(self.difference)),
            expected=Decimal(str(self.expected)),
            value=Decimal(str(self.value)),
            has_cause=bool(self.cause),
        )

    def _detail(self, reason):
        """Return what the audit trail keeps of a decision about these lines."""
        return {
            "lines": len(self),
            "value": sum(self.mapped("value")),
            "at_risk": sum(self.mapped("size")),
            "reason": reason,
        }

    def _forget(self):
        """Delete lines that a new comparison replaces. Plain SQL: there may be many."""
        self.flush_model()
        self.env.cr.execute("DELETE FROM retail_snapshot_line WHERE id = ANY(%s)", [self.ids])
        self.env["retail.snapshot.event"].invalidate_model()
        self.invalidate_model()
