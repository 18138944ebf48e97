from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.retail_connector_base.tests.access import create_user
from odoo.addons.retail_connector_base.tests.common import create_backend

from .publishing import PublishingCase


@tagged("post_install", "-at_install")
class TestListing(PublishingCase):
    """What people do with listings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = create_user(cls.env, "operator")
        cls.administrator = create_user(cls.env, "administrator")
        cls.other = create_user(cls.env, "administrator", login="retail-other")

    def draft(self, template=None, **values):
        """Return a draft listing."""
        return self.listings._ensure(self.backend, template or self.template(**values))

    def problems(self, listing):
        """Return the codes of a listing's problems after looking again."""
        listing._check_rules()
        return [code for code, _about in listing.problems or ()]

    # Problems

    def test_a_product_with_problems_is_not_published(self):
        listing = self.draft(sku=False, price=0.0)
        with self.assertRaisesRegex(UserError, "SKU"):
            listing.action_publish()
        self.assertEqual(self.problems(listing), ["no_sku", "no_price"])

    def test_of_many_products_those_without_problems_are_published(self):
        good, bad = self.draft(sku="A"), self.draft(sku=False)
        (good | bad).action_publish()
        self.assertEqual((good.state, bad.state), ("approved", "draft"))
        self.assertIn("SKU", bad.problem_text)

    def test_too_many_options(self):
        attributes = [self.attribute(name, "1", "2") for name in "ABCD"]
        self.assertIn("many_options", self.problems(self.draft(self.with_variants(*attributes))))

    def test_a_sku_of_another_product_of_the_channel(self):
        self.bindings.create(
            {
                "backend_id": self.backend.id,
                "external_id": "V7",
                "sku": "SKU",
                "odoo_id": self.template("Other", "X").product_variant_id.id,
            }
        )
        self.assertEqual(self.problems(self.draft()), ["taken_sku"])

    def test_a_sku_of_another_product_that_is_published(self):
        first, second = self.draft(), self.draft()
        self.assertEqual(self.problems(second), [])
        first.action_publish()
        self.assertEqual(self.problems(second), ["taken_sku"])

    def test_what_the_channel_has_is_not_published_anew(self):
        template = self.template()
        self.bound(template.product_variant_id)
        self.assertEqual(self.problems(self.draft(template)), ["already_there"])

    def test_what_is_not_for_sale_is_not_published(self):
        self.assertEqual(self.problems(self.draft(sale_ok=False)), ["not_for_sale"])

    def test_a_product_of_another_company_is_not_published(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.assertIn("other_company", self.problems(self.draft(company_id=other.id)))

    # Approval

    def test_without_the_policy_nobody_has_to_approve(self):
        listing = self.draft()
        listing.with_user(self.operator).action_publish()
        self.assertEqual(listing.state, "approved")

    def test_somebody_else_has_to_approve(self):
        self.backend.approve_publication = True
        listing = self.draft()
        listing.with_user(self.administrator).action_publish()
        self.assertEqual(listing.state, "to_approve")
        with self.assertRaises(AccessError):
            listing.with_user(self.operator).action_approve()
        with self.assertRaisesRegex(UserError, "somebody else"):
            listing.with_user(self.administrator).action_approve()
        self.assertFalse(listing.with_user(self.administrator).may_approve)
        self.project("product", full=True)
        self.assertFalse(self.shop.products)
        self.assertTrue(listing.with_user(self.other).may_approve)
        listing.with_user(self.other).action_approve()
        self.project("product")
        self.assertEqual(listing.state, "published")
        self.assertEqual(listing.approved_by_id, self.other)
        self.assertEqual(len(self.shop.products), 1)

    def test_a_refusal_leads_back(self):
        self.backend.approve_publication = True
        listing = self.draft()
        listing.action_publish()
        listing.with_user(self.other).action_refuse()
        self.assertEqual(listing.state, "draft")

    def test_every_step_is_in_the_audit_trail(self):
        self.backend.approve_publication = True
        listing = self.draft()
        listing.with_user(self.operator).action_publish()
        listing.with_user(self.other).action_approve()
        listing.with_user(self.operator).action_stop()
        entries = self.env["retail.audit"].search(
            [("res_model", "=", "retail.listing"), ("res_id", "=", listing.id)], order="id"
        )
        self.assertEqual(
            [(entry.action, entry.user_id) for entry in entries],
            [
                ("listing.requested", self.operator),
                ("listing.approved", self.other),
                ("listing.stopped", self.operator),
            ],
        )

    # Access

    def test_nobody_writes_a_listing_himself(self):
        listing = self.draft()
        for user in (self.operator, self.administrator):
            with self.assertRaises(AccessError):
                listing.with_user(user).write({"state": "published"})

    def test_another_companys_listing_is_out_of_reach(self):
        company = self.env["res.company"].create({"name": "Company B"})
        theirs = create_backend(self.env, name="B", company_id=company.id)
        listing = self.listings._ensure(theirs, self.template())
        for name in ("action_publish", "action_stop", "action_check", "action_compare"):
            with self.subTest(name), self.assertRaises(AccessError):
                getattr(listing.with_user(self.administrator), name)()

    def test_a_published_product_is_not_deleted(self):
        listing = self.publish(self.template())
        with self.assertRaises(UserError):
            listing.unlink()
        with self.assertRaisesRegex(UserError, "archive it"):
            listing.product_tmpl_id.unlink()
        self.draft(sku="draft").product_tmpl_id.unlink()

    # What is shown

    def test_the_form_shows_what_is_different_and_why(self):
        listing = self.publish(self.template("<b>Shirt</b>"))
        self.assertEqual(listing.difference_text, "")
        self.let("tags", "separate")
        listing.product_tmpl_id.name = "<i>Jumper</i>"
        self.shop.rejects = {"<i>Jumper</i>": "No."}
        self.project("product")
        self.assertEqual(listing.difference_text, "Title")
        rows = {row[0]: row[1:4] for row in listing._difference_rows()}
        self.assertEqual(rows["Title"], ("<i>Jumper</i>", "<b>Shirt</b>", "Refused"))
        self.assertEqual(rows["Tags"], ("", "", "The channel's to write"))
        self.assertIn("&lt;i&gt;Jumper", listing.difference_html)
        self.assertNotIn("<i>", listing.difference_html)

    def test_products_tell_in_which_channels_they_are(self):
        listing = self.publish(self.template())
        template = listing.product_tmpl_id.with_user(self.operator)
        self.assertEqual(template.retail_listing_count, 1)
        action = template.action_open_retail_listings()
        self.assertEqual(self.listings.search(action["domain"]), listing)

    def test_operators_open_the_forms(self):
        listing = self.publish(self.template()).with_user(self.operator)
        names = listing.get_view(view_type="form")["models"][listing._name]
        self.assertTrue(listing.read(names))
        self.backend.last_test_report = {"details": [["Currency", "JPY"]]}
        backend = self.backend.with_user(self.operator)
        self.assertIn("JPY", backend.price_problem)
        self.assertEqual((backend.listing_count, backend.publishes_products), (1, True))

    # The wizard

    def wizard(self, *templates, user=None, **values):
        """Return the wizard after its check."""
        wizard = (
            self.env["retail.listing.publish"]
            .with_user(user or self.operator)
            .create(
                {
                    "backend_id": self.backend.id,
                    "product_tmpl_ids": [(6, 0, [template.id for template in templates])],
                    **values,
                }
            )
        )
        wizard.action_preview()
        return wizard

    def test_the_wizard_shows_problems_before_anything_is_sent(self):
        wizard = self.wizard(self.template(sku="A"), self.template(sku=False))
        self.assertEqual((wizard.ready_count, wizard.problem_count), (1, 1))
        self.project("product", full=True)
        self.assertFalse(self.shop.products)
        wizard.action_publish()
        self.project("product")
        self.assertEqual(len(self.shop.products), 1)

    def test_only_an_administrator_takes_over_what_the_channel_has(self):
        template = self.template()
        self.bound(template.product_variant_id)
        with self.assertRaises(AccessError):
            self.wizard(template, manage_bound=True)
        wizard = self.wizard(template, manage_bound=True, user=self.administrator)
        self.assertEqual((wizard.ready_count, wizard.listing_ids.external_id), (1, "P1"))

    def test_what_the_channel_has_is_left_alone_unless_wanted(self):
        template = self.template()
        self.bound(template.product_variant_id)
        wizard = self.wizard(template, user=self.administrator)
        self.assertEqual((wizard.ready_count, wizard.problem_count), (0, 1))
