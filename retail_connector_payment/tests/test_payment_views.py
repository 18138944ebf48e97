from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.retail_connector_base.canonical import PaymentKind
from odoo.addons.retail_connector_base.tests.access import ROLES, create_user

from .common import PaymentCase


@tagged("post_install", "-at_install")
class TestPaymentViews(PaymentCase):
    """The pages of payments, as each role opens them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: create_user(cls.env, role, company=cls.company) for role in ROLES}

    def setUp(self):
        super().setUp()
        self.binding = self.order()
        sale = self.payment_message(order=self.binding)
        refund = self.payment_message(
            "10.00", payment_kind=PaymentKind.REFUND, parent_external_id=sale.external_id
        )
        self.drain(sale, refund)
        self.post()
        self.sale = self.payment(sale)

    def open_page(self, record, kind, user):
        """Read what a page shows of a record, with the lines in it."""
        self.env.invalidate_all()
        views = record.with_user(user).get_views([(False, kind)])
        names = views["models"][record._name]["fields"]
        return self.shown(record.with_user(user), names)

    def shown(self, record, names):
        """Return fields of a record with the names of what they point to, as the client reads."""
        [row] = record.web_read({name: self._shown(record, name) for name in names})
        return row

    def _shown(self, record, name):
        kind = record._fields[name].type
        if kind in ("one2many", "many2many", "many2one"):
            return {"fields": {"display_name": {}}}
        return {}

    def test_every_role_opens_a_payment_and_what_its_order_shows_of_it(self):
        names = ("payment_ids", "payment_count", "money_state", "captured_amount")
        for role, user in self.users.items():
            for kind in ("form", "list"):
                with self.subTest(role=role, kind=kind):
                    row = self.open_page(self.sale, kind, user)
                    self.assertEqual(row["id"], self.sale.id)
            with self.subTest(role=role):
                row = self.shown(self.binding.with_user(user), names)
                self.assertEqual((row["payment_count"], row["captured_amount"]), (2, 100))

    def test_a_payment_shows_what_was_done_with_it(self):
        payment = self.sale.with_user(self.users["operator"])
        self.assertEqual(payment.child_ids.parent_id, payment)
        self.assertEqual(payment.rest_amount, 90)
        self.assertEqual(payment.action_open_order()["res_id"], self.binding.id)
        self.assertEqual(self.binding.payment_count, 2)
        action = self.binding.with_user(self.users["operator"]).action_open_payments()
        found = self.env["retail.payment"].search(action["domain"])
        self.assertEqual(found, self.binding.payment_ids)

    def test_a_payment_shows_what_is_wrong_with_it(self):
        unknown = self.payment_message(payment_kind=PaymentKind.UNKNOWN)
        self.drain(unknown)
        payment = self.payment(unknown).with_user(self.users["operator"])
        self.assertEqual(payment.exception_count, 1)
        domain = payment.action_open_exceptions()["domain"]
        self.assertEqual(self.env["retail.exception"].search(domain).code, "unknown_payment_kind")

    def test_every_filter_finds_what_it_names(self):
        payments = self.env["retail.payment"].with_user(self.users["operator"])
        arch = payments.get_view(view_type="search")["arch"]
        for node in etree.fromstring(arch).iter("filter"):
            if node.get("domain"):
                payments.search(safe_eval(node.get("domain")))
        unmatched = self.payment_message()
        self.drain(unmatched)
        mine = [("order_binding_id", "=", False), ("backend_id", "=", self.backend.id)]
        self.assertEqual(payments.search(mine), self.payment(unmatched))
