import logging
import os
import socket
import time

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import models

from ..fail_points import reach
from ..providers import ConnectorError
from .outbox_lease import Batch, Lease
from .retail_lane_mixin import RERUN
from .retail_outbox_state import LEASE_SECONDS

_logger = logging.getLogger(__name__)

# Commands leased at once; what cannot be begun with this many seconds left is put back.
BATCH = 10
CALL_SECONDS = 35


class RetailOutboxSender(models.AbstractModel):
    """The steps of sending, each a transaction of its own: take, store, put back."""

    _inherit = "retail.outbox.sender"

    def _lease(self, backend_id, lane):
        """Take the next commands that are still wanted."""
        backend = self.env["retail.backend"].browse(backend_id)
        if not backend._is_processing():
            return Batch(found=False)
        commands = self.env["retail.outbox.command"]
        commands._expire_leases(backend_id, lane)
        found = commands._claim(backend_id, lane, self._most_at_once(backend))
        wanted = self._ready(found.filtered(self._is_still_wanted))
        if not wanted:
            return Batch(bool(found))
        try:
            provider = backend._provider()
        except ConnectorError as error:
            for command in wanted:
                self.env["retail.outbox.failure"]._record(command, error, command.in_doubt)
            return Batch(found=True)
        return self._taken(wanted, provider)

    def _most_at_once(self, backend):
        """Return how many commands are leased at once: more where more go out as one request."""
        provider = backend._provider_class()
        return max(BATCH, *provider.batches.values(), 0) if provider else BATCH

    def _ready(self, commands):
        """Return what is sent now, in its order; exporters put off the rest."""
        ready = commands.browse()
        for kind, found in commands.grouped("kind").items():
            ready |= commands._exporter(kind)._ready(found)
        return commands & ready

    def _taken(self, commands, provider):
        readable, states = commands.filtered(self._is_readable), {}
        for command in readable:
            states[command.id] = command.state
        readable._lease(f"{socket.gethostname()}:{os.getpid()}")
        leases = [self._lease_of(command, states[command.id]) for command in readable]
        until = time.monotonic() + LEASE_SECONDS - CALL_SECONDS
        return Batch(found=True, leases=tuple(leases), provider=provider, until=until)

    def _lease_of(self, command, state):
        return Lease(
            command_id=command.id,
            token=command.fencing_token,
            command=command._command(),
            key=command.idempotency_key,
            correlation_id=command.correlation_id,
            in_doubt=command.in_doubt,
            state=state,
            was_asked=bool(command.asked_count),
        )

    def _is_still_wanted(self, command):
        """Cancel what is not wanted any more, unless it may have had its effect already."""
        if command.in_doubt:
            return True
        exporter = self._as_backend(command._exporter(command.kind), command)
        wanted = self._guarded(command, exporter._is_wanted, command, in_doubt=False)
        if wanted is False:
            command._cancel(self.env._("It was not wanted any more when it was its turn."))
        return bool(wanted)

    def _is_readable(self, command):
        """Block what this release cannot read (a kind of an addon that was removed)."""
        return self._guarded(command, command._command, in_doubt=command.in_doubt) is not None

    def _guarded(self, command, call, *args, in_doubt):
        """Call what may fail for one command; record the failure and return ``None`` then."""
        try:
            with self.env.cr.savepoint():
                return call(*args)
        except OperationalError:
            raise
        except Exception as error:  # the job boundary of one command
            if isinstance(error, UniqueViolation) and self.env.context.get(RERUN):
                raise
            self.env["retail.outbox.failure"]._record(command, error, in_doubt)
        return None

    def _put_back(self, _backend_id, _lane, leases):
        """Give leases back whose commands were not begun."""
        for lease in leases:
            self._settle(lease, lease.state)

    def _store(self, _backend_id, _lane, lease, result, asked):
        """Keep what a command made."""
        reach("outbox.storing", (lease.command.entity_key,))
        command = self._settle(lease, "done")
        if not command:
            return
        command.asked_count += asked
        self._guarded(command, self._finish, command, result, in_doubt=True)

    def _finish(self, command, result):
        command._finish(result)
        exporter = self._as_backend(command._exporter(command.kind), command)
        exporter._on_done(command, result)
        exporter._flow(command.backend_id)._note_command()
        self.env["retail.outbox.failure"]._resolve(command)
        command._siblings_of_all()._wake_after_commit()

    def _store_absence(self, _backend_id, _lane, lease):
        """Note that the other side knows nothing of a command."""
        command = self._settle(lease, "pending")
        if command:
            command.asked_count += 1
            command._had_no_effect()

    def _store_failure(self, _backend_id, _lane, lease, error, in_doubt, asked):
        """Keep that it did not work."""
        command = self._settle(lease, lease.state)
        if command:
            command.asked_count += asked
            self.env["retail.outbox.failure"]._record(command, error, in_doubt)

    def _known_ids(self, _backend_id, _lane, lease):
        command = self.env["retail.outbox.command"].browse(lease.command_id)
        return command._exporter(command.kind)._known_ids(command)

    def _settle(self, lease, state):
        command = self.env["retail.outbox.command"]._settle(lease.command_id, lease.token, state)
        if not command:
            _logger.warning("command %s: its lease was lost", lease.correlation_id)
        return command

    def _as_backend(self, model, command):
        """Return a model as the backend's own user sees it."""
        backend = command.backend_id
        model = model.with_user(backend.user_id).sudo().with_company(backend.company_id)
        return model.with_context(allowed_company_ids=backend.company_id.ids)
