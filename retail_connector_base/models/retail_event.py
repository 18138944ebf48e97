import uuid
from collections import defaultdict
from datetime import timezone
from functools import partial

from odoo import api, fields, models

from ..canonical import Event
from ..decisions.event_filter import wants

NOTED = "retail_event"
SCHEMAS = "/retail/v1/schemas"


class RetailEvent(models.AbstractModel):
    """Notes what happened, and tells every subscription that wants to hear of it.

    Noting costs nothing where nobody listens. What was noted is written just before the commit (or
    the next savepoint), by one statement for all events and subscriptions; what is rolled back was
    never noted. Types are built by ``_build_<type>`` (see ``retail_event_order.py`` and others).
    """

    _name = "retail.event"
    _description = "Retail Connector: events"

    @api.model
    def _note(self, event_type, records):
        """Note that something happened to records; several times in one transaction are once."""
        if not records or not self._is_heard(event_type):
            return
        noted = self.env.cr.precommit.data.setdefault(NOTED, {})
        if not noted:
            self.env.cr.precommit.add(partial(self._of_nobody()._tell_noted))
        noted.setdefault((event_type, records._name), {}).update(dict.fromkeys(records.ids))

    @api.model
    def _is_heard(self, event_type):
        """Tell whether anybody wants to hear of a type; free of any query."""
        return self.env["retail.subscription"]._is_heard(event_type)

    def _of_nobody(self):
        """Return this model with all rights, and nobody's language or companies."""
        return self.with_env(self.env(user=self.env.uid, su=True, context={}))

    def _tell_noted(self):
        noted = self.env.cr.precommit.data.pop(NOTED, {})
        for (event_type, model), ids in noted.items():
            # Something may have been deleted since.
            self._tell(event_type, self.env[model].browse(ids).exists())

    @api.model
    def _tell(self, event_type, records):
        """Owe an event of each record to all subscriptions that want to hear of it."""
        build = getattr(self, f"_build_{self._name_of(event_type)}")
        self._put((occurrence, record) for record in records for occurrence in build(record))

    @api.model
    def _name_of(self, event_type):
        """Return the middle of a type as part of a method's name: ``order_confirmed``."""
        return "_".join(event_type.split(".")[1:-1])

    @api.model
    def _put(self, occurrences):
        """Owe (occurrence, record) to those who want to hear of them, by one statement."""
        wishes = defaultdict(list)
        for wish in self.env["retail.subscription"]._wishes():
            wishes[wish.company_id].append(wish)
        deliveries = []
        for occurrence, record in occurrences:
            facts = occurrence.facts
            takers = [wish for wish in wishes[facts.company_id] if wants(wish, facts)]
            if takers:
                event = self._event(occurrence.subject, occurrence.data())
                deliveries += [(wish, occurrence.entity, event, record) for wish in takers]
        return self.env["retail.outbox.command"]._put_events(deliveries)

    @api.model
    def _event(self, subject, data):
        """Return the envelope of some data; it happens now."""
        return Event.of(
            data,
            event_id=str(uuid.uuid4()),
            source=self._source(),
            subject=subject,
            time=self._moment(fields.Datetime.now()),
            schemas=self.env["retail.backend"].get_base_url() + SCHEMAS,
        )

    @api.model
    def _source(self):
        """Return the name of this Odoo, which stays the same whatever its address is."""
        return f"urn:uuid:{self.env['ir.config_parameter'].sudo().get_param('database.uuid')}"

    @api.model
    def _moment(self, moment):
        """Return one of Odoo's moments with its time zone."""
        return moment.replace(tzinfo=timezone.utc)
