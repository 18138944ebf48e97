"""Returns: an order of its own that gives lines of another back, with a refund; exchanges."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from .arithmetic import Row, Sums, amount_of, whole
from .selling import Selling
from .wanted import Pays, Wanted

_SHARED = (
    "variation_total_price_money", "gross_sales_money", "total_tax_money", "total_discount_money",
    "total_money", "total_service_charge_money",
)  # fmt: skip


class Returning(Selling):
    """What customers bring back."""

    def give_back(
        self, number: str, lines: Mapping[str, int | str], device: str | None = None,
        to: str | None = None, status: str = "COMPLETED", tip: int = 0,
        instead: Sequence[Wanted] = (),
    ) -> Row:  # fmt: skip
        """Give lines (by uid) of an order back; ``instead`` is what is taken in exchange.

        The money goes back on the first payment, or as cash; what an exchange costs more is paid
        by card.
        """
        with self.lock:
            sold = self.orders[number]
            order = self.ring_up(sold["location_id"], instead)
            Sums(order, self.currency).fill_in()
            order["source"] = {"name": "Square Point of Sale"}
            part = self._returned(sold, lines, tip)
            order["returns"] = [part]
            order["return_amounts"] = part["return_amounts"]
            self._net(order, part["return_amounts"])
            self.orders[order["id"]] = order
            self.tell_order("order.created", order)
            due = amount_of(order["net_amounts"], "total_money")
            if due > 0:
                self._pay(order, [Pays(amount=due)], device, None, None)
            elif due < 0:
                self._refund(order, sold, -due, to, status)
            self.complete(order)
            self._back_in_stock(order)
            return order

    def refund_amount(self, number: str, amount: int, status: str = "COMPLETED") -> Row:
        """Give an amount back that belongs to no line: Square makes a custom line of it."""
        with self.lock:
            sold = self.orders[number]
            order = self.ring_up(sold["location_id"], ())
            Sums(order, self.currency).fill_in()
            line = {"uid": self.next_id("ret-"), "name": "Custom amount", "quantity": "1",
                    "item_type": "CUSTOM_AMOUNT", "base_price_money": self.money(amount),
                    "variation_total_price_money": self.money(amount),
                    "gross_return_money": self.money(amount), "total_tax_money": self.money(0),
                    "total_discount_money": self.money(0),
                    "total_money": self.money(amount)}  # fmt: skip
            part = {
                "uid": self.next_id("return-"),
                "source_order_id": sold["id"],
                "return_line_items": [line],
                "return_amounts": self._sums([line], 0),
            }
            order["returns"] = [part]
            order["return_amounts"] = part["return_amounts"]
            self._net(order, part["return_amounts"])
            self.orders[order["id"]] = order
            self.tell_order("order.created", order)
            self._refund(order, sold, amount, None, status)
            self.complete(order)
            return order

    def _returned(self, sold: Row, lines: Mapping[str, int | str], tip: int) -> Row:
        known = {line["uid"]: line for line in sold["line_items"]}
        rows = [self._line_back(known[uid], Decimal(quantity)) for uid, quantity in lines.items()]
        part: Row = {
            "uid": self.next_id("return-"), "source_order_id": sold["id"],
            "return_line_items": rows, "return_amounts": self._sums(rows, tip),
        }  # fmt: skip
        if sold.get("taxes"):
            part["return_taxes"] = [
                {"uid": tax["uid"], "source_tax_uid": tax["uid"],
                 **{key: tax[key] for key in ("catalog_object_id", "name", "type", "percentage",
                                              "scope")}}
                for tax in sold["taxes"]
            ]  # fmt: skip
        if sold.get("discounts"):
            part["return_discounts"] = [
                {"uid": one["uid"], "source_discount_uid": one["uid"], "name": one["name"],
                 "type": one["type"], "scope": one["scope"]}
                for one in sold["discounts"]
            ]  # fmt: skip
        if tip:
            part["return_tips"] = [{"uid": self.next_id("tip-"), "applied_money": self.money(tip),
                                    "source_tender_id": sold["tenders"][0]["id"]}]  # fmt: skip
        return part

    def _line_back(self, line: Row, quantity: Decimal) -> Row:
        """Return a line's share for a part of its quantity."""
        of = quantity / Decimal(line["quantity"])
        figures = {key: self.money(whole(amount_of(line, key) * of)) for key in _SHARED}
        figures["gross_return_money"] = figures.pop("gross_sales_money")
        kept = {key: line[key] for key in ("name", "variation_name", "catalog_object_id",
                                           "catalog_version", "item_type", "base_price_money")
                if key in line}  # fmt: skip
        back: Row = {"uid": self.next_id("ret-"), "source_line_item_uid": line["uid"],
                     "quantity": format(quantity.normalize(), "f"), **kept, **figures}  # fmt: skip
        taxes = self._parts_back(line, "applied_taxes", amount_of(figures, "total_tax_money"))
        taken = self._parts_back(
            line, "applied_discounts", amount_of(figures, "total_discount_money")
        )
        return {**back, **taxes, **taken}

    def _parts_back(self, line: Row, key: str, total: int) -> Row:
        """Return what is given back of a line's taxes or discounts; it adds up."""
        parts = line.get(key) or ()
        if not parts:
            return {}
        weights = [amount_of(part, "applied_money") for part in parts]
        together = sum(weights) or 1
        amounts = [total * weight // together for weight in weights]
        amounts[0] += total - sum(amounts)
        return {key: [{**part, "applied_money": self.money(amount)}
                      for part, amount in zip(parts, amounts, strict=True)]}  # fmt: skip

    def _sums(self, rows: list[Row], tip: int) -> Row:
        together = {
            "total_money": sum(amount_of(row, "total_money") for row in rows) + tip,
            "tax_money": sum(amount_of(row, "total_tax_money") for row in rows),
            "discount_money": sum(amount_of(row, "total_discount_money") for row in rows),
            "tip_money": tip,
            "service_charge_money": 0,
        }
        return {key: self.money(value) for key, value in together.items()}

    def _net(self, order: Row, returned: Row) -> None:
        for key, value in returned.items():
            before = amount_of(order["net_amounts"], key)
            order["net_amounts"][key] = self.money(before - value["amount"])

    def _refund(self, order: Row, sold: Row, amount: int, to: str | None, status: str) -> None:
        now, payment = self.now(), self.payments[sold["tenders"][0]["id"]]
        kind = to or payment["source_type"]
        number = f"{payment['id']}_{self.next_id('ref')}"
        refund: Row = {
            "id": number, "status": status, "location_id": order["location_id"],
            "destination_type": kind, "amount_money": self.money(amount),
            "payment_id": payment["id"], "order_id": order["id"], "reason": "Returned goods",
            "created_at": now, "updated_at": now,
        }  # fmt: skip
        self.refunds[number] = refund
        order["refunds"] = [
            {"id": number, "location_id": order["location_id"], "transaction_id": sold["id"],
             "tender_id": payment["id"], "created_at": now, "reason": "Returned goods",
             "amount_money": self.money(amount),
             "status": "APPROVED" if status == "COMPLETED" else status}
        ]  # fmt: skip
        before = amount_of(payment, "refunded_money")
        payment |= {"refunded_money": self.money(before + amount), "updated_at": now}
        payment.setdefault("refund_ids", []).append(number)
        self.tell("refund.created", "refund", number, refund)
        self._into_drawer({**payment, "total_money": self.money(amount), "source_type": kind},
                          "CASH_TENDER_REFUND")  # fmt: skip

    def settle_refund(self, number: str, status: str = "COMPLETED") -> Row:
        """Have the bank take a refund that was pending, or not."""
        with self.lock:
            refund = self.refunds[number]
            refund |= {"status": status, "updated_at": self.now()}
            order = self.orders[refund["order_id"]]
            order["refunds"][0]["status"] = "APPROVED" if status == "COMPLETED" else status
            self.tell("refund.updated", "refund", number, refund)
            self.change_order(order)
            return refund

    def _back_in_stock(self, order: Row) -> None:
        moved: dict[str, Decimal] = defaultdict(Decimal)
        for part in order["returns"]:
            for line in part["return_line_items"]:
                if line.get("catalog_object_id"):
                    moved[line["catalog_object_id"]] += Decimal(line["quantity"])
        self.move(order["location_id"], moved)
