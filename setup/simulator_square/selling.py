"""Sales: orders that are rung up and paid, at once or offline."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from .arithmetic import Row, Sums, amount_of
from .state import text_of
from .stocking import Stocking
from .wanted import Charged, Pays, Wanted

CARD_PENDING = ("APPROVED", "PENDING")
TENDER_TYPES = {"EXTERNAL": "OTHER"}


class Selling(Stocking):
    """What customers do at the registers of a seller."""

    def sell(
        self, location: str, wanted: Sequence[Wanted], pays: Sequence[Pays] = (Pays(),),
        device: str | None = None, member: str | None = None, customer: str | None = None,
        discounts: Sequence[str] = (), charges: Sequence[Charged] = (), rounding: int = 0,
        taken_at: datetime | None = None, source: str | None = None,
    ) -> Row:  # fmt: skip
        """Ring up a sale and have it paid; return the order. ``taken_at``: it was offline then."""
        with self.lock:
            order = self.ring_up(location, wanted, discounts, charges, customer, source)
            tip = sum(pay.tip for pay in pays)
            Sums(order, self.currency).fill_in(tip, rounding)
            self.orders[order["id"]] = order
            self.tell_order("order.created", order)
            self._pay(order, pays, device, member, taken_at)
            self.complete(order)
            return order

    def ring_up(
        self, location: str, wanted: Sequence[Wanted], discounts: Sequence[str] = (),
        charges: Sequence[Charged] = (), customer: str | None = None, source: str | None = None,
    ) -> Row:  # fmt: skip
        """Return an order that is not priced and not kept yet."""
        now = self.now()
        order: Row = {
            "id": self.next_id("ord"), "location_id": location, "state": "OPEN", "version": 1,
            "created_at": now, "updated_at": now,
            "source": {"name": source or "Square Point of Sale"},
            "line_items": [self._line(one, discounts) for one in wanted],
        }  # fmt: skip
        if customer:
            order["customer_id"] = customer
        self._list(order, discounts, wanted, charges)
        for line, one in zip(order["line_items"], wanted, strict=True):
            if one.gift_card:
                self._load(order, line, one.gift_card)
        return order

    def _line(self, wanted: Wanted, discounts: Sequence[str]) -> Row:
        uid = self.next_id("line-")
        variation = self.catalog.get(wanted.variation or "")
        line: Row = {
            "uid": uid, "name": wanted.name, "quantity": str(wanted.quantity),
            "item_type": "GIFT_CARD" if wanted.gift_card else "CUSTOM_AMOUNT",
            "base_price_money": self.money(wanted.price or 0),
        }  # fmt: skip
        taxes = wanted.taxes or ()
        if variation:
            data = variation["item_variation_data"]
            item = self.catalog[data["item_id"]]["item_data"]
            price = data["price_money"]["amount"] if wanted.price is None else wanted.price
            line |= {
                "item_type": "ITEM", "name": item["name"], "variation_name": data["name"],
                "catalog_object_id": variation["id"], "catalog_version": variation["version"],
                "base_price_money": self.money(price),
            }  # fmt: skip
            taxes = item.get("tax_ids", ()) if wanted.taxes is None else wanted.taxes
        if taxes:
            line["applied_taxes"] = [{"uid": f"{uid}-{at}", "tax_uid": tax}
                                     for at, tax in enumerate(taxes)]  # fmt: skip
        given = dict.fromkeys((*wanted.discounts, *discounts))
        if given:
            line["applied_discounts"] = [{"uid": f"{uid}-d{at}", "discount_uid": one}
                                         for at, one in enumerate(given)]  # fmt: skip
        if wanted.modifiers:
            line["modifiers"] = [
                {"uid": f"{uid}-m{at}", "name": name, "quantity": "1",
                 "base_price_money": self.money(price)}
                for at, (name, price) in enumerate(wanted.modifiers)
            ]  # fmt: skip
        return line

    def _list(
        self, order: Row, discounts: Sequence[str], wanted: Sequence[Wanted],
        charges: Sequence[Charged],
    ) -> None:  # fmt: skip
        """List what lines refer to: taxes, discounts, charges."""
        used = [part["tax_uid"] for line in order["line_items"]
                for part in line.get("applied_taxes", ())]  # fmt: skip
        used += [tax for charge in charges for tax in charge.taxes]
        if used:
            order["taxes"] = [self._tax(number) for number in dict.fromkeys(used)]
        given = [one for each in wanted for one in each.discounts]
        listed = [(one, "LINE_ITEM") for one in dict.fromkeys(given)]
        listed += [(one, "ORDER") for one in discounts if one not in given]
        if listed:
            rows = [self._discount(*pair) for pair in listed]
            order["discounts"] = sorted(rows, key=lambda row: "percentage" not in row)
        if charges:
            order["service_charges"] = [self._charge(charge) for charge in charges]

    def _tax(self, number: str) -> Row:
        data = self.catalog[number]["tax_data"]
        return {"uid": number, "catalog_object_id": number, "name": data["name"],
                "percentage": data["percentage"], "type": data["inclusion_type"],
                "scope": "LINE_ITEM"}  # fmt: skip

    def _discount(self, number: str, scope: str) -> Row:
        data = self.catalog[number]["discount_data"]
        worth = {key: data[key] for key in ("percentage", "amount_money") if data.get(key)}
        return {"uid": number, "catalog_object_id": number, "name": data["name"],
                "type": data["discount_type"], "scope": scope, **worth}  # fmt: skip

    def _charge(self, charge: Charged) -> Row:
        uid = self.next_id("charge-")
        phase = "APPORTIONED_AMOUNT_PHASE" if charge.apportioned else "SUBTOTAL_PHASE"
        worth: Row = {"amount_money": self.money(charge.amount)}
        if charge.percentage:
            worth = {"percentage": charge.percentage}
            phase = "APPORTIONED_PERCENTAGE_PHASE" if charge.apportioned else phase
        row = {
            "uid": uid, "name": charge.name, "calculation_phase": phase, "type": "CUSTOM",
            "treatment_type": f"{'APPORTIONED' if charge.apportioned else 'LINE_ITEM'}_TREATMENT",
            "taxable": bool(charge.taxes), "scope": "ORDER", **worth,
        }  # fmt: skip
        if charge.taxes:
            row["applied_taxes"] = [{"uid": f"{uid}-{at}", "tax_uid": tax}
                                    for at, tax in enumerate(charge.taxes)]  # fmt: skip
        return row

    # Paying

    def _pay(
        self, order: Row, pays: Sequence[Pays], device: str | None, member: str | None,
        taken_at: datetime | None,
    ) -> None:  # fmt: skip
        left = amount_of(order, "total_money")
        for pay in pays:
            amount = left if pay.amount is None else min(pay.amount + pay.tip, left)
            left -= amount
            if amount or not left:
                self._payment(order, pay, amount, device, member, taken_at)

    def _payment(
        self, order: Row, pay: Pays, amount: int, device: str | None, member: str | None,
        taken_at: datetime | None,
    ) -> None:  # fmt: skip
        now, number = self.now(), self.next_id("pay")
        is_offline = taken_at is not None and pay.kind == "CARD"
        status = "PENDING" if is_offline else pay.status
        payment: Row = {
            "id": number, "created_at": now, "updated_at": now, "status": status,
            "amount_money": self.money(amount - pay.tip), "total_money": self.money(amount),
            "tip_money": self.money(pay.tip), "source_type": _source(pay),
            "location_id": order["location_id"], "order_id": order["id"],
            "receipt_number": number[-4:], "version_token": self.next_id("token"),
            **self._details(pay, amount, status),
        }  # fmt: skip
        if device:
            payment["device_details"] = {"device_id": device, "device_name": f"Register {device}"}
        if member:
            payment["team_member_id"] = member
        if order.get("customer_id"):
            payment["customer_id"] = order["customer_id"]
        if is_offline and taken_at:
            payment |= {
                "is_offline_payment": True,
                "offline_payment_details": {"client_created_at": text_of(taken_at)},
            }
        self.payments[number] = payment
        order.setdefault("tenders", []).append(self._tender(order, pay, payment))
        if pay.gift_card:
            self._redeem(order, number, pay.gift_card, amount)
        self.tell("payment.created", "payment", number, payment)
        self._into_drawer(payment, "CASH_TENDER_PAYMENT")

    def _details(self, pay: Pays, amount: int, status: str) -> Row:
        if pay.kind == "CASH":
            given = amount if pay.given is None else pay.given
            return {"cash_details": {"buyer_supplied_money": self.money(given),
                                     "change_back_money": self.money(given - amount)}}  # fmt: skip
        if pay.kind == "EXTERNAL":
            return {"external_details": {"type": pay.outside or "OTHER", "source": "Elsewhere"}}
        if pay.kind in ("CARD", "SQUARE_GIFT_CARD"):
            brand = "VISA" if pay.kind == "CARD" else "SQUARE_GIFT_CARD"
            state = "CAPTURED" if status == "COMPLETED" else "AUTHORIZED"
            return {"card_details": {"status": state, "entry_method": "EMV",
                                     "card": {"card_brand": brand, "last_4": "1111"}}}  # fmt: skip
        return {}

    def _tender(self, order: Row, pay: Pays, payment: Row) -> Row:
        tender: Row = {
            "id": payment["id"], "payment_id": payment["id"], "created_at": payment["created_at"],
            "location_id": order["location_id"], "transaction_id": order["id"],
            "type": TENDER_TYPES.get(pay.kind, pay.kind), "amount_money": payment["total_money"],
            "tip_money": payment["tip_money"],
        }  # fmt: skip
        cash = payment.get("cash_details")
        if cash:
            tender["cash_details"] = {"buyer_tendered_money": cash["buyer_supplied_money"],
                                      "change_back_money": cash["change_back_money"]}  # fmt: skip
        if "card_details" in payment:
            tender["card_details"] = dict(payment["card_details"])
        return tender

    def complete(self, order: Row) -> None:
        """Finish an order whose tenders cover it; its goods leave."""
        now = self.now()
        order |= {"state": "COMPLETED", "closed_at": now, "net_amount_due_money": self.money(0)}
        self.change_order(order, now)
        moved: dict[str, Decimal] = defaultdict(Decimal)
        for line in order.get("line_items") or ():
            if line.get("catalog_object_id"):
                moved[line["catalog_object_id"]] -= Decimal(line["quantity"])
        self.move(order["location_id"], moved)

    def change_order(self, order: Row, now: str | None = None) -> None:
        """Give an order its next version and tell of it."""
        order |= {"version": order["version"] + 1, "updated_at": now or self.now()}
        self.tell_order("order.updated", order)

    def tell_order(self, kind: str, order: Row) -> None:
        """Tell of an order, as thinly as Square does."""
        name = kind.replace(".", "_")
        shown = {"order_id": order["id"], "location_id": order["location_id"],
                 "state": order["state"], "version": order["version"],
                 "created_at": order["created_at"]}  # fmt: skip
        if kind == "order.updated":
            shown["updated_at"] = order["updated_at"]
        self.tell(kind, name, order["id"], shown)

    # Offline payments

    def confirm(self, number: str) -> Row:
        """Have a payment that was taken offline go through."""
        return self._decide(number, "COMPLETED", "CAPTURED")

    def decline(self, number: str) -> Row:
        """Have the bank refuse a payment that was taken offline."""
        return self._decide(number, "FAILED", "FAILED")

    def _decide(self, number: str, status: str, card: str) -> Row:
        with self.lock:
            payment = self.payments[number]
            payment |= {"status": status, "updated_at": self.now()}
            payment["card_details"]["status"] = card
            order = self.orders[payment["order_id"]]
            for tender in order["tenders"]:
                if tender["id"] == number:
                    tender["card_details"]["status"] = card
            self.tell("payment.updated", "payment", number, payment)
            return payment

    # Gift cards

    def _load(self, order: Row, line: Row, number: str) -> None:
        details = {"order_id": order["id"], "line_item_uid": line["uid"],
                   "amount_money": line["base_price_money"]}  # fmt: skip
        self._card("ACTIVATE", number, order, {"activate_activity_details": details})

    def _redeem(self, order: Row, payment: str, number: str, amount: int) -> None:
        details = {"amount_money": self.money(amount), "payment_id": payment}
        self._card("REDEEM", number, order, {"redeem_activity_details": details})

    def _card(self, kind: str, number: str, order: Row, details: Row) -> None:
        self.cards.append(
            {"id": self.next_id("gcact_"), "type": kind, "location_id": order["location_id"],
             "created_at": self.now(), "gift_card_id": f"gftc:{number}",
             "gift_card_gan": number, "gift_card_balance_money": self.money(0), **details}
        )  # fmt: skip

    def _into_drawer(self: Any, payment: Row, kind: str) -> None:
        """Note cash in the open drawer of the device; see ``Drawers``."""


def _source(pay: Pays) -> str:
    return "CARD" if pay.kind == "SQUARE_GIFT_CARD" else pay.kind
