import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models

from ..decisions.problem import Problem
from ..providers.errors import ErrorClass
from .reservation_batch import BATCH, ReservationBatch

_logger = logging.getLogger(__name__)

CHUNK_MOVES = 100
GIVE_UP_AFTER = 5
LOCK_SPACE = 0x52435F57

CLAIM = """
    SELECT id FROM retail_reservation_request
     WHERE warehouse_id = %s
       AND (next_attempt_at IS NULL OR next_attempt_at <= now() AT TIME ZONE 'UTC')
     ORDER BY id LIMIT %s FOR UPDATE
"""

# What whoever holds the lane has not taken yet.
MORE_WAITS = """
    SELECT FROM retail_reservation_request
     WHERE warehouse_id = %s AND next_attempt_at IS NULL LIMIT 1 FOR KEY SHARE SKIP LOCKED
"""


class RetailReservation(models.AbstractModel):
    """Reserves what imports confirmed: one lane per warehouse, in order of arrival.

    One writer per warehouse is what keeps parallel imports from fighting for the same quants, and
    arrival decides who gets the last piece.
    """

    _name = "retail.reservation"
    _description = "Retail Connector: reserving"
    _inherit = ["retail.lane.mixin"]

    _lane_job = "_job_reserve"

    def _lane_user(self, warehouse_id):
        return self.env.ref("retail_connector_base.user_integration")

    def _lane_title(self, warehouse_id):
        return self.env._("Reserve stock of warehouse %(id)s", id=warehouse_id)

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
        """Reserve what is owed in a warehouse."""
        with self._lane_to_itself((LOCK_SPACE, warehouse_id), warehouse_id):
            self._run_chunks(warehouse_id)

    def _more_waits(self, cr, warehouse_id):
        """Override."""
        cr.execute(MORE_WAITS, [warehouse_id])
        return bool(cr.rowcount)

    def _try_chunk(self, warehouse_id):
        """Override: reserve one chunk."""
        requests = self._claim(warehouse_id)
        if requests:
            self._reserve(requests)
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
