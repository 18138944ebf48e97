import json
import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..canonical import Customer
from ..decisions.api_answer import ItemAnswer, body_of, overall_status
from ..decisions.api_idempotency import digest_of_request, is_key
from ..decisions.api_items import (
    MOST_ITEMS,
    NEEDED,
    Event,
    Item,
    Media,
    identity,
    media_of,
    split,
    stored_body,
    version_asked,
)
from ..decisions.api_problem import KINDS, ApiError, Problem
from ..decisions.receipt import LONGEST, Receipt, ReceiptStatus

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)
names = st.text(max_size=400)
ATTRIBUTES = (*NEEDED, "data", "time", "dataschema", "datacontenttype")
# A busy machine takes its time, above all for the first text.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def who(**values):
    return Customer(external_id="c1", **values)


@tagged("post_install", "-at_install")
class TestApiItems(BaseCase):
    """How a request is split, and what identifies an item."""

    @CALM
    @given(values, st.sampled_from([Media.JSON, Media.EVENT, Media.EVENTS, Media.BINARY]))
    def test_whatever_comes_is_split_or_refused(self, content, media):
        try:
            items, is_batch = split(content, media, {})
        except ApiError as error:
            self.assertIn(error.problem.status, (400, 413, 422))
            return
        self.assertEqual(is_batch, isinstance(content, list) and media in
                         (Media.JSON, Media.EVENTS))  # fmt: skip
        self.assertEqual(len(items), len(content) if is_batch else 1)
        for item in items:
            self.assertIsInstance(item, Item)
            json.dumps(item.problem.body() if item.problem else None)

    @CALM
    @given(st.dictionaries(st.sampled_from(ATTRIBUTES), values))
    def test_whatever_an_event_says_it_is_taken_or_refused(self, attributes):
        [item], _batch = split(attributes, Media.EVENT, {})
        self.assertTrue(item.problem or (item.event and item.event.id.strip()))

    def test_extensions_of_events_are_named_and_typed_as_cloudevents_wants(self):
        def pointers(**more):
            sent = {"specversion": "1.0", "id": "1", "source": "urn:x", "type": "t", "data": {}}
            [item], _batch = split({**sent, **more}, Media.EVENT, {})
            return [error.pointer for error in item.problem.errors] if item.problem else []

        self.assertEqual(pointers(traceparent="00-1", sampled=True, step=3, note=None), [])
        self.assertEqual(
            pointers(Trace_Id="1", list1=[], deep={}), ["/Trace_Id", "/deep", "/list1"]
        )
        self.assertEqual(pointers(subject=""), ["/subject"])
        self.assertEqual(pointers(dataschema=7, datacontenttype=""),
                         ["/dataschema", "/datacontenttype"])  # fmt: skip
        self.assertEqual(pointers(datacontenttype="application/json; charset=utf-8"), [])

    def test_too_many_items_are_refused(self):
        split([{}] * MOST_ITEMS, Media.JSON, {})
        with self.assertRaises(ApiError):
            split([{}] * (MOST_ITEMS + 1), Media.JSON, {})

    @CALM
    @given(names, names, names, names)
    def test_other_events_have_other_identities(self, source, event_id, source2, event_id2):
        one = self._event_identity(source, event_id)
        two = self._event_identity(source2, event_id2)
        self.assertEqual(one == two, (source, event_id) == (source2, event_id2))
        self.assertLessEqual(len(one), LONGEST)

    def _event_identity(self, source, event_id):
        item = Item(event=Event(id=event_id, source=source, type="t"))
        return identity(item, who(), "api/customers", 1, "k", 0)

    @CALM
    @given(st.text(alphabet=string.printable, min_size=1, max_size=255),
           st.integers(1, 99), st.integers(0, 999))  # fmt: skip
    def test_a_key_and_a_place_identify_an_item(self, key, client, index):
        def of(*args):
            return identity(Item(), who(), "api/customers", *args)

        here = of(client, key, index)
        self.assertEqual(here, of(client, key, index))
        self.assertNotIn(here, (of(client, key, index + 1), of(client + 1, key, index)))
        self.assertNotEqual(here, of(client, "", index))
        self.assertLessEqual(len(here), LONGEST)

    def test_without_a_name_the_content_decides(self):
        def of(message, topic="api/customers", index=0):
            return identity(Item(), message, topic, 1, "", index)

        self.assertEqual(of(who()), of(who(email=None), index=7))
        self.assertNotEqual(of(who()), of(who(email="a@b.c")))
        self.assertNotEqual(of(who()), of(who(), topic="api/orders"))

    def test_what_is_kept_does_not_depend_on_how_it_was_written(self):
        self.assertEqual(stored_body(who()), stored_body(who(email=None, tax_exempt=False)))
        self.assertEqual(stored_body(who()), b'{"external_id":"c1"}')

    @CALM
    @given(st.text(max_size=60))
    def test_foreign_schemas_name_no_version(self, text):
        self.assertIsNone(version_asked(f"{text}.xsd", "order"))

    def test_a_schema_names_its_version(self):
        address = "https://x.example/retail/v1/schemas/order/1.1.json"
        self.assertEqual(version_asked(address, "order"), "1.1")
        with self.assertRaises(KeyError):
            version_asked(address, "customer")

    @CALM
    @given(st.text(max_size=40), st.none() | st.text(max_size=12))
    def test_a_content_type_is_known_or_refused(self, mimetype, charset):
        try:
            self.assertIn(media_of(mimetype, charset, {}), Media)
        except ApiError as error:
            self.assertEqual(error.problem.status, 415)

    @CALM
    @given(st.text(max_size=300))
    def test_a_key_is_visible_and_short(self, text):
        visible = all("!" <= char <= "~" for char in text)
        self.assertEqual(is_key(text), visible and 1 <= len(text) <= 255)

    @CALM
    @given(st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=5), max_size=4))
    def test_other_requests_have_other_digests(self, one, two):
        same = digest_of_request(one, b"x") == digest_of_request(two, b"x")
        self.assertEqual(same, one == two)

    @CALM
    @given(st.lists(st.sampled_from(["stored", "duplicate", "conflict", "rejected"]), min_size=1))
    def test_the_whole_has_the_status_that_all_share(self, words):
        items = [answer_of(index, word) for index, word in enumerate(words)]
        statuses = {item.status for item in items}
        expected = statuses.pop() if len(statuses) == 1 else 207
        self.assertEqual(overall_status(items), expected)
        body = body_of(items)
        self.assertEqual([item["status"] for item in body["items"]], words)
        self.assertEqual("type" in body, set(words) == {"rejected"})

    def test_every_problem_has_a_status_and_says_what_to_do(self):
        for code, kind in KINDS.items():
            body = Problem(code).body()
            self.assertEqual(body["status"], kind.status)
            self.assertTrue(400 <= kind.status < 600 and body["detail"] and body["title"])


def answer_of(index, word):
    """Return the answer to an item that ended like this."""
    if word == "rejected":
        return ItemAnswer(index, problem=Problem("invalid"))
    return ItemAnswer(index, Receipt(f"m{index}", ReceiptStatus(word), 0, "order"))
