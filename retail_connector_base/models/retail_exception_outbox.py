from odoo import api, models

from ..decisions.fingerprint import fingerprint_of
from ..decisions.problem import Problem
from .retail_exception import COMMANDS_AT_REST


class RetailException(models.Model):
    """Exceptions that commands wait for."""

    _inherit = "retail.exception"

    @api.model
    def _report_command(self, command, problem: Problem, record=None):
        """Show a problem to a person and tie the command that waits for its solution to it."""
        exceptions, backend = self.sudo(), command.backend_id
        rates = exceptions._rates(backend, {problem.currency})
        rows = exceptions._rows(backend, [(problem, (), None)], record, rates)
        exception = exceptions._open_all(backend, rows, silent=set())[fingerprint_of(problem)]
        former = command.exception_id
        command.exception_id = exception
        exception._refresh()
        (former - exception)._settle()
        return exception

    def _waiting_commands(self):
        domain = [("exception_id", "in", self.ids), ("state", "not in", COMMANDS_AT_REST)]
        return self.env["retail.outbox.command"].search(domain, order="id")

    def action_open_commands(self):
        """Open the commands of this exception."""
        self.ensure_one()
        action = self.backend_id.action_open_commands()
        return action | {"domain": [("exception_id", "=", self.id)]}


class RetailOutboxCommand(models.Model):
    """What exceptions ask of commands, over and over: which of them still wait."""

    _inherit = "retail.outbox.command"

    _open_exception_index = models.Index(
        "(exception_id) WHERE exception_id IS NOT NULL AND state NOT IN ('done', 'cancelled')"
    )
