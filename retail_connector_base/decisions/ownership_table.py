"""What can be owned: domains, their groups of fields, and presets by what the other system is.

The one place for it: the table on the backend's form, the importers and the publications read it.
Fields of products are named as in ``listing_difference``, those of customers as in
``canonical/customer.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .ownership import Owner, Policy


@dataclass(frozen=True)
class Group:
    """Fields that are owned together. ``fields`` maps each to its label."""

    domain: str
    code: str
    label: str
    fields: Mapping[str, str]
    personal: bool = False
    money: bool = False
    # What a new backend starts with. Empty values may be filled by anybody where it ``fills``.
    policy: Policy = Policy.OWNER_WINS
    fills: bool = True

    @property
    def key(self) -> tuple[str, str]:
        """What names the group: its domain and its code."""
        return self.domain, self.code


GROUPS: tuple[Group, ...] = (
    Group(
        "product",
        "identity",
        "Identity",
        {"sku": "SKU", "barcode": "Barcode", "weight_grams": "Weight"},
    ),
    Group(
        "product",
        "content",
        "Content",
        {
            "title": "Title",
            "description_html": "Description",
            "vendor": "Vendor",
            "product_type": "Type",
            "tags": "Tags",
            "attributes": "Attributes",
        },
    ),
    Group("product", "images", "Images", {"images": "Images"}),
    Group("product", "publication", "On Sale or Not", {"state": "On Sale or Not"}),
    Group("price", "price", "Prices", {"amount": "Price"}, money=True, fills=False),
    Group("stock", "stock", "Stock", {"available": "Available"}, fills=False),
    Group(
        "customer",
        "contact",
        "Name and Contact",
        {"display_name": "Name", "email": "E-mail", "phone": "Phone"},
        personal=True,
        policy=Policy.NEWEST_WINS,
    ),
    Group(
        "customer",
        "address",
        "Address",
        {"default_address": "Address"},
        personal=True,
        policy=Policy.NEWEST_WINS,
    ),
    Group(
        "customer",
        "consent",
        "Consent",
        {"email": "E-mail", "sms": "SMS", "phone": "Phone", "post": "Post"},
        policy=Policy.NEWEST_WINS,
        fills=False,
    ),
)
DOMAINS = {"product": "Products", "price": "Prices", "stock": "Stock", "customer": "Customers"}
BY_KEY = {group.key: group for group in GROUPS}


def group_of(domain: str, field: str) -> Group:
    """Return the group of a field of a domain. Raises ``KeyError`` for an unknown field.

    Fields of products are in one group each; for customers name the group itself.
    """
    for group in GROUPS:
        if group.domain == domain and field in group.fields:
            return group
    raise KeyError(f"{domain}.{field}")


Entry = tuple[Owner, Policy]


@dataclass(frozen=True)
class Preset:
    """Who owns what when the other system is of a certain kind; the rest is as new."""

    code: str
    label: str
    help: str
    entries: Mapping[tuple[str, str], Entry]

    def entry(self, key: tuple[str, str]) -> Entry:
        """Return owner and policy of a group."""
        return self.entries.get(key, (Owner.ODOO, BY_KEY[key].policy))


_THEIRS: Entry = (Owner.CHANNEL, Policy.OWNER_WINS)
_APART: Entry = (Owner.SEPARATE, Policy.OWNER_WINS)
_NOT_THEIRS: Entry = (Owner.ODOO, Policy.OWNER_WINS)
_CONTENT = (("product", "content"), ("product", "images"))
_CUSTOMER = (("customer", "contact"), ("customer", "address"), ("customer", "consent"))

PRESETS: tuple[Preset, ...] = (
    Preset("shop", "Shop", "Odoo owns all; what customers change in the shop is news.", {}),
    Preset(
        "shop_content",
        "Shop that Writes Its Own Texts",
        "The shop's people write its texts and pictures, for that shop only.",
        dict.fromkeys(_CONTENT, _APART),
    ),
    Preset(
        "marketplace",
        "Marketplace",
        "Its texts are its own, and what it tells of customers changes nobody.",
        {**dict.fromkeys(_CONTENT, _APART), **dict.fromkeys(_CUSTOMER, _NOT_THEIRS)},
    ),
    Preset(
        "pim",
        "PIM",
        "Texts, pictures and identity of products are the PIM's; prices and stock stay Odoo's.",
        {
            **dict.fromkeys((*_CONTENT, ("product", "identity")), _THEIRS),
            **dict.fromkeys(_CUSTOMER, _NOT_THEIRS),
        },
    ),
    Preset(
        "crm",
        "CRM",
        "Names, contacts, addresses and consents of customers are the CRM's.",
        {
            ("customer", "contact"): (Owner.CHANNEL, Policy.NEWEST_WINS),
            ("customer", "address"): (Owner.CHANNEL, Policy.NEWEST_WINS),
            ("customer", "consent"): _THEIRS,
        },
    ),
    Preset(
        "inventory",
        "Inventory Platform",
        "It counts stock; Odoo takes its quantities and passes them on.",
        {("stock", "stock"): _THEIRS, **dict.fromkeys(_CUSTOMER, _NOT_THEIRS)},
    ),
    Preset("pos", "Point of Sale", "Odoo owns all; tills tell of customers.", {}),
    Preset(
        "3pl",
        "Warehouse (3PL)",
        "It tells what it did; Odoo owns all.",
        dict.fromkeys(_CUSTOMER, _NOT_THEIRS),
    ),
    Preset(
        "telesales",
        "Telesales",
        "Its agents ask customers; what they and Odoo both changed is decided by a person.",
        {
            ("customer", "contact"): (Owner.ODOO, Policy.ASK),
            ("customer", "address"): (Owner.ODOO, Policy.ASK),
        },
    ),
)
BY_PRESET = {preset.code: preset for preset in PRESETS}
