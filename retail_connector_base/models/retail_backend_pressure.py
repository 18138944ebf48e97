from odoo import api, fields, models
from odoo.tools import ormcache

from ..decisions.pressure import Pressure, counted_up_to, is_shed, pressure_of
from ..decisions.problem import Problem
from ..providers import ErrorClass

SHEDDING = "shedding"

# Counts no further than the limits reach, along the partial index of what waits.
BACKLOGS = """
    SELECT wanted.backend_id,
           (SELECT count(*) FROM (
                SELECT FROM retail_inbox_message message
                 WHERE message.backend_id = wanted.backend_id
                   AND message.state IN ('received', 'retry', 'waiting')
                 LIMIT wanted.most) waiting)
      FROM unnest(%s::int[], %s::int[]) AS wanted (backend_id, most)
"""


class RetailBackend(models.Model):
    """Back-pressure: beyond a limit of unfinished messages senders are asked to come back."""

    _inherit = "retail.backend"

    backlog_limit = fields.Integer(
        default=100_000,
        help="With more unfinished messages than this, webhooks are answered 503 until the backlog "
        "has shrunk; payments and refunds only at twice as many. 0 accepts everything.",
    )
    pressure = fields.Selection(
        [
            (Pressure.NONE.value, "Accepts Everything"),
            (Pressure.ORDINARY.value, "Accepts Payments Only"),
            (Pressure.ALL.value, "Accepts Nothing"),
        ],
        default=Pressure.NONE.value,
        readonly=True,
        copy=False,
    )
    shedding_since = fields.Datetime(readonly=True, copy=False)

    _backlog_limit_positive = models.Constraint(
        "CHECK (backlog_limit >= 0)", "The limit of unfinished messages is not negative."
    )

    @api.model
    @ormcache("backend_id")
    def _pressure_of(self, backend_id: int) -> Pressure:
        """Return what is refused now: every webhook asks, so it is cached until it changes."""
        return Pressure(self.sudo().browse(backend_id).pressure or Pressure.NONE)

    @api.model
    def _sheds(self, backend_id: int, kinds) -> bool:
        """Tell whether a delivery of these kinds is refused now."""
        return is_shed(self._pressure_of(backend_id), kinds)

    @api.model
    def _measure_pressure(self):
        """Compare every backend's backlog with its limit; each minute."""
        backends = self.search([])
        limits = {backend.id: counted_up_to(backend.backlog_limit) for backend in backends}
        counts = self._count_backlogs(limits)
        for backend in backends:
            before = Pressure(backend.pressure or Pressure.NONE)
            count = counts[backend.id]
            backend._set_pressure(pressure_of(count, backend.backlog_limit, before))

    @api.model
    def _count_backlogs(self, limits):
        """Return by backend how many messages wait, each counted up to its own limit."""
        self.env["retail.inbox.message"].flush_model(["backend_id", "state"])
        self.env.cr.execute(BACKLOGS, [list(limits), list(limits.values())])
        return dict(self.env.cr.fetchall())

    def _has_room_for_polls(self):
        """Tell whether lists may be read on: they leave half of the limit to webhooks."""
        if not self.backlog_limit:
            return True
        limit = self.backlog_limit // 2
        return self._count_backlogs({self.id: limit + 1})[self.id] <= limit

    def _set_pressure(self, pressure):
        """Write a change, which empties the caches of all processes, and tell of it."""
        if pressure.value == (self.pressure or Pressure.NONE.value):
            return
        shedding = pressure is not Pressure.NONE
        since = (self.shedding_since or fields.Datetime.now()) if shedding else False
        self.write({"pressure": pressure.value, "shedding_since": since})
        self._audit(f"pressure_{pressure.value}")
        if shedding:
            self.env["retail.exception"]._report(self, self._pressure_problem())
        else:
            self.env["retail.exception"]._solved(self, [f"{SHEDDING}|"])

    def _pressure_problem(self):
        return Problem(
            error_class=ErrorClass.TRANSIENT,
            code=SHEDDING,
            subject="",
            title=self.env._("More comes in than can be processed"),
            cause=self.env._(
                "More than %(limit)s messages wait. Senders are asked to come back later, payments "
                "last, until the backlog has shrunk. Look for what holds the processing up, or "
                "raise the limit.",
                limit=self.backlog_limit,
            ),
            fix="open_backend",
        )
