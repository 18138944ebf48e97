"""A backend that takes commands, really committed, and what is owed to it."""

import os
import tempfile
from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.queue_job.exception import RetryableJobError

from ..canonical import Fulfill, ShipmentLine
from ..models import retail_outbox_failure
from .common import CommittedCase, offer_sample_provider
from .sample_provider import Ledger, SendingProvider


def fulfill(order="1", quantity=1, reference="OUT/1"):
    """Return a command about an order of the sample vendor."""
    return Fulfill(
        order_external_id=order,
        reference=reference,
        lines=(ShipmentLine(order_line_external_id="L1", quantity=quantity),),
    )


class LatestMoment:
    """Chance that always picks the longest wait, so that no test meets a retry that is due."""

    @staticmethod
    def uniform(_low, high):
        """Return the upper end."""
        return high


class OutboxCase(CommittedCase):
    """Commands with real cursors: what tests see is what other processes would see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry, SendingProvider))

    def setUp(self):
        super().setUp()
        handle, path = tempfile.mkstemp()
        os.close(handle)
        self.addCleanup(os.unlink, path)
        self.ledger = SendingProvider.ledger = Ledger(path)
        SendingProvider.manners, SendingProvider.replies, SendingProvider.calls = [], [], []
        self.startPatcher(patch.object(retail_outbox_failure, "random", LatestMoment))

    def _clean_up(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM retail_outbox_command WHERE backend_id = %s", [self.backend_id])
        return super()._clean_up()

    @contextmanager
    def commands(self):
        """Yield the commands of the backend in the order they were put; committed."""
        with self.committed() as env:
            found = env["retail.outbox.command"].search(
                [("backend_id", "=", self.backend_id)], order="id"
            )
            yield found

    def put(self, key="k1", command=None):
        """Owe the backend a command; committed."""
        with self.committed() as env:
            backend = env["retail.backend"].browse(self.backend_id)
            return env["retail.outbox.command"]._put(backend, command or fulfill(), key).id

    def send(self, wait=True):
        """Run the lane's job; with ``wait``, what is to come back later is due at once."""
        if wait:
            self.let_time_pass()
        with self.committed() as env:
            try:
                env["retail.outbox.sender"]._job_send(self.backend_id, 0)
            except RetryableJobError as error:
                return error
        return None

    def let_time_pass(self):
        """Make everything due that waits for its time, leases excepted."""
        self.execute("UPDATE retail_outbox_command SET next_attempt_at = NULL")

    def lose_leases(self):
        """Let the leases of lost workers run out."""
        self.execute(
            "UPDATE retail_outbox_command SET leased_until = now() AT TIME ZONE 'UTC' "
            "- interval '1 second' WHERE state = 'leased'"
        )

    def execute(self, query, *parameters):
        """Run one statement; committed."""
        with self.registry.cursor() as cr:
            cr.execute(query, parameters)

    def value(self, field):
        """Return a field's values of all commands in order."""
        with self.registry.cursor() as cr:
            cr.execute(
                f"SELECT {field} FROM retail_outbox_command WHERE backend_id = %s ORDER BY id",
                [self.backend_id],
            )
            return [row[0] for row in cr.fetchall()]

    def command_states(self):
        """Return the states of all commands in order."""
        return self.value("state")

    def exceptions(self):
        """Return (code, state, number of occurrences) of the backend's exceptions."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT code, state, occurrence_count FROM retail_exception "
                "WHERE backend_id = %s ORDER BY id",
                [self.backend_id],
            )
            return cr.fetchall()
