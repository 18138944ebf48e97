from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical.base import EPOCH
from odoo.addons.retail_connector_base.canonical.parcel_tracking import TrackingState
from odoo.addons.retail_connector_base.decisions.moment import naive_utc
from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome
from odoo.addons.retail_connector_base.decisions.receipt import printable
from odoo.addons.retail_connector_base.decisions.version import Verdict

from ..decisions.tracking_state import Passed, adds, state_after

# A clock that is wrong by more is none.
YEARS = range(1990, 2100)
LONGEST_SECONDS = 4_000_000_000


class RetailImporterTracking(models.AbstractModel):
    """What is told of parcels: milestones are gathered, never taken back.

    Older words are heard as well: they may know of milestones that the newer ones left out.
    """

    _name = "retail.importer.tracking"
    _description = "Retail Importer: parcels on their way"
    _inherit = ["retail.importer"]

    _binding_model = "retail.tracking"

    def _judge(self, item, binding, is_dead, left_out=None):
        """Override: milestones add up, in whatever order they are told."""
        verdict = super()._judge(item, binding, is_dead, left_out)
        if verdict in (Verdict.STALE, Verdict.REFETCH) and not is_dead:
            return Verdict.APPLY
        return verdict

    @api.model
    def _apply(self, backend, pairs):
        """Override: note what was told, then what follows from it."""
        trackings = self._bindings(backend, pairs)
        every = self.env["retail.tracking"].union(*trackings.values())
        fresh = self._add_milestones([(i, trackings[i.message_id]) for i, _binding in pairs])
        changed = every._weigh_milestones()
        new = every - self.env["retail.tracking"].union(*(binding for _item, binding in pairs))
        self._note_news(fresh)
        if new:
            new._tie()
        self._follow(changed | new)
        return {
            message_id: ImportResult(Outcome.DONE, record=("retail.tracking", tracking.id))
            for message_id, tracking in trackings.items()
        }

    def _follow(self, trackings):
        """Do what follows from where parcels are."""
        trackings._report_trouble()
        trackings.picking_ids._retail_weigh_parcels()

    # Bindings

    def _bindings(self, backend, pairs):
        """Return by message the binding that it tells of, made or brought up to date."""
        known, made = {}, []
        for item, binding in pairs:
            if binding:
                self._update(item, binding)
                known[item.message_id] = binding
            else:
                made.append((item.message_id, self._values(item) | {"backend_id": backend.id}))
        # Its milestones are its history.
        quiet = self.env["retail.tracking"].with_context(tracking_disable=True)
        new = quiet.create([values for _message_id, values in made])
        new = new.with_env(self.env)
        pairs = zip(made, new, strict=True)
        return known | {message_id: tracking for (message_id, _values), tracking in pairs}

    def _update(self, item, binding):
        """Note what a newer word says; an older one only has milestones."""
        if item.version >= int(binding.external_version or 0):
            values = self._values(item)
            binding.write({name: value for name, value in values.items() if value})

    def _values(self, item):
        told = item.canonical
        return {
            "external_id": printable(told.external_id),
            "number": printable(told.number),
            "carrier": printable(told.carrier or "") or False,
            "url": self._link(told.url),
            "expected_at": self._usable(told.expected_at) or False,
            "signed_by": printable(told.signed_by or "") or False,
            **self.env["retail.tracking"]._state_values(item),
        }

    @staticmethod
    def _link(url):
        """Return an address that a browser may be sent to."""
        kept = printable(url or "")
        return kept if kept == url and kept.startswith(("https://", "http://")) else False

    # Milestones

    def _add_milestones(self, pairs):
        """Keep the milestones that are new; return the parcels that have some."""
        values, fresh = [], self.env["retail.tracking"]
        for item, tracking in pairs:
            known = {(row.state, row.occurred_at) for row in tracking.milestone_ids}
            wanted = {key: row for key, row in self._milestones(item).items() if key not in known}
            values += [{"tracking_id": tracking.id, **row} for row in wanted.values()]
            if wanted or not known:
                fresh |= tracking
        self.env["retail.tracking.milestone"].create(values)
        return fresh

    def _milestones(self, item):
        """Return the values of a message's milestones by state and moment.

        What its state says beyond its milestones happened when it was told, at the latest.
        """
        told, moment = item.canonical, self._moment(item)
        rows = {}
        for milestone in told.milestones:
            if milestone.state is not TrackingState.UNKNOWN:
                occurred = self._usable(milestone.occurred_at) or moment
                row = self._milestone(milestone.state, occurred, milestone.text, milestone.place)
                rows.setdefault((milestone.state.value, occurred), row)
        passed = [Passed(TrackingState(state), at) for state, at in rows]
        if adds(state_after(passed), told.state):
            latest = max([moment, *(one.at for one in passed)])
            rows[told.state.value, latest] = self._milestone(told.state, latest)
        return rows

    def _milestone(self, state, occurred, text=None, place=None):
        return {
            "state": state.value,
            "occurred_at": occurred,
            "text": printable(text or "") or False,
            "place": printable(place or "") or False,
        }

    def _moment(self, item):
        """Return when a message was true, in UTC: as it says, or as its sender saw it."""
        told = self._usable(item.canonical.updated_at)
        seen = EPOCH + timedelta(seconds=min(item.observed_at // 1_000_000, LONGEST_SECONDS))
        return told or (naive_utc(seen) if item.observed_at > 0 else fields.Datetime.now())

    @staticmethod
    def _usable(moment):
        """Return a moment in UTC without time zone, ``None`` for one that no parcel lived in."""
        found = naive_utc(moment)
        return found if found and found.year in YEARS else None

    def _note_news(self, trackings):
        """Note when something was heard of parcels last: not before it happened, nor later."""
        now = fields.Datetime.now()
        for tracking in trackings:
            latest = max(tracking.milestone_ids.mapped("occurred_at"), default=now)
            tracking.write({"last_news_at": min(latest, now), "is_stale": False})
