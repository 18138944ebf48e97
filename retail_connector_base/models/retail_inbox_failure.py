import logging
import random
import traceback
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..decisions.problem import ImportProblem, MissingParentError, Problem
from ..decisions.retry import decide_retry
from ..providers import ConnectorError, ErrorClass, GateClosedError, MalformedPayloadError

_logger = logging.getLogger(__name__)

WAITING_HOURS = 24
WAITING_SECONDS = 120


class RetailInboxFailure(models.AbstractModel):
    """Decides what becomes of a message that could not be imported."""

    _name = "retail.inbox.failure"
    _description = "Retail Inbox: failures"

    @api.model
    def _record(self, message, error):
        """Write the state that a failure leads to, and the exception that a person sees."""
        if isinstance(error, MissingParentError):
            return self._wait(message, error)
        if isinstance(error, MalformedPayloadError):
            return self._bury(message, "quarantined", self._malformed(message, error))
        error_class = self._class_of(error)
        retry_after = getattr(error, "retry_after", None)
        # What our own gate held back comes when the gate says: waits that grew do not count.
        counts = not isinstance(error, GateClosedError)
        attempts = message.attempts + 1 if counts else 1
        retry = decide_retry(error_class, attempts, random, retry_after)
        if retry:
            self._log(message, error)
            return message._retry_in(retry.seconds, error_class, self._text(error), counts)
        if not isinstance(error, ImportProblem):
            self._log(message, error)
        return self._bury(message, "blocked", self._problem_of(message, error, error_class))

    def _wait(self, message, error):
        deadline = fields.Datetime.now() + timedelta(hours=WAITING_HOURS)
        message._wait_for(error.entity_key, WAITING_SECONDS, deadline)

    def _bury(self, message, state, problem):
        message._die(state, problem.error_class, problem.title)
        self.env["retail.exception"]._report(
            message.backend_id, problem, messages=message, record=self._record_of(problem)
        )

    def _record_of(self, problem):
        """Return the document that a problem is about, where it names one."""
        model, record_id = problem.fix_values.get("res_model"), problem.fix_values.get("res_id")
        return self.env[model].browse(record_id).exists() if model else None

    @api.model
    def _class_of(self, error):
        """Return the class of an error. What Odoo tells the user is about the data."""
        if isinstance(error, ConnectorError):
            return error.error_class
        return ErrorClass.DATA if isinstance(error, UserError) else ErrorClass.BUG

    def _text(self, error):
        """Return words fit for a person. Foreign exceptions may quote personal data: name them."""
        if isinstance(error, ConnectorError | UserError):
            return str(error)
        return self.env._("Unexpected error: %(name)s", name=type(error).__name__)

    def _log(self, message, error):
        # Without the error's own words: they may quote the payload.
        frames = "".join(traceback.format_tb(error.__traceback__))
        _logger.warning("message %s: %s\n%s", message.correlation_id, type(error).__name__, frames)

    def _problem_of(self, message, error, error_class):
        if isinstance(error, ImportProblem):
            return error.problem
        return Problem(
            error_class=error_class,
            code=f"{message.kind}_{error_class.value}",
            subject=self._text(error),
            title=self._text(error),
            cause=self.env._(
                "The message could not be imported. Nothing of it exists in Odoo. Correct the "
                "cause and retry."
            ),
            fix="retry",
        )

    def _malformed(self, message, error):
        return Problem(
            error_class=ErrorClass.DATA,
            code="malformed",
            subject=message.correlation_id,
            title=self.env._("A message of “%(topic)s” cannot be understood", topic=message.topic),
            cause=str(error),
            fix="retry",
        )

    @api.model
    def _report_conflict(self, message):
        """Show that one event came twice with different content."""
        problem = Problem(
            error_class=ErrorClass.CONFLICT,
            code="event_conflict",
            subject=message.event_id,
            title=self.env._("Event %(event)s came with two contents", event=message.event_id),
            cause=self.env._(
                "The first one was processed, the second is kept beside it and was not."
            ),
        )
        self.env["retail.exception"]._report(message.backend_id, problem, messages=message)

    @api.model
    def _report_poison(self, message):
        """Block a message that killed its worker again and again."""
        problem = Problem(
            error_class=ErrorClass.BUG,
            code="poison",
            subject=message.correlation_id,
            title=self.env._("A message of “%(topic)s” stops its worker", topic=message.topic),
            cause=self.env._(
                "The worker died %(count)s times while importing it.", count=message.crashes
            ),
            fix="retry",
        )
        self._bury(message, "blocked", problem)

    @api.model
    def _expire(self, messages):
        """Block messages whose parent never came."""
        for message in messages:
            problem = Problem(
                error_class=ErrorClass.DATA,
                code="parent_missing",
                subject=message.waiting_key or "",
                title=self.env._("%(parent)s never came", parent=message.waiting_key),
                cause=self.env._("Other messages wait for it. Poll the channel, then retry."),
                fix="retry",
            )
            self._bury(message, "blocked", problem)

    @api.model
    def _resolve(self, messages):
        """Resolve the exceptions whose last open message came through."""
        open_ones = messages.filtered("exception_id")
        if open_ones:
            self.env["retail.exception"]._resolve_for(open_ones)
