import logging
import time
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY

from odoo.addons.queue_job.exception import RetryableJobError

from ..decisions.problem import Problem
from ..providers.errors import ErrorClass
from .reservation_batch import BATCH, ReservationBatch

_logger = logging.getLogger(__name__)

# A job's own transaction stays open while it works and holds back vacuum: keep it short.
LANE_SECONDS = 20
CHUNK_MOVES = 100
CHUNK_TRIES = 5
GIVE_UP_AFTER = 5
LOCK_SPACE = 0x52435F57

CLAIM = """
    SELECT id FROM retail_reservation_request
     WHERE warehouse_id = %s
       AND (next_attempt_at IS NULL OR next_attempt_at <= now() AT TIME ZONE 'UTC')
     ORDER BY id LIMIT %s FOR UPDATE
"""


class RetailReservation(models.AbstractModel):
    """Reserves what imports confirmed: one lane per warehouse, in order of arrival.

    One writer per warehouse is what keeps parallel imports from fighting for the same quants, and
    arrival decides who gets the last piece.
    """

    _name = "retail.reservation"
    _description = "Retail Connector: reserving"
    _inherit = ["retail.job.mixin"]

    @api.model
    def _wake(self, warehouse_id):
        """Make sure that a job will look at this lane after now. Call it in a new transaction."""
        key = f"retail.reserve:{warehouse_id}"
        self.env.cr.execute(
            "SELECT FROM queue_job WHERE identity_key = %s "
            "AND state IN ('wait_dependencies', 'pending', 'enqueued') LIMIT 1",
            [key],
        )
        if self.env.cr.rowcount:
            return
        self._enqueue(
            self.env.ref("retail_connector_base.user_integration"),
            "_job_reserve",
            warehouse_id,
            identity_key=key,
            description=self.env._("Reserve stock of warehouse %(id)s", id=warehouse_id),
        )

    @api.model
    def _wake_after_commit(self, warehouse_id):
        """Wake a lane once this transaction is committed; twice in one transaction is once."""
        woken = self.env.cr.postcommit.data.setdefault("retail.reserve", set())
        if warehouse_id not in woken:
            woken.add(warehouse_id)
            self._after_commit("_wake", warehouse_id)

    @api.model
    def _sweep(self):
        """Wake every lane that owes a reservation; every minute."""
        self.env.cr.execute(
            "SELECT DISTINCT warehouse_id FROM retail_reservation_request "
            "WHERE next_attempt_at IS NULL OR next_attempt_at <= now() AT TIME ZONE 'UTC'"
        )
        for (warehouse_id,) in self.env.cr.fetchall():
            self._wake_after_commit(warehouse_id)

    def _job_reserve(self, warehouse_id):
        """Reserve for some seconds; a successor goes on where this job stopped."""
        with self._exclusive(LOCK_SPACE, warehouse_id):
            emptied = self._reserve_until(time.monotonic() + LANE_SECONDS, warehouse_id)
        if not emptied:
            self._wake_after_commit(warehouse_id)

    def _reserve_until(self, deadline, warehouse_id):
        """Reserve chunks; return True when nothing was left, False when time ran out."""
        while time.monotonic() < deadline:
            if not self._reserve_chunk(warehouse_id):
                return True
        return False

    def _reserve_chunk(self, warehouse_id):
        """Reserve one chunk; return whether there was any. Serialization failures are run again."""
        for _attempt in range(CHUNK_TRIES):
            try:
                return self._try_chunk(warehouse_id)
            except OperationalError as error:
                if error.pgcode not in PG_CONCURRENCY_ERRORS_TO_RETRY:
                    raise RetryableJobError(
                        "The database connection was lost.", seconds=2, ignore_retry=True
                    ) from error
                _logger.info("warehouse %s: %s, again", warehouse_id, type(error).__name__)
        raise RetryableJobError("Too much traffic.", seconds=1, ignore_retry=True)

    def _try_chunk(self, warehouse_id):
        with self.env.registry.cursor() as cr:
            lane = api.Environment(cr, self.env.uid, {}, su=True)[self._name]
            requests = lane._claim(warehouse_id)
            if requests:
                lane._reserve(requests)
            return bool(requests)

    @api.model
    def _claim(self, warehouse_id):
        self.env.cr.execute(CLAIM, [warehouse_id, CHUNK_MOVES])
        requests = self.env["retail.reservation.request"]
        return requests.browse(row[0] for row in self.env.cr.fetchall())

    def _reserve(self, requests):
        """Reserve the moves of these requests; what cannot be reserved is found by halving."""
        try:
            with self.env.cr.savepoint():
                self._assign(requests.move_id)
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 the job boundary of one move
            self._split(requests, error)
        else:
            requests._fulfil()

    def _assign(self, moves):
        """Reserve, then let reordering rules see the demand, which the import did not."""
        company = moves.company_id[:1]
        quiet = {"allowed_company_ids": company.ids, "tracking_disable": True}
        moves = moves.with_company(company).with_context(**quiet)
        waiting = moves.filtered(lambda move: move.state in ("confirmed", "partially_available"))
        batch = ReservationBatch(waiting)
        waiting.with_context(**{BATCH: batch})._action_assign()
        batch.apply()
        waiting._with_reordering_rule()._trigger_scheduler()

    def _split(self, requests, error):
        if len(requests) == 1:
            self._put_off(requests, error)
            return
        middle = len(requests) // 2
        self._reserve(requests[:middle])
        self._reserve(requests[middle:])

    def _put_off(self, request, error):
        """Try a move again later; show it to a person when that does not help."""
        _logger.warning("reserving move %s: %s", request.move_id.id, type(error).__name__)
        attempts = request.attempts + 1
        request.write(
            {
                "attempts": attempts,
                "next_attempt_at": fields.Datetime.now() + timedelta(minutes=2**attempts),
                "error": str(error)[:200],
            }
        )
        if attempts >= GIVE_UP_AFTER and request.backend_id:
            self._report(request)

    def _report(self, request):
        picking = request.move_id.picking_id
        problem = Problem(
            error_class=ErrorClass.DATA,
            code="reservation_failed",
            subject=str(request.move_id.id),
            title=self.env._("No stock can be reserved for %(name)s", name=picking.display_name),
            cause=request.error,
            fix="open_record",
        )
        record = picking or request.move_id
        self.env["retail.exception"]._report(request.backend_id, problem, record=record)
