from odoo import api, models

from odoo.addons.retail_connector_base.decisions.moment import naive_utc
from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome
from odoo.addons.retail_connector_base.decisions.problem import (
    ImportProblem,
    ItemFailures,
    Problem,
)
from odoo.addons.retail_connector_base.decisions.receipt import printable
from odoo.addons.retail_connector_base.decisions.version import Verdict, judge
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.snapshot_columns import columns_of, count_of


class RetailImporterStockSnapshot(models.AbstractModel):
    """Parts of counts: kept here, compared in the warehouse's lane when all of a count are there.

    Parts come in any order and more than once. Two that come at the same time: one of the two
    transactions is run again, and sees the other's.
    """

    _name = "retail.importer.stock_snapshot"
    _description = "Retail Importer: stock counts"
    _inherit = ["retail.importer"]

    _binding_model = "retail.snapshot.part"

    @api.model
    def _apply(self, backend, pairs):
        """Override: keep the parts of a batch."""
        failures, results = {}, {}
        for item, part in pairs:
            try:
                house = self._house(backend, item.canonical)
                results[item.message_id] = self._take(house, item, part)
            except ImportProblem as problem:
                failures[item.message_id] = problem
        if failures:
            raise ItemFailures(failures)
        return results

    def _house(self, backend, told):
        return self.env["retail.warehouse"]._known_in(backend, told.location_external_id)

    @api.model
    def _take(self, house, item, part, entered_by=None):
        """Keep a part of a count; ask for its comparison when it is whole."""
        told = item.canonical
        snapshot = self._snapshot(house, told, entered_by)
        self._check_agrees(snapshot, told)
        record = (snapshot._name, snapshot.id)
        if snapshot._is_decided():
            note = self.env._("Somebody has decided about this count: it is not told anew.")
            return ImportResult(Outcome.IGNORED, note, record)
        if part and part.snapshot_id != snapshot:
            part = self._leave_to_former(part)
        named = snapshot.part_ids.filtered(lambda one: one.number == told.part)
        if named and named != part and self._is_older(named, item):
            note = self.env._("A newer state of this part was applied.")
            return ImportResult(Outcome.SUPERSEDED, note, record)
        if self._keep(snapshot, named or part, item):
            self._compare_whole(snapshot)
        return ImportResult(Outcome.DONE, "", record)

    def _leave_to_former(self, part):
        """Let a former count keep a part whose name is used again; return no part."""
        part.external_id = f"{part.external_id[:200]}#{part.id}"
        return part.browse()

    def _is_older(self, part, item):
        """Tell whether a part came under another name, as it is or newer."""
        return judge(part._seen(), item.seen()) is Verdict.STALE

    def _snapshot(self, house, told, entered_by):
        """Return the count that a part belongs to, locked; make it for its first part."""
        domain = [("warehouse_id", "=", house.id), ("external_id", "=", told.snapshot_external_id)]
        snapshot = self.env["retail.snapshot"].search(domain)
        if snapshot:
            snapshot._lock()
            return snapshot
        return snapshot.create(
            {
                "warehouse_id": house.id,
                "external_id": told.snapshot_external_id,
                "taken_at": naive_utc(told.taken_at),
                "complete": told.complete,
                "parts": told.parts,
                "entered_by_id": entered_by.id if entered_by else False,
            }
        )

    def _keep(self, snapshot, part, item):
        """Write a part; return whether it tells something else than before."""
        told = item.canonical
        columns = columns_of(told.lines)
        changed = not part or (part.lines or {}) != columns
        values = {
            **self.env["retail.snapshot.part"]._state_values(item),
            "external_id": told.external_id,
            "snapshot_id": snapshot.id,
            "number": told.part,
            "line_count": count_of(columns),
            "lines": columns,
        }
        if part:
            part.write(values)
        else:
            part.create({**values, "backend_id": snapshot.backend_id.id})
        # Written in any case: of two transactions that add parts one is run again.
        snapshot.part_count = len(snapshot.part_ids)
        return changed

    def _compare_whole(self, snapshot):
        snapshot.write({"compared_at": False})
        if snapshot._is_whole():
            snapshot._ask_to_move()

    def _check_agrees(self, snapshot, told):
        """Raise ``ImportProblem`` where the parts of a count contradict each other."""
        rows = (
            (self.env._("Counted at"), snapshot.taken_at, naive_utc(told.taken_at)),
            (self.env._("Parts"), snapshot.parts, told.parts),
            (self.env._("Everything"), snapshot.complete, told.complete),
            (self.env._("Part"), True, told.part <= told.parts),
        )
        differs = [(what, str(theirs), str(ours)) for what, ours, theirs in rows if ours != theirs]
        if differs:
            raise ImportProblem(self._contradiction(snapshot, told, differs))

    def _contradiction(self, snapshot, told, differs):
        return Problem(
            error_class=ErrorClass.DATA,
            code="count_parts_differ",
            subject=f"{snapshot.id}|{told.part}",
            title=self.env._(
                "Part %(part)s does not belong to count %(count)s",
                part=told.part,
                count=printable(told.snapshot_external_id),
            ),
            cause=self.env._(
                "Parts of one count are taken at one instant and agree on how many there are. This "
                "one says otherwise; the count is not compared without it. Have the warehouse send "
                "the count anew, under a name of its own, then dismiss this."
            ),
            fix="open_record",
            fix_values={"res_model": snapshot._name, "res_id": snapshot.id},
            comparison=tuple(differs),
        )
