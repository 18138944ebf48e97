"""Shows a new product in the shop's own online store: being active alone does not.

Source: shopify.dev, ``publishablePublish`` (2026-04); the scope is ``write_publications``.
"""

from typing import Any

from odoo.addons.retail_connector_base.providers import AuthenticationError

from . import documents_listing as documents
from .client import ShopifyClient
from .gid import gid
from .user_errors import join, payload_of, user_errors

# The sales channel's own name, the same in every shop. The merchant's other channels are his to
# choose.
ONLINE_STORE = "Online Store"


def show_in_online_store(client: ShopifyClient, product: str) -> str:
    """Show a product there, again if need be; return what a person should know if it fails."""
    try:
        answer = client.execute(documents.PUBLICATIONS, {"first": 50}).get("publications")
        found = [one["id"] for one in (answer or {}).get("nodes") or () if _is_store(one)]
        if not found:
            return "The shop has no online store."
        variables = {
            "id": gid("Product", product),
            "input": [{"publicationId": publication} for publication in found],
        }
        payload = payload_of(client.execute(documents.PUBLISH, variables), "publishablePublish")
    except AuthenticationError as error:
        return str(error)
    return join(user_errors(payload))


def _is_store(publication: dict[str, Any]) -> bool:
    return (publication.get("catalog") or {}).get("title") == ONLINE_STORE
