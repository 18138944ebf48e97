from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..decisions.ownership import Facts, Owner, Policy, Rule, decide
from ..decisions.ownership_table import BY_KEY
from .access import create_user
from .common import BackendCase

CONTACT = BY_KEY["customer", "contact"]
CONSENT = BY_KEY["customer", "consent"]
PRICE = BY_KEY["price", "price"]


@tagged("post_install", "-at_install")
class TestRetailRefusal(BackendCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create({"name": "Ada Lovelace"})

    def tell(self, policy, before, theirs, ours, group=CONTACT, field="display_name"):
        facts = Facts(before, theirs, ours)
        decision = decide(Rule(Owner.ODOO, policy, fills=False), facts)
        news = [(field, facts, decision)]
        return self.env["retail.refusal"]._tell(self.backend, self.partner, group, news, "why")

    def exceptions(self):
        return self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id), ("code", "=", "ownership_conflict")]
        )

    def test_what_was_not_taken_is_kept_with_its_three_values(self):
        row = self.tell(Policy.OWNER_WINS, "Ada", "Ada King", "Ada Lovelace")
        self.assertEqual((row.state, row.side, row.reason), ("open", "refused", "why"))
        entry = row.values["display_name"]
        self.assertEqual(
            [entry["before"], entry["theirs"], entry["ours"]], ["Ada", "Ada King", "Ada Lovelace"]
        )
        self.assertIn("Ada King", row.comparison_html)

    def test_the_same_record_has_one_row(self):
        first = self.tell(Policy.OWNER_WINS, "a", "b", "c")
        second = self.tell(Policy.OWNER_WINS, "b", "d", "c")
        self.assertEqual(first, second)
        self.assertEqual((second.count, second.values["display_name"]["theirs"]), (2, "d"))

    def test_it_is_settled_once_both_sides_agree(self):
        row = self.tell(Policy.OWNER_WINS, "a", "b", "c")
        self.tell(Policy.OWNER_WINS, "b", "c", "c")
        self.assertEqual(row.state, "settled")

    def test_nothing_is_written_without_news(self):
        self.assertFalse(self.tell(Policy.OWNER_WINS, "a", "a", "c"))

    def test_a_conflict_to_decide_is_an_exception_with_three_columns(self):
        row = self.tell(Policy.ASK, "unsubscribed", "subscribed", "pending", CONSENT, "email")
        exception = self.exceptions()
        self.assertEqual((exception.error_class, exception.fix), ("conflict", "take_theirs"))
        self.assertEqual(
            exception.comparison, [["E-mail", "subscribed", "pending", "unsubscribed"]]
        )
        self.assertIn("Before", exception.comparison_html)
        self.assertEqual((row.state, exception.res_model), ("asked", "retail.refusal"))

    def test_a_newer_value_is_asked_about_in_the_same_exception(self):
        self.tell(Policy.ASK, "unsubscribed", "subscribed", "pending", CONSENT, "email")
        self.tell(Policy.ASK, "subscribed", "not_asked", "pending", CONSENT, "email")
        exception = self.exceptions()
        self.assertEqual(len(exception), 1)
        self.assertEqual(exception.comparison[0][1], "not_asked")

    def test_theirs_is_taken(self):
        row = self.tell(Policy.ASK, "unsubscribed", "subscribed", "pending", CONSENT, "email")
        operator = create_user(self.env, "operator")
        self.exceptions().with_user(operator).action_fix()
        consent = self.env["retail.consent"].search([("partner_id", "=", self.partner.id)])
        self.assertEqual((consent.channel, consent.state), ("email", "subscribed"))
        self.assertEqual((row.state, self.exceptions().state), ("taken", "resolved"))
        entry = self.env["retail.audit"].search([("action", "=", "refusal.taken")], limit=1)
        self.assertEqual(entry.user_id, operator)

    def test_ours_is_kept(self):
        row = self.tell(Policy.ASK, "unsubscribed", "subscribed", "pending", CONSENT, "email")
        self.exceptions().with_user(create_user(self.env, "operator")).action_keep_ours()
        self.assertEqual((row.state, self.exceptions().state), ("kept", "resolved"))
        self.assertFalse(self.env["retail.consent"].search([("partner_id", "=", self.partner.id)]))
        self.tell(Policy.ASK, "subscribed", "subscribed", "pending", CONSENT, "email")
        self.assertEqual((row.state, self.exceptions().state), ("kept", "resolved"))

    def test_an_accountant_decides_about_prices(self):
        row = self.tell(Policy.ASK, "1", "2", "3", PRICE, "amount")
        operator, accountant = (create_user(self.env, r) for r in ("operator", "accountant"))
        self.assertFalse(self.exceptions().with_user(operator).may_fix)
        for act in (
            self.exceptions().with_user(operator).action_fix,
            self.exceptions().with_user(operator).action_keep_ours,
            row.with_user(operator).action_take_theirs,
            row.with_user(operator).action_keep_ours,
        ):
            with self.assertRaises(AccessError):
                act()
        self.exceptions().with_user(accountant).action_keep_ours()
        self.assertEqual(row.state, "kept")

    def test_an_auditor_decides_nothing(self):
        row = self.tell(Policy.OWNER_WINS, "a", "b", "c").with_user(
            create_user(self.env, "auditor")
        )
        with self.assertRaises(AccessError):
            row.action_keep_ours()

    def test_values_of_people_are_masked_but_for_administrators(self):
        row = self.tell(Policy.ASK, "Ada", "Ada King", "Ada Lovelace")
        operator = row.with_user(create_user(self.env, "operator"))
        self.assertNotIn("King", operator.comparison_html)
        self.assertNotIn("Lovelace", operator.record_name)
        self.assertNotIn("King", str(self.exceptions().comparison))
        with self.assertRaises(AccessError):
            operator.read(["values"])
        administrator = row.with_user(create_user(self.env, "administrator"))
        self.assertIn("King", administrator.comparison_html)

    def test_markup_of_a_channel_is_shown_as_text(self):
        row = self.tell(Policy.OWNER_WINS, "a", "<script>alert(1)</script>", "c")
        self.assertNotIn("<script>", row.comparison_html)

    def test_nobody_writes_it_by_hand(self):
        row = self.tell(Policy.OWNER_WINS, "a", "b", "c")
        with self.assertRaises(AccessError):
            row.with_user(create_user(self.env, "administrator")).write({"state": "kept"})
