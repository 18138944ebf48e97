"""The identity of a ticket's records in Odoo: the same whatever is sent again."""

from uuid import NAMESPACE_URL, uuid5


def record_uuid(backend_key: str, external_id: str, part: str = "") -> str:
    """Return the identity of a ticket's order, or of one ``part`` of it: a line, a tender.

    Odoo keeps it unique by itself: a ticket is an order once, whatever becomes of its binding.
    """
    space = uuid5(NAMESPACE_URL, f"retail:{backend_key}")
    return str(uuid5(space, f"{external_id}\n{part}"))
