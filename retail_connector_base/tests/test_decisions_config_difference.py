from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.config_difference import (
    FORMAT,
    Change,
    applied,
    difference,
    outdated,
    read_file,
    says_something,
)

VALUES = st.one_of(st.none(), st.booleans(), st.integers(0, 9), st.text("ab", max_size=2))
CONTENTS = st.dictionaries(
    st.sampled_from(["a/1", "a/2", "b/1"]),
    st.dictionaries(st.sampled_from(["x", "y"]), VALUES, min_size=1),
)

# A busy machine is slow at times; that is no fault of what is tested.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@tagged("post_install", "-at_install")
class TestConfigDifference(BaseCase):
    """Differences lead from one configuration to another."""

    @CALM
    @given(CONTENTS, CONTENTS)
    def test_applying_a_difference_gives_what_was_wanted(self, before, after):
        result = applied(before, difference(before, after))
        for item, values in after.items():
            for field, value in values.items():
                self.assertEqual(result[item].get(field), value)
        for item in before.keys() - after.keys():
            self.assertEqual(result[item], before[item])

    @CALM
    @given(CONTENTS, CONTENTS)
    def test_nothing_differs_afterwards(self, before, after):
        result = applied(before, difference(before, after))
        self.assertEqual(difference(result, after), [])

    @CALM
    @given(CONTENTS, CONTENTS, CONTENTS)
    def test_a_change_is_outdated_only_where_something_else_came_between(self, start, wanted, now):
        changes = difference(start, wanted)
        self.assertEqual(outdated(start, changes), [])
        self.assertEqual(outdated(applied(start, changes), changes), [])
        for change in outdated(now, changes):
            present = now.get(change.item, {}).get(change.field)
            self.assertNotIn(present, (change.before, change.after))

    @given(
        st.recursive(VALUES, lambda inner: st.dictionaries(st.text("ab"), inner) | st.lists(inner))
    )
    def test_what_is_no_file_is_refused_in_words(self, content):
        for candidate in (content, {"format": FORMAT, "items": content}):
            try:
                items = read_file(candidate)
            except ValueError as error:
                self.assertTrue(str(error).endswith("."))
            else:
                self.assertTrue(all(isinstance(values, dict) for values in items.values()))

    def test_empty_fields_of_a_new_item_are_not_worth_telling(self):
        self.assertFalse(says_something(Change("a", "f", None, None, is_new=True)))
        self.assertFalse(says_something(Change("a", "f", None, False, is_new=True)))
        self.assertTrue(says_something(Change("a", "f", None, True, is_new=True)))
        self.assertTrue(says_something(Change("a", "f", "x", None)))
