from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.account_proposal import (
    GIFT_CARD_RULES,
    RULES,
    Account,
    Chart,
    Fault,
    Named,
    all_faults,
    faults,
    free_code,
    journal_code,
    proposals,
)
from ..decisions.ledger import Role

RULE = {rule.role: rule for rule in RULES}
STRIPE = Named("Stripe Europe", "stripe")
codes = st.text("0123456789AB.", min_size=1, max_size=6)
accounts = st.builds(
    Account,
    id=st.integers(1, 60),
    code=codes,
    name=st.sampled_from(
        ["Stripe Clearing", "Bank Fees and Charges", "Bad Debts", "Exchange Gains", "Kasse",
         "Stripe transit", "Vorsteuer 19 %", "Chargebacks in dispute"]
    ),
    account_type=st.sampled_from(
        ["asset_current", "liability_current", "expense", "income_other", "asset_cash", "equity"]
    ),
    reconcile=st.booleans(),
    currency=st.sampled_from([None, None, "USD"]),
    taken_by=st.sampled_from([None, "Other"]),
    has_entries=st.booleans(),
)  # fmt: skip
charts = st.lists(accounts, max_size=25, unique_by=(lambda a: a.id, lambda a: a.code))


def account(role, number=1, **values):
    """Return an account that fits a role."""
    rule = RULE[role]
    fitting = Account(number, f"10{number:02d}", rule.title, rule.types[0], rule.reconcile)
    return replace(fitting, **values)


def complete():
    """Return an account that fits for every role."""
    return {rule.role: account(rule.role, number) for number, rule in enumerate(RULES, 1)}


@tagged("post_install", "-at_install")
class TestAccountProposal(BaseCase):
    # What is proposed

    @given(charts)
    def test_what_is_proposed_is_complete_and_without_fault(self, known):
        chosen, made = self._chosen(proposals(STRIPE, RULES, Chart(known), {}))
        self.assertEqual(all_faults(RULES, chosen), {})
        self.assertFalse(made & {account.code for account in known})

    @given(charts)
    def test_several_gateways_never_get_the_same_new_code(self, known):
        chart, given_out = Chart(known), []
        for name in ("stripe", "adyen", "paypal"):
            found = proposals(Named(name, name), RULES, chart, {})
            given_out += [each.code for each in found if each.is_new]
        self.assertEqual(len(given_out), len(set(given_out)))

    @given(charts)
    def test_an_account_is_found_only_if_it_fits(self, known):
        for each in proposals(STRIPE, RULES, Chart(known), {}):
            if each.account:
                self.assertEqual(faults(each.rule, each.account), [])
                self.assertIn(each.account, known)

    def _chosen(self, found):
        made = {each.code for each in found if each.is_new}
        chosen = {}
        for number, each in enumerate(found):
            new = Account(-number - 1, each.code or "", each.name or "", each.rule.types[0],
                          each.rule.reconcile)  # fmt: skip
            chosen[each.rule.role] = each.account or (new if each.is_new else None)
        return chosen, made

    def test_an_account_that_is_named_for_it_is_found(self):
        clearing = account(Role.CLEARING, name="Verrechnungskonto Stripe")
        found = self._proposed(Role.CLEARING, [clearing])
        self.assertEqual(found.account, clearing)

    def test_another_gateways_clearing_account_is_not_taken(self):
        found = self._proposed(Role.CLEARING, [account(Role.CLEARING, name="Adyen Clearing")])
        self.assertTrue(found.is_new)
        self.assertEqual(found.name, "Stripe Europe: Clearing")

    def test_an_account_with_entries_of_others_cannot_be_a_clearing_account(self):
        used = account(Role.CLEARING, name="Stripe Clearing", has_entries=True)
        self.assertTrue(self._proposed(Role.CLEARING, [used]).is_new)
        self.assertEqual(faults(RULE[Role.CLEARING], used), [Fault.ENTRIES])

    def test_what_the_company_says_comes_before_what_names_say(self):
        named = account(Role.EXCHANGE_GAIN, 1, name="Exchange gains")
        usual = account(Role.EXCHANGE_GAIN, 2, name="Diverse")
        found = self._proposed(Role.EXCHANGE_GAIN, [named, usual], {Role.EXCHANGE_GAIN: usual})
        self.assertEqual(found.account, usual)

    def test_optional_accounts_are_made_only_if_they_are_wanted(self):
        self.assertFalse(self._proposed(Role.LABEL, []).is_new)
        wanted = proposals(STRIPE, RULES, Chart([]), {}, wanted=[Role.LABEL])
        self.assertIn(Role.LABEL, [each.rule.role for each in wanted if each.is_new])

    def test_new_codes_follow_those_of_the_same_type(self):
        known = [Account(1, "140500", "Tools", "asset_current"), Account(2, "700", "x", "expense")]
        self.assertEqual(self._proposed(Role.CLEARING, known).code, "140501")
        self.assertEqual(self._proposed(Role.FEE, known).code, "701")

    def _proposed(self, role, known, usual=None):
        found = proposals(STRIPE, RULES, Chart(known), usual or {})
        return next(each for each in found if each.rule.role is role)

    # What is wrong

    def test_a_complete_set_has_no_fault(self):
        self.assertEqual(all_faults(RULES, complete()), {})

    def test_every_required_role_that_is_missing_is_named(self):
        missing = {rule.role: [Fault.MISSING] for rule in RULES if rule.required}
        self.assertEqual(all_faults(RULES, {}), missing)

    def test_a_wrong_account_says_why(self):
        wrong = {
            Fault.COMPANY: {"of_company": False},
            Fault.ARCHIVED: {"active": False},
            Fault.TYPE: {"account_type": "asset_cash"},
            Fault.RECONCILE: {"reconcile": False},
            Fault.CURRENCY: {"currency": "USD"},
            Fault.TAKEN: {"taken_by": "PayPal"},
        }
        for fault, values in wrong.items():
            with self.subTest(fault=fault):
                found = faults(RULE[Role.CLEARING], account(Role.CLEARING, **values))
                self.assertEqual(found, [fault])

    def test_an_account_on_which_money_stands_has_one_role(self):
        chosen = complete()
        chosen[Role.TRANSIT] = chosen[Role.CLEARING]
        found = all_faults(RULES, chosen)
        self.assertEqual(found[Role.TRANSIT], [Fault.TWICE])
        self.assertEqual(found[Role.CLEARING], [Fault.TWICE])

    def test_costs_may_share_an_account(self):
        chosen = complete()
        chosen[Role.DISPUTE_FEE] = chosen[Role.LOSS] = chosen[Role.FEE]
        self.assertEqual(all_faults(RULES, chosen), {})

    def test_gift_cards_need_a_liability_that_may_be_used_already(self):
        rule = GIFT_CARD_RULES[0]
        liability = Account(1, "2100", "Gift Cards", "liability_current", has_entries=True,
                            taken_by="Other Shop")  # fmt: skip
        self.assertEqual(faults(rule, liability), [])
        self.assertIn(Fault.TYPE, faults(rule, account(Role.CLEARING)))

    # Codes

    @given(codes, st.sets(codes, max_size=30))
    def test_a_free_code_is_free(self, near, taken):
        code = free_code(near, taken | {near})
        self.assertNotIn(code, taken | {near})
        self.assertRegex(code, r"^[A-Z0-9.]+$")

    @given(st.integers(0, 9998), st.sets(st.integers(0, 9999), max_size=50))
    def test_a_free_code_keeps_its_length_as_long_as_it_can(self, near, taken):
        known = {f"{number:04d}" for number in taken}
        code = free_code(f"{near:04d}", known)
        free = [number for number in range(near + 1, 10000) if number not in taken]
        self.assertEqual(code, f"{free[0]:04d}" if free else code)
        self.assertTrue(len(code) == 4 or not free)

    @given(st.text(max_size=20), st.sets(st.text("STRIPE0123456789", max_size=5), max_size=20))
    def test_a_journals_code_is_short_and_free(self, name, taken):
        code = journal_code(name, taken)
        self.assertTrue(0 < len(code) <= 5)
        self.assertNotIn(code, taken)
