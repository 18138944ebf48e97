from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.api_network import is_allowed, networks_of
from ..decisions.api_scope import LABELS, PRESETS, SCOPES, preset
from ..decisions.api_throttle import bucket, take
from ..decisions.api_token import Known, digest_of, is_valid, new_token, read_token
from ..decisions.masking import masked_patterns

NOW = datetime(2026, 4, 2, 12)
# A busy machine takes its time, above all for the first text.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def known(token, **values):
    """Return what is kept of a token that is valid."""
    kept = {"alive": True, "expires_at": None, "revoked_at": None, **values}
    return Known(digest_of(token.secret), **kept)


@tagged("post_install", "-at_install")
class TestApiToken(BaseCase):
    """Tokens, scopes, networks, allowance: the rules alone."""

    def test_a_token_is_read_as_it_was_written(self):
        for _ in range(50):
            token = new_token()
            self.assertEqual(read_token(f"Bearer {token.text}"), token)
            self.assertEqual(read_token(f"bearer  {token.text} "), token)
            self.assertTrue(is_valid(token, known(token), NOW))

    @CALM
    @given(st.none() | st.text(max_size=300))
    def test_nothing_else_is_a_token(self, header):
        token = read_token(header)
        self.assertEqual((token.public_id, token.secret), ("0" * 16, ""))
        self.assertFalse(is_valid(token, None, NOW))

    def test_a_token_ends(self):
        token, second = new_token(), timedelta(seconds=1)
        for values, valid in (
            ({"expires_at": NOW + second}, True),
            ({"expires_at": NOW}, False),
            ({"expires_at": NOW - second}, False),
            ({"revoked_at": NOW}, False),
            ({"revoked_at": NOW + second}, False),
            ({"alive": False}, False),
        ):
            self.assertEqual(is_valid(token, known(token, **values), NOW), valid, values)
        self.assertFalse(is_valid(token, known(new_token()), NOW))

    def test_a_token_is_masked_wherever_it_occurs(self):
        token = new_token()
        for text in (f"token {token.text} sent", f"Authorization: Bearer {token.text}"):
            self.assertNotIn(token.secret, masked_patterns(text))

    def test_roles_have_scopes_that_exist(self):
        self.assertEqual(PRESETS.keys(), LABELS.keys())
        for role in PRESETS:
            self.assertLessEqual(set(preset(role)), SCOPES.keys(), role)
        self.assertFalse(preset("other") or preset(None) or preset("nobody"))

    def test_networks_of_both_kinds(self):
        text = "192.0.2.0/24, 2001:db8::/32\n198.51.100.7"
        for address, allowed in (
            ("192.0.2.200", True), ("::ffff:192.0.2.200", True), ("198.51.100.7", True),
            ("2001:db8::1", True), ("fe80::1%eth0", False), ("198.51.100.8", False), ("", False),
            (None, False), ("unknown", False),
        ):  # fmt: skip
            self.assertEqual(is_allowed(address, text), allowed, address)
            self.assertTrue(is_allowed(address, " \n"))

    @CALM
    @given(st.text(max_size=40), st.text(max_size=40))
    def test_networks_are_read_or_refused(self, text, address):
        try:
            networks_of(text)
        except ValueError:
            return
        self.assertIn(is_allowed(address, text), (True, False))

    @CALM
    @given(st.integers(1, 6_000), st.integers(1, 500), st.lists(st.floats(0, 5), max_size=60))
    def test_nobody_gets_more_than_burst_and_rate(self, per_minute, burst, pauses):
        now, available, seen, admitted = 1e9, None, 0.0, 0
        for pause in pauses:
            now += pause
            state, allowance = take(bucket(available, seen, per_minute, burst), now)
            available, seen = state.available, state.seen_at
            admitted += allowance.wait is None
            self.assertTrue(0 <= allowance.remaining <= burst)
            self.assertEqual(allowance.quota, per_minute)
            self.assertTrue(allowance.wait is None or allowance.wait >= 1)
        self.assertLessEqual(admitted, burst + sum(pauses) * per_minute / 60 + 1)

    @CALM
    @given(st.integers(1, 6_000), st.integers(1, 500))
    def test_who_waits_as_told_is_let_in(self, per_minute, burst):
        state, now = bucket(None, 0.0, per_minute, burst), 1e9
        for _ in range(burst + 1):
            state, allowance = take(state, now)
        self.assertIsNotNone(allowance.wait)
        state, allowance = take(state, now + allowance.wait)
        self.assertIsNone(allowance.wait)
