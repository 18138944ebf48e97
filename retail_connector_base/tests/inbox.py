"""Messages as the inbox would hold them, for tests of what happens after they failed."""

from uuid import uuid4

from odoo import fields


def blocked_message(backend, **values):
    """Return a message of a backend that needs a person."""
    identity = str(uuid4())
    return backend.env["retail.inbox.message"].create(
        {
            "backend_id": backend.id,
            "company_id": backend.company_id.id,
            "source": "webhook",
            "topic": "things/delete",
            "kind": "deletion",
            "event_id": identity,
            "entity_key": f"thing:{identity}",
            "lane": 0,
            "state": "blocked",
            "body_hash": identity,
            "received_at": fields.Datetime.now(),
            "correlation_id": identity,
            **values,
        }
    )
