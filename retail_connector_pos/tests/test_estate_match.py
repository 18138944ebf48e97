from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.estate_list import ListError, read_list
from ..decisions.estate_match import (
    Named,
    free_code,
    matches,
    short_code,
    tender_kind,
    words_of,
)

words = st.sampled_from(
    ["Berlin", "berlin", "Hamburg", "Mitte", "Store", "Warehouse", "01", "1", "2", "Kasse", "Süd"]
)
names = st.lists(words, min_size=1, max_size=3).map(" ".join)
codes = st.sampled_from(["", "BER", "ber", "HAM", "S1"])


def named(keys):
    """Return lists of things with keys of their own."""
    one = st.builds(lambda key, name, code: Named(key, (name,), (code,)), keys, names, codes)
    return st.lists(one, max_size=8, unique_by=lambda each: each.key)


wanted_lists = named(st.integers(1, 50))
known_lists = named(st.integers(100, 150))


@tagged("post_install", "-at_install")
class TestEstateMatch(BaseCase):
    """What an estate's names are probably called in Odoo."""

    def test_the_same_name_is_found_whatever_case_and_signs(self):
        found = matches([Named(1, ("BERLIN-Mitte",))], [Named(9, ("Berlin, mitte",))])
        self.assertEqual(found, {1: 9})

    def test_words_that_only_say_what_it_is_do_not_count(self):
        found = matches([Named(1, ("Store Berlin",))], [Named(9, ("Berlin Warehouse",))])
        self.assertEqual(found, {1: 9})

    def test_a_code_counts_more_than_a_name(self):
        known = [Named(8, ("Berlin",), ("X",)), Named(9, ("Elsewhere",), ("ber",))]
        self.assertEqual(matches([Named(1, ("Berlin",), ("BER",))], known), {1: 9})

    def test_what_fits_twice_stays_open(self):
        known = [Named(8, ("Berlin",)), Named(9, ("berlin",))]
        self.assertEqual(matches([Named(1, ("Berlin",))], known), {1: None})

    def test_two_of_the_same_name_share_nothing(self):
        wanted = [Named(1, ("Berlin",)), Named(2, ("BERLIN",))]
        self.assertEqual(matches(wanted, [Named(9, ("Berlin",))]), {1: None, 2: None})

    def test_another_number_is_another_store(self):
        self.assertEqual(matches([Named(1, ("Berlin 1",))], [Named(9, ("Berlin 2",))]), {})
        self.assertEqual(matches([Named(1, ("Berlin 1",))], [Named(9, ("Berlin",))]), {})

    def test_a_leading_zero_is_no_difference(self):
        self.assertEqual(matches([Named(1, ("Till 01",))], [Named(9, ("Till 1",))]), {1: 9})

    def test_a_number_alone_says_nothing_about_another_word(self):
        self.assertEqual(matches([Named(1, ("Till 1",))], [Named(9, ("Kasse 1",))]), {})

    def test_a_longer_name_is_found_in_a_shorter_one(self):
        found = matches([Named(1, ("Berlin Mitte",))], [Named(9, ("Berlin",))])
        self.assertEqual(found, {1: 9})

    @given(wanted_lists, known_lists)
    def test_everything_is_given_away_once(self, wanted, known):
        found = matches(wanted, known)
        given_away = [key for key in found.values() if key is not None]
        self.assertEqual(len(given_away), len(set(given_away)))
        self.assertLessEqual(found.keys(), {each.key for each in wanted})
        self.assertLessEqual(set(given_away), {each.key for each in known})

    @given(wanted_lists, known_lists, st.randoms(use_true_random=False))
    def test_the_order_does_not_matter(self, wanted, known, random):
        before = matches(wanted, known)
        random.shuffle(wanted)
        random.shuffle(known)
        self.assertEqual(matches(wanted, known), before)

    @given(wanted_lists, known_lists)
    def test_a_twin_makes_what_was_found_unclear(self, wanted, known):
        found = matches(wanted, known)
        for key, value in found.items():
            if value is None:
                continue
            twin = next(each for each in known if each.key == value)
            again = matches(wanted, [*known, Named("twin", twin.names, twin.codes)])
            self.assertIsNone(again[key])

    @given(st.text(max_size=20))
    def test_any_name_has_comparable_words(self, name):
        self.assertEqual(words_of(name.upper().lower()), words_of(name.upper().lower()))

    # Codes and kinds

    @given(st.lists(st.text(max_size=12), min_size=1, max_size=60))
    def test_short_codes_are_new_and_short(self, found):
        taken = set()
        made = [short_code(name, taken) for name in found]
        self.assertEqual(len(made), len(set(made)))
        for code in made:
            self.assertTrue(2 <= len(code) <= 5 and code.isascii(), code)

    def test_free_codes_leave_out_what_is_taken(self):
        taken = {"C1", "C2"}
        self.assertEqual([free_code("C", taken), free_code("C", taken)], ["C3", "C4"])

    def test_no_code_is_left(self):
        with self.assertRaises(ValueError):
            free_code("C", {f"C{number}" for number in range(1, 10)}, length=2)

    def test_what_the_register_told_counts_before_the_word(self):
        self.assertEqual(tender_kind("BAR", "voucher"), "voucher")

    def test_words_tell_what_a_tender_is(self):
        for word, kind in (("BAR", "cash"), ("Visa", "card"), ("EC-Karte", "card"),
                           ("Gift Card", "gift_card"), ("Rechnung", "on_account"),
                           ("Foo", "other")):  # fmt: skip
            with self.subTest(word=word):
                self.assertEqual(tender_kind(word, "other"), kind)


@tagged("post_install", "-at_install")
class TestEstateList(BaseCase):
    """Lists that people paste."""

    def test_a_list_out_of_a_spreadsheet(self):
        (row,) = read_list("S1\tBerlin Mitte\tR1\tTill 1\tBER\n\n")
        self.assertEqual(
            (row.store, row.store_name, row.register, row.register_name, row.warehouse),
            ("S1", "Berlin Mitte", "R1", "Till 1", "BER"),
        )

    def test_heads_name_the_columns(self):
        rows = read_list("Register;Store;Nonsense\nR1;S1;x\nR2;S1")
        self.assertEqual([(row.store, row.register) for row in rows], [("S1", "R1"), ("S1", "R2")])

    def test_a_store_without_registers(self):
        (row,) = read_list("S1")
        self.assertEqual((row.store, row.register), ("S1", ""))

    def test_quoted_cells_keep_their_separators(self):
        (row,) = read_list('S1,"Berlin, Mitte",R1')
        self.assertEqual(row.store_name, "Berlin, Mitte")

    def test_a_line_without_a_store_is_named(self):
        with self.assertRaises(ListError) as caught:
            read_list("S1;Berlin\n;Hamburg")
        self.assertEqual((caught.exception.line, caught.exception.reason), (2, "no_store"))

    def test_an_endless_list_is_refused(self):
        with self.assertRaises(ListError):
            read_list("S1\n" * 6000)

    @given(st.text(max_size=200))
    def test_no_text_breaks_it(self, text):
        try:
            rows = read_list(text)
        except ListError:
            return
        self.assertTrue(all(row.store for row in rows))
