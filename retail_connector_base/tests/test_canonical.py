import importlib
import pkgutil
from decimal import Decimal

from pydantic import ValidationError

from odoo.tests import BaseCase, tagged

from .. import canonical
from ..canonical import KINDS, CanonicalMessage, MoneySet, StockLevel, model_of, schema_version


@tagged("post_install", "-at_install")
class TestCanonical(BaseCase):
    def test_every_message_is_registered(self):
        for module in pkgutil.iter_modules(canonical.__path__):
            importlib.import_module(f"{canonical.__name__}.{module.name}")
        found = {cls.kind for cls in CanonicalMessage.__subclasses__()}
        self.assertEqual(found & set(KINDS), set(KINDS))
        for kind, model in KINDS.items():
            self.assertIs(model_of(kind), model)
            self.assertRegex(schema_version(kind), r"^\d+\.\d+$")
            self.assertTrue(model.model_json_schema())
        self.assertIsNone(model_of("no such kind"))

    def test_messages_are_frozen_and_closed(self):
        level = StockLevel(
            external_id="1:2", inventory_item_external_id="1", location_external_id="2"
        )
        with self.assertRaises(ValidationError):
            level.available = Decimal(1)
        with self.assertRaises(ValidationError):
            StockLevel.model_validate({**level.model_dump(), "extra": 1})

    def test_numbers_hash_by_value(self):
        def level(available):
            return StockLevel(
                external_id="1:2",
                inventory_item_external_id="1",
                location_external_id="2",
                available=available,
            )

        self.assertEqual(level("1.0").content_hash(), level("1.00").content_hash())
        self.assertNotEqual(level("1").content_hash(), level("1.01").content_hash())

    def test_amounts_of_two_currencies_do_not_add(self):
        with self.assertRaises(ValueError):
            MoneySet.single(1, "EUR") + MoneySet.single(1, "USD")
