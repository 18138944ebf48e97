from odoo.tests import tagged

from ..decisions.config_difference import Change
from .common import BackendCase


@tagged("post_install", "-at_install")
class TestConfigWords(BackendCase):
    """Changes of configuration as people read them."""

    def _words(self, item, field, before, after):
        return self.env["retail.config"]._in_words(Change(item, field, before, after))

    def test_everything_that_is_governed_has_a_title_and_labels(self):
        for item, values in self.env["retail.config"]._snapshot(self.backend).items():
            for name, value in values.items():
                what, field, _before, after = self._words(item, name, None, value)
                with self.subTest(item=item, field=name):
                    self.assertNotEqual(what, item)
                    self.assertNotIn("_", f"{field}{what}{after}")

    def test_a_mapping_is_called_by_what_the_channel_says(self):
        words = self._words("mapping/tax/a/b 19%", "ignored", False, True)
        self.assertEqual(words, ("Tax “a/b 19%”", "Ignore", "No", "Yes"))

    def test_records_and_choices_are_in_words(self):
        tax = {"model": "account.tax", "name": "VAT 19%"}
        self.assertEqual(self._words("mapping/tax/x", "tax_id", None, tax)[2:], ("–", "VAT 19%"))
        words = self._words("ownership/product/content/title", "owner", "odoo", "channel")
        self.assertEqual(words, ("Owner of Products: Title", "Owner", "Odoo", "This System"))

    def test_what_is_not_known_here_keeps_its_name(self):
        words = self._words("other_addon/x", "any_field", "a", "b")
        self.assertEqual(words, ("other_addon/x", "any_field", "a", "b"))
        words = self._words("ownership/gone/away/all", "rank", 0, 1)
        self.assertEqual(words[0], "gone/away/all")

    def test_an_item_that_went_is_said_to_be_gone(self):
        words = self._words("mapping/tax/x", "", "", None)
        self.assertEqual(words[:2], ("Tax “x”", "No longer there"))
