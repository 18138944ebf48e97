from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import LineKind, TenderKind, TenderState
from odoo.addons.retail_connector_base.providers import MalformedPayloadError

from .square_common import line, order, payment, tender, ticket, usd

VAT = {"uid": "vat", "name": "VAT", "percentage": "20", "type": "INCLUSIVE"}
SALES = {"uid": "st", "name": "Sales Tax", "percentage": "8.875", "type": "ADDITIVE"}


def taxed(uid, total, tax, *taxes, **more):
    """Return a line with taxes: pairs of uid and amount."""
    applied = [{"uid": f"{uid}-{name}", "tax_uid": name, "applied_money": usd(amount)}
               for name, amount in taxes]  # fmt: skip
    return line(uid, total, tax=tax, applied_taxes=applied, **more)


def worth(found):
    """Return what the lines of a ticket come to, with tax."""
    total = sum(each.quantity * each.unit_price - each.discount for each in found.lines)
    if not found.taxes_included:
        total += sum(tax.amount for each in found.lines for tax in each.taxes)
    return total


@tagged("post_install", "-at_install")
class TestSquareTicket(BaseCase):
    """What an order is read as."""

    def test_place_time_and_identity(self):
        shown = order(line("a", 1000), total=1000, tenders=[tender("P1", 1000)], customer_id="C1")
        paid = payment(
            "P1",
            1000,
            receipt_number="hYy9",
            team_member_id="TM1",
            device_details={"device_id": "DEVICEID:D7", "device_name": "Till"},
        )
        found = ticket(shown, payments=[paid])
        self.assertEqual((found.external_id, found.number), ("O1", "hYy9"))
        self.assertEqual((found.store_external_id, found.register_external_id), ("L1", "D7"))
        self.assertEqual((found.cashier_external_id, found.customer.external_id), ("TM1", "C1"))
        self.assertEqual(found.sold_at.isoformat(), "2026-04-02T15:50:30+00:00")
        self.assertEqual(found.total, 10)
        self.assertFalse(found.offline or found.voided)

    def test_the_day_is_the_stores_own(self):
        late = order(line("a", 100), total=100, closed_at="2026-04-03T03:30:00Z")
        self.assertEqual(ticket(late).business_date, date(2026, 4, 2))
        self.assertEqual(ticket(late, {"id": "L1"}).business_date, date(2026, 4, 3))
        strange = {"id": "L1", "timezone": "Mars/Olympus"}
        self.assertEqual(ticket(late, strange).business_date, date(2026, 4, 3))

    def test_without_a_device_it_is_the_counter(self):
        self.assertEqual(ticket(order(line("a", 1), total=1)).register_external_id, "counter")

    def test_what_is_not_paid_is_no_ticket(self):
        for values in (
            {"state": "DRAFT"}, {"state": "OPEN"}, {"state": None}, {"state": "CANCELED"},
            {"state": "OPEN", "tenders": [tender("P1", 50)], "net_amount_due_money": usd(50)},
        ):  # fmt: skip
            with self.subTest(**values), self.assertRaises(MalformedPayloadError):
                ticket(order(line("a", 100), total=100, **values))

    def test_an_open_order_that_is_paid_is_one(self):
        found = ticket(order(line("a", 100), total=100, state="OPEN", tenders=[tender("P1", 100)],
                             net_amount_due_money=usd(0)))  # fmt: skip
        self.assertEqual(found.total, 1)

    def test_what_was_paid_and_cancelled_is_voided(self):
        shown = order(line("a", 100), total=100, state="CANCELED", tenders=[tender("P1", 100)])
        self.assertTrue(ticket(shown).voided)

    # Lines

    def test_taxes_on_top(self):
        shown = order(taxed("a", 1089, 89, ("st", 89)), total=1089, taxes=[SALES])
        found = ticket(shown)
        self.assertFalse(found.taxes_included)
        (row,) = found.lines
        self.assertEqual((row.unit_price, row.taxes[0].rate), (10, Decimal("0.08875")))
        self.assertEqual((row.taxes[0].amount, worth(found)), (Decimal("0.89"), Decimal("10.89")))

    def test_taxes_within(self):
        found = ticket(order(taxed("a", 1200, 200, ("vat", 200)), total=1200, taxes=[VAT]))
        self.assertTrue(found.taxes_included)
        self.assertEqual((found.lines[0].unit_price, worth(found)), (12, 12))

    def test_both_in_one_order_are_told_without(self):
        rows = taxed("a", 1200, 200, ("vat", 200)), taxed("b", 1089, 89, ("st", 89))
        found = ticket(order(*rows, total=2289, taxes=[VAT, SALES]))
        self.assertFalse(found.taxes_included)
        self.assertEqual([each.unit_price for each in found.lines], [10, 10])
        self.assertEqual(worth(found), Decimal("22.89"))

    def test_both_are_told_with_tax_where_only_that_gives_the_same_cents(self):
        rows = taxed("a", 9, 2, ("vat", 2)), taxed("b", 1089, 89, ("st", 89))
        found = ticket(order(*rows, total=1098, taxes=[VAT, SALES]))
        self.assertTrue(found.taxes_included)
        self.assertEqual(worth(found), Decimal("10.98"))

    def test_discounts_of_line_and_order(self):
        named = [{"uid": "d1", "name": "Happy Hour"}, {"uid": "d2", "name": "Staff"}]
        applied = [{"discount_uid": uid, "applied_money": usd(50)} for uid in ("d1", "d2")]
        row = line("a", 900, "2", discount=100, applied_discounts=applied)
        found = ticket(order(row, total=900, discounts=named))
        (sold,) = found.lines
        self.assertEqual((sold.unit_price, sold.discount), (5, 1))
        self.assertEqual(sold.promotions, ("Happy Hour", "Staff"))

    def test_measured_goods(self):
        found = ticket(order(line("a", 500, "1.5"), total=500))
        self.assertEqual(found.lines[0].quantity, Decimal("1.5"))
        self.assertEqual(round(worth(found), 6), 5)

    def test_what_a_line_sells(self):
        rows = [
            line("a", 100, variation_name="Large"), line("b", 100, variation_name="Regular"),
            line("c", 100, item_type="CUSTOM_AMOUNT", catalog_object_id=None, name=None),
            line("d", 100, item_type="GIFT_CARD", catalog_object_id=None),
            line("e", 100, item_type="HOLOGRAM"), line("f", 0, "0"),
        ]  # fmt: skip
        activity = {"gift_card_gan": "7783", "activate_activity_details": {"line_item_uid": "d"}}
        found = ticket(order(*rows, total=500), gift_cards=[activity])
        self.assertEqual([row.title for row in found.lines],
                         ["Item a (Large)", "Item b", "", "Item d", "Item e"])  # fmt: skip
        kinds = [LineKind.PRODUCT, LineKind.PRODUCT, LineKind.CUSTOM, LineKind.GIFT_CARD,
                 LineKind.PRODUCT]  # fmt: skip
        self.assertEqual([row.kind for row in found.lines], kinds)
        self.assertEqual(found.lines[3].gift_card_code, "7783")
        self.assertIn("HOLOGRAM", found.lines[4].note)

    def test_goods_have_what_the_catalogue_knows(self):
        variation = {"id": "VAR-a", "item_variation_data": {"sku": "S-1", "upc": "4006381333931"}}
        found = ticket(order(line("a", 100), total=100), variations=[variation])
        (sold,) = found.lines
        self.assertEqual((sold.sku, sold.barcode, sold.variant_external_id),
                         ("S-1", "4006381333931", "VAR-a"))  # fmt: skip

    def test_charges_of_their_own_are_fees_and_apportioned_ones_are_not_added_again(self):
        service = {"uid": "s", "name": "Service", "treatment_type": "LINE_ITEM_TREATMENT",
                   "applied_money": usd(100), "total_money": usd(100)}  # fmt: skip
        shared = {**service, "uid": "t", "treatment_type": "APPORTIONED_TREATMENT"}
        found = ticket(order(line("a", 1000), total=1100, service_charges=[service, shared]))
        self.assertEqual([row.kind for row in found.lines], [LineKind.PRODUCT, LineKind.FEE])
        self.assertEqual(worth(found), found.total)

    def test_tip_and_rounding(self):
        shown = order(line("a", 1002), total=1200, total_tip_money=usd(200),
                      rounding_adjustment={"amount_money": usd(-2)})  # fmt: skip
        found = ticket(shown)
        self.assertEqual((found.tip, found.rounding), (2, Decimal("-0.02")))
        self.assertEqual(worth(found) + found.tip + found.rounding, found.total)

    def test_a_total_without_its_tip(self):
        found = ticket(order(line("a", 1000), total=1000, total_tip_money=usd(200)))
        self.assertEqual(found.total, 12)

    def test_currencies_without_cents(self):
        def yen(amount):
            return {"amount": amount, "currency": "JPY"}

        row = {**line("a", 0), "base_price_money": yen(500), "total_money": yen(500),
               "total_tax_money": yen(0), "total_discount_money": yen(0)}  # fmt: skip
        found = ticket(order(row, total_money=yen(500)))
        self.assertEqual((found.currency, found.total), ("JPY", 500))

    def test_two_currencies_are_not_understood(self):
        row = {**line("a", 100), "total_money": {"amount": 100, "currency": "CAD"}}
        with self.assertRaises(MalformedPayloadError):
            ticket(order(row, total=100))


@tagged("post_install", "-at_install")
class TestSquareTenders(BaseCase):
    """What was paid with, and whether it is ours."""

    def tenders(self, *rows, payments=(), **more):
        total = sum(row["amount_money"]["amount"] for row in rows)
        shown = order(line("a", total), total=total, tenders=list(rows), **more)
        return ticket(shown, payments=list(payments)).tenders

    def test_change_is_told_apart(self):
        cash = {"buyer_tendered_money": usd(1000), "change_back_money": usd(300)}
        given, back = self.tenders(tender("P1", 700, "CASH", cash_details=cash))
        self.assertEqual((given.amount, back.amount), (10, -3))
        self.assertEqual({given.kind, back.kind}, {TenderKind.CASH})

    def test_kinds(self):
        outside = payment(
            "P9",
            100,
            source_type="EXTERNAL",
            external_details={"type": "FOOD_VOUCHER", "source": "Sodexo"},
        )
        card = {"card": {"card_brand": "SQUARE_GIFT_CARD"}}
        rows = self.tenders(
            tender("P1", 100), tender("P2", 100, "WALLET"), tender("P3", 100, "SQUARE_GIFT_CARD"),
            tender("P4", 100, "CARD", card_details=card), tender("P5", 100, "BUY_NOW_PAY_LATER"),
            tender("P6", 100, "TELEPATHY"), tender("P9", 100, "OTHER"), tender("P7", 0, "NO_SALE"),
            payments=[outside],
        )  # fmt: skip
        self.assertEqual([(row.method, row.kind.value) for row in rows], [
            ("CARD", "card"), ("WALLET", "other"), ("SQUARE_GIFT_CARD", "gift_card"),
            ("SQUARE_GIFT_CARD", "gift_card"), ("BUY_NOW_PAY_LATER", "other"),
            ("TELEPATHY", "other"), ("EXTERNAL:FOOD_VOUCHER", "voucher"),
        ])  # fmt: skip

    def test_states(self):
        words = {"COMPLETED": "accepted", "APPROVED": "pending", "PENDING": "pending",
                 "OFFLINE": "pending", "CANCELED": "declined", "FAILED": "declined",
                 "NOVEL": "pending"}  # fmt: skip
        for word, state in words.items():
            with self.subTest(word=word):
                paid = payment("P1", 100, status=word)
                (row,) = self.tenders(tender("P1", 100), payments=[paid])
                self.assertEqual(row.state.value, state)

    def test_without_its_payment_the_card_says_it(self):
        (row,) = self.tenders(tender("P1", 100, card_details={"status": "VOIDED"}))
        self.assertIs(row.state, TenderState.DECLINED)
        (row,) = self.tenders(tender("P1", 100, "THIRD_PARTY_CARD"))
        self.assertIs(row.state, TenderState.ACCEPTED)

    def test_a_gift_card_has_its_number_where_it_is_known(self):
        shown = order(line("a", 100), total=100, tenders=[tender("P1", 100, "SQUARE_GIFT_CARD")])
        activity = {"gift_card_gan": "77", "redeem_activity_details": {"payment_id": "P1"}}
        (row,) = ticket(shown, gift_cards=[activity]).tenders
        self.assertEqual(row.gift_card_code, "77")


@tagged("post_install", "-at_install")
class TestSquareOffline(BaseCase):
    """What was sold while a device could not reach Square."""

    def offline(self, status, **more):
        paid = payment(
            "P1",
            100,
            status=status,
            is_offline_payment=True,
            updated_at="2026-04-03T09:00:00Z",
            offline_payment_details={"client_created_at": "2026-04-02T13:00:00Z"},
        )
        shown = order(line("a", 100), total=100, tenders=[tender("P1", 100)],
                      closed_at="2026-04-03T08:00:00Z", **more)  # fmt: skip
        return ticket(shown, payments=[paid])

    def test_the_time_of_sale_is_the_devices(self):
        found = self.offline("COMPLETED")
        self.assertTrue(found.offline)
        self.assertEqual(found.sold_at.isoformat(), "2026-04-02T13:00:00+00:00")
        self.assertEqual(found.business_date, date(2026, 4, 2))

    def test_it_is_pending_until_the_server_knows(self):
        self.assertIs(self.offline("PENDING").tenders[0].state, TenderState.PENDING)

    def test_it_can_be_declined_and_the_goods_are_gone_all_the_same(self):
        found = self.offline("FAILED", state="OPEN", net_amount_due_money=usd(100))
        self.assertIs(found.tenders[0].state, TenderState.DECLINED)

    def test_a_decision_of_the_bank_is_a_newer_state(self):
        found = self.offline("FAILED")
        self.assertEqual(found.updated_at.isoformat(), "2026-04-03T09:00:00+00:00")


@tagged("post_install", "-at_install")
class TestSquareReturns(BaseCase):
    """What comes back, by itself or in an exchange."""

    def back(self, *rows, sold=(), **more):
        returned = sum(row["total_money"]["amount"] for row in rows)
        total = sum(row["total_money"]["amount"] for row in sold)
        part = {"uid": "r1", "source_order_id": "O0", "return_line_items": list(rows),
                "return_amounts": {"total_money": usd(returned), "tax_money": usd(0)}}  # fmt: skip
        return order(*sold, total=total, returns=[part],
                     net_amounts={"total_money": usd(total - returned), "tax_money": usd(0)},
                     **more)  # fmt: skip

    def refund(self, amount, **more):
        return {"id": "R1", "tender_id": "P0", "amount_money": usd(amount), "status": "APPROVED",
                "location_id": "L1", "reason": "x", **more}  # fmt: skip

    def test_lines_are_negative_and_name_what_they_were_sold_with(self):
        row = line("b", 450, "1", discount=50, source_line_item_uid="a",
                   applied_discounts=[{"discount_uid": "d", "applied_money": usd(50)}])  # fmt: skip
        found = ticket(self.back(row, refunds=[self.refund(450)]), payments=[payment("P0", 450)])
        (given,) = found.lines
        self.assertEqual((given.quantity, given.unit_price, given.discount),
                         (-1, 5, Decimal("-0.5")))  # fmt: skip
        self.assertEqual((given.original_ticket_external_id, given.original_line_external_id),
                         ("O0", "a"))  # fmt: skip
        (money,) = found.tenders
        self.assertEqual((money.amount, money.method), (Decimal("-4.5"), "CARD"))
        self.assertEqual(worth(found), found.total)

    def test_an_exchange_is_both(self):
        shown = self.back(line("b", 300), sold=[line("c", 500)], tenders=[tender("P2", 200)])
        found = ticket(shown)
        self.assertEqual([row.quantity for row in found.lines], [1, -1])
        self.assertEqual((found.total, found.tenders[0].amount), (2, 2))

    def test_a_return_that_nobody_links_has_no_origin(self):
        shown = self.back(line("b", 300), refunds=[self.refund(300)])
        shown["returns"][0].pop("source_order_id")
        (row,) = ticket(shown).lines
        self.assertIsNone(row.original_ticket_external_id)

    def test_money_goes_back_as_its_record_says(self):
        record = {"id": "R1", "status": "PENDING", "destination_type": "CASH", "payment_id": "P0"}
        shown = self.back(line("b", 300), refunds=[self.refund(300, status="PENDING")])
        (row,) = ticket(shown, refunds=[record], payments=[payment("P0", 300)]).tenders
        self.assertEqual((row.method, row.kind, row.state),
                         ("CASH", TenderKind.CASH, TenderState.ACCEPTED))  # fmt: skip

    def test_a_refused_refund_is_declined(self):
        shown = self.back(line("b", 300), refunds=[self.refund(300, status="REJECTED")])
        self.assertIs(ticket(shown).tenders[0].state, TenderState.DECLINED)

    def test_the_register_is_that_of_the_payment_that_goes_back(self):
        paid = payment("P0", 300, device_details={"device_id": "D1"})
        shown = self.back(line("b", 300), refunds=[self.refund(300)])
        self.assertEqual(ticket(shown, payments=[paid]).register_external_id, "D1")

    def test_refunds_listed_with_a_sale_are_another_orders(self):
        shown = order(line("a", 300), total=300, tenders=[tender("P0", 300)],
                      refunds=[self.refund(300)])  # fmt: skip
        self.assertEqual([row.amount for row in ticket(shown).tenders], [3])

    def test_tips_and_roundings_come_back(self):
        shown = self.back(line("b", 301), refunds=[self.refund(400)])
        shown["returns"][0] |= {"return_tips": [{"applied_money": usd(100)}],
                                "rounding_adjustment": {"amount_money": usd(-1)}}  # fmt: skip
        shown["net_amounts"]["total_money"] = usd(-400)
        found = ticket(shown)
        self.assertEqual((found.tip, found.rounding), (-1, Decimal("0.01")))
        self.assertEqual(worth(found) + found.tip + found.rounding, found.total)
