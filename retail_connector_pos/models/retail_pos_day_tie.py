from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from odoo import fields, models

from odoo.addons.retail_connector_base.canonical import minor_unit

from ..decisions.day_tie import Kind, no_report, tie_day
from ..decisions.day_words import storable, stored_differences

# A report may be faster than the last tickets of its day: what is only missing is not shown to
# anybody before this has passed.
GRACE = timedelta(minutes=5)
MISSING = {Kind.COUNT, Kind.SEQUENCE, Kind.TOTAL, Kind.TAX, Kind.TENDER, Kind.WAITING}


class RetailPosDay(models.Model):
    """A day's tickets laid next to its register's report, as often as either changes."""

    _inherit = "retail.pos.day"

    report_id = fields.Many2one(
        "retail.pos.report", readonly=True, index="btree_not_null",
        ondelete="restrict", help="The newest one counts.",
    )  # fmt: skip
    report_ids = fields.One2many("retail.pos.report", "day_id", string="Reports", readonly=True)
    reported_at = fields.Datetime(readonly=True, help="When the report that counts came.")
    tie = fields.Json(readonly=True, help="How report and tickets compare.")
    reported_count = fields.Integer(readonly=True, string="Tickets Reported")
    reported_total = fields.Monetary(readonly=True, help="What the register says was sold.")
    imported_total = fields.Monetary(readonly=True, help="What the imported tickets come to.")
    difference = fields.Monetary(readonly=True, help="The register's total less ours.")
    over_short = fields.Monetary(
        readonly=True, string="Over/Short", help="Counted less expected, of all tenders."
    )
    missing_count = fields.Integer(readonly=True, string="Missing Tickets")
    waiting_count = fields.Integer(
        readonly=True, string="Waiting Tickets", help="In the inbox and not imported."
    )
    review_key = fields.Char(readonly=True, help="What was looked at last.")

    # Reports

    def _take_reports(self):
        """Let the newest report of each day count; compare it once this is committed."""
        for day in self:
            newest = max(day.report_ids, key=lambda report: report._rank())
            if day.state == "closed":
                day._note_correction(newest)
            elif day.report_id != newest or day.state == "open":
                day.write(
                    {
                        "report_id": newest.id,
                        "reported_at": fields.Datetime.now(),
                        "state": "reported" if day.state == "open" else day.state,
                    }
                )
        for backend in self.backend_id:
            self.env["retail.pos.closer"]._wake_after_commit(backend.id)

    # Comparing

    def _compare(self, waiting=None):
        """Return how the tickets of this day and its report compare (``DayTie``).

        ``waiting`` is what ``_waiting`` returned; it is read when it is not given.
        """
        self.ensure_one()
        if waiting is None:
            waiting = self._waiting(self.backend_id)
        report = self.report_id and self.report_id._canonical()
        words = [total.method for total in report.tenders] if report else []
        key_of = self._tender_keys(words)
        ours = self._with_waiting(self._figures(key_of), waiting.get(self._waiting_key(), ()))
        if not report:
            return ours, no_report(ours)
        keys = {total.method: key_of(total) for total in report.tenders}
        return ours, tie_day(report, ours, keys, self._tolerance(), self._currency().name)

    def _with_waiting(self, ours, waiting):
        return replace(
            ours,
            waiting=tuple(each.words for each in waiting),
            waiting_numbers=tuple(each.sequence for each in waiting if each.sequence is not None),
            waiting_total=sum((each.total for each in waiting), start=ours.waiting_total),
            previous_number=self._previous_number(),
        )

    def _previous_number(self):
        """Return the last number of the day before, where its report tells it."""
        before = self.search(
            [
                ("register_id", "=", self.register_id.id),
                ("business_date", "<", self.business_date),
                ("report_id", "!=", False),
            ],
            order="business_date desc",
            limit=1,
        )
        return before.report_id._canonical().last_sequence if before else None

    def _tolerance(self):
        """Return the cash difference that a cashier may close with, as Odoo knows it."""
        config = self.register_id.odoo_id
        allowed = config.amount_authorized_diff if config.set_maximum_difference else 0
        return self._decimal(allowed)

    # Judging

    def _review(self, waiting=None):
        """Compare and decide what becomes of the day; return whether it can be posted now."""
        self.ensure_one()
        ours, tie = self._compare(waiting)
        before = self.tie
        values = self._tie_values(ours, tie)
        values["state"] = self._judge(ours, tie)
        self._write_changes(values)
        self._show(tie, is_news=before != self.tie)
        if self.state in ("reported", "different"):
            self._fetch_missing()
        return self.state == "closing"

    def _judge(self, ours, tie):
        """Return the state that follows from a comparison."""
        if tie.ties or self._is_signed(tie):
            return "closing" if self._is_ready() else "reported"
        if not self.report_id:
            return "open"
        return "reported" if self._may_still_come(ours, tie) else "different"

    def _may_still_come(self, ours, tie):
        """Tell whether all that differs are tickets which the report knows and we do not yet."""
        fresh = self.reported_at and self.reported_at + GRACE > fields.Datetime.now()
        if not fresh or not {each.kind for each in tie.differences} <= MISSING:
            return False
        return self.report_id.ticket_count > ours.count

    def _is_ready(self):
        """Tell whether nothing else has to happen before it is posted."""
        return not self._unsettled_goods()

    def _unsettled_goods(self):
        """Tell whether goods of this day's sessions have not moved yet: cost of goods is booked
        with the session."""
        return not self._stock_is_settled()

    def _tie_values(self, ours, tie):
        report = self.report_id
        return {
            "tie": storable(tie, ours),
            "reported_count": report.ticket_count,
            "reported_total": report.amount_total,
            "imported_total": float(ours.total),
            "difference": float(self._decimal(report.amount_total) - ours.total) if report else 0,
            "over_short": float(sum(row.over_short for row in tie.tenders)),
            "missing_count": tie.missing,
            "waiting_count": len(ours.waiting),
        }

    def _write_changes(self, values):
        """Write what is new: every write makes imports of that day's tickets run again."""
        changed = {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_cache(value, self)
            != self._fields[name].convert_to_cache(self[name], self)
        }
        if changed:
            self.write(changed)

    def _differences(self):
        """Return the differences that were found last (``Difference``)."""
        self.ensure_one()
        return stored_differences(self.tie or {})

    def _decimal(self, amount):
        """Return an amount of this day exactly, in whole minor units."""
        unit = minor_unit(self._currency().name)
        return Decimal(str(amount)).quantize(unit, ROUND_HALF_UP)
