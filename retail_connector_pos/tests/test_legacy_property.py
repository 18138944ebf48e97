import fsspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.legacy_check import problems_of
from ..decisions.legacy_layout import layout_of, text_of
from .legacy_kit import file_provider, messages_of, parsed
from .legacy_styles import styles, tickets, told, written

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


def _plain(ticket, flat):
    """Return what has to be equal: files whose tenders are columns number them on their own."""
    content = ticket.model_dump(mode="json")
    if flat:
        for tender in content["tenders"]:
            tender["external_id"] = ""
        content["tenders"].sort(key=lambda tender: tender["kind"])
    return content
