from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.lane import lane_of
from ..decisions.receipt import LONGEST, Receipt, ReceiptStatus, printable


@tagged("post_install", "-at_install")
class TestReceipt(BaseCase):
    def test_news_is_accepted_and_the_known_is_merely_fine(self):
        self.assertEqual(Receipt("1", ReceiptStatus.STORED, 0, "order").http_status, 202)
        self.assertEqual(Receipt("1", ReceiptStatus.STORED, 0, None).http_status, 200)
        self.assertEqual(Receipt("1", ReceiptStatus.DUPLICATE, None, None).http_status, 200)
        self.assertEqual(Receipt("1", ReceiptStatus.CONFLICT, None, None).http_status, 200)

    @given(st.text(st.characters(codec=None)))
    def test_any_text_becomes_one_that_the_database_holds(self, text):
        clean = printable(text)
        self.assertNotIn("\0", clean)
        self.assertLessEqual(len(clean), LONGEST)
        clean.encode()

    @given(st.text(st.characters(codec=None)), st.integers(1, 64))
    def test_an_entity_keeps_its_lane(self, key, lanes):
        self.assertEqual(lane_of(key, lanes), lane_of(key, lanes))
        self.assertIn(lane_of(key, lanes), range(lanes))
