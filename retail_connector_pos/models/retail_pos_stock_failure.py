from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers import ErrorClass

from .stock_swallowed import GoodsNotMovedError

CODE = "goods_not_moved"


class RetailPosStock(models.AbstractModel):
    """What a person learns of goods that left the store and that Odoo did not move."""

    _inherit = "retail.pos.stock"

    @api.model
    def _fail(self, request, error):
        """Keep goods for another attempt; show them to a person."""
        known = isinstance(error, UserError)
        words = str(error) if known else self.env._("Error: %(name)s", name=type(error).__name__)
        request._put_off(words)
        problem = self._problem(request, words, ErrorClass.DATA if known else ErrorClass.BUG)
        reporter = self.env["retail.exception"].sudo()
        reporter._report(request.backend_id, problem, record=request.order_id)

    def _problem(self, request, words, error_class):
        order = request.order_id
        lines = order._lines_without_lots() or order.lines.filtered(
            lambda line: line.product_id.type == "consu"
        )
        return Problem(
            error_class=error_class,
            code=CODE,
            subject=str(order.id),
            title=self.env._(
                "%(ticket)s: %(products)s did not leave the stock",
                ticket=request.ticket_id.number or order.name,
                products=", ".join(lines.product_id.mapped("display_name")),
            ),
            cause=self.env._(
                "%(reason)s\nThe goods have left the store: they are not offered any more. Correct "
                "the cause, then try again; it is also tried again by itself. If the stock was "
                "put right by hand, dismiss this.",
                reason=words,
            ),
            fix="open_record",
            amount=Decimal(str(abs(sum(lines.mapped("price_subtotal_incl"))))),
            currency=order.currency_id.name,
        )

    def _no_lots(self, request):
        """Return why goods without their lot or serial number cannot move."""
        lines = request.order_id._lines_without_lots()
        return GoodsNotMovedError(
            self.env._(
                "%(products)s is kept by lot or serial number, and the register named none: enter "
                "it on the order's lines.",
                products=", ".join(lines.product_id.mapped("display_name")),
            )
        )

    @api.model
    def _solved(self, requests):
        """Resolve what was shown of goods that have moved by now."""
        for backend, found in requests.grouped("backend_id").items():
            fingerprints = [f"{CODE}|{order_id}" for order_id in found.order_id.ids]
            self.env["retail.exception"]._solved(backend, fingerprints)
