from odoo import models

from ..decisions.outbox import leaves_in_doubt, together
from ..fail_points import reach
from ..providers import RejectedError


class RetailOutboxSender(models.AbstractModel):
    """Commands that go out as one request: leased one by one, answered one by one."""

    _inherit = "retail.outbox.sender"

    def _next_of(self, provider, leases):
        """Return the first leases that are carried out next: one, or what goes out with it.

        What is in doubt is asked about alone, and what was asked about before is sent alone.
        """
        kinds = [
            None if lease.in_doubt or lease.was_asked else lease.command.kind for lease in leases
        ]
        return leases[: together(kinds, provider.batches)]

    def _carry_out_all(self, backend_id, lane, provider, leases):
        """Carry out some commands as one request; store what became of each."""
        if len(leases) == 1:
            self._carry_out(backend_id, lane, provider, leases[0])
            return
        answers = self._answers(provider, leases)
        reach("outbox.called", (lease.command.entity_key for lease in leases))
        for lease, answer in zip(leases, answers, strict=True):
            self._store_answer(backend_id, lane, provider, lease, answer)

    def _store_answer(self, backend_id, lane, provider, lease, answer):
        if isinstance(answer, RejectedError):
            # What was done already is refused as well: then it is found.
            answer = self._found_after(answer, backend_id, lane, provider, lease) or answer
        if isinstance(answer, Exception):
            in_doubt = leaves_in_doubt(answer)
            self._apart(backend_id, lane, "_store_failure", lease, answer, in_doubt, 0)
        else:
            self._apart(backend_id, lane, "_store", lease, answer, 0)

    def _answers(self, provider, leases):
        """Return a result or an error for each; what concerns the request is the answer to all."""
        try:
            answers = provider.send_many([(lease.command, lease.key) for lease in leases])
        except Exception as error:  # noqa: BLE001 the job boundary of one request
            return [error] * len(leases)
        if len(answers) != len(leases):
            # Nobody can tell which answer belongs to which: each is asked about.
            return [RuntimeError("a batch was answered with another number of answers")] * len(
                leases
            )
        return answers
