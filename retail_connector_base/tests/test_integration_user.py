from odoo.exceptions import AccessDenied
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestIntegrationUser(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.env.ref("retail_connector_base.user_integration")

    def _authenticate(self, password):
        credential = {"login": self.user.login, "password": password, "type": "password"}
        return self.env["res.users"].authenticate(credential, {"interactive": True})

    def test_never_logs_in_even_with_a_password(self):
        for password in ("", "retail-integration", "set-by-somebody"):
            with self.assertRaises(AccessDenied):
                self._authenticate(password)
        self.user.password = "set-by-somebody"
        with self.assertRaises(AccessDenied):
            self._authenticate("set-by-somebody")

    def test_has_no_password_and_no_administrative_right(self):
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", self.user.ids)
        self.assertFalse(self.env.cr.fetchone()[0])
        self.assertTrue(self.user.active)
        for group in (
            "base.group_system",
            "base.group_erp_manager",
            "account.group_account_manager",
        ):
            self.assertFalse(self.user.has_group(group))
