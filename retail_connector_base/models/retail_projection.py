import logging
import random
import time
import uuid
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.queue_job.exception import RetryableJobError

from ..decisions.problem import Problem
from ..decisions.retry import decide_retry
from ..providers import ConnectorError, ErrorClass, GateClosedError, Verdict

_logger = logging.getLogger(__name__)

LOCK_SPACE = 0x52435F58
CHANGES_AT_ONCE = 2000
# Products that a projection written in Python compares in one transaction.
AT_ONCE = 2000
# A wake-up waits this long, so that one job serves a burst of changes.
GATHER_SECONDS = 2
FIXES = {
    ErrorClass.AUTHENTICATION: "set_credential",
    ErrorClass.CONFIGURATION: "open_backend",
}
# Until when a lane needs no other wake-up: its job has an eta that has not come yet. An economy
# only, within one process.
_awake = {}


class RetailProjection(models.AbstractModel):
    """Brings a channel's state in step with Odoo's: compares, sends the difference, remembers.

    One job per backend and kind. What is attempted is committed before the channel is called, and
    is sent again as it was until its answer is known; then the next difference is computed. A lost
    trigger, a crash or a week offline changes nothing: the next comparison converges.

    Concrete projections declare ``_flow_kind`` and ``_state_model`` and implement ``_compare``,
    ``_read_again``, ``_attempt``, ``_changes``, ``_call``, ``_batch_of`` and ``_acknowledge``.
    """

    _name = "retail.projection"
    _description = "Retail Connector: projections"
    _inherit = ["retail.lane.mixin"]

    _lane_job = "_job_project"
    _flow_kind = None
    _state_model = None
    # How often, in hours, a new flow looks for what was changed by hand in the channel; 0 never.
    _read_every = 0

    # Which there are

    @api.model
    def _models(self):
        """Return the projections by the kind of their flow. Each addon adds its own."""
        return {"stock_level": "retail.projection.stock"}

    @api.model
    def _model_of(self, kind):
        return self._models()[kind]

    # The lane

    def _lane_user(self, backend_id):
        return self.env["retail.backend"].browse(backend_id).user_id

    def _lane_title(self, backend_id):
        return self.env._(
            "Publish %(kind)s of %(backend)s",
            kind=self.env["retail.kind"]._word(self._flow_kind),
            backend=self.env["retail.backend"].browse(backend_id).name,
        )

    def _lane_priority(self, backend_id, kinds=None):
        """Override: what the flow's tier says."""
        known = self.env["retail.flow"]._job_priorities(backend_id, "out")
        return known.get(self._flow_kind, super()._lane_priority(backend_id))

    def _enqueue(self, user, method, *args, **options):
        """Override: gather changes for a moment before they are looked at."""
        return super()._enqueue(user, method, *args, eta=GATHER_SECONDS, **options)

    @api.model
    def _wake(self, *key, **options):
        """Override: a job whose time has not come yet will see what is committed by now."""
        name = (self.env.cr.dbname, self._name, key)
        if _awake.get(name, 0) > time.monotonic():
            return False
        woken = super()._wake(*key, **options)
        if woken:
            # Job times are whole seconds: an eta may come up to a second early.
            _awake[name] = time.monotonic() + GATHER_SECONDS - 1.1
        return woken

    @api.model
    def _sweep(self):
        """Wake what is owed or due for a full comparison; every minute."""
        now = fields.Datetime.now()
        flows = self.env["retail.flow"]._running_out(self._flow_kind)
        ready = flows.filtered(lambda flow: not flow.retry_at or flow.retry_at <= now)
        for flow in self._owing(ready, now):
            self._wake_after_commit(flow.backend_id.id)

    def _owing(self, flows, now):
        """Return the flows that have anything to look at; the database is asked once for all."""
        due = flows.filtered(lambda flow: flow._is_full_due(now) or flow._is_read_due(now))
        states = self.env[self._state_model]
        self.env["retail.change"].flush_model(["backend_id", "kind"])
        states.flush_model(["backend_id", "pending", "attempt_key"])
        return due | (flows - due)._of_which(
            SQL(
                """EXISTS (SELECT FROM retail_change
                            WHERE backend_id = wanted.id AND kind = %(kind)s)
                OR EXISTS (SELECT FROM %(states)s WHERE backend_id = wanted.id AND pending)
                OR EXISTS (SELECT FROM %(states)s
                            WHERE backend_id = wanted.id AND attempt_key IS NOT NULL)""",
                kind=self._flow_kind,
                states=SQL.identifier(states._table),
            )
        )

    def _has_changes(self, backend_id):
        owed = [("backend_id", "=", backend_id), ("kind", "=", self._flow_kind)]
        return bool(self.env["retail.change"].search_count(owed, limit=1))

    def _job_project(self, backend_id):
        """Tell a channel what differs, batch by batch."""
        space = LOCK_SPACE + sorted(self._models()).index(self._flow_kind)
        with self._exclusive(space, backend_id):
            self._run_chunks(backend_id)

    def _run_chunk(self, backend_id):
        """Override: do one pass; the channel is called outside any transaction."""
        attempt = self._again("_begin", backend_id)
        if not attempt:
            return False
        try:
            answers = self._ask(backend_id, **attempt)
        except ConnectorError as error:
            self._again("_note_failure", backend_id, attempt, error)
            return False
        return self._again("_store", backend_id, attempt, answers)

    def _again(self, method, *args):
        """Run one step on fresh cursors until it meets no other transaction; committed."""
        for _attempt in range(5):
            try:
                with self.env.registry.cursor() as cr:
                    env = api.Environment(cr, self.env.uid, {"active_test": False}, su=True)
                    return getattr(env[self._name], method)(*args)
            except OperationalError as error:
                _logger.info("%s %s: %s, again", self._name, method, type(error).__name__)
                if not error.pgcode:
                    break
        raise RetryableJobError("The database is busy.", seconds=2, ignore_retry=True)

    # One pass

    def _begin(self, backend_id):
        """Return what is to be sent next: an attempt that is still open, or a new one."""
        flow = self._ready_flow(backend_id)
        if not flow:
            return None
        rows = self._open_attempt(backend_id)
        if not rows:
            rows = self._new_attempt(flow)
        if not rows:
            return None
        rows._count_attempt()
        return {"key": rows[0].attempt_key, "row_ids": rows.ids, "changes": self._changes(rows)}

    def _ready_flow(self, backend_id):
        """Return the flow if the channel may be asked now, else ``None``."""
        flow = self._flow(backend_id)
        waits = flow.retry_at and flow.retry_at > fields.Datetime.now()
        return flow if flow and flow._is_running_out() and not waits else None

    def _flow(self, backend_id):
        flows = self.env["retail.backend"].browse(backend_id).flow_ids
        return flows.filtered(lambda f: f.direction == "out" and f.kind == self._flow_kind)[:1]

    def _open_attempt(self, backend_id):
        """Return the rows of the oldest attempt whose answer is not known, as they were sent."""
        states = self.env[self._state_model]
        first = states.search(
            [("backend_id", "=", backend_id), ("attempt_key", "!=", False)],
            order="attempted_at, id",
            limit=1,
        )
        return first and states.search(
            [("backend_id", "=", backend_id), ("attempt_key", "=", first.attempt_key)], order="id"
        )

    def _new_attempt(self, flow):
        """Compare what changed, or everything when that is due, and mark a batch of rows.

        One pass takes some of the changes; where none of them differs, another takes the rest.
        """
        backend = flow.backend_id
        if flow._is_read_due(fields.Datetime.now()):
            self._read_again(backend, forgive=flow.read_asked)
            flow._note_read()
        full = flow._is_full_due(fields.Datetime.now())
        changes = self.env["retail.change"]
        if full:
            changes._take(backend.id, self._flow_kind, None)
            self._compare(backend, None)
            flow._note_full_comparison()
        else:
            product_ids = changes._take(backend.id, self._flow_kind, CHANGES_AT_ONCE)
            if product_ids:
                self._compare(backend, product_ids)
        rows = self._take_batch(backend)
        self._solve_refusals(backend)
        if not rows and self._has_changes(backend.id):
            self._wake_after_commit(backend.id)
        return rows

    def _compare_later(self, backend, product_ids):
        """Leave products to the next passes: what takes minutes must not be one transaction."""
        self.env.cr.execute(
            "INSERT INTO retail_change (backend_id, kind, product_id) "
            "SELECT %s, %s, unnest(%s::int[])",
            [backend.id, self._flow_kind, list(product_ids)],
        )

    def _take_batch(self, backend):
        """Mark the next rows that differ; rows that need nothing any more are passed over."""
        limit = self._batch_of(backend._provider_class())
        while rows := self._due(backend, limit):
            wanted = self._attempt(backend, rows)
            if wanted:
                return wanted._mark(uuid.uuid4().hex)
        return self.env[self._state_model]

    def _due(self, backend, limit):
        """Return the next rows that differ and are not held back."""
        due = [
            ("backend_id", "=", backend.id),
            ("pending", "=", True),
            "|",
            ("held_until", "=", False),
            ("held_until", "<=", fields.Datetime.now()),
        ]
        return self.env[self._state_model].search(due, order="id", limit=limit)

    def _ask(self, backend_id, key, row_ids, changes):
        provider = self.env["retail.backend"]._build_provider(backend_id, key)
        return self._call(provider, changes, key)

    def _store(self, backend_id, attempt, answers):
        """Keep what the channel answered, item by item. Return whether to go on."""
        rows = self.env[self._state_model].browse(attempt["row_ids"])
        rows = rows.filtered(lambda row: row.attempt_key == attempt["key"])
        refused = self.env[self._state_model]
        verdicts = {Verdict.DONE: self._acknowledge, Verdict.STALE: self._stale}
        by_id = dict(zip(attempt["row_ids"], answers, strict=True))
        for row in rows:
            answer = by_id[row.id]
            handler = verdicts.get(answer.verdict)
            if handler:
                handler(row, answer)
            else:
                row._refuse(answer)
                refused |= row
        rows.write({"attempt_key": False, "attempts": 0})
        self._report_refused(backend_id, refused)
        self._solve_refusals(self.env["retail.backend"].browse(backend_id))
        self._flow(backend_id)._note_success()
        return True

    def _note_failure(self, backend_id, attempt, error):
        """Keep the attempt open and come back; show a person what does not pass by itself."""
        flow = self._flow(backend_id)
        # What our own gate held back comes when the gate says: waits that grew do not count.
        attempts = 1 if isinstance(error, GateClosedError) else flow.attempts + 1
        retry = decide_retry(error.error_class, attempts, random.Random(), error.retry_after)
        seconds = retry.seconds if retry else 900
        flow.write(
            {
                "last_error": str(error)[:500],
                "last_error_at": fields.Datetime.now(),
                "retry_at": fields.Datetime.now() + timedelta(seconds=seconds),
                "attempts": flow.attempts + (error.error_class != ErrorClass.RATE_LIMITED),
            }
        )
        if not retry:
            problem = self._failure(flow, error)
            self.env["retail.exception"]._report(flow.backend_id, problem, record=flow)
        self.env["retail.inbox.sweeper"]._sweep_at(flow.retry_at)
        return False

    def _failure(self, flow, error):
        return Problem(
            error_class=error.error_class,
            code="projection_failed",
            subject=flow.kind,
            title=self.env._("%(flow)s cannot be published", flow=flow.display_name),
            cause=str(error),
            fix=FIXES.get(error.error_class, "open_record"),
            fix_values={"res_model": "retail.flow", "res_id": flow.id},
        )

    # What a concrete projection says

    @api.model
    def _batch_of(self, provider_class):
        """Return how many items the vendor takes in one call."""
        raise NotImplementedError

    def _compare(self, backend, product_ids):
        """Mark the state rows that differ as pending, set-based; of all products for ``None``."""
        raise NotImplementedError

    def _read_again(self, backend, forgive=False):
        """Take nothing for known that may have been changed by hand in the channel.

        ``forgive``: what the channel refused is told once more.
        """
        raise NotImplementedError

    def _attempt(self, backend, rows):
        """Decide pending rows anew: return those to send with their attempted value written."""
        raise NotImplementedError

    def _changes(self, rows):
        """Return the provider's values of rows with an attempt, the same each time."""
        raise NotImplementedError

    def _call(self, provider, changes, key):
        """Send the changes; return the answers in their order."""
        raise NotImplementedError

    def _acknowledge(self, row, answer):
        """Keep what the channel now holds."""
        raise NotImplementedError

    def _stale(self, row, answer):
        """Decide again with what the channel said that it holds."""
        row.pending = True
