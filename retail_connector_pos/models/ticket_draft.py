"""What an import knows about a ticket before it writes anything."""

from dataclasses import dataclass, field
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import PosTicket
from odoo.addons.retail_connector_base.decisions.outcome import InboundItem
from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, Problem


@dataclass
class TicketLineDraft:
    """An order line to be. ``source`` is the told line; a tip or a rounding has none.

    ``price_unit`` and ``discount`` (per cent) are what Odoo computes from; ``refunded_line`` is the
    ``pos.order.line`` that is given back. ``values`` are further values of the line to be.
    """

    external_id: str
    title: str
    quantity: Decimal
    source: object = None
    product: object = None
    taxes: object = None
    price_unit: float = 0.0
    discount: float = 0.0
    refunded_line: object = None
    values: dict = field(default_factory=dict)


@dataclass
class TenderDraft:
    """A payment to be, in the ticket's currency."""

    source: object
    amount: Decimal
    method: object = None


@dataclass
class TicketDraft:
    """A ticket of a batch with all that was found for it; ``error`` says why it cannot be."""

    item: InboundItem
    binding: object
    store: object = None
    register: object = None
    config: object = None
    currency: object = None
    day: object = None
    posted_day: object = None
    session: object = None
    partner: object = None
    cashier: object = None
    lines: list[TicketLineDraft] = field(default_factory=list)
    tenders: list[TenderDraft] = field(default_factory=list)
    order: object = None
    note: str = ""
    error: Exception | None = None

    @property
    def ticket(self) -> PosTicket:
        """The ticket as the register told it."""
        return self.item.canonical

    @property
    def is_void(self) -> bool:
        """Whether the ticket was voided at the register: it has no effect."""
        return self.ticket.voided

    def fail(self, problem: Problem) -> None:
        """Note why the ticket cannot be imported; the first reason stays."""
        self.error = self.error or ImportProblem(problem)
