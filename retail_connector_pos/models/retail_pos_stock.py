import logging

from psycopg2 import OperationalError

from odoo import api, models

from odoo.addons.retail_connector_base.fail_points import reach

from ..decisions.stock_batch import Leaving, batches, culprits
from .stock_swallowed import LATER, MOVING, GoodsNotMovedError, Swallowed

_logger = logging.getLogger(__name__)

CHUNK_ORDERS = 200

# In order of arrival; what has failed before is tried when its time has come.
CLAIM = """
    SELECT id FROM retail_pos_stock_request
     WHERE warehouse_id = %s
       AND (next_attempt_at IS NULL OR next_attempt_at <= now() AT TIME ZONE 'UTC')
     ORDER BY id LIMIT %s FOR UPDATE
"""


class RetailPosStock(models.AbstractModel):
    """Moves the goods of tickets: in micro-batches, exactly once, in the warehouse's one lane.

    A micro-batch makes one picking for each session, destination and sign, as Odoo does at the end
    of a session, so that session, margins and cost of goods come out as if it had.
    """

    _name = "retail.pos.stock"
    _description = "Retail Connector: goods of tickets"

    @api.model
    def _note(self, tickets):
        """Let the goods of imported tickets move; wake their warehouses' lanes after the commit.

        Call it once their orders, lines and days are written, and again when ``reversal_id`` of a
        ticket was set; called twice it does nothing. Tickets without goods stay as they are.
        """
        if not tickets:
            return
        requests = self.env["retail.pos.stock.request"].sudo()._request(tickets.sudo())
        requests.ticket_id.write({"stock_state": "waiting"})
        requests._note_level()
        for warehouse in requests.warehouse_id:
            self.env["retail.reservation"]._wake_after_commit(warehouse.id)

    @api.model
    def _move_some(self, warehouse_id):
        """Move a micro-batch; return whether any waited. The caller holds the warehouse's lane."""
        requests = self.env["retail.pos.stock.request"]
        requests.flush_model(["next_attempt_at"])
        self.env.cr.execute(CLAIM, [warehouse_id, CHUNK_ORDERS])
        requests = requests.browse(row[0] for row in self.env.cr.fetchall())
        if requests:
            self._move(requests)
            reach("retail.pos.stock.moved")
        return bool(requests)

    @api.model
    def _move(self, requests):
        """Move the goods of these requests; return those that stay, each of which was reported.

        What cannot move is found by halving, and does not hinder the others.
        """
        hopeless = requests.filtered(lambda request: request.order_id._lines_without_lots())
        errors = {request.id: self._no_lots(request) for request in hopeless}

        def works(request_ids):
            return self._try(requests.browse(request_ids), errors)

        found = requests - hopeless
        again = found.filtered("attempts")
        stayed = culprits((found - again).ids, works)
        for request in again:
            stayed += culprits(request.ids, works)
        failed = requests.browse([*hopeless.ids, *stayed])
        for request in failed:
            self._fail(request, errors[request.id])
        return failed

    def _try(self, requests, errors):
        """Move some goods together, or nothing; note the reason and tell whether they moved."""
        try:
            with self.env.cr.savepoint():
                self._pick(requests)
                requests._fulfil()
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 the job boundary of one order
            if not isinstance(error, GoodsNotMovedError):
                _logger.warning("moving goods of tickets: %s", type(error).__name__)
            errors[requests[0].id] = error
            return False
        return True

    # One micro-batch

    def _pick(self, requests):
        """Make and validate the pickings of these requests."""
        orders = self._quiet(requests.order_id)
        for batch in batches([self._leaving(order) for order in orders]):
            self._pick_batch(orders.browse(batch.order_ids), batch.destination_id)

    def _leaving(self, order):
        return Leaving(
            order_id=order.id,
            session_id=order.session_id.id,
            destination_id=order._stock_destination().id,
            alone=order._moves_alone(),
        )

    def _quiet(self, orders):
        """Return the orders such that moving their goods makes no noise."""
        company = orders.company_id
        context = {
            "allowed_company_ids": company.ids,
            "tracking_disable": True,
            "mail_notrack": True,
            MOVING: Swallowed(),
        }
        return orders.sudo().with_company(company).with_context(**context)

    def _pick_batch(self, orders, destination_id):
        if orders[0]._moves_alone():
            orders._pick_alone()
            return
        session = orders.session_id
        pickings = orders.env["stock.picking"].with_context(**{LATER: True})
        pickings = pickings._create_picking_from_pos_order_lines(
            destination_id, orders.lines, session.config_id.picking_type_id
        )
        pickings.write({"pos_session_id": session.id, "origin": session.name})
        pickings._check_moved()
