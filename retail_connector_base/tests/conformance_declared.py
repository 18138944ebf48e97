"""What every provider must keep to, however it is spoken to."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from ..canonical import KINDS
from ..providers import Capability, Direction, Provider, StoredMessage

# Which method makes a declared capability true.
METHODS = {
    Capability.SUBSCRIPTIONS: "sync_subscriptions",
    Capability.ORDER_POLL: "fetch",
    Capability.ORDER_FETCH: "fetch_one",
    Capability.STOCK_OUT: "change_stock",
    Capability.PRICES_OUT: "change_prices",
    Capability.PRODUCTS_OUT: "change_listings",
    Capability.FULFILL: "send",
}

# What is told to a channel: states, what registers sell, and commands of shipments or payments.
OUT_KINDS = (
    "stock_level",
    "price",
    "product",
    "fulfillment",
    "payment_command",
    "pos_item",
    "release",
    "announcement",
    "parcel",
)


class DeclaredConformance:
    """What a provider says of itself, and where it lives."""

    provider_class: ClassVar[type[Provider]]

    # What it says of itself

    def test_declares_what_the_form_needs(self):
        cls = self.provider_class
        self.assertRegex(cls.code, r"^[a-z][a-z0-9_]*$")
        self.assertTrue(cls.label and cls.__doc__)
        names = [spec.name for spec in (*cls.credentials, *cls.settings)]
        self.assertEqual(len(names), len(set(names)))
        self.assertTrue(all(spec.label for spec in (*cls.credentials, *cls.settings)))

    def test_flows_are_of_known_kinds(self):
        for flow in self.provider_class.flows:
            known = KINDS if flow.direction is Direction.IN else OUT_KINDS
            self.assertIn(flow.kind, known)

    def test_declared_capabilities_are_implemented(self):
        for capability, name in METHODS.items():
            own = getattr(self.provider_class, name) is not getattr(Provider, name)
            declared = capability in self.provider_class.capabilities
            self.assertLessEqual(declared, own, f"{capability} is declared but not implemented")

    def test_published_stock_can_be_read(self):
        """What somebody changes by hand is found by reading, before anything is overwritten."""
        cls = self.provider_class
        if Capability.STOCK_OUT in cls.capabilities:
            self.assertIsNot(cls.read_stock, Provider.read_stock)

    def test_changes_of_stock_are_heard_only_where_it_is_published(self):
        cls = self.provider_class
        heard = [f for f in cls.flows if f.direction is Direction.IN and f.kind == "stock_level"]
        self.assertEqual(bool(heard), Capability.STOCK_CHANGES_IN in cls.capabilities)
        self.assertEqual(
            set(cls.topics()) - set(cls.topics({"stock_level"})),
            {topic for flow in heard for topic in flow.topics},
        )

    def test_sent_commands_can_be_looked_up(self):
        """An unknown outcome is asked about before anything is sent again."""
        cls = self.provider_class
        if cls.send is not Provider.send:
            self.assertIsNot(cls.look_up, Provider.look_up)
            sent, asked = (inspect.signature(f).parameters for f in (cls.send, cls.look_up))
            self.assertEqual([*sent], [*inspect.signature(Provider.send).parameters])
            self.assertEqual([*asked], [*inspect.signature(Provider.look_up).parameters])

    # Where it lives

    def test_imports_no_odoo_api(self):
        """Layers (``architecture.md``): of Odoo only our own canonical and provider modules."""
        for path in self.sources():
            for name in _imports(path):
                if name == "odoo" or name.startswith("odoo."):
                    parts = name.split(".")
                    own = parts[1:2] == ["addons"] and parts[3:4] in (["canonical"], ["providers"])
                    self.assertTrue(own, f"{path.name} imports {name}")
                self.assertNotIn(name.split(".")[0], ("requests", "psycopg2"), path.name)

    def sources(self) -> list[Path]:
        """Return the files of the vendor."""
        file = Path(inspect.getfile(self.provider_class))
        package = file.parent
        return sorted(package.rglob("*.py")) if package.name != "providers" else [file]

    @staticmethod
    def stored(message) -> StoredMessage:
        """Return a message as the inbox gives it back."""
        return StoredMessage(message.topic, message.kind, message.body, message.headers)


def _imports(path: Path) -> Iterator[str]:
    """Yield the absolute module names that a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
