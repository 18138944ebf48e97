from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.listing_difference import OWNED_FIELDS
from ..decisions.ownership import (
    NEVER_TOLD,
    Facts,
    Owner,
    Policy,
    Rule,
    Ruling,
    decide,
    is_empty,
)
from ..decisions.ownership_table import BY_KEY, DOMAINS, GROUPS, PRESETS, group_of

# Few values, so that equal ones are met often.
values = st.sampled_from(["", "a", "b", "c"])
rules = st.builds(Rule, st.sampled_from(Owner), st.sampled_from(Policy), st.booleans())
times = st.integers(0, 3)
facts = st.builds(Facts, st.one_of(st.just(NEVER_TOLD), values), values, values, times, times)


def after(known, decision):
    """Return what is known once a decision was carried out: what they told is the new before."""
    ours = known.theirs if decision.ruling is Ruling.APPLY else known.ours
    return Facts(known.theirs, known.theirs, ours, known.their_time, known.our_time)


@tagged("post_install", "-at_install")
class TestDecisionsOwnership(BaseCase):
    @given(rules, facts)
    def test_a_value_told_twice_has_no_second_effect(self, rule, known):
        decision = decide(rule, known)
        again = after(known, decision)
        second = decide(rule, again)
        self.assertEqual(after(again, second), again)
        if rule.owner is not Owner.CHANNEL or decision.ruling is not Ruling.KEEP:
            self.assertFalse(second.is_told)

    @given(rules, facts)
    def test_what_odoo_owns_is_never_replaced_by_the_others_value(self, rule, known):
        decision = decide(rule, known)
        ours = rule.owner in (Owner.ODOO, Owner.ELSEWHERE) and rule.policy is Policy.OWNER_WINS
        if ours and not is_empty(known.ours):
            self.assertIsNot(decision.ruling, Ruling.APPLY)

    @given(rules, facts)
    def test_no_value_made_in_odoo_is_replaced_unseen(self, rule, known):
        decision = decide(rule, known)
        if decision.ruling is Ruling.APPLY and known.we_changed:
            self.assertTrue(decision.loses)

    @given(rules, facts)
    def test_no_news_of_theirs_is_dropped_unseen(self, rule, known):
        decision = decide(rule, known)
        differs = known.they_changed and known.theirs != known.ours
        if differs and rule.owner is not Owner.SEPARATE:
            self.assertTrue(decision.ruling is Ruling.APPLY or decision.is_told)

    @given(rules, facts)
    def test_without_news_nothing_is_asked_or_refused(self, rule, known):
        decision = decide(rule, known)
        if not known.they_changed:
            self.assertNotIn(decision.ruling, (Ruling.ASK, Ruling.REFUSE))

    @given(facts)
    def test_the_owner_gets_his_value(self, known):
        decision = decide(Rule(Owner.CHANNEL), known)
        self.assertEqual(after(known, decision).ours, known.theirs)

    @given(st.sampled_from(Policy), st.booleans(), facts)
    def test_separate_values_stay_apart(self, policy, fills, known):
        decision = decide(Rule(Owner.SEPARATE, policy, fills), known)
        self.assertEqual(after(known, decision).ours, known.ours)

    @given(st.sampled_from(Owner), st.booleans(), facts)
    def test_the_newer_of_two_changes_wins(self, owner, fills, known):
        both = known.they_changed and known.we_changed and known.theirs != known.ours
        timed = known.their_time and known.our_time and known.their_time != known.our_time
        if both and timed and owner in (Owner.ODOO, Owner.CHANNEL):
            decision = decide(Rule(owner, Policy.NEWEST_WINS, fills), known)
            newer = known.their_time > known.our_time
            self.assertIs(decision.ruling, Ruling.APPLY if newer else Ruling.REFUSE)

    @given(rules)
    def test_an_empty_field_is_filled_only_where_it_may(self, rule):
        decision = decide(rule, Facts(NEVER_TOLD, "a", ""))
        may = rule.fills or rule.owner is Owner.CHANNEL or rule.policy is Policy.NEWEST_WINS
        barred = rule.owner is Owner.SEPARATE or (rule.owner is Owner.ELSEWHERE and not rule.fills)
        self.assertEqual(decision.ruling is Ruling.APPLY, may and not barred)

    # The table

    def test_every_published_field_has_one_group(self):
        self.assertLessEqual(
            set(OWNED_FIELDS), {name for g in GROUPS if g.domain == "product" for name in g.fields}
        )
        for name in OWNED_FIELDS:
            owners = [g for g in GROUPS if g.domain == "product" and name in g.fields]
            self.assertEqual(owners, [group_of("product", name)])

    def test_presets_name_groups_that_exist(self):
        for preset in PRESETS:
            self.assertLessEqual(set(preset.entries), set(BY_KEY))
        self.assertEqual({group.domain for group in GROUPS}, set(DOMAINS))

    def test_an_unknown_field_is_an_error(self):
        with self.assertRaises(KeyError):
            group_of("product", "colour of the sky")
