import hashlib
import math
from dataclasses import replace
from datetime import timedelta, timezone

from odoo import api, fields, models

from odoo.addons.queue_job.exception import RetryableJobError

from ..decisions.problem import Problem
from ..providers import ConnectorError, ErrorClass, GateClosedError, Provider

LOCK_SPACE = 0x52435F50
FAILED = "poll_failed"
REFETCH_SECONDS = 30
FULL_SECONDS = 60
# What goes away by itself: the next run tries again.
PASSING = (ErrorClass.TRANSIENT, ErrorClass.RATE_LIMITED)


class RetailPoll(models.AbstractModel):
    """Reads a channel's own list into the inbox, page by page, resumable at every page.

    The channel is asked outside any transaction; each page and its cursor commit together.
    """

    _name = "retail.poll"
    _description = "Retail Poll"
    _inherit = ["retail.job.mixin"]

    # Polling and backfilling

    @api.model
    def _start(self, flow_id):
        """Enqueue the poll of a flow, in a transaction of its own."""
        flow = self.env["retail.flow"].browse(flow_id)
        self._enqueue(
            flow.backend_id.user_id,
            "_job_poll",
            flow_id,
            identity_key=f"retail.poll:{flow_id}",
            description=self.env._("Poll %(flow)s", flow=flow.display_name),
            priority=flow._job_priority(),
        )

    def _job_poll(self, flow_id):
        """Read everything that changed since the watermark less its overlap."""
        with self._exclusive(LOCK_SPACE, flow_id, seconds=30):
            begun = self._in_transaction("_begin", flow_id)
            if begun:
                self._read(flow_id, **begun)

    def _read(self, flow_id, backend_id, kind, cursor, since):
        try:
            provider = self.env["retail.backend"]._build_provider(backend_id)
            for page in provider.fetch(kind, cursor, since):
                self._in_transaction("_keep_page", flow_id, page)
                self._check_room(backend_id)
        except GateClosedError as error:
            # Nothing failed: the run goes on from its cursor when the gate opens.
            raise self._come_back(error) from error
        except ConnectorError as error:
            self._in_transaction("_note_failure", flow_id, error)
        else:
            self._in_transaction("_complete", flow_id)

    def _check_room(self, backend_id):
        """Go on later when much waits to be processed: a backfill must not crowd webhooks out."""
        if not self._in_transaction("_has_room", backend_id):
            raise RetryableJobError("Much waits.", seconds=FULL_SECONDS, ignore_retry=True)

    def _has_room(self, backend_id):
        return self.env["retail.backend"].browse(backend_id)._has_room_for_polls()

    def _in_transaction(self, method, *args):
        """Run a method of this model on a fresh cursor and commit it."""
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, self.env.uid, dict(self.env.context), su=True)
            return getattr(env[self._name], method)(*args)

    def _begin(self, flow_id):
        """Open the window to read, or go on with one that was interrupted."""
        flow = self.env["retail.flow"].browse(flow_id)
        if not flow.exists() or flow.paused or flow.backend_id.paused or not flow.can_poll:
            return None
        if not flow.cursor or flow.backfill_since:
            self._open_window(flow)
        since = flow.poll_since and flow.poll_since.replace(tzinfo=timezone.utc)
        return {
            "backend_id": flow.backend_id.id,
            "kind": flow.kind,
            "cursor": flow.cursor or "",
            "since": since or None,
        }

    def _open_window(self, flow):
        """Start at the watermark less its overlap, or where a backfill was asked to start."""
        overlap = timedelta(minutes=flow.overlap)
        since = flow.watermark - overlap if flow.watermark else False
        flow.write(
            {
                "poll_started_at": fields.Datetime.now(),
                "poll_since": flow.backfill_since or since,
                "backfill_since": False,
                "cursor": False,
                "polled_count": 0,
                "polled_total": 0,
            }
        )

    def _keep_page(self, flow_id, page):
        """Store a page and the cursor behind it; wake the lanes once both are committed."""
        flow = self.env["retail.flow"].browse(flow_id)
        backend = flow.backend_id
        lanes = self.env["retail.inbox.receiver"]._store_page(
            backend.id, backend.lane_count, page.messages, "poll"
        )
        flow.write(
            {
                "cursor": page.cursor,
                "polled_count": flow.polled_count + len(page.messages),
                "polled_total": page.total or flow.polled_total,
            }
        )
        for lane in lanes:
            self.env["retail.inbox.drain"]._wake_after_commit(backend.id, lane)

    def _complete(self, flow_id):
        """Move the watermark to the start of this run: later changes are read by the next."""
        flow = self.env["retail.flow"].browse(flow_id)
        flow.write(
            {
                "watermark": flow.poll_started_at,
                "cursor": False,
                "poll_started_at": False,
                "poll_since": False,
                "last_success_at": fields.Datetime.now(),
                "last_error": False,
            }
        )
        self.env["retail.exception"]._solved(flow.backend_id, [f"{FAILED}|{flow.kind}"])
        if flow.backfill_since:
            flow._start_after_commit()

    def _note_failure(self, flow_id, error):
        """Keep the cursor: the next run goes on from it. What a person must mend is shown."""
        flow = self.env["retail.flow"].browse(flow_id)
        flow.write({"last_error": str(error), "last_error_at": fields.Datetime.now()})
        if error.error_class not in PASSING:
            problem = self._problem_of(flow, error)
            self.env["retail.exception"]._report(flow.backend_id, problem, record=flow)

    def _problem_of(self, flow, error):
        fixes = {ErrorClass.AUTHENTICATION: "set_credential"}
        return Problem(
            error_class=error.error_class,
            code=FAILED,
            subject=flow.kind,
            title=self.env._("“%(kind)s” cannot be polled", kind=flow.kind),
            cause=str(error),
            fix=fixes.get(error.error_class, "open_backend"),
        )

    # Asking for one entity again

    @api.model
    def _refetch_after_commit(self, backend, kind, external_id):
        """Ask the channel for one entity once this transaction is committed, if it can be asked."""
        if self._can_refetch(backend):
            self._after_commit("_start_refetch", backend.id, kind, external_id)

    def _can_refetch(self, backend):
        """Tell whether the channel can be asked for one entity: who calls our API cannot."""
        provider = backend._provider_class()
        return provider is None or provider.fetch_one is not Provider.fetch_one

    def _start_refetch(self, backend_id, kind, external_id):
        backend = self.env["retail.backend"].browse(backend_id)
        self._enqueue(
            backend.user_id,
            "_job_refetch",
            backend_id,
            kind,
            external_id,
            identity_key=f"retail.refetch:{backend_id}:{kind}:{external_id}",
            description=self.env._("Fetch %(kind)s again", kind=kind),
            priority=self.env["retail.flow"]._most_urgent(backend_id, [kind]),
        )

    def _job_refetch(self, backend_id, kind, external_id):
        """Store what the channel holds of one entity now, as the word that counts."""
        try:
            provider = self.env["retail.backend"]._build_provider(backend_id)
            message = provider.fetch_one(kind, external_id)
        except ConnectorError as error:
            if error.error_class not in PASSING:
                raise
            raise self._come_back(error) from error
        if message:
            self._in_transaction("_keep_refetched", backend_id, message)

    def _come_back(self, error):
        """Return what makes the job come back, as soon as the other side wants to be asked."""
        seconds = math.ceil(error.retry_after or REFETCH_SECONDS)
        return RetryableJobError(str(error), seconds=seconds, ignore_retry=True)

    def _keep_refetched(self, backend_id, message):
        """Keep the answer even where a poll has read another content under the same version."""
        backend = self.env["retail.backend"].browse(backend_id)
        digest = hashlib.sha256(message.body).hexdigest()[:16]
        message = replace(message, event_id=f"{message.event_id}#{digest}", authoritative=True)
        lanes = self.env["retail.inbox.receiver"]._store_page(
            backend_id, backend.lane_count, [message], "refetch"
        )
        for lane in lanes:
            self.env["retail.inbox.drain"]._wake_after_commit(backend_id, lane)
