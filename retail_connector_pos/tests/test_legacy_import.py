from dataclasses import replace

import fsspec

from odoo.tests import tagged

from ..decisions.legacy_layout import Part, Rule
from .common import PosCase
from .legacy_kit import file_layout, file_provider, messages_of, parsed

HEAD = "id,store,till,at,total,sku,qty,price,vat,cash,card\n"
ROWS = (
    "1,S1,R1,2026-05-04 09:30:00,35.70,A,2,11.90,19,20.00,15.70\n"
    "1,S1,R1,2026-05-04 09:30:00,35.70,B,1,11.90,19,20.00,15.70\n"
)
VOID = "2,S1,R1,2026-05-04 09:31:00,11.90,A,1,11.90,19,11.90,0\n"


def layout():
    """Return a layout with taxes in lines, and cash and cards in columns."""
    plain = file_layout()
    lines = (
        *plain.parts[1].rules,
        Rule("tax.title", constant="VAT"),
        Rule("tax.rate", ("vat",), percent=True),
    )
    tenders = (
        Part(
            "tenders",
            (
                Rule("external_id", constant=kind),
                Rule("method", constant=kind),
                Rule("kind", constant=kind),
                Rule("amount", (kind,)),
            ),
            of_header=True,
        )
        for kind in ("cash", "card")
    )
    return replace(plain, parts=(plain.header, replace(plain.parts[1], rules=lines), *tenders))


@tagged("post_install", "-at_install")
class TestLegacyImport(PosCase):
    """A row of an old till's file becomes a paid order of Odoo's."""

    def _tickets(self, text):
        folder = fsspec.filesystem("memory")
        folder.store.clear()
        folder.pipe_file("/till/sales_1.csv", text.encode())
        provider = file_provider("memory://till", layout())
        messages = messages_of(provider.fetch("pos_ticket", ""))
        return [parsed(provider, message) for message in messages]

    def test_a_ticket_of_a_file_is_sold_in_odoo(self):
        (told,) = self._tickets(HEAD + ROWS)
        self.drain(told)
        order = self.ticket(told).odoo_id
        self.assertEqual(order.state, "paid")
        self.assertAlmostEqual(order.amount_total, 35.70)
        self.assertAlmostEqual(order.amount_tax, 5.70)
        self.assertEqual(order.lines.product_id.mapped("default_code"), ["A", "B"])
        self.assertEqual(sorted(order.payment_ids.mapped("amount")), [15.7, 20.0])
        self.assertEqual(order.config_id, self.config)

    def test_reading_it_twice_sells_it_once(self):
        (told,) = self._tickets(HEAD + ROWS)
        (again,) = self._tickets(HEAD + ROWS)
        self.drain(told)
        self.drain(again)
        count = self.env["retail.pos.ticket"].search_count([("backend_id", "=", self.backend.id)])
        self.assertEqual(count, 1)

    def test_a_ticket_that_does_not_tie_sells_nothing(self):
        wrong, right = self._tickets(HEAD + ROWS.replace("35.70", "36.70") + VOID)
        _results, failures = self.run_import(wrong, right)
        self.assertEqual(list(failures), ["1"])
        self.assertEqual(self.ticket(right).odoo_id.state, "paid")
