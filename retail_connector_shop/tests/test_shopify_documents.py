"""Every GraphQL operation of the provider against the published schema of the Admin API."""

import gzip
import importlib
import json
import pkgutil
import unittest

from graphql import OperationType, build_client_schema, parse, validate
from graphql.validation import NoDeprecatedCustomRule

from odoo.tests import BaseCase, tagged

from ..providers import shopify
from ..providers.shopify.client import Operation
from .contract_orders import contracts_root

ROOT = contracts_root()
SCHEMA = "graphql/admin_2026-04.introspection.json.gz"


def published_schema():
    """Return the schema, in which Shopify deprecates fields that its interfaces do not."""
    content = json.loads(gzip.decompress((ROOT / SCHEMA).read_bytes()))
    return build_client_schema(content.get("data", content), assume_valid=True)


def all_operations() -> dict[str, Operation]:
    """Return the operations of all modules of the provider, by name."""
    names = [module.name for module in pkgutil.iter_modules(shopify.__path__)]
    modules = [importlib.import_module(f"{shopify.__name__}.{name}") for name in names]
    found = {
        id(value): value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, Operation)
    }
    return {operation.name: operation for operation in found.values()}


@tagged("post_install", "-at_install")
class TestShopifyOperationNames(BaseCase):
    def test_names_are_unique_and_those_of_the_documents(self):
        modules = pkgutil.iter_modules(shopify.__path__)
        names = [
            value.name
            for module in modules
            if module.name.startswith("documents")
            for value in vars(importlib.import_module(f"{shopify.__name__}.{module.name}")).values()
            if isinstance(value, Operation)
        ]
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(set(names), set(all_operations()))
        for name, operation in all_operations().items():
            self.assertEqual(parse(operation.document).definitions[0].name.value, name)

    def test_what_changes_something_is_said_to(self):
        for name, operation in all_operations().items():
            (main, *_fragments) = parse(operation.document).definitions
            with self.subTest(name):
                changes = main.operation is OperationType.MUTATION
                self.assertEqual(operation.mutation, changes)


@tagged("post_install", "-at_install")
@unittest.skipUnless(ROOT, "the folder of contracts is absent")
class TestShopifyDocuments(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.schema = published_schema()

    def test_every_operation_is_valid(self):
        operations = all_operations()
        self.assertGreater(len(operations), 30)
        for name, operation in operations.items():
            with self.subTest(name):
                document = parse(operation.document)
                self.assertEqual([str(e) for e in validate(self.schema, document)], [])

    def test_no_operation_uses_what_is_deprecated(self):
        for name, operation in all_operations().items():
            with self.subTest(name):
                errors = validate(self.schema, parse(operation.document), [NoDeprecatedCustomRule])
                self.assertEqual([str(e) for e in errors], [])

    def test_every_mutation_asks_what_was_refused(self):
        for name, operation in all_operations().items():
            if operation.mutation:
                with self.subTest(name):
                    (field,) = parse(operation.document).definitions[0].selection_set.selections
                    asked = {one.name.value for one in field.selection_set.selections}
                    self.assertIn("userErrors", asked)
