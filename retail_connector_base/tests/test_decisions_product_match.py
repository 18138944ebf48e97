from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.product_match import (
    Evidence,
    Match,
    MatchReason,
    MatchState,
    match_product,
    trimmed,
)

products = st.frozensets(st.integers(1, 4), max_size=3)
evidences = st.builds(Evidence, products, products, st.booleans(), st.booleans())


def found(by_sku=(), by_barcode=(), sku_shared=False, barcode_shared=False):
    return match_product(Evidence.of(by_sku, by_barcode, sku_shared, barcode_shared))


@tagged("post_install", "-at_install")
class TestProductMatch(BaseCase):
    def test_one_product_by_either_key_is_safe(self):
        self.assertEqual(found([7]), Match(MatchState.MATCHED, MatchReason.SKU, 7))
        self.assertEqual(found((), [7]), Match(MatchState.MATCHED, MatchReason.BARCODE, 7))
        self.assertEqual(found([7], [7]), Match(MatchState.MATCHED, MatchReason.BOTH, 7))

    def test_a_key_of_several_products_is_decided_by_the_other(self):
        self.assertEqual(found([7, 8], [8]), Match(MatchState.MATCHED, MatchReason.BOTH, 8))

    def test_sku_and_barcode_that_disagree_propose_nothing(self):
        self.assertEqual(found([7], [8]), Match(MatchState.AMBIGUOUS, MatchReason.CONFLICT))

    def test_several_products_propose_nothing(self):
        self.assertEqual(found([7, 8]), Match(MatchState.AMBIGUOUS, MatchReason.AMBIGUOUS))

    def test_a_sku_used_twice_in_the_shop_only_suggests(self):
        expected = Match(MatchState.AMBIGUOUS, MatchReason.DUPLICATE_SKU, 7)
        self.assertEqual(found([7], sku_shared=True), expected)

    def test_a_barcode_used_twice_in_the_shop_does_not_harm_the_sku(self):
        self.assertEqual(found([7], barcode_shared=True).state, MatchState.MATCHED)
        self.assertEqual(found([7], [8], barcode_shared=True).state, MatchState.AMBIGUOUS)

    def test_nothing_found_is_no_doubt_unless_the_shop_uses_a_key_twice(self):
        self.assertEqual(found(), Match(MatchState.UNMATCHED, MatchReason.NONE))
        self.assertEqual(found(sku_shared=True).state, MatchState.AMBIGUOUS)
        self.assertEqual(found(barcode_shared=True).state, MatchState.AMBIGUOUS)

    @given(evidences)
    def test_what_is_matched_is_what_all_evidence_names(self, evidence):
        match = match_product(evidence)
        if match.state is MatchState.MATCHED:
            self.assertFalse(evidence.sku_shared)
            self.assertTrue(evidence.by_sku or evidence.by_barcode)
            for kind in filter(None, (evidence.by_sku, evidence.by_barcode)):
                self.assertIn(match.product_id, kind)

    @given(evidences)
    def test_a_proposal_is_never_invented(self, evidence):
        match = match_product(evidence)
        self.assertIn(match.product_id, evidence.by_sku | evidence.by_barcode | {None})

    @given(evidences)
    def test_unmatched_means_that_nothing_at_all_was_found(self, evidence):
        """Only then a product may be created."""
        if match_product(evidence).state is MatchState.UNMATCHED:
            self.assertEqual(evidence, Evidence())

    @given(evidences)
    def test_matched_and_product_go_together(self, evidence):
        match = match_product(evidence)
        if match.state is not MatchState.AMBIGUOUS:
            self.assertEqual(match.product_id is not None, match.state is MatchState.MATCHED)

    @given(products, products)
    def test_more_rivals_never_make_a_match_safer(self, by_sku, by_barcode):
        alone = found(by_sku, by_barcode)
        for sku_shared, barcode_shared in ((True, False), (False, True), (True, True)):
            rivalled = found(by_sku, by_barcode, sku_shared, barcode_shared)
            if rivalled.state is MatchState.MATCHED:
                self.assertEqual(rivalled, alone)

    @given(st.text(st.characters(codec=None)))
    def test_a_code_is_stored_without_space_around_it_or_not_at_all(self, text):
        code = trimmed(text)
        self.assertTrue(code is None or code.strip())
        self.assertEqual(code, trimmed(f" {text}\n"))
