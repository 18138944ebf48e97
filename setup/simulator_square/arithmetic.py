"""What an order comes to, as Square computes it.

Source: developer.squareup.com/docs/orders-api/how-it-works and /apply-taxes-and-discounts:
discounts first (percentages before amounts), then charges, then taxes on what is left, rounded half
to even line by line; what is of the whole order is shared out among its lines by their worth.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

Row = dict[str, Any]
_PERCENT = Decimal(100)


def money(amount: int, currency: str) -> Row:
    """Return an amount as the API writes it."""
    return {"amount": amount, "currency": currency}


def whole(value: Decimal) -> int:
    """Round to the minor unit."""
    return int(value.quantize(Decimal(1), ROUND_HALF_EVEN))


def share(amount: int, weights: Sequence[int]) -> list[int]:
    """Share an amount out by weights, so that the parts add up to it."""
    together = sum(weights)
    if not together:
        return [amount if not index else 0 for index in range(len(weights))]
    exact = [Decimal(amount) * weight / together for weight in weights]
    parts = [int(value) for value in exact]
    left = amount - sum(parts)
    step = 1 if left > 0 else -1
    order = sorted(range(len(parts)), key=lambda at: (abs(exact[at] - parts[at]), at), reverse=True)
    for at in order[: abs(left)]:
        parts[at] += step
    return parts


class Sums:
    """Computes one order, whose amounts are filled in."""

    def __init__(self, order: Row, currency: str) -> None:
        self._order, self._currency = order, currency
        self._lines = order.get("line_items") or []
        self._left: list[int] = []
        self._taken: list[int] = [0] * len(self._lines)
        self._apportioned: list[int] = [0] * len(self._lines)

    def fill_in(self, tip: int = 0, rounding: int = 0) -> Row:
        """Compute all of an order."""
        for line in self._lines:
            self._left.append(self._gross(line))
        for discount in self._order.get("discounts") or ():
            self._discount(discount)
        self._apportion()
        for line, left, taken, part in zip(
            self._lines, self._left, self._taken, self._apportioned, strict=True
        ):
            self._line(line, left, taken, part)
        self._charge()
        self._total(tip, rounding)
        return self._order

    def _money(self, amount: int) -> Row:
        return money(amount, self._currency)

    def _gross(self, line: Row) -> int:
        quantity = Decimal(line["quantity"])
        base = whole(line["base_price_money"]["amount"] * quantity)
        line["variation_total_price_money"] = self._money(base)
        for modifier in line.get("modifiers") or ():
            count = Decimal(modifier.get("quantity", "1"))
            extra = whole(modifier["base_price_money"]["amount"] * count * quantity)
            modifier["total_price_money"] = self._money(extra)
            base += extra
        line["gross_sales_money"] = self._money(base)
        return base

    def _on(self, kind: str, uid: str) -> list[int]:
        """Return the places of the lines that a discount, tax or charge is applied to."""
        key, name = f"applied_{kind}s", f"{kind}_uid"
        return [
            at for at, line in enumerate(self._lines)
            if any(part[name] == uid for part in line.get(key) or ())
        ]  # fmt: skip

    def _discount(self, discount: Row) -> None:
        places = self._on("discount", discount["uid"])
        worth = [self._left[at] for at in places]
        if "percentage" in discount:
            amount = whole(sum(worth) * Decimal(discount["percentage"]) / _PERCENT)
        else:
            amount = min(discount["amount_money"]["amount"], sum(worth))
        discount["applied_money"] = self._money(amount)
        for at, part in zip(places, share(amount, worth) if places else [], strict=True):
            self._left[at] -= part
            self._taken[at] += part
            self._applied(self._lines[at], "discount", discount["uid"], part)

    def _applied(self, owner: Row, kind: str, uid: str, amount: int) -> None:
        part = next(p for p in owner[f"applied_{kind}s"] if p[f"{kind}_uid"] == uid)
        part["applied_money"] = self._money(amount)

    def _apportion(self) -> None:
        """Share out the charges that are parts of the lines' own totals."""
        for charge in self._order.get("service_charges") or ():
            if charge["treatment_type"] != "APPORTIONED_TREATMENT":
                continue
            amount = self._charged(charge, sum(self._left))
            for key in ("applied_money", "total_money"):
                charge[key] = self._money(amount)
            charge["total_tax_money"] = self._money(0)
            for at, part in enumerate(share(amount, self._left)):
                self._apportioned[at] += part
                self._lines[at].setdefault("applied_service_charges", []).append(
                    {"uid": f"asc-{charge['uid']}-{at}", "service_charge_uid": charge["uid"],
                     "applied_money": self._money(part)}
                )  # fmt: skip

    def _charged(self, charge: Row, worth: int) -> int:
        if "percentage" in charge:
            return whole(worth * Decimal(charge["percentage"]) / _PERCENT)
        return charge["amount_money"]["amount"]

    def _line(self, line: Row, left: int, taken: int, apportioned: int) -> None:
        tax, added = self._taxes(line, left + apportioned)
        line["total_discount_money"] = self._money(taken)
        line["total_tax_money"] = self._money(tax)
        line["total_service_charge_money"] = self._money(apportioned)
        line["total_money"] = self._money(left + apportioned + added)

    def _taxes(self, owner: Row, worth: int) -> tuple[int, int]:
        """Compute the taxes of a line or charge; return all of them, and those that are added."""
        known = {tax["uid"]: tax for tax in self._order.get("taxes") or ()}
        parts = [(part, known[part["tax_uid"]]) for part in owner.get("applied_taxes") or ()]
        inner = sum(
            (Decimal(tax["percentage"]) for _part, tax in parts if tax["type"] == "INCLUSIVE"),
            Decimal(0),
        )
        net = worth / (1 + inner / _PERCENT)
        together = added = 0
        for part, tax in parts:
            amount = whole(net * Decimal(tax["percentage"]) / _PERCENT)
            part["applied_money"] = self._money(amount)
            before = tax.get("applied_money", {}).get("amount", 0)
            tax["applied_money"] = self._money(before + amount)
            together += amount
            added += amount if tax["type"] == "ADDITIVE" else 0
        return together, added

    def _charge(self) -> None:
        """Compute the charges that stand for themselves."""
        subtotal = sum(self._left)
        for charge in self._order.get("service_charges") or ():
            if charge["treatment_type"] == "APPORTIONED_TREATMENT":
                continue
            amount = self._charged(charge, subtotal)
            tax, added = self._taxes(charge, amount)
            charge["applied_money"] = self._money(amount)
            charge["total_tax_money"] = self._money(tax)
            charge["total_money"] = self._money(amount + added)

    def _total(self, tip: int, rounding: int) -> None:
        order = self._order
        charges = order.get("service_charges") or []
        own = [c for c in charges if c["treatment_type"] != "APPORTIONED_TREATMENT"]
        total = sum(amount_of(line, "total_money") for line in self._lines)
        total += sum(amount_of(charge, "total_money") for charge in own) + tip + rounding
        tax = sum(amount_of(one, "total_tax_money") for one in (*self._lines, *own))
        discount = sum(self._taken)
        charged = sum(amount_of(charge, "applied_money") for charge in charges)
        if rounding:
            order["rounding_adjustment"] = {
                "uid": "rounding",
                "name": "Cash rounding",
                "amount_money": self._money(rounding),
            }
        figures = {"total": total, "tax": tax, "discount": discount, "tip": tip,
                   "service_charge": charged}  # fmt: skip
        order["net_amounts"] = {f"{k}_money": self._money(v) for k, v in figures.items()}
        order["total_money"] = self._money(total)
        for name in ("tax", "discount", "tip", "service_charge"):
            order[f"total_{name}_money"] = self._money(figures[name])


def amount_of(row: Row, key: str) -> int:
    """Return an amount of a row, 0 when it is absent."""
    return (row.get(key) or {}).get("amount") or 0
