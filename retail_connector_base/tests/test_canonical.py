import importlib
import pkgutil
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from odoo.tests import BaseCase, tagged

from .. import canonical
from ..canonical import (
    KINDS,
    CanonicalMessage,
    Customer,
    Money,
    MoneySet,
    OrderLine,
    StockLevel,
    model_of,
    schema_version,
)


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

    @given(st.floats(allow_nan=False) | st.decimals(allow_nan=False, places=12))
    @example(1e-300)
    @example(-999_999_999_999_999.9)
    def test_what_is_taken_as_a_number_can_be_read_again(self, number):
        try:
            money = Money(amount=number, currency="EUR")
        except ValidationError:
            return
        self.assertEqual(Money.model_validate_json(money.model_dump_json()), money)

    def test_a_line_is_worth_what_can_be_computed(self):
        values = {"external_id": "1", "title": "Cup", "ordered_quantity": 1, "quantity": 10**12}
        values["discount"] = MoneySet.single(0, "EUR")
        OrderLine(**values, unit_price=MoneySet.single(999, "EUR"))
        with self.assertRaises(ValidationError):
            OrderLine(**values, unit_price=MoneySet.single(1000, "EUR"))

    def test_a_customer_says_one_word_by_channel(self):
        word = {"channel": "email", "state": "subscribed"}
        self.assertTrue(Customer(external_id="1", consents=[word]).consents)
        with self.assertRaises(ValidationError):
            Customer(external_id="1", consents=[word, {**word, "state": "unsubscribed"}])

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
