from datetime import timezone
from zoneinfo import ZoneInfo

from odoo import api, models

from odoo.addons.retail_connector_base.decisions.fingerprint import fingerprint_of
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.announcement_change import Demand, changes
from .retail_announcement import OPEN


class RetailAnnouncer(models.AbstractModel):
    """Compares what is on its way to each warehouse with what the warehouse was told, every minute.

    Whatever made the difference (a purchase, a transfer, somebody's hand), and however long nobody
    looked: the next round makes it good.
    """

    _name = "retail.announcer"
    _description = "Retail Connector: announcing deliveries"

    @api.model
    def _sweep(self):
        """Announce what is new, take back what was cancelled, look at what changed."""
        houses = (
            self.env["retail.warehouse"]
            .sudo()
            .search([("odoo_id", "!=", False), ("announces_receipts", "=", True)])
        )
        exporter = self.env["retail.exporter.announce_receipt"]
        for house in houses:
            if exporter._is_offered(house.backend_id):
                self._look_at(house.with_company(house.company_id))

    @api.model
    def _look_at(self, warehouse):
        """Bring what one warehouse was told in line with what comes to it."""
        announcements = self.env["retail.announcement"].sudo()
        domain = [("warehouse_id", "=", warehouse.id), ("state", "in", OPEN)]
        known = announcements.search(domain)
        for announcement in known:
            self._look_again(announcement)
        announced = announcements.search(domain).picking_id
        for picking in announcements._expected_pickings(warehouse) - announced:
            announcements._make(warehouse, picking, "ready")._announce()

    def _look_again(self, announcement):
        self._follow(announcement)
        different = changes(self._demands(announcement))
        if not different:
            if announcement.state == "ready":
                announcement._announce()
            elif self._comes_another_day(announcement):
                self._tell_day(announcement)
        elif self._is_off(announcement) and not announcement._has_received():
            announcement._take_back(self.env._("It was cancelled in Odoo."))
        elif self._is_off(announcement):
            announcement.state = "received"
        elif announcement._has_received() or self._must_ask(announcement):
            self._report_change(announcement, different)
        else:
            announcement._replace(self.env._("The delivery changed in Odoo."))

    def _comes_another_day(self, announcement):
        """Tell whether goods of which nothing came are expected on another day than was told."""
        told, now = announcement.expected_at, announcement.picking_id.scheduled_date
        is_open = announcement.state in ("sent", "accepted") and not announcement._has_received()
        if not (is_open and told and now):
            return False
        zone = ZoneInfo(announcement.warehouse_id._timezone())
        return _day(told, zone) != _day(now, zone)

    def _tell_day(self, announcement):
        if self._must_ask(announcement):
            self._report_day(announcement)
        else:
            announcement._replace(self.env._("It comes on another day."))

    def _must_ask(self, announcement):
        house = announcement.warehouse_id
        offered = self.env["retail.exporter.cancel_announcement"]._is_offered(house.backend_id)
        return announcement.state != "ready" and not (
            offered and house.announcement_change == "replace"
        )

    def _is_off(self, announcement):
        """Tell whether nothing of it is expected any more."""
        picking = announcement.picking_id
        return picking.state in ("cancel", "done") and not announcement._open_moves()

    def _follow(self, announcement):
        """Point to the delivery that holds what is still to come: a backorder, say."""
        pickings = announcement._open_moves().picking_id
        if pickings and announcement.picking_id not in pickings:
            announcement.picking_id = pickings.sorted("id")[-1]

    def _demands(self, announcement):
        """Return what was announced, came and is open of each line, and what was added since."""
        lines = [
            Demand(
                line.product_id.display_name,
                line.quantity,
                line.received_quantity + sum(quantity for _move, quantity in line._moved_by_hand()),
                line.open_quantity,
            )
            for line in announcement.line_ids
        ]
        added = announcement.picking_id.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel") and not move.retail_announcement_line_id
            )
        )
        return lines + [
            Demand(move.product_id.display_name, 0, 0, move.product_qty) for move in added
        ]

    def _report_day(self, announcement):
        day = announcement.picking_id.scheduled_date.date().isoformat()
        problem = Problem(
            error_class=ErrorClass.CONFLICT,
            code="announcement_day_changed",
            subject=f"{announcement.name}|{day}",
            title=self.env._(
                "%(delivery)s comes on another day than was announced",
                delivery=announcement.picking_id.name,
            ),
            cause=self.env._(
                "The warehouse expects it on %(told)s, it comes on %(now)s. Tell it by other "
                "means, or open the announcement and announce it again.",
                told=announcement.expected_at.date().isoformat(),
                now=day,
            ),
            fix="open_record",
        )
        if not self.env["retail.exception"].sudo()._knows(announcement.backend_id, problem):
            announcement._report(problem)

    def _report_change(self, announcement, different):
        problem = Problem(
            error_class=ErrorClass.CONFLICT,
            code="announcement_changed",
            subject=f"{announcement.name}|{different}",
            title=self.env._(
                "%(delivery)s changed after it was announced", delivery=announcement.picking_id.name
            ),
            cause=self.env._(
                "The warehouse expects what it was told. Tell it by other means, or open the "
                "announcement and announce it again."
            ),
            fix="open_record",
            comparison=tuple(
                (demand.name, f"{demand.should_be_open:g}", f"{demand.open:g}")
                for demand in different
            ),
        )
        exceptions = self.env["retail.exception"].sudo()
        if not exceptions._knows(announcement.backend_id, problem):
            announcement._report(problem)


def _day(moment, zone):
    """Return the day of a moment (UTC) where the warehouse is."""
    return moment.replace(tzinfo=timezone.utc).astimezone(zone).date()


class RetailException(models.Model):
    """Not to tell the same every minute."""

    _inherit = "retail.exception"

    @api.model
    def _knows(self, backend, problem, state=None):
        """Tell whether a problem was reported before, and is in a state if one is given."""
        domain = [("backend_id", "=", backend.id), ("fingerprint", "=", fingerprint_of(problem))]
        domain += [("state", "=", state)] if state else []
        return bool(self.search_count(domain, limit=1))


class RetailInboxSweeper(models.AbstractModel):
    """Each round also looks at deliveries that come to third parties."""

    _inherit = "retail.inbox.sweeper"

    @api.model
    def _sweep(self):
        """Override: also announce deliveries."""
        result = super()._sweep()
        self.env["retail.announcer"]._sweep()
        return result
