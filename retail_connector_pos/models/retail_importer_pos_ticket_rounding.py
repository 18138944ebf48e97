from decimal import Decimal

from odoo import models

from ..decisions.ticket_rounding import CashRounding, odoo_rounds
from .retail_importer_pos_ticket_lines import ROUNDING
from .ticket_draft import TicketLineDraft


class RetailImporterPosTicket(models.AbstractModel):
    """What a register rounds the payment by: Odoo's own cash rounding where the point of sale has
    one, a line without taxes where it has not."""

    _inherit = "retail.importer.pos_ticket"

    def _set_rounding(self, backend, draft):
        told = draft.ticket.rounding
        has_cash = any(tender.method and tender.method.is_cash_count for tender in draft.tenders)
        if odoo_rounds(told, self._own_rounding(draft.config), has_cash):
            draft.rounding = told
            return
        line = self._rounding_line(backend, told)
        draft.lines.append(line)
        if not line.product:
            draft.fail(self._missing_product_problem(backend, draft, line))

    def _own_rounding(self, config):
        """Return how a point of sale rounds, ``None`` when it does not."""
        method = config.rounding_method
        if not config.cash_rounding or not method:
            return None
        step = Decimal(str(method.rounding))
        return CashRounding(
            step, method.rounding_method == "HALF-UP", config.only_round_cash_method
        )

    def _rounding_line(self, backend, amount):
        return TicketLineDraft(
            ROUNDING, self.env._("Rounding"), Decimal(1),
            product=backend.rounding_product_id,
            taxes=self.env["account.tax"],
            price_unit=float(amount),
        )  # fmt: skip
