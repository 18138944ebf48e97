"""Our reference on a product of the shop: a metafield by which it is found, and made only once.

Source: shopify.dev, "Working with custom IDs" (2026-04): values of a metafield of type ``id`` are
unique, ``productSet`` with a custom id creates the product or changes the one that has it. The
metafield must have a definition, which is made when the shop asks for it.
"""

from typing import Any

from odoo.addons.retail_connector_base.providers import RejectedError

from . import documents_listing as documents
from .client import ShopifyClient
from .gid import number_of
from .user_errors import payload_of, require_none, user_errors

NAMESPACE = "$app"
KEY = "retail_reference"


def find_by_reference(client: ShopifyClient, reference: str) -> str | None:
    """Return the number of the product that holds our reference."""
    variables = {"identifier": {"customId": custom_id(reference)}}
    try:
        data = client.execute(documents.BY_REFERENCE, variables)
    except RejectedError as error:
        if not lacks_definition(str(error)):
            raise
        # Nothing can hold a reference that the shop does not know the meaning of.
        return None
    found = data.get("productByIdentifier")
    return number_of(found.get("id")) if found else None


def custom_id(reference: str) -> dict[str, Any]:
    """Return what identifies a product by our reference."""
    return {"namespace": NAMESPACE, "key": KEY, "value": reference}


def metafield(reference: str) -> dict[str, Any]:
    """Return the metafield that holds our reference."""
    return {**custom_id(reference), "type": "id"}


def lacks_definition(text: str) -> bool:
    """Tell whether a refusal says that the shop does not know our metafield yet."""
    return "definition" in text.lower()


def define(client: ShopifyClient) -> None:
    """Make our metafield known to the shop; once is enough."""
    definition = {
        "ownerType": "PRODUCT",
        "namespace": NAMESPACE,
        "key": KEY,
        "name": "Reference in Odoo",
        "type": "id",
    }
    data = client.execute(documents.DEFINE_REFERENCE, {"definition": definition})
    errors = user_errors(payload_of(data, "metafieldDefinitionCreate"))
    require_none([error for error in errors if error.code != "TAKEN"])
