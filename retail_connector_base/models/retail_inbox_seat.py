from contextlib import contextmanager

from odoo import models

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.jobrunner.channels import ChannelManager
from odoo.addons.queue_job.jobrunner.runner import _channels

from ..decisions.seats import capacity_of, seats_of
from .read_committed import read_committed

SEAT_SPACE = 0x52435F53
MOST_SEATS = 64
CHANNEL = "root.retail.drain"
PARAMETER = "retail_connector.drain_seats"
# A job that finds no seat is called by the one that leaves; this is for when nobody does.
SEAT_SECONDS = 10
# Moments of jobs have whole seconds.
PATIENCE = 1

CALL = """
    UPDATE queue_job SET eta = NULL
     WHERE uuid = (SELECT uuid FROM queue_job
                    WHERE state = 'pending' AND identity_key LIKE %s
                      AND eta > now() AT TIME ZONE 'UTC'
                    ORDER BY eta LIMIT 1 FOR UPDATE SKIP LOCKED)
"""


class RetailInboxDrain(models.AbstractModel):
    """Seats: how many jobs of one backend may run at once, so that a flood leaves a worker free."""

    _inherit = "retail.inbox.drain"

    @contextmanager
    def _seat(self, backend_id):
        """Hold one of a backend's seats while the block lasts.

        Who finds none comes back when a lane of the backend calls (``_call_back``), or later.
        """
        seats = self._seats(backend_id)
        if seats is None:
            yield
            return
        with read_committed(self.env.registry) as cr:
            if not any(self._try_lock(cr, SEAT_SPACE, backend_id * MOST_SEATS + n) for n in seats):
                raise RetryableJobError("No seat.", seconds=SEAT_SECONDS, ignore_retry=True)
            yield

    def _lane_patience(self, backend_id, lane):
        """Override: who leaves a worker free already gives way only when that was not enough."""
        seats, capacity = self._seats(backend_id), self._capacity()
        return PATIENCE if seats and capacity and len(seats) < capacity else 0

    def _seats(self, backend_id):
        """Return the numbers of a backend's seats, ``None`` if there is no limit."""
        wanted = self.env["ir.config_parameter"].sudo().get_param(PARAMETER) or "0"
        wanted = int(wanted) if wanted.isdecimal() else 0
        others_work = self.env["retail.inbox.lane"]._others_work(backend_id)
        seats = seats_of(self._capacity(), wanted, others_work)
        return seats and range(min(seats, MOST_SEATS))

    def _capacity(self):
        return capacity_of(ChannelManager.parse_simple_config(_channels()), CHANNEL)

    def _call_back(self, backend_id, lane):
        """Override: the job that has waited longest for a seat of this backend comes back too."""
        result = super()._call_back(backend_id, lane)
        with read_committed(self.env.registry) as cr:
            cr.execute(CALL, [self._lane_identity(backend_id, "%")])
        return result
