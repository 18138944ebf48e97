import gzip
import json
import re
import unittest
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical.parcel_tracking import TrackingState
from odoo.addons.retail_connector_base.canonical.warehouse_command import TrackParcel
from odoo.addons.retail_connector_base.providers import (
    ConfigurationError,
    RejectedError,
    StoredMessage,
    UnknownOutcomeError,
    UnsupportedError,
)

from ..providers.shipstation import ShipStationProvider
from ..providers.shipstation.vocabulary import CODES, DETAILS, LABEL_STATES, state_of
from .carrier_common import contracts_root, status
from .shipstation_keys import TOLD, event, provider, signed
from .test_easypost_contracts import LABEL

COMMAND = LABEL.model_copy(update={"carrier": "usps", "service": "usps_priority_mail"})
CARRIERS = {"carriers": [{"carrier_id": "se-1", "carrier_code": "usps", "friendly_name": "USPS"},
                         {"carrier_id": "se-2", "carrier_code": "ups"}]}  # fmt: skip
BOUGHT = {
    "label_id": "se-9", "status": "completed", "shipment_id": "se-5", "voided": False,
    "tracking_number": "9400", "shipment_cost": {"currency": "usd", "amount": 11.01},
    "label_download": {"pdf": "https://api.example/l.pdf", "href": "https://api.example/l.png"},
}  # fmt: skip


def service(shipments=(), labels=(), seen=None):
    """Return what an account answers that has some shipments (by reference) and labels."""
    made = dict(shipments)

    def answer(method, path, query, body):
        path = re.sub(r"^/v\d", "", path)
        if seen is not None:
            seen.append((method, path, query, body))
        if path.startswith("/shipments/external_shipment_id/"):
            name = path.rpartition("/")[2]
            missing = status(RejectedError("Not there."), 404)
            return {"shipment_id": made[name]} if name in made else missing
        if path == "/carriers":
            return CARRIERS
        if path == "/shipments":
            return {"has_errors": False, "shipments": [{"shipment_id": "se-5"}]}
        if path == "/labels":
            return {"labels": list(labels), "page": 1, "pages": 1}
        if path == "/labels/shipment/se-5":
            return BOUGHT
        raise AssertionError(path)

    return answer


def words_of(vendor, name):
    """Return the values of an enumeration of a specification."""
    file = {"shipengine": "openapi.yaml.gz", "shipstation": "openapi_v2.yaml.gz"}[vendor]
    text = gzip.decompress((contracts_root(vendor) / file).read_bytes()).decode()
    found = re.search(rf"\n    {name}:\n(.*?)\n    \w", text, re.DOTALL)
    return re.findall(r"^        - (\w+)$", found[1], re.MULTILINE)


@tagged("post_install", "-at_install")
@unittest.skipUnless(contracts_root("shipengine"), "the contracts are not beside this checkout")
class TestShipStationContracts(BaseCase):
    # Words

    def test_every_published_word_is_known(self):
        self.assertEqual(set(words_of("shipengine", "status_code")), set(CODES))
        self.assertEqual(set(words_of("shipengine", "tracking_status")), set(LABEL_STATES))
        # Words that say nothing of where a parcel is.
        left = {"CARRIER_STATUS_NOT_MAPPED", "POST_TRANSIT_STATUS", "TRACKING_EXPIRED"}
        for vendor, name in (("shipengine", "status_detail_code"),
                             ("shipstation", "tracking_status_detail_code")):  # fmt: skip
            words = set(words_of(vendor, name))
            self.assertGreater(len(words), 40)
            self.assertLessEqual(words - set(DETAILS), left, vendor)

    def test_a_detail_says_more_than_its_code(self):
        self.assertIs(state_of("EX", "RETURN_TO_SENDER"), TrackingState.RETURNING)
        self.assertIs(state_of("EX", "CARRIER_DELAYS"), TrackingState.IN_TRANSIT)
        self.assertIs(state_of("EX", None), TrackingState.FAILED)
        self.assertIs(state_of("DELIVERED", None), TrackingState.DELIVERED)
        self.assertIs(state_of("ZZ", "NEW_WORD"), TrackingState.UNKNOWN)
        self.assertIs(state_of(None, None), TrackingState.UNKNOWN)

    # News

    def test_an_event_of_either_api(self):
        for topic in ("API_TRACK", "TRACK_EVENT_V2"):
            adapter, _http = provider(None, "a")
            body = event(topic)
            (message,) = adapter.verify(signed(body, "a")).messages
            found = adapter.parse(StoredMessage(message.topic, message.kind, body, {}))
            self.assertEqual(message.entity_key, "tracking:1Z0000000000000001")
            self.assertIs(found.state, TrackingState.IN_TRANSIT)
            self.assertEqual(found.updated_at.isoformat(), "2026-04-02T10:00:00+00:00")
            self.assertEqual(found.expected_at.isoformat(), "2026-04-30T00:00:00+00:00")
            self.assertEqual(
                [(one.state.value, one.text, one.place) for one in found.milestones],
                [("in_transit", "Departed", "BONN, DE"), ("announced", "Not Yet In System", None)],
            )

    def test_a_delivery_without_an_event_has_its_day(self):
        body = event(data={**TOLD, "status_code": "DE", "events": [],
                           "actual_delivery_date": "2026-04-02T09:00:00Z"})  # fmt: skip
        found = provider()[0].parse(StoredMessage("API_TRACK", "tracking", body, {}))
        (arrival,) = found.milestones
        self.assertEqual(arrival.occurred_at, found.updated_at)

    def test_lists_ask_only_for_what_has_not_arrived(self):
        rows = [
            {**BOUGHT, "trackable": True, "tracking_status": "delivered", "carrier_code": "usps"},
            {**BOUGHT, "label_id": "se-10", "tracking_number": TOLD["tracking_number"],
             "trackable": True, "tracking_status": "in_transit", "carrier_code": "ups"},
            {**BOUGHT, "label_id": "se-11", "trackable": True, "voided": True},
        ]  # fmt: skip

        def answer(method, path, query, body):
            if path.endswith("/track"):
                return {key: value for key, value in TOLD.items() if key != "carrier_code"}
            return {"labels": rows, "page": 1, "pages": 1}

        adapter, http = provider(answer)
        (page,) = adapter.fetch("tracking", "")
        told = [adapter.parse(StoredMessage(m.topic, m.kind, m.body, {})) for m in page.messages]
        self.assertEqual([one.state.value for one in told], ["delivered", "in_transit"])
        self.assertEqual(told[1].carrier, "ups")
        self.assertEqual([call[1] for call in http.calls],
                         ["/v1/labels", "/v1/labels/se-10/track"])  # fmt: skip
        begin, _bar, following = page.cursor.rpartition("|")
        self.assertEqual((begin, following), ("2026-02-16T12:00:00Z", "2"))
        list(adapter.fetch("tracking", page.cursor))
        self.assertEqual(http.calls[2][2]["page"], "2")
        self.assertEqual(http.calls[2][2]["created_at_start"], begin)

    # Labels

    def test_a_label_is_bought_for_a_shipment_of_our_reference(self):
        seen = []
        adapter, _http = provider(service(seen=seen))
        result = adapter.send(COMMAND, "key")
        self.assertEqual(result.external_ids, ("se-9",))
        self.assertEqual(
            dict(result.details),
            {"tracking_number": "9400", "label_url": "https://api.example/l.pdf",
             "amount": "11.01", "currency": "USD"},
        )  # fmt: skip
        wanted = next(body for method, path, _query, body in seen if path == "/shipments")
        (shipment,) = wanted["shipments"]
        self.assertEqual(
            (shipment["external_shipment_id"], shipment["carrier_id"], shipment["service_code"]),
            ("WH-OUT-1-1", "se-1", "usps_priority_mail"),
        )
        self.assertEqual(
            shipment["packages"],
            [{"weight": {"value": 500.0, "unit": "gram"},
              "dimensions": {"unit": "centimeter", "length": 25.4, "width": 10.0, "height": 5.1}}],
        )  # fmt: skip

    def test_what_was_bought_before_is_not_bought_again(self):
        seen = []
        adapter, _http = provider(service({"WH-OUT-1-1": "se-5"}, [BOUGHT], seen))
        self.assertEqual(adapter.send(COMMAND, "key"), adapter.look_up(COMMAND, "key"))
        self.assertEqual({method for method, *_rest in seen}, {"GET"})

    def test_a_shipment_without_a_label_gets_one(self):
        voided = {**BOUGHT, "voided": True}
        seen = []
        adapter, _http = provider(service({"WH-OUT-1-1": "se-5"}, [voided], seen))
        self.assertIsNone(adapter.look_up(COMMAND, "key"))
        self.assertEqual(adapter.send(COMMAND, "key").external_ids, ("se-9",))
        posts = [path for method, path, *_rest in seen if method == "POST"]
        self.assertEqual(posts, ["/labels/shipment/se-5"])

    def test_a_label_that_is_being_made_is_asked_about_later(self):
        making = {**BOUGHT, "status": "processing", "tracking_number": None}
        adapter, _http = provider(service({"WH-OUT-1-1": "se-5"}, [making]))
        with self.assertRaises(UnknownOutcomeError):
            adapter.look_up(COMMAND, "key")

    def test_what_is_not_said_is_asked_for_in_words(self):
        for change, words in (
            ({"service": None}, "carrier/service"),
            ({"carrier": "pigeon"}, "pigeon"),
            ({"carrier": None}, "which carrier"),
        ):
            adapter, _http = provider(service())
            with self.subTest(**change), self.assertRaisesRegex(ConfigurationError, words):
                adapter.send(COMMAND.model_copy(update=change), "key")

    def test_only_the_first_api_follows_other_parcels(self):
        follow = TrackParcel(number="1Z", carrier="ups")
        adapter, http = provider(lambda *call: {})
        self.assertEqual(adapter.send(follow, "key").external_ids, ("1Z",))
        self.assertEqual(
            http.calls[0][:3],
            ("POST", "/v1/tracking/start", {"carrier_code": "ups", "tracking_number": "1Z"}),
        )
        with self.assertRaises(RejectedError):
            adapter.send(TrackParcel(number="1Z"), "key")
        second, _http = provider(lambda *call: {}, cls=ShipStationProvider)
        with self.assertRaises(UnsupportedError):
            second.send(follow, "key")

    def test_amounts_are_exact(self):
        body = {**BOUGHT, "shipment_cost": {"currency": "usd", "amount": 0.1}}
        adapter, _http = provider(service({"WH-OUT-1-1": "se-5"}, [body]))
        amount = adapter.look_up(COMMAND, "key").details["amount"]
        self.assertEqual(Decimal(amount), Decimal("0.1"))
        self.assertEqual(json.loads(amount), 0.1)
