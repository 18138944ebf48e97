from decimal import Decimal

from odoo import api, models

from ..decisions.problem import Problem
from ..providers.errors import ErrorClass

CODE = "reservation_taken"


class RetailStolenReservation(models.AbstractModel):
    """Shows whose goods left with somebody else, and for how long they are missing."""

    _name = "retail.stolen.reservation"
    _description = "Retail Connector: reservations that were taken"

    @api.model
    def _report_lost(self, held, taker):
        """Report the moves that have less reserved than before; ask for their stock again."""
        lost = [move for move, before in held.items() if move.exists() and move.quantity < before]
        for move in lost:
            for binding in move.sale_line_id.order_id.retail_binding_ids:
                problem = self._problem(move, binding, taker)
                order = binding.odoo_id
                self.env["retail.exception"].sudo()._report(
                    binding.backend_id, problem, record=order
                )
        self.env["stock.move"].sudo().union(*lost)._request_reservation()

    def _problem(self, move, binding, taker):
        missing = move.product_uom_qty - move.quantity
        order, line = binding.odoo_id, move.sale_line_id
        taker_name = taker.picking_id.name or taker.move_id.reference or ""
        return Problem(
            error_class=ErrorClass.CONFLICT,
            code=CODE,
            subject=str(move.id),
            title=self.env._(
                "%(order)s lost its reservation of %(product)s",
                order=order.name,
                product=move.product_id.display_name,
            ),
            cause=self.env._(
                "%(taker)s took goods that were reserved for it: %(missing)s %(unit)s are missing. "
                "They are reserved again as soon as there are any; otherwise replenish, or agree "
                "with the customer.",
                taker=taker_name,
                missing=f"{missing:g}",
                unit=move.product_uom.name,
            ),
            fix="open_record",
            amount=Decimal(str(line.price_reduce_taxinc * missing)),
            currency=order.currency_id.name,
            comparison=(
                (self.env._("Ordered"), f"{move.product_uom_qty:g}", f"{move.quantity:g}"),
            ),
        )

    @api.model
    def _sweep(self):
        """Resolve what found its goods, was shipped or is not wanted any more; every minute."""
        open_ones = self.env["retail.exception"].search(
            [("code", "=", CODE), ("state", "=", "open")]
        )
        for backend, found in open_ones.grouped("backend_id").items():
            ids = {int(one.fingerprint.split("|")[1]): one.fingerprint for one in found}
            moves = self.env["stock.move"].browse(ids).exists()
            waiting = moves.filtered(lambda m: m.state in ("confirmed", "partially_available"))
            solved = [key for id_, key in ids.items() if id_ not in waiting.ids]
            if solved:
                self.env["retail.exception"]._solved(backend, solved)
