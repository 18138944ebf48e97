from datetime import datetime, timezone

from odoo import api, fields, models

from .retail_gate_keeper import GateKeeper

STATES = [
    ("flowing", "Flowing"),
    ("limited", "Rate Limited"),
    ("failing", "Not Answering"),
    ("probing", "Trying Again"),
    ("paused", "Paused"),
]


class RetailGate(models.Model):
    """What all workers and hosts know of a backend's other side: its limits, whether it answers.

    Written by ``GateKeeper`` only, on cursors of its own: what was learnt survives the caller's
    rollback, and nobody waits for a gate longer than a moment.
    """

    _name = "retail.gate"
    _description = "Retail Gate"
    _inherit = ["retail.notice.mixin"]
    _rec_name = "backend_id"
    _order = "backend_id"

    backend_id = fields.Many2one("retail.backend", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="backend_id.company_id", store=True)
    state = fields.Selection(STATES, compute="_compute_state")
    paused = fields.Boolean(readonly=True, help="No request leaves for this backend.")
    available = fields.Float(readonly=True, help="What the bucket held when it was seen last.")
    capacity = fields.Float(readonly=True, string="Bucket Size", help="0: no bucket is known.")
    rate = fields.Float(readonly=True, string="Restored per Second")
    seen_at = fields.Datetime(readonly=True)
    tokens = fields.Float(compute="_compute_state", string="Tokens Left", digits=(16, 0))
    not_before = fields.Datetime(
        readonly=True, string="Limited Until", help="The other side asked us to wait until then."
    )
    failures = fields.Integer(readonly=True, string="Failures in a Row")
    openings = fields.Integer(readonly=True, string="Openings in a Row")
    open_until = fields.Datetime(
        readonly=True, string="Closed Until", help="Then one request tries whether it answers."
    )
    probe = fields.Integer(readonly=True)
    probe_until = fields.Datetime(readonly=True)
    last_failure = fields.Char(readonly=True)
    last_failure_at = fields.Datetime(readonly=True)

    _backend_unique = models.UniqueIndex("(backend_id)", "A backend has one gate.")

    @api.depends("paused", "not_before", "open_until", "available", "capacity", "rate", "seen_at")
    def _compute_state(self):
        # Exact, unlike fields.Datetime.now(): moments of the gate are.
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        for record in self:
            record.state = record._state_at(now)
            restored = (now - (record.seen_at or now)).total_seconds() * record.rate
            record.tokens = min(record.available + max(restored, 0), record.capacity)

    def _state_at(self, now):
        if self.paused:
            return "paused"
        if self.open_until:
            waiting = self.open_until > now
            return "failing" if waiting else "probing"
        return "limited" if self.not_before and self.not_before > now else "flowing"

    # Buttons

    def action_pause(self):
        """Let no request leave any more; what is to be sent waits."""
        self._change("gate_pause", "pause")
        return self._notify(self.env._("Requests are held back until you resume."))

    def action_resume(self):
        """Let requests leave again."""
        self._change("gate_resume", "resume")
        return self._notify(self.env._("Requests leave again."))

    def action_try_now(self):
        """Let the next request find out whether the other side answers again."""
        self._change("gate_try", "try_now")
        return self._notify(self.env._("The next request tries whether the other side answers."))

    def _change(self, action, change):
        """Change gates as an administrator of their backends, with an entry in the audit trail."""
        self.check_access("read")
        self.backend_id.check_access("write")
        for record in self:
            record._keeper()._apply(change)
            self.env["retail.audit"]._log(action, record=record, backend=record.backend_id)
        self.invalidate_recordset()

    def _keeper(self):
        self.ensure_one()
        return self._keeper_of(self.backend_id.id)

    @api.model
    def _keeper_of(self, backend_id: int) -> GateKeeper:
        """Return the gate of a backend, for one unit of work."""
        return GateKeeper(self.env.registry, backend_id)
