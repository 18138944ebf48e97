from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from odoo.tests import BaseCase, tagged

from ..decisions.api_problem import ApiError
from ..decisions.api_query import read_query

PATH = "/retail/v1/availability"


def query(**values):
    """Read a query of the availability route."""
    return read_query(MultiDict(values), ("sku", "updated_since"), PATH)


@tagged("post_install", "-at_install")
class TestApiQuery(BaseCase):
    """What a query may say."""

    def _refused(self, **values):
        with self.assertRaises(ApiError, msg=values) as caught:
            query(**values)
        self.assertEqual(caught.exception.problem.status, 400)

    def test_without_parameters_the_first_page_is_meant(self):
        found = query()
        self.assertEqual((found.limit, found.after, found.many("sku")), (1000, 0, ()))

    @given(st.integers(1, 2**31 - 1), st.lists(st.text("abc", min_size=1), max_size=3))
    def test_a_cursor_leads_back_to_where_it_was_made(self, last, skus):
        cursor = query(sku=skus).following(last)
        self.assertEqual(query(sku=skus, cursor=cursor).after, last)

    def test_a_cursor_of_another_question_is_refused(self):
        cursor = query(sku=["a"]).following(5)
        self._refused(sku=["b"], cursor=cursor)
        self._refused(cursor=cursor)

    @given(st.text())
    def test_what_is_no_cursor_is_refused(self, text):
        try:
            found = query(cursor=text)
        except ApiError as error:
            self.assertEqual(error.problem.status, 400)
        else:
            self.fail(f"{text!r} was taken for a cursor: {found}")

    def test_unknown_empty_and_repeated_parameters_are_refused(self):
        self._refused(colour="red")
        self._refused(sku="")
        self._refused(sku="a\0b")
        self._refused(sku="x" * 256)
        self._refused(sku=["a"] * 1001)
        self._refused(limit=["1", "2"])

    def test_a_limit_is_a_number_of_the_range(self):
        self.assertEqual(query(limit="7").limit, 7)
        for text in ("0", "-1", "1001", "1e2", "٣", "1.0", "x", " 1"):
            self._refused(limit=text)

    def test_a_moment_needs_its_time_zone(self):
        found = query(updated_since="2026-11-21T08:00:00Z").moment("updated_since")
        self.assertEqual(found.hour, 8)
        for text in ("2026-11-21", "yesterday", "0001-01-01T00:00:00+14:00", "2026-11-21T08:00:00"):
            with self.assertRaises(ApiError, msg=text):
                query(updated_since=text).moment("updated_since")
