import gzip
import json
from unittest.mock import patch

import psycopg2

from odoo.tests import mute_logger, tagged

from ..canonical import ROUTES
from ..controllers.body import MAX_BYTES
from ..decisions.pressure import Pressure
from .api import ApiCase, customer, event, order
from .conformance import HOSTILE


@tagged("post_install", "-at_install")
class TestApiWrite(ApiCase):
    """What becomes of items that are posted."""

    def _item(self, answer, status):
        self.assertEqual(answer.status_code, status, answer.text)
        return answer.json()["items"][0]

    def test_an_order_is_stored_as_it_was_said(self):
        answer = self._call("orders", order())
        item, message = self._item(answer, 202), self._messages()
        href = f"/retail/v1/messages/{message.correlation_id}"
        self.assertEqual(item["id"], message.correlation_id)
        self.assertEqual((item["index"], item["href"]), (0, href))
        self.assertEqual(answer.headers["Location"], href)
        self.assertEqual(
            (message.source, message.topic, message.kind, message.entity_key),
            ("api", "api/orders", "order", "order:1001"),
        )
        self.assertEqual(json.loads(message._raw_body())["lines"][0]["unit_price"]["shop"],
                         {"amount": "10", "currency": "EUR"})  # fmt: skip

    def test_every_route_says_which_fields_it_needs(self):
        for route in ROUTES:
            answer = self._call(route, {})
            with self.subTest(route=route):
                self.assertEqual(answer.status_code, 422)
                self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
                pointers = [error["pointer"] for error in answer.json()["errors"]]
                self.assertIn("/external_id", pointers)

    def test_the_same_again_is_a_duplicate(self):
        first, second = self._call("customers", customer()), self._call("customers", customer())
        self.assertEqual((first.status_code, second.status_code), (202, 200))
        self.assertEqual(second.json()["items"][0]["status"], "duplicate")
        self.assertEqual(first.json()["items"][0]["id"], second.json()["items"][0]["id"])
        self.assertEqual(len(self._messages()), 1)

    def test_fractions_stay_exact_however_they_are_written(self):
        body = json.dumps(order()).encode().replace(b'"amount": "10.00"', b'"amount": 10.00')
        self.assertEqual(self._call("orders", body).status_code, 202)
        self.assertEqual(self._call("orders", order()).status_code, 200)

    # Batches

    def test_one_bad_item_never_sinks_the_others(self):
        answer = self._call("customers", [customer("1"), {"email": 7}, customer("2"), None])
        self.assertEqual(answer.status_code, 207)
        items = answer.json()["items"]
        self.assertEqual(
            [item["status"] for item in items], ["stored", "rejected", "stored", "rejected"]
        )
        self.assertEqual([item["index"] for item in items], [0, 1, 2, 3])
        pointers = [error["pointer"] for error in items[1]["problem"]["errors"]]
        self.assertEqual(pointers, ["/external_id", "/email"])
        self.assertEqual(self._messages().mapped("entity_key"), ["customer:1", "customer:2"])
        self.assertNotIn("Location", answer.headers)

    def test_a_batch_has_the_status_that_all_items_share(self):
        batch = [customer(str(number)) for number in range(20)]
        self.assertEqual(self._call("customers", batch).status_code, 202)
        self.assertEqual(self._call("customers", batch).status_code, 200)
        answer = self._call("customers", [{}, {}])
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(len(answer.json()["items"]), 2)

    def test_the_same_item_twice_in_one_batch_is_stored_once(self):
        answer = self._call("customers", [customer(), customer(), customer("2")])
        self.assertEqual(
            [item["status"] for item in answer.json()["items"]], ["stored", "duplicate", "stored"]
        )
        self.assertEqual(len(self._messages()), 2)

    def test_a_state_that_comes_back_is_news(self):
        words = []
        for email in ("a", "b", "b", "a", "a", "b"):
            answer = self._call("customers", customer(email=f"{email}@example.com"))
            words.append(answer.json()["items"][0]["status"])
        self.assertEqual(words, ["stored", "stored", "duplicate", "stored", "duplicate", "stored"])
        observed = [int(message.observed_at) for message in self._messages()]
        self.assertEqual(observed, sorted(set(observed)))
        batch = [customer("2", email=f"{email}@example.com") for email in "abac"]
        answer = self._call("customers", batch)
        self.assertEqual(answer.status_code, 202)

    def test_a_version_that_comes_again_is_a_duplicate_whatever_came_since(self):
        words = []
        for minute in (1, 2, 1):
            moment = f"2026-04-02T10:0{minute}:00Z"
            answer = self._call("customers", customer(updated_at=moment))
            words.append(answer.json()["items"][0]["status"])
        self.assertEqual(words, ["stored", "stored", "duplicate"])

    def test_a_batch_keeps_its_order_for_one_entity(self):
        states = [customer(email=f"{number}@example.com") for number in range(5)]
        self._call("customers", states)
        bodies = [json.loads(message._raw_body())["email"] for message in self._messages()]
        self.assertEqual(bodies, [state["email"] for state in states])
        observed = [int(message.observed_at) for message in self._messages()]
        self.assertEqual(observed, sorted(set(observed)))

    def test_a_batch_is_bounded(self):
        self.assertEqual(self._call("customers", []).status_code, 422)
        self.assertEqual(self._call("customers", [{}] * 1_001).status_code, 413)
        batch = [customer(str(number)) for number in range(1_000)]
        self.assertEqual(self._call("customers", batch).status_code, 202)

    # CloudEvents

    def _event(self, body, **headers):
        media = "application/cloudevents-batch+json" if isinstance(body, list) else (
            "application/cloudevents+json"
        )  # fmt: skip
        return self._call("customers", body, Content_Type=media, **headers)

    def test_an_event_is_known_by_its_source_and_id(self):
        self._item(self._event(event(customer())), 202)
        self.assertEqual(self._item(self._event(event(customer())), 200)["status"], "duplicate")
        other = event(customer(), source="urn:other")
        self.assertEqual(self._item(self._event(other), 202)["status"], "stored")

    def test_another_content_under_the_same_event_is_a_conflict(self):
        self._event(event(customer()))
        answer = self._event(event(customer("2")))
        self.assertEqual(self._item(answer, 200)["status"], "conflict")
        self.assertEqual(self._messages().mapped("state"), ["received", "conflict"])
        self.assertTrue(self.env["retail.exception"].search([("backend_id", "=", self.backend.id)]))

    def test_a_batch_of_events(self):
        answer = self._event([event(customer("1"), "1"), event({}, "2"), {"id": "3"}])
        self.assertEqual(answer.status_code, 207)
        found = [
            [error["pointer"] for error in item.get("problem", {}).get("errors", ())]
            for item in answer.json()["items"]
        ]
        self.assertEqual(found, [[], ["/data/external_id"], ["/specversion", "/source", "/type"]])

    def test_an_event_in_headers(self):
        sent = {"ce-specversion": "1.0", "ce-id": "9", "ce-source": "urn:x%20y", "ce-type": "t"}
        self._item(self._call("customers", customer(), **sent), 202)
        self.assertEqual(self._messages().headers["ce-source"], "urn:x y")
        self.assertEqual(self._messages().event_id, "event:urn%3Ax y:9")
        answer = self._call("customers", customer(), **{**sent, "ce-id": ""})
        self.assertEqual(answer.json()["errors"][0]["pointer"], "/id")

    def test_hostile_events_are_told_what_is_wrong(self):
        wrong = (
            b"null", 7, [], {}, event({}, event_id=7), event({}, event_id=""), event({}, source=[]),
            event({}, specversion="2.0"), event({}, time="yesterday"), event({}, time=7),
            event({}, dataschema=7), event({}, datacontenttype="text/xml"),
            event(None, data_base64="e30="), event({}, dataschema="/schemas/order/1.0.json"),
            event({}, dataschema="/schemas/customer/9.9.json"),
        )  # fmt: skip
        for body in wrong:
            answer = self._call("customers", body, Content_Type="application/cloudevents+json")
            with self.subTest(body=body):
                self.assertIn(answer.status_code, (400, 422), answer.text)
        self.assertFalse(self._messages())

    # Schema versions

    def test_the_newest_version_is_the_default(self):
        self.assertEqual(self._call("orders", order()).headers["Retail-Schema-Version"], "1.1")

    def test_an_old_version_is_taken_and_told_of_its_end(self):
        answer = self._call("customers", customer(), Retail_Schema_Version="1.0")
        self.assertEqual(answer.status_code, 202)
        self.assertEqual(answer.headers["Retail-Schema-Version"], "1.0")
        self.assertRegex(answer.headers["Deprecation"], r"^@\d+$")
        self.assertTrue(answer.headers["Sunset"].endswith("GMT"))
        self.assertIn('rel="deprecation"', answer.headers["Link"])

    def test_an_old_version_does_not_have_later_fields(self):
        answer = self._call("customers", customer(tags=["a"]), Retail_Schema_Version="1.0")
        self.assertEqual(answer.json()["errors"][0]["pointer"], "/tags")
        schema = "https://x.example/retail/v1/schemas/customer/1.0.json"
        answer = self._event(event(customer(tags=["a"]), dataschema=schema))
        self.assertEqual(answer.json()["errors"][0]["pointer"], "/data/tags")
        self.assertEqual(answer.headers["Retail-Schema-Version"], "1.0")

    def test_an_unknown_version_is_refused(self):
        for version in ("9.9", "x", "1.0.0", ""):
            answer = self._call("customers", customer(), Retail_Schema_Version=version)
            self.assertEqual(answer.status_code, 400, version)
        self.assertFalse(self._messages())

    def test_a_version_ends(self):
        with patch("odoo.addons.retail_connector_base.canonical.versions.Version.is_over",
                   lambda version, now: version.version == "1.0"):  # fmt: skip
            answer = self._call("customers", customer(), Retail_Schema_Version="1.0")
            self.assertEqual(answer.status_code, 400)
            self.assertIn("version-over", answer.json()["type"])
            schema = "/schemas/customer/1.0.json"
            answer = self._event(event(customer(), dataschema=schema))
            self.assertEqual(answer.status_code, 400)

    # Kinds without importer

    def test_a_kind_without_importer_is_kept_and_imported_later(self):
        processor = self.registry["retail.inbox.processor"]
        with patch.object(processor, "_importer", lambda self, kind, backend=None: None):
            item = self._item(self._call("customers", customer()), 200)
            self.assertEqual(item["status"], "unsupported")
            self._drain()
        message = self._messages()
        self.assertEqual(message.state, "unsupported")
        message.action_replay()
        deletions = self.env["retail.importer.deletion"]
        with (
            patch.object(processor, "_importer", lambda self, kind, backend=None: deletions),
            patch.object(
                type(deletions), "_import_batch", lambda self, backend, items: _done(items)
            ),
        ):
            self._drain()
        self.assertEqual(message.state, "done")

    def _drain(self):
        drain = self.env["retail.inbox.drain"]
        for lane in range(self.backend.lane_count):
            if messages := drain._claim(self.backend.id, lane):
                self.env["retail.inbox.processor"]._process(messages)

    # What is refused

    def test_hostile_bodies_are_never_an_error_of_ours(self):
        for route in ("customers", "orders"):
            for body in HOSTILE:
                answer = self._call(route, body)
                with self.subTest(route=route, body=body[:20]):
                    self.assertIn(answer.status_code, (400, 411, 422), answer.text)
                    self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        self.assertFalse(self._messages())

    def test_hostile_values_are_never_an_error_of_ours(self):
        deep = {}
        for _ in range(900):
            deep = {"a": deep}
        values = (
            True, 0, -1, 1.5, 10**400, "x" * 300, "", [], {}, deep, [deep], "9" * 5_000,
            "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", 1e308,
        )  # fmt: skip
        for field in ("external_id", "updated_at", "placed_at", "total", "lines", "customer"):
            for value in values:
                answer = self._call("orders", order(**{field: value}))
                with self.subTest(field=field, value=str(value)[:30]):
                    self.assertIn(answer.status_code, (202, 200, 400, 422), answer.text)

    def test_what_was_sent_is_not_repeated(self):
        secret = "4111111111111111"
        for body in (
            customer(email=[secret]),
            order(total={"shop": {"amount": f"{secret}.001", "currency": "EUR"},
                         "presentment": {"amount": f"{secret}.001", "currency": "EUR"}}),
            order(payment_state=secret),
            order(currency=secret),
            order(placed_at=secret),
        ):  # fmt: skip
            answer = self._call("orders", body)
            self.assertEqual(answer.status_code, 422)
            self.assertNotIn(secret, answer.text)

    def test_a_million_mistakes_cost_little(self):
        body = b'{"external_id": "1", "lines": [' + b"{}," * 2_000_000 + b"{}]}"
        answer = self._call("orders", body)
        self.assertEqual(answer.status_code, 422)
        self.assertLess(len(answer.content), 2_000)
        answer = self._call("orders", order(lines=[{}] * 20_000))
        self.assertEqual(answer.status_code, 422)
        self.assertLess(len(answer.content), 2_000)

    def test_other_content_types_are_refused(self):
        for mimetype in (
            "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain",
            "application/xml", "binary", "application/json; charset=latin-1", "", None,
        ):  # fmt: skip
            answer = self._call("customers", b"{}", Content_Type=mimetype)
            self.assertEqual(answer.status_code, 415, mimetype)
        answer = self._call("customers", gzip.compress(b"{}"), Content_Encoding="gzip")
        self.assertEqual(answer.status_code, 415)

    def test_too_much_is_refused(self):
        answer = self._call("customers", b" " * (MAX_BYTES + 1))
        self.assertEqual(answer.status_code, 413)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")

    def test_addresses_and_methods_that_are_not_offered(self):
        for path in ("", "nothing", "prices/1/2/3", "stock_levels", "orders%00", "Orders"):
            answer = self._call(path, {})
            self.assertEqual(answer.status_code, 404, path)
            self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
            answer = self._call("prices", order(), method=method)
            self.assertEqual(answer.status_code, 405, method)
            self.assertIn("POST", answer.headers["Allow"])
        self.assertEqual(self._call("prices").status_code, 405)
        self.assertFalse(self._messages())

    def test_a_query_cannot_break_a_call(self):
        answer = self._call(
            "customers?route=orders&caller=1&controller=2&self=3&parcel=4", customer()
        )
        self.assertEqual(answer.status_code, 202)
        self.assertEqual(self._messages().kind, "customer")

    def test_pressure_asks_senders_to_come_back(self):
        self.backend._set_pressure(Pressure.ORDINARY)
        answer = self._call("orders", order())
        self.assertEqual(answer.status_code, 503)
        self.assertIn("Retry-After", answer.headers)
        self.assertEqual(self._call("payments", {}).status_code, 422)
        self.backend._set_pressure(Pressure.ALL)
        self.assertEqual(self._call("payments", {}).status_code, 503)

    @mute_logger("odoo.sql_db")
    def test_what_cannot_be_stored_is_never_acknowledged(self):
        receiver = self.registry["retail.inbox.receiver"]
        failure = psycopg2.OperationalError("disk full")
        with patch.object(receiver, "_store_items", side_effect=failure):
            answer = self._call("customers", customer(), Idempotency_Key="k")
        self.assertEqual(answer.status_code, 503)
        self.assertIn("Retry-After", answer.headers)
        self.assertEqual(self._call("customers", customer(), Idempotency_Key="k").status_code, 202)

    def test_a_failed_wake_up_does_not_unsay_the_receipt(self):
        drain = self.registry["retail.inbox.drain"]
        with patch.object(drain, "_wake", side_effect=psycopg2.OperationalError("gone")):
            self.assertEqual(self._call("customers", customer()).status_code, 202)
        self.assertEqual(len(self._messages()), 1)


def _done(items):
    from ..decisions.outcome import ImportResult, Outcome

    return {item.message_id: ImportResult(Outcome.DONE) for item in items}
