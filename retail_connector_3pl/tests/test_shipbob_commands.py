from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import Address, Money, Recipient, TrackParcel
from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConfigurationError,
    RateLimitedError,
    RejectedError,
    TransientError,
    UnknownOutcomeError,
    UnsupportedError,
)

from .shipbob_commands import DUPLICATE, MOMENT, answers, line, release
from .shipbob_common import order, provider, shipment


@tagged("post_install", "-at_install")
class TestShipBobRelease(BaseCase):
    def send(self, http, command):
        return provider(http).send(command, "key")

    def test_what_an_order_says(self):
        http = answers(POST_order=order())
        value = Money(amount=Decimal("4.5"), currency="USD")
        command = release(
            line(value=value, unit="EA"), line("x1", "PEN", 1, unit="piece"), service="Express",
            note="Ring twice", tags=("VIP",), priority=2, ship_by=MOMENT, ordered_at=MOMENT,
            gift_message="Hi",
        )  # fmt: skip
        result = self.send(http, command)
        (sent,) = http.sent("POST")
        self.assertEqual(sent["reference_id"], "REL-1")
        self.assertEqual((sent["location_id"], sent["shipping_method"]), (10, "Express"))
        self.assertEqual(sent["recipient"]["address"], {
            "address1": "1 Main St", "address2": "Apt 2", "company_name": "Acme", "city": "Reno",
            "state": "NV", "zip_code": "89501", "country": "US",
        })  # fmt: skip
        self.assertEqual(sent["products"], [
            {"reference_id": "MUG", "sku": "MUG", "name": "A MUG", "quantity": 2,
             "external_line_id": 11, "quantity_unit_of_measure_code": "EA", "unit_price": 4.5},
            {"reference_id": "PEN", "sku": "PEN", "name": "A PEN", "quantity": 1},
        ])  # fmt: skip
        names = {tag["name"]: tag["value"] for tag in sent["tags"]}
        self.assertEqual(names["note"], "Ring twice")
        self.assertEqual((names["VIP"], names["priority"]), ("true", "2"))
        self.assertEqual(result.external_ids, ("5",))
        self.assertEqual(result.details["state"], "accepted")

    def test_a_held_order_is_told_at_once(self):
        http = answers(POST_order=order(shipment(7, "Exception"), status="Exception"))
        details = self.send(http, release()).details
        self.assertEqual(details["state"], "on_hold")
        self.assertEqual(details["reason"], "It cannot be fulfilled.")

    def test_shipping_method_is_the_orders_the_settings_or_standard(self):
        http = answers(POST_order=order())
        self.send(http, release(carrier="UPS Ground"))
        provider(http, shipping_method="Free").send(release(), "key")
        self.send(http, release())
        sent = [body["shipping_method"] for body in http.sent("POST")]
        self.assertEqual(sent, ["UPS Ground", "Free", "Standard"])

    def test_what_cannot_be_an_order_is_refused_before_it_is_sent(self):
        bare = Recipient(address=Address(company="Acme", country_code="US"))
        for command in (
            release(line(quantity=Decimal("1.5"))), release(line(sku="")), release(recipient=bare),
            release(location_external_id="W1"),
        ):  # fmt: skip
            http = answers()
            with self.assertRaises(RejectedError):
                self.send(http, command)
            self.assertEqual(http.calls, [])

    def test_nothing_is_asked_without_a_channel(self):
        for channel in ("", "x", "１"):
            adapter = provider(answers(), channel_id=channel)
            for ask in (adapter.send, adapter.look_up):
                with self.assertRaises(ConfigurationError):
                    ask(release(), "key")

    def test_our_own_duplicate_is_success(self):
        http = answers(POST_order=DUPLICATE, GET_order=[order()])
        result = self.send(http, release())
        self.assertEqual(result.external_ids, ("5",))
        self.assertIn("had this order already", result.notes[0])
        (query,) = http.sent("GET")
        self.assertEqual(query["ReferenceIds"], "REL-1")

    def test_somebody_elses_duplicate_is_a_refusal(self):
        for other in ([order(wanted={"MUG": 3})], [order(wanted={"CUP": 2})], [],
                      [order(reference_id="REL-10")]):  # fmt: skip
            http = answers(POST_order=DUPLICATE, GET_order=other)
            with self.assertRaises(RejectedError) as caught:
                self.send(http, release())
            self.assertIn("another order", str(caught.exception))

    def test_refusals_say_why(self):
        reasons = {"recipient.address": ["The zip code is not valid."], "traceId": "00-1"}
        with self.assertRaises(RejectedError) as caught:
            self.send(answers(POST_order=(422, reasons)), release())
        self.assertEqual(
            str(caught.exception), "ShipBob refused it (422): The zip code is not valid."
        )

    def test_failures_have_their_class(self):
        for status, error in (
            (429, RateLimitedError), (401, AuthenticationError), (403, AuthenticationError),
            (500, UnknownOutcomeError), (502, UnknownOutcomeError), (503, TransientError),
            (408, TransientError), (400, RejectedError),
        ):  # fmt: skip
            with self.assertRaises(error) as caught:
                self.send(answers(POST_order=(status, {})), release())
            in_doubt = isinstance(caught.exception, UnknownOutcomeError)
            self.assertEqual(in_doubt, error is UnknownOutcomeError)
        with self.assertRaises(UnknownOutcomeError):
            self.send(answers(POST_order={}), release())

    def test_look_up(self):
        def look_up(rows):
            return provider(answers(GET_order=rows)).look_up(release(), "key")

        self.assertIsNone(look_up([]))
        self.assertIsNone(look_up([order(wanted={"MUG": 1})]))
        self.assertEqual(look_up([order()]).external_ids, ("5",))

    def test_what_is_not_offered(self):
        for ask in (provider(answers()).send, provider(answers()).look_up):
            with self.assertRaises(UnsupportedError):
                ask(TrackParcel(number="9400"), "key")
