from odoo.tests import tagged

from odoo.addons.retail_connector_base.decisions.listing_difference import OWNED_FIELDS

from .publishing import PublishingCase


@tagged("post_install", "-at_install")
class TestFieldOwnersTakenOver(PublishingCase):
    """The table of field owners that this one replaces."""

    def take_over(self, *apart):
        """Upgrade a database in which the channel owned these fields."""
        cr = self.env.cr
        cr.execute("CREATE TABLE retail_field_owner (backend_id int, field varchar, owner varchar)")
        for name in OWNED_FIELDS:
            owner = "channel" if name in apart else "odoo"
            cr.execute(
                "INSERT INTO retail_field_owner VALUES (%s, %s, %s)", [self.backend.id, name, owner]
            )
        self.env["retail.ownership"].init()
        self.env["retail.ownership"].init()
        cr.execute("DROP TABLE retail_field_owner")
        self.env.invalidate_all()

    def test_odoo_goes_on_to_write_the_same_fields(self):
        apart = {"title", "tags", "images", "sku"}
        self.take_over(*apart)
        self.assertEqual(self.backend._owned_fields(), set(OWNED_FIELDS) - apart)
        self.assertEqual(self.backend._ownership("product", "images").owner, "separate")
        self.assertEqual(self.backend._ownership("product", "content", "title").owner, "separate")
        self.assertFalse(self.backend._owns_of_products())

    def test_nothing_changes_where_odoo_wrote_all(self):
        self.take_over()
        self.assertEqual(self.backend._owned_fields(), set(OWNED_FIELDS))
        self.assertFalse(self.backend.ownership_ids.filtered("field"))

    def test_an_upgrade_gives_older_backends_their_rows(self):
        self.backend.ownership_ids.unlink()
        self.env["retail.ownership"].init()
        self.env.invalidate_all()
        self.assertEqual(self.backend._owned_fields(), set(OWNED_FIELDS))
        self.assertTrue(self.backend._ownership("customer", "consent"))
