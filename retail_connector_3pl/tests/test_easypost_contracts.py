import json
import unittest
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical.address import Address
from odoo.addons.retail_connector_base.canonical.parcel_tracking import TrackingState
from odoo.addons.retail_connector_base.canonical.warehouse_command import (
    BuyLabel,
    Package,
    Recipient,
    TrackParcel,
)
from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    MalformedPayloadError,
    ProviderContext,
    RawRequest,
    RejectedError,
    StoredMessage,
    UnknownOutcomeError,
)

from ..providers.easypost import EasyPostProvider
from ..providers.easypost.signature import HEADER, sign
from .carrier_common import NOW, FakeHttp, contracts_root, sample, status

# Objects of the API that are read as something, by what they are read with, and why not the rest.
READ = {"event-body", "trackers-create", "trackers-list"}
SHIPMENTS = {"shipments-create", "shipments-buy", "shipments-label"}
NOT_READ = {
    "addresses-verify": "addresses are taken as they are",
    "customs-infos-create": "no customs forms are made",
    "events-list": "events without what they show",
    "events-retrieve": "an event without what it shows",
    "orders-buy": "several parcels bought at once: each is bought by itself",
    "pickups-create": "nobody is sent for",
    "webhooks-create": "an answer that only says it was done",
}
HOME = Address(name="Ada", street="1 Main St", city="Bonn", zip="53111", country_code="DE")
LABEL = BuyLabel(
    reference="WH-OUT-1-1",
    sender=Recipient(address=HOME, phone="1"),
    recipient=Recipient(address=HOME, email="ada@example.com"),
    package=Package(weight_grams=Decimal(500), length_mm=Decimal(254), width_mm=Decimal(100),
                    height_mm=Decimal(51)),
    carrier="usps",
    service="GroundAdvantage",
)  # fmt: skip


def provider(answer=None):
    """Return the provider of an account whose API answers as a function says."""
    secrets = {"api_key": ("EZTK",), "webhook_secret": ("secret",)}
    http = FakeHttp(answer or (lambda *call: {}))
    return EasyPostProvider(ProviderContext({}, secrets, http, lambda: NOW)), http


def read(topic, content):
    """Return what a stored message is read as."""
    return provider()[0].parse(StoredMessage(topic, "tracking", json.dumps(content).encode(), {}))


@tagged("post_install", "-at_install")
@unittest.skipUnless(contracts_root("easypost"), "the contracts are not beside this checkout")
class TestEasyPostContracts(BaseCase):
    """What the published samples are read as, derived by hand from the payloads."""

    def test_every_sample_is_read_or_left_on_purpose(self):
        names = {path.stem for path in contracts_root("easypost").glob("*.json")}
        self.assertEqual(names, {*READ, *SHIPMENTS, *NOT_READ})

    def test_the_published_event(self):
        body = (contracts_root("easypost") / "event-body.json").read_bytes()
        adapter, _http = provider()
        request = RawRequest(body, {HEADER: sign("secret", body)}, NOW)
        (message,) = adapter.verify(request).messages
        self.assertEqual(
            (message.event_id, message.topic, message.kind, message.entity_key),
            ("evt_1", "tracker.updated", "tracking", "tracking:trk_1"),
        )
        found = adapter.parse(StoredMessage(message.topic, message.kind, body, {}))
        self.assertEqual((found.number, found.carrier), ("1", "FedEx"))
        self.assertIs(found.state, TrackingState.IN_TRANSIT)
        self.assertEqual(found.updated_at.isoformat(), "2024-08-02T19:26:51+00:00")
        self.assertEqual(found.expected_at.isoformat(), "2024-08-05T00:00:00+00:00")
        self.assertEqual(found.url, "https://track.easypost.com/1")
        self.assertEqual(len(found.milestones), 7)
        first, last = found.milestones[0], found.milestones[-1]
        self.assertEqual(
            (first.state, first.text, first.place),
            (TrackingState.ANNOUNCED, "Shipment information sent to FedEx", "US"),
        )
        self.assertEqual(last.place, "EDISON, NJ, US")
        with self.assertRaises(AuthenticationError):
            adapter.verify(RawRequest(body, {HEADER: sign("other", body)}, NOW))

    def test_trackers(self):
        made = read("poll/tracker", sample("easypost", "trackers-create"))
        self.assertTrue(made.external_id.startswith("trk_"))
        listed = sample("easypost", "trackers-list")["trackers"]
        self.assertTrue(listed)
        for row in listed:
            self.assertEqual(read("poll/tracker", row).number, row["tracking_code"])

    def test_events_without_what_they_show_are_no_tracking(self):
        with self.assertRaises(MalformedPayloadError):
            read("tracker.created", sample("easypost", "events-retrieve"))

    def test_shipments_of_the_samples_are_bought_and_found(self):
        made, bought = sample("easypost", "shipments-create"), sample("easypost", "shipments-buy")
        missing = status(RejectedError("Not there."), 404)

        def answer(method, path, query, body):
            if method == "GET":
                return missing
            return bought if path.endswith("/buy") else made

        adapter, http = provider(answer)
        result = adapter.send(LABEL, "key")
        self.assertEqual(result.external_ids, (bought["id"],))
        self.assertEqual(
            dict(result.details),
            {
                "tracking_number": "9434600208303109842228",
                "label_url": bought["postage_label"]["label_url"],
                "amount": "8.20",
                "currency": "USD",
            },
        )
        (_get, create, buy) = http.calls
        self.assertEqual(create[1], "/v2/shipments")
        wanted = create[3]["shipment"]
        self.assertEqual(wanted["reference"], "WH-OUT-1-1")
        # 500 g are 17.64 oz, 254 mm are 10 inches: rounded up to a tenth.
        self.assertEqual(wanted["parcel"],
                         {"length": 10.0, "width": 4.0, "height": 2.1, "weight": 17.7})  # fmt: skip
        self.assertEqual(buy[1], f"/v2/shipments/{made['id']}/buy")
        ground = next(row for row in made["rates"] if row["service"] == "GroundAdvantage")
        self.assertEqual(buy[3], {"rate": {"id": ground["id"]}})

    def test_what_was_bought_before_is_not_bought_again(self):
        bought = sample("easypost", "shipments-label")
        adapter, http = provider(lambda method, *call: bought)
        self.assertEqual(adapter.send(LABEL, "key"), adapter.look_up(LABEL, "key"))
        self.assertEqual({call[0] for call in http.calls}, {"GET"})

    def test_the_cheapest_is_bought_where_nothing_is_wanted(self):
        made, bought = sample("easypost", "shipments-create"), sample("easypost", "shipments-buy")
        adapter, http = provider(
            lambda method, path, *rest: bought if path.endswith("/buy") else made
        )
        free = LABEL.model_copy(update={"carrier": None, "service": None})
        adapter.send(free, "key")
        cheapest = min(made["rates"], key=lambda row: Decimal(row["rate"]))
        self.assertEqual(http.calls[-1][3], {"rate": {"id": cheapest["id"]}})

    def test_an_offer_that_is_not_made_is_refused_in_words(self):
        made = sample("easypost", "shipments-create")
        adapter, _http = provider(lambda *call: made)
        with self.assertRaisesRegex(RejectedError, "USPS/Priority"):
            adapter.send(LABEL.model_copy(update={"service": "Teleport"}), "key")

    def test_two_shipments_of_one_reference_are_both_looked_at(self):
        """The newest is found by the reference; an older one may be the one that was bought."""
        newest = sample("easypost", "shipments-create")
        older = {**sample("easypost", "shipments-buy"), "reference": LABEL.reference}

        def answer(method, path, query, body):
            if path == "/v2/shipments":
                return {"shipments": [older], "has_more": False}
            return newest

        adapter, http = provider(answer)
        self.assertEqual(adapter.look_up(LABEL, "key").external_ids, (older["id"],))
        self.assertEqual(http.calls[-1][2]["purchased"], "true")

    def test_nobody_can_tell_among_too_many(self):
        newest, page = sample("easypost", "shipments-create"), iter(range(1000))

        def answer(method, path, query, body):
            if path == "/v2/shipments":
                return {"shipments": [{"id": f"shp_{next(page)}"}], "has_more": True}
            return newest

        with self.assertRaises(UnknownOutcomeError):
            provider(answer)[0].look_up(LABEL, "key")

    def test_a_parcel_is_followed_and_found_by_its_number(self):
        made = sample("easypost", "trackers-create")
        adapter, http = provider(lambda *call: made)
        command = TrackParcel(number=made["tracking_code"], carrier=made["carrier"])
        self.assertEqual(adapter.send(command, "key").external_ids, (made["id"],))
        self.assertEqual(
            http.calls[0][3],
            {"tracker": {"tracking_code": made["tracking_code"], "carrier": made["carrier"]}},
        )
        adapter, _http = provider(lambda *call: {"trackers": [made]})
        self.assertEqual(adapter.look_up(command, "key").external_ids, (made["id"],))
        other = command.model_copy(update={"carrier": "Pigeon"})
        self.assertIsNone(adapter.look_up(other, "key"))

    def test_lists_go_on_behind_the_last_tracker(self):
        listed = sample("easypost", "trackers-list")["trackers"]
        pages = iter(({"trackers": listed, "has_more": True}, {"trackers": [], "has_more": False}))
        adapter, http = provider(lambda *call: next(pages))
        found = list(adapter.fetch("tracking", ""))
        self.assertEqual(len(found[0].messages), len(listed))
        self.assertEqual(found[0].cursor, listed[-1]["id"])
        self.assertEqual(http.calls[1][2]["before_id"], listed[-1]["id"])
        for message in found[0].messages:
            self.assertEqual(message.kind, "tracking")
