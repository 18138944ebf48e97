"""What an import knows about a ticket before it writes anything."""

from dataclasses import dataclass, field
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import PosTicket
from odoo.addons.retail_connector_base.decisions.outcome import InboundItem
from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, Problem


@dataclass
class TicketLineDraft:
    """An order line to be. ``source`` is the told line; a tip or a rounding has none.

    ``price_unit`` and ``discount`` (per cent) are what Odoo computes from; ``tax_amounts`` are the
    register's own by the id of the tax. ``refunded_line`` is the ``pos.order.line`` that is given
    back. ``subtotal`` and ``subtotal_incl`` are what Odoo computes, without and with tax.
    ``values`` are further values of the line to be.
    """

    external_id: str
    title: str
    quantity: Decimal
    source: object = None
    product: object = None
    taxes: object = None
    price_unit: float = 0.0
    discount: float = 0.0
    tax_amounts: dict[int, Decimal] = field(default_factory=dict)
    extra_tax_data: dict | None = None
    subtotal: float = 0.0
    subtotal_incl: float = 0.0
    refunded_line: object = None
    values: dict = field(default_factory=dict)

    @property
    def gross(self) -> Decimal:
        """What the line comes to before its discount, as the register tells it."""
        price = self.source.unit_price if self.source else Decimal(str(self.price_unit))
        return price * self.quantity

    @property
    def reduction(self) -> Decimal:
        """The discount of the whole line, signed like it."""
        return self.source.discount if self.source else Decimal(0)


@dataclass
class TenderDraft:
    """A payment to be, in the ticket's currency. ``is_change`` is cash given out of the drawer."""

    source: object
    amount: Decimal
    method: object = None
    is_change: bool = False
    values: dict = field(default_factory=dict)


@dataclass
class TicketDraft:
    """A ticket of a batch with all that was found for it; ``error`` says why it cannot be.

    ``settled`` are the external ids of tenders that are no payments in Odoo, because lines stand
    for them (a gift card that is used); whoever adds such lines names them there, before
    ``_price_lines``. ``rounding`` is what Odoo rounds the payment by; a rounding that it would not
    make is a line instead. ``sequence`` is our number for a ticket that has none, ``amount_tax``
    what Odoo computes. ``pending`` tells that a card was taken offline and is not known yet.
    """

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
    sellers: dict = field(default_factory=dict)
    lines: list[TicketLineDraft] = field(default_factory=list)
    tenders: list[TenderDraft] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)
    rounding: Decimal = Decimal(0)
    pending: bool = False
    amount_tax: Decimal = Decimal(0)
    sequence: int = 0
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

    @property
    def paid(self) -> Decimal:
        """What is paid in Odoo: the ticket's total less what lines stand for."""
        settled = (t.amount for t in self.ticket.tenders if t.external_id in self.settled)
        return self.ticket.total - sum(settled, Decimal(0))

    @property
    def due(self) -> Decimal:
        """What the order's lines come to, with tax and before Odoo rounds the payment."""
        return self.paid - self.rounding

    @property
    def is_refund(self) -> bool:
        """Whether money goes back to the customer."""
        return self.due < 0

    def fail(self, problem: Problem) -> None:
        """Note why the ticket cannot be imported; the first reason stays."""
        self.error = self.error or ImportProblem(problem)
