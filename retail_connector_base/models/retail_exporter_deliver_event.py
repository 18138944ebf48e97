from odoo import api, models
from odoo.tools import ormcache

from ..canonical.event import StockChanged
from ..decisions.event_retry import DELIVERY
from ..decisions.problem import Problem
from ..providers import Capability


class RetailExporterDeliverEvent(models.AbstractModel):
    """Deliveries of events: retried over days, held back while their subscriber rests."""

    _name = "retail.exporter.deliver_event"
    _description = "Retail Exporter: events"
    _inherit = ["retail.exporter"]

    _flow_kind = "event"
    _capability = Capability.EVENTS_OUT

    @api.model
    @ormcache("backend_id")
    def _priority(self, backend_id):
        """Return the priority of a backend's deliveries, cached until its flows change."""
        flow = self._flow(self.env["retail.backend"].browse(backend_id))
        return flow._job_priority() if flow else 10

    @api.model
    @ormcache("backend_id")
    def _runs(self, backend_id):
        """Tell whether a backend's events are sent now, cached until its flows change."""
        flow = self._flow(self.env["retail.backend"].browse(backend_id))
        return bool(flow) and flow._is_running_out()

    @api.model
    def _retry_policy(self, command):
        """Override: receivers get repaired; the schedule is ten attempts in three days."""
        return DELIVERY

    @api.model
    def _known_ids(self, command):
        """Override: a receiver makes nothing that we know of."""
        return frozenset()

    @api.model
    def _is_wanted(self, command):
        """Override: of a product's stock only the latest word counts."""
        if command.event_type != StockChanged.type:
            return True
        later = [
            ("backend_id", "=", command.backend_id.id),
            ("entity_key", "=", command.entity_key),
            ("id", ">", command.id),
            ("state", "!=", "cancelled"),
        ]
        return not command.search_count(later, limit=1)

    @api.model
    def _ready(self, commands):
        """Override: hold what a subscriber that rests or is paused would have to take."""
        ready = commands.browse()
        for subscription, found in commands.grouped("subscription_id").items():
            takes = subscription._takes() if subscription else None
            begun = found if takes is None else found[:takes]
            (found - begun).write({"held": True})
            ready |= begun
        return ready

    @api.model
    def _on_done(self, command, result):
        """Override: note that the subscriber answers."""
        command.last_status = result.status or 0
        command.subscription_id._note_delivered()

    @api.model
    def _on_failed(self, command, error, text):
        """Override: note that the subscriber did not take it."""
        status = getattr(error, "status", None)
        command.last_status = status or 0
        if command.subscription_id:
            command.subscription_id._note_failed(status, text)
            if command.subscription_id._takes() == 0 and command.state != "blocked":
                command.held = True

    @api.model
    def _problem(self, command, error_class, text):
        """Override: one exception for each subscription, however many events it did not take."""
        subscription = command.subscription_id
        return Problem(
            error_class=error_class,
            code="event_dead_letter",
            subject=str(subscription.id),
            title=self.env._("“%(name)s” did not take events", name=subscription.name),
            cause=self.env._(
                "Ten attempts in three days failed. The last: %(text)s Other events go on. Ask who "
                "runs the endpoint, then retry, or cancel the deliveries.",
                text=text,
            ),
            fix="retry",
            fix_values={"res_model": subscription._name, "res_id": subscription.id},
        )
