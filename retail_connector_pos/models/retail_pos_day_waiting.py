from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.canonical import PosTicket
from odoo.addons.retail_connector_base.providers import MalformedPayloadError

# What will be imported by itself, and what needs a person first.
MOVING = ("received", "retry")
STUCK = ("waiting", "blocked", "quarantined", "conflict")
READ_AT_MOST = 500


@dataclass(frozen=True)
class WaitingTicket:
    """A ticket in the inbox that is not imported. ``moves``: it will be, without anybody."""

    number: str
    sequence: int | None
    total: Decimal
    moves: bool
    why: str = ""

    @property
    def words(self) -> str:
        """Its number and why it waits."""
        return f"{self.number} ({self.why})" if self.why else self.number


class RetailPosDay(models.Model):
    """Tickets of a day that were received and are not imported."""

    _inherit = "retail.pos.day"

    def _waiting(self, backend):
        """Return the tickets that wait, by (store's id, register's id, business date).

        A flood is in flight: it is not worth reading, and is done before anybody could act.
        """
        found = defaultdict(list)
        messages = self._unfinished(backend)
        # What came through our own API is read without the vendor's connection.
        foreign = any(message.source != "api" for message in messages)
        provider = backend._provider() if foreign and backend._provider_class() else None
        for message in messages:
            ticket = self._read_ticket(message, provider)
            if ticket:
                key = (ticket.store_external_id, ticket.register_external_id, ticket.business_date)
                found[key].append(
                    WaitingTicket(
                        ticket.number,
                        ticket.sequence,
                        Decimal(0) if ticket.voided else ticket.total,
                        message.state in MOVING,
                        (message.exception_id.title or message.error or "")[:80],
                    )
                )
        return dict(found)

    def _unfinished(self, backend):
        messages = self.env["retail.inbox.message"]
        wanted = [("backend_id", "=", backend.id), ("kind", "=", "pos_ticket")]
        moving = messages.search([*wanted, ("state", "in", MOVING)], limit=READ_AT_MOST + 1)
        stuck = messages.search([*wanted, ("state", "in", STUCK)], limit=READ_AT_MOST, order="id")
        return stuck | moving if len(moving) <= READ_AT_MOST else stuck

    def _read_ticket(self, message, provider):
        """Return what a message says, ``None`` where nobody can read it: that one is shown."""
        try:
            ticket = self.env["retail.inbox.processor"]._canonical(message, provider)
        except MalformedPayloadError:
            return None
        return ticket if isinstance(ticket, PosTicket) else None

    def _waiting_key(self):
        """Return how ``_waiting`` names this day."""
        store = self.store_id.external_id
        register = self.register_id.external_id.removeprefix(f"{store}:")
        return store, register, self.business_date
