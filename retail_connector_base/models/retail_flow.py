from datetime import timedelta

from odoo import api, fields, models

from ..providers import Direction, Mode


class RetailFlow(models.Model):
    """One domain in one direction on one backend: its schedule, cursor and health."""

    _name = "retail.flow"
    _description = "Retail Flow"
    _inherit = ["retail.job.mixin", "retail.notice.mixin"]
    _order = "backend_id, tier, kind, direction"

    backend_id = fields.Many2one("retail.backend", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="backend_id.company_id", store=True)
    kind = fields.Selection(
        selection="_selection_kind", required=True, readonly=True, string="Domain"
    )
    direction = fields.Selection(
        [(Direction.IN.value, "In"), (Direction.OUT.value, "Out")], required=True, readonly=True
    )
    mode = fields.Selection(
        [(Mode.EVENT.value, "Events"), (Mode.POLL.value, "Poll"), (Mode.BATCH.value, "Batch")],
        required=True,
    )
    tier = fields.Selection(
        [("1", "Seconds"), ("2", "Minutes"), ("3", "Batch")], required=True, default="1"
    )
    priority = fields.Integer(default=10, help="Lower goes first among what waits.")
    topics = fields.Char(readonly=True, help="The events that belong to this flow.")
    active = fields.Boolean(default=True)
    paused = fields.Boolean(help="Messages of this flow are received and kept, but not processed.")
    interval = fields.Integer(
        string="Poll Every (min)", help="Minutes between two polls; 0 polls only on demand."
    )
    overlap = fields.Integer(
        string="Overlap (min)", default=10, help="How far a poll reaches back before the last one."
    )
    watermark = fields.Datetime(
        readonly=True, help="Everything the channel changed before this moment (UTC) was read."
    )
    cursor = fields.Char(readonly=True, help="Where an interrupted poll goes on.")
    poll_started_at = fields.Datetime(readonly=True)
    poll_since = fields.Datetime(readonly=True, help="The start of the window being read (UTC).")
    backfill_since = fields.Datetime(
        readonly=True, help="The next run reaches back to this moment (UTC)."
    )
    polled_count = fields.Integer(readonly=True, string="Read in this Run")
    polled_total = fields.Integer(readonly=True, string="Expected in this Run")
    progress = fields.Float(compute="_compute_progress")
    full_at = fields.Datetime(
        string="Last Full Comparison",
        readonly=True,
        help="When everything was compared last; in between only what changed is.",
    )
    retry_at = fields.Datetime(readonly=True, help="After a failure: not before this moment (UTC).")
    attempts = fields.Integer(readonly=True, help="Failures since the last success.")
    last_success_at = fields.Datetime(readonly=True)
    last_error = fields.Char(readonly=True)
    last_error_at = fields.Datetime(readonly=True)
    health = fields.Selection(
        [
            ("ok", "Healthy"),
            ("idle", "Not run yet"),
            ("late", "Late"),
            ("failing", "Failing"),
            ("paused", "Paused"),
        ],
        compute="_compute_health",
    )
    can_poll = fields.Boolean(compute="_compute_can_poll")

    _kind_unique = models.UniqueIndex(
        "(backend_id, kind, direction)", "A domain flows once in each direction."
    )

    @api.depends("backend_id", "kind", "direction")
    def _compute_display_name(self):
        for flow in self:
            flow.display_name = f"{flow.backend_id.name}: {flow._title()}"

    @api.model
    def _selection_kind(self):
        return self.env["retail.kind"]._selection()

    def _title(self):
        """Return what flows, and which way."""
        self.ensure_one()
        ways = dict(self._fields["direction"]._description_selection(self.env))
        return f"{self.env['retail.kind']._word(self.kind)} ({ways.get(self.direction)})"

    @api.model
    def _values_of_spec(self, backend, spec):
        """Return the values of a new flow as its provider declares it."""
        return {
            "backend_id": backend.id,
            "kind": spec.kind,
            "direction": spec.direction.value,
            "mode": spec.mode.value,
            "tier": str(spec.tier),
            "interval": spec.interval,
            "topics": ", ".join(spec.topics),
            "paused": spec.starts_paused,
        }

    @api.depends("polled_count", "polled_total", "poll_started_at")
    def _compute_progress(self):
        for flow in self:
            running = flow.poll_started_at and flow.polled_total
            flow.progress = 100.0 * flow.polled_count / flow.polled_total if running else 0.0

    @api.depends("kind", "direction", "backend_id.provider")
    def _compute_can_poll(self):
        for flow in self:
            provider = flow.backend_id._provider_class()
            flow.can_poll = bool(
                provider and flow.direction == Direction.IN.value and provider.can_fetch(flow.kind)
            )

    @api.depends("paused", "last_error_at", "last_success_at", "interval")
    def _compute_health(self):
        now = fields.Datetime.now()
        for flow in self:
            flow.health = flow._health_at(now)

    def _health_at(self, now):
        self.ensure_one()
        if self.paused or self.backend_id.paused:
            return "paused"
        if self.last_error_at and self.last_error_at > (self.last_success_at or self.create_date):
            return "failing"
        if not self.last_success_at:
            return "idle"
        due = timedelta(minutes=3 * self.interval)
        return "late" if self.interval and now - self.last_success_at > due else "ok"
