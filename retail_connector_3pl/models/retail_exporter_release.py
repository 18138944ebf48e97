from odoo import api, models

from odoo.addons.retail_connector_base.fail_points import reach
from odoo.addons.retail_connector_base.providers import Capability

STATES = ("accepted", "rejected", "on_hold")


class RetailExporterReleaseOrder(models.AbstractModel):
    """Releases: what is told to the warehouse, and what it answers at once.

    A provider may name in the result's ``details`` what the warehouse said already: ``state``
    (``accepted``, ``rejected``, ``on_hold``) with ``reason`` and ``reason_code``. Without it the
    warehouse will say so by message, where the provider has WAREHOUSE_ORDERS_IN; else that it was
    taken is all that will ever be known, and counts as accepted.
    """

    _name = "retail.exporter.release_order"
    _description = "Retail Exporter: releases"
    _inherit = ["retail.exporter"]

    _flow_kind = "release"
    _capability = Capability.RELEASE_ORDER

    @api.model
    def _release(self, command):
        """Return the release that a command is about, empty when it is gone."""
        found = self.env["retail.release"].sudo()
        if command.res_model == found._name:
            found = found.browse(command.res_id).exists()
        return found

    @api.model
    def _is_wanted(self, command):
        """Override: only what is ready still, of an order that nobody holds."""
        release = self._release(command)
        return release.command_id == command and release._may_go_out()

    @api.model
    def _known_ids(self, command):
        """Override: what changes of it made is none of its orders."""
        return frozenset()

    @api.model
    def _on_done(self, command, result):
        """Override: note the warehouse's number, and what it said of it."""
        release = self._release(command)
        if release:
            number = result.external_ids[0] if result.external_ids else None
            details = result.details
            words = {key: details[key] for key in ("reason", "reason_code") if key in details}
            release._take_state(self._state_after(release, details), external_id=number, **words)
            reach("release.sent", (release.name,))

    def _state_after(self, release, details):
        if details.get("state") in STATES:
            return details["state"]
        says_more = release.warehouse_id._offers(Capability.WAREHOUSE_ORDERS_IN)
        return "sent" if says_more else "accepted"

    @api.model
    def _takes_refusal(self, command, text):
        """Override: the warehouse's no is its answer; the release shows it."""
        release = self._release(command)
        if not release or release.command_id != command:
            return False
        release._take_state("rejected", text)
        return True

    @api.model
    def _on_cancelled(self, command):
        """Override: what somebody gave up in the queue is not sent by itself again.

        What is not wanted because the order is held, or changed, goes on when its time comes.
        """
        release = self._release(command)
        if not release or release.command_id != command:
            return
        release.command_id = False
        if release.state == "ready" and release._may_go_out():
            reason = command.notes or self.env._("It was given up.")
            release.write({"state": "rejected", "reason": reason})


class RetailExporterReleaseRequest(models.AbstractModel):
    """What both kinds of requests about a release have in common.

    A provider names in the result's ``details`` what the warehouse answered at once: ``answer``
    (``accepted`` or ``refused``) with ``reason``; without it the answer comes by message
    (``warehouse_order.answers``). A ``RejectedError`` is a refusal.
    """

    _name = "retail.exporter.release.request"
    _description = "Retail Exporter: requests about releases"
    _inherit = ["retail.exporter"]

    _flow_kind = "release"

    @api.model
    def _request(self, command):
        """Return the request that a command carries, empty when it is gone."""
        requests = self.env["retail.release.request"].sudo()
        return requests.search([("command_id", "=", command.id)], limit=1)

    @api.model
    def _is_wanted(self, command):
        """Override: not when it is answered, or nobody wants it any more."""
        return self._request(command).state == "asked"

    @api.model
    def _known_ids(self, command):
        """Override: requests make nothing."""
        return frozenset()

    @api.model
    def _on_done(self, command, result):
        """Override: take the answer, where it came at once."""
        answer = result.details.get("answer")
        if answer in ("accepted", "refused"):
            request = self._request(command)
            request._answer(answer == "accepted", result.details.get("reason", ""))

    @api.model
    def _takes_refusal(self, command, text):
        """Override: a clear no is the answer."""
        request = self._request(command)
        request._answer(False, text)
        return bool(request)

    @api.model
    def _on_cancelled(self, command):
        """Override: what is not sent is asked of nobody."""
        self._request(command)._drop(command.notes or self.env._("It was given up."))


class RetailExporterChangeRelease(models.AbstractModel):
    """Changes of a release's address or lines."""

    _name = "retail.exporter.change_release"
    _description = "Retail Exporter: changes of releases"
    _inherit = ["retail.exporter.release.request"]

    _capability = Capability.CHANGE_RELEASE


class RetailExporterCancelRelease(models.AbstractModel):
    """Cancellations of releases."""

    _name = "retail.exporter.cancel_release"
    _description = "Retail Exporter: cancellations of releases"
    _inherit = ["retail.exporter.release.request"]

    _capability = Capability.CANCEL_RELEASE
