from odoo import api, models

from odoo.addons.retail_connector_base.providers import Capability


class RetailExporterAnnounceReceipt(models.AbstractModel):
    """Announcements of deliveries."""

    _name = "retail.exporter.announce_receipt"
    _description = "Retail Exporter: announced deliveries"
    _inherit = ["retail.exporter"]

    _flow_kind = "announcement"
    _capability = Capability.ANNOUNCE_RECEIPT

    @api.model
    def _announcement(self, command):
        found = command._document() if command.res_model == "retail.announcement" else None
        return found or self.env["retail.announcement"]

    @api.model
    def _is_wanted(self, command):
        """Override: not when the delivery was cancelled or changed meanwhile."""
        return self._announcement(command).state not in ("cancelled", "received")

    @api.model
    def _on_done(self, command, result):
        """Override: keep the warehouse's number. A receipt may have come before this answer."""
        announcement = self._announcement(command)
        if result.external_ids:
            announcement.external_id = result.external_ids[0]
        if announcement.state in ("ready", "sent", "rejected"):
            announcement.write({"state": "accepted", "reason": False})

    @api.model
    def _on_failed(self, command, error, text):
        """Override: what a person must look at was not announced."""
        announcement = self._announcement(command)
        if command.state == "blocked" and announcement.state == "sent":
            announcement.write({"state": "rejected", "reason": text})

    @api.model
    def _on_cancelled(self, command):
        """Override: somebody gave it up; a receipt may come all the same."""
        announcement = self._announcement(command)
        if announcement.state == "sent":
            reason = self.env._("The announcement was given up.")
            announcement.write({"state": "rejected", "reason": reason})


class RetailExporterCancelAnnouncement(models.AbstractModel):
    """Announcements that are taken back."""

    _name = "retail.exporter.cancel_announcement"
    _description = "Retail Exporter: announcements taken back"
    _inherit = ["retail.exporter"]

    _flow_kind = "announcement"
    _capability = Capability.CANCEL_ANNOUNCEMENT

    @api.model
    def _is_wanted(self, command):
        """Override: what was never told need not be taken back."""
        told = command._siblings().filtered(lambda one: one.kind == "announce_receipt")
        return any(one.state != "cancelled" for one in told)
