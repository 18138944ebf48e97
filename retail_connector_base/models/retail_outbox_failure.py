import logging
import random
import traceback

from odoo import api, fields, models

from ..decisions.outbox import CommandState, after_failure
from ..decisions.problem import Problem
from ..providers import ErrorClass, RejectedError

_logger = logging.getLogger(__name__)


class RetailOutboxFailure(models.AbstractModel):
    """Decides what becomes of a command that did not come through."""

    _name = "retail.outbox.failure"
    _description = "Retail Outbox: failures"

    @api.model
    def _record(self, command, error, in_doubt):
        """Write the state that a failure leads to, and the exception that a person sees.

        ``in_doubt``: the command may have had its effect.
        """
        inbox = self.env["retail.inbox.failure"]
        error_class, text = inbox._class_of(error), inbox._text(error)
        now = fields.Datetime.now()
        failing_for = now - (command.failing_since or now)
        exporter = command._exporter(command.kind)
        policy = exporter._retry_policy(command)
        following = after_failure(
            error, error_class, command.attempts, in_doubt, failing_for, random, policy
        )
        self._log(command, error)
        is_no = isinstance(error, RejectedError) and not in_doubt
        if is_no and exporter._takes_refusal(command, text):
            command._end_refused(text)
            return
        command._go_to(following, error_class, text)
        exporter._flow(command.backend_id)._note_command(text)
        exporter._on_failed(command, error, text)
        if following.state is CommandState.BLOCKED:
            self._show(command, self._problem_of(command, error_class, text))

    def _problem_of(self, command, error_class, text):
        if command.in_doubt:
            return self._doubt(command, error_class, text)
        return command._exporter(command.kind)._problem(command, error_class, text)

    def _doubt(self, command, error_class, text):
        return Problem(
            error_class=error_class,
            code="outcome_unknown",
            subject=command.idempotency_key,
            title=self.env._(
                "Nobody knows whether “%(kind)s” of %(entity)s arrived",
                kind=command.kind,
                entity=command.entity_key,
            ),
            cause=self.env._(
                "Asking the channel did not help: %(text)s Retry asks once more. If you find that "
                "it did not arrive, open the command and send it; if it did, cancel it.",
                text=text,
            ),
            fix="retry",
        )

    @api.model
    def _report_poison(self, command):
        """Block a command that killed its worker again and again."""
        command.write({"state": "blocked", "next_attempt_at": False, "error_class": "bug"})
        problem = Problem(
            error_class=ErrorClass.BUG,
            code="poison_command",
            subject=command.idempotency_key,
            title=self.env._("A command “%(kind)s” stops its worker", kind=command.kind),
            cause=self.env._(
                "The worker died %(count)s times while sending it.", count=command.crashes
            ),
            fix="retry",
        )
        self._show(command, problem)

    def _show(self, command, problem):
        record = self.env["retail.inbox.failure"]._record_of(problem) or command._document()
        self.env["retail.exception"]._report_command(command, problem, record)

    @api.model
    def _resolve(self, commands):
        """Resolve the exceptions whose last open command came through."""
        self.env["retail.exception"]._resolve_for(commands.filtered("exception_id"))

    def _log(self, command, error):
        # Without the error's own words: they may quote personal data.
        frames = "".join(traceback.format_tb(error.__traceback__))
        _logger.warning("command %s: %s\n%s", command.correlation_id, type(error).__name__, frames)
