from odoo import api, models

from ..decisions.outbox import USUAL, RetryPolicy
from ..decisions.problem import Problem


class RetailExporter(models.AbstractModel):
    """What an addon knows about the commands of a kind, beside how a vendor is told.

    An exporter of a kind is named ``retail.exporter.<kind>``, names its outgoing flow and the
    capability it needs, and overrides what it has to say.
    """

    _name = "retail.exporter"
    _description = "Retail Exporter"

    _flow_kind = None
    _capability = None

    @api.model
    def _flow(self, backend):
        """Return the outgoing flow that commands of this kind belong to, empty without one."""
        return backend.sudo().flow_ids.filtered(
            lambda flow: flow.direction == "out" and flow.kind == self._flow_kind
        )[:1]

    @api.model
    def _is_offered(self, backend):
        """Tell whether a backend takes these commands. A paused one keeps them for later."""
        provider = backend._provider_class()
        able = provider and self._capability in provider.capabilities
        return bool(able and backend.active and backend.state == "running" and self._flow(backend))

    @api.model
    def _is_wanted(self, command):
        """Tell whether a command still is to be sent; asked just before it is leased."""
        return True

    @api.model
    def _ready(self, commands):
        """Return those of some commands of this kind that are sent now; the rest is put off."""
        return commands

    @api.model
    def _retry_policy(self, command) -> RetryPolicy:
        """Return when a command is tried again, and how long."""
        return USUAL

    @api.model
    def _known_ids(self, command):
        """Return what is known at the other side and was not made by this command."""
        known = command._siblings().mapped("external_ids")
        return frozenset(external_id for ids in known for external_id in ids or ())

    @api.model
    def _on_done(self, command, result):
        """React to a command that had its effect, in the transaction that notes it."""

    @api.model
    def _on_failed(self, command, error, text):
        """React to an attempt that failed, in the transaction that notes it."""

    @api.model
    def _takes_refusal(self, command, text):
        """React to a clear no where that is an answer; return whether it was one.

        Then the command is over, and what comes after it of its entity goes on. Else it is blocked
        until a person decides.
        """
        return False

    @api.model
    def _on_cancelled(self, command):
        """React to a command that will not be sent."""

    @api.model
    def _problem(self, command, error_class, text):
        """Return what a person is told of a command that does not pass by itself."""
        return Problem(
            error_class=error_class,
            code=f"{command.kind}_{error_class.value}",
            subject=text,
            title=text,
            cause=self.env._(
                "The channel was not told. Correct the cause and retry: commands of other "
                "documents go on meanwhile."
            ),
            fix="retry",
        )
