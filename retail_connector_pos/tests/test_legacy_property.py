import json

import fsspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import MalformedPayloadError, StoredMessage
from odoo.addons.retail_connector_base.tests.conformance import HOSTILE

from ..decisions.legacy_check import problems_of
from ..decisions.legacy_layout import layout_of, text_of
from .legacy_kit import csv_text, file_layout, file_provider, messages_of, parsed
from .legacy_styles import styles, tickets, told, written

COLUMNS = ("id", "store", "till", "at", "total", "sku", "qty", "price")
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["1", "12.50", "2026-04-12 10:00:00", "9" * 50, "1e400"])
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(COLUMNS), inner, max_size=8)
    ),
    max_leaves=12,
)

QUICK = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@tagged("post_install", "-at_install")
class TestLegacyProperty(BaseCase):
    """Whatever way a system writes, the layout that says so gives the same tickets."""

    @given(st.data())
    @QUICK
    def test_any_layout_is_read_as_it_is_declared(self, data):
        style = data.draw(styles())
        flat = style.shape == "flat"
        sold = [told(values, flat) for values in data.draw(tickets(flat))]
        files, layout = written(style, sold)
        self.assertEqual(problems_of(layout), [])
        self.assertEqual(layout_of(text_of(layout)), layout)
        folder = fsspec.filesystem("memory")
        folder.store.clear()
        for name, text in files.items():
            folder.pipe_file(f"/drop/{name}", style.bytes(text))
        provider = file_provider("memory://drop", layout)
        messages = messages_of(provider.fetch("pos_ticket", ""))
        found = {ticket.external_id: ticket for ticket in (parsed(provider, m) for m in messages)}
        self.assertEqual(len(messages), len(sold))
        for ticket in sold:
            self.assertEqual(_plain(found[ticket.external_id], flat), _plain(ticket, flat))

    @given(st.binary(max_size=300), st.sampled_from(["csv", "jsonl"]), st.booleans())
    @QUICK
    def test_any_bytes_are_put_away_and_stop_nobody(self, data, form, has_start):
        options = {"format": form, "shape": "rows" if form == "csv" else "nested"}
        start = csv_text((1, "10")).encode() if has_start and form == "csv" else b""
        folder = fsspec.filesystem("memory")
        folder.store.clear()
        folder.pipe_file("/drop/sales_1.csv", start + data)
        folder.pipe_file("/drop/sales_2.csv", csv_text((2, "10")).encode())
        provider = file_provider("memory://drop", file_layout(**options))
        for message in messages_of(provider.fetch("pos_ticket", "")):
            try:
                parsed(provider, message)
            except MalformedPayloadError as error:
                self.assertTrue(str(error))
        left = folder.find("/drop")
        self.assertEqual(len(left), 2)
        self.assertTrue(all("/archive/" in path or "/quarantine/" in path for path in left), left)

    def test_hostile_bodies_are_refused_in_words(self):
        provider = file_provider("memory://drop", file_layout())
        for kind in ("pos_ticket", "pos_closing", "order", None):
            for body in HOSTILE:
                with self.subTest(body=body[:40], kind=kind):
                    with self.assertRaises(MalformedPayloadError) as caught:
                        provider.parse(StoredMessage("read/pos_ticket", kind, body, {}))
                    self.assertLess(len(str(caught.exception)), 3_000)

    @given(st.dictionaries(st.sampled_from(COLUMNS), VALUES), VALUES)
    @QUICK
    def test_any_record_is_a_ticket_or_is_refused(self, header, rows):
        provider = file_provider("memory://drop", file_layout())
        body = json.dumps({"header": header, "rows": {"lines": rows}}).encode()
        try:
            ticket = provider.parse(StoredMessage("read/pos_ticket", "pos_ticket", body, {}))
        except MalformedPayloadError:
            return
        self.assertEqual(type(ticket).model_validate_json(ticket.model_dump_json()), ticket)


def _plain(ticket, flat):
    """Return what has to be equal: files whose tenders are columns number them on their own."""
    content = ticket.model_dump(mode="json")
    if flat:
        for tender in content["tenders"]:
            tender["external_id"] = ""
        content["tenders"].sort(key=lambda tender: tender["kind"])
    return content
