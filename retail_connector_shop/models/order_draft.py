"""What an import knows about an order before it writes anything."""

from dataclasses import dataclass, field
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import Order
from odoo.addons.retail_connector_base.decisions.discount import PriceExpression
from odoo.addons.retail_connector_base.decisions.order_amounts import LineAmounts
from odoo.addons.retail_connector_base.decisions.order_edit import EditPlan, LineState
from odoo.addons.retail_connector_base.decisions.outcome import InboundItem
from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, Problem


@dataclass
class LineDraft:
    """A sale order line to be. ``part`` and ``external_id`` identify it within its order."""

    part: str
    external_id: str
    source: object
    title: str
    amounts: LineAmounts
    product: object = None
    taxes: object = None
    tax_amounts: dict[int, Decimal] = field(default_factory=dict)
    price: PriceExpression | None = None
    extra_tax_data: dict | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The identity of the line within its order."""
        return self.part, self.external_id

    @property
    def reduced_price(self) -> float:
        """The unit price after discount."""
        return self.price.price_unit * (1 - self.price.discount / 100)

    def state(self) -> LineState:
        """Return what can be edited of the line, for the comparison with what was imported."""
        return LineState(
            self.product.id,
            float(self.amounts.quantity),
            self.reduced_price,
            frozenset(self.taxes.ids),
        )


@dataclass
class OrderDraft:
    """An order of a batch with all that was found for it; ``error`` says why it cannot be."""

    item: InboundItem
    binding: object
    presentment: bool
    currency: object = None
    lines: list[LineDraft] = field(default_factory=list)
    partner: object = None
    invoice_partner: object = None
    shipping_partner: object = None
    plan: EditPlan | None = None
    error: Exception | None = None

    @property
    def order(self) -> Order:
        """The order as the channel told it."""
        return self.item.canonical

    @property
    def is_cancelled(self) -> bool:
        """Whether the order is over: cancelled there, or here before."""
        gone = bool(self.binding) and self.binding.state == "cancelled"
        return gone or self.order.cancelled_at is not None

    @property
    def currency_code(self) -> str:
        """The currency that the order is made in."""
        return self.order.presentment_currency if self.presentment else self.order.currency

    @property
    def country(self) -> str | None:
        """The country that the order goes to, which decides about its taxes."""
        address = self.order.shipping_address or self.order.billing_address
        return address.country_code if address else None

    @property
    def total(self) -> Decimal:
        """What the channel says that the order comes to."""
        return self.order.total.side(self.presentment).amount

    def fail(self, problem: Problem) -> None:
        """Note why the order cannot be imported; the first reason stays."""
        self.error = self.error or ImportProblem(problem)
