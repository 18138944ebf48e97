from odoo import api, models

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.release_rejection import About, about

# Whose business a rejection is: mappings and configuration are an administrator's.
OWNERS = {About.ITEM: ErrorClass.MAPPING, About.CARRIER: ErrorClass.CONFIGURATION}
CODES = ("release_rejected", "release_on_hold", "release_held_back")


class RetailRelease(models.Model):
    """What people are shown of releases that do not go on, each with what to do about it."""

    _inherit = "retail.release"

    def _report(self, code, title, cause, error_class=ErrorClass.DATA, comparison=(), subject=None):
        """Show a problem of a release; the same one again is the same exception."""
        problem = Problem(
            error_class=error_class,
            code=code,
            subject=subject or self.name,
            title=title,
            cause=cause,
            fix="open_record",
            fix_values={"res_model": self._name, "res_id": self.id},
            comparison=tuple(comparison),
        )
        return self.env["retail.exception"]._report(self.backend_id, problem, record=self)

    def _solve_problems(self, codes=CODES):
        """Close what was open because of a state that is over."""
        fingerprints = [f"{code}|{self.name}" for code in codes]
        self.env["retail.exception"]._solved(self.backend_id, fingerprints)

    def _report_rejection(self, reason, reason_code):
        title = self.env._(
            "%(warehouse)s rejects %(release)s",
            warehouse=self.warehouse_id.name,
            release=self.display_name,
        )
        topic = about(reason, reason_code)
        words = self.env._(
            "It says: %(reason)s", reason=reason or reason_code or self.env._("nothing")
        )
        self._report(
            "release_rejected",
            title,
            f"{words}\n{self._advice(topic)}",
            OWNERS.get(topic, ErrorClass.DATA),
        )

    @api.model
    def _advice(self, topic):
        """Return what to do about a rejection, by what it is about."""
        return {
            About.ADDRESS: self.env._(
                "Correct the address on the delivery's contact, then press “Send Again” on the "
                "release."
            ),
            About.ITEM: self.env._(
                "Bind the product to the warehouse's item (or have the warehouse make it), then "
                "press “Send Again” on the release."
            ),
            About.CARRIER: self.env._(
                "Map the carrier to the warehouse's word for it, then press “Send Again” on the "
                "release."
            ),
            About.STOCK: self.env._(
                "The warehouse has less than Odoo believes: compare a count. Then press “Send "
                "Again” on the release, or cancel the order."
            ),
            About.OTHER: self.env._(
                "Ask the warehouse what it needs. Then press “Send Again” on the release, or "
                "cancel the order."
            ),
        }[topic]

    def _report_hold(self, reason, reason_code):
        self._report(
            "release_on_hold",
            self.env._(
                "%(warehouse)s holds %(release)s back",
                warehouse=self.warehouse_id.name,
                release=self.display_name,
            ),
            self.env._(
                "It says: %(reason)s\nGive the warehouse what it needs. This closes by itself when "
                "it goes on.",
                reason=reason or reason_code or self.env._("nothing"),
            ),
        )

    def _report_held_back(self, problem):
        self._report(
            "release_held_back",
            self.env._("%(release)s cannot be released", release=self.display_name),
            self.env._("%(problem)s It is sent as soon as that is right.", problem=problem),
        )

    def _report_cancelled_there(self, reason):
        self._report(
            "release_cancelled_there",
            self.env._(
                "%(warehouse)s cancelled %(release)s by itself",
                warehouse=self.warehouse_id.name,
                release=self.display_name,
            ),
            self.env._(
                "It says: %(reason)s\nNobody here asked for it, and the customer still waits. "
                "Release the delivery again, or cancel the order.",
                reason=reason or self.env._("nothing"),
            ),
            ErrorClass.CONFLICT,
        )

    def _report_contradiction(self, state, reason):
        self._report(
            "release_contradiction",
            self.env._(
                "%(warehouse)s says that %(release)s came to nothing, but goods of it left",
                warehouse=self.warehouse_id.name,
                release=self.display_name,
            ),
            self.env._(
                "It now says “%(state)s”: %(reason)s\nAsk the warehouse what became of the goods.",
                state=state,
                reason=reason or "–",
            ),
            ErrorClass.CONFLICT,
        )
