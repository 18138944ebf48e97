"""What is known of a credit note before it is made."""

from dataclasses import dataclass, field
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import minor_unit

from ..decisions.refund_tie import Account, Computation, TieVerdict, judge_refund


@dataclass
class CreditLine:
    """One line of a credit note. ``template`` is the invoice line that it takes back, or a part of.

    ``gross`` is with tax. ``tax`` is the channel's, ``None`` where its rates decide.
    ``takes_units``: its units leave what the order line has invoiced. ``kind`` and ``key`` say what
    of the refund it is.
    """

    kind: str
    key: str
    label: str
    template: object
    quantity: Decimal
    gross: Decimal
    tax: Decimal | None
    takes_units: bool = False
    tax_amounts: dict[int, Decimal] | None = None
    bases: dict[int, float] = field(default_factory=dict)
    values: dict = field(default_factory=dict)


@dataclass
class CreditDraft:
    """A credit note to be. ``told`` and ``paid`` are in one currency, ``told_currency``.

    ``sets_off``: what did not go back may have been set off against other goods (an exchange).
    """

    currency: object
    told: Decimal
    paid: Decimal
    told_currency: str
    amount: Decimal
    paid_amount: Decimal
    lines: list[CreditLine] = field(default_factory=list)
    waits: bool = False
    account: Account | None = None
    sets_off: bool = False

    def amounts(self) -> dict:
        """Return what the binding keeps of it."""
        return {
            "currency_id": self.currency.id,
            "amount": float(self.amount),
            "paid_amount": float(self.paid_amount),
        }

    def invoices(self):
        """Return the invoices that lines of it take back."""
        return self.lines[0].template.move_id.union(*(line.template.move_id for line in self.lines))

    def sale_line(self):
        """Return an order line that it belongs to."""
        return self.lines[0].template.sale_line_ids[:1]

    def line_values(self) -> list[dict]:
        """Return the values of its lines."""
        return [line.values for line in self.lines]

    def effect(self) -> list[list[str]]:
        """Return what it takes back, as later refunds of the order need it."""
        return [
            [line.kind, line.key, str(line.quantity if line.takes_units else line.gross)]
            for line in self.lines
        ]

    @property
    def expected(self) -> Decimal:
        """What the lines come to, with taxes."""
        return sum((line.gross for line in self.lines), Decimal(0))

    @property
    def expected_tax(self) -> Decimal:
        """What the taxes of the lines come to."""
        return sum((line.tax for line in self.lines if line.tax is not None), Decimal(0))

    def verdict(self, move=None) -> TieVerdict:
        """Compare what was told, what went back and what the document comes to."""
        ours, ours_tax = self._of(move) if move else (self.expected, self.expected_tax)
        found = Computation(self.told, self.paid, self.expected, ours, self.expected_tax, ours_tax)
        # What was never paid need not go back either.
        asks_account = self.sets_off or not self.lines
        return judge_refund(found, self.account if asks_account else None)

    def ties(self, move) -> bool:
        """Tell whether the document may be posted."""
        return self.verdict(move) is TieVerdict.TIES

    def is_settled(self) -> bool:
        """Tell whether a refund without a credit note is right."""
        return self.verdict() is TieVerdict.TIES

    def comparison(self, move=None) -> list[tuple[str, str, str]]:
        """Return rows of what, the channel's amount, and Odoo's."""
        env = self.currency.env
        ours, ours_tax = self._of(move) if move else (Decimal(0), Decimal(0))
        rows = [
            (env._("Lines and adjustments"), self._text(self.told, self.told_currency), "–"),
            (env._("What went back"), self._text(self.paid, self.told_currency), "–"),
            (env._("Credit note"), self._text(self.expected), self._text(ours)),
            (env._("Its taxes"), self._text(self.expected_tax), self._text(ours_tax)),
        ]
        return rows + self._line_rows(move)

    def _line_rows(self, move):
        products = move.invoice_line_ids if move else ()
        products = [line for line in products if line.display_type == "product"]
        products = sorted(products, key=lambda line: line.sequence)
        totals = [self._text(self._exact(line.price_total)) for line in products]
        totals += ["–"] * (len(self.lines) - len(totals))
        return [
            (line.label, self._text(line.gross), ours)
            for line, ours in zip(self.lines, totals, strict=False)
        ]

    def _text(self, amount, currency=None):
        """Write an amount with the decimal places of its currency."""
        code = currency or self.currency.name
        return f"{amount.quantize(minor_unit(code))} {code}"

    def _of(self, move):
        return self._exact(move.amount_total), self._exact(move.amount_tax)

    def _exact(self, amount):
        return Decimal(str(amount)).quantize(minor_unit(self.currency.name))
