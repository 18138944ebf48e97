import unittest

from ..decisions.duties import Act, Role, roles_for
from ..providers.errors import ErrorClass


class TestDuties(unittest.TestCase):
    def test_only_accountants_decide_about_money(self):
        for act in (Act.FIX, Act.DISMISS):
            roles = roles_for(act, ErrorClass.FINANCE, money_at_risk=False)
            self.assertEqual(roles, {Role.ACCOUNTANT})

    def test_operator_cannot_dismiss_what_is_worth_money(self):
        self.assertIn(Role.OPERATOR, roles_for(Act.DISMISS, ErrorClass.DATA, False))
        self.assertNotIn(Role.OPERATOR, roles_for(Act.DISMISS, ErrorClass.DATA, True))

    def test_configuration_belongs_to_the_administrator(self):
        for error_class in (ErrorClass.CONFIGURATION, ErrorClass.AUTHENTICATION):
            self.assertEqual(roles_for(Act.FIX, error_class, True), {Role.ADMINISTRATOR})

    def test_everybody_may_try_again_and_auditors_never_act(self):
        for error_class in ErrorClass:
            self.assertEqual(roles_for(Act.RETRY, error_class, True), {Role.OPERATOR})
            for act in Act:
                self.assertNotIn(Role.AUDITOR, roles_for(act, error_class, True))
