from odoo import api, fields, models

from ..decisions.erasure import traces_in

UNREAD = ("unsupported", "quarantined", "conflict")
AT_ONCE = 500


class RetailInboxMessage(models.Model):
    """Messages that no importer reads pass no importer: they are looked through afterwards."""

    _inherit = "retail.inbox.message"

    looked_through = fields.Boolean(
        readonly=True, copy=False, help="Whether it was compared with the erased persons."
    )

    _unread_index = models.Index(
        "(backend_id, id) WHERE looked_through IS NOT TRUE AND payload_dropped_at IS NULL "
        "AND state IN ('unsupported', 'quarantined', 'conflict')"
    )


class RetailErasure(models.Model):
    """What comes in after an erasure and cannot be read must not keep the person either."""

    _inherit = "retail.erasure"

    @api.model
    def _sweep(self):
        """Override: look through what nobody reads."""
        result = super()._sweep()
        companies = self.env["retail.erasure.mark"]._companies()
        backends = self.env["retail.backend"].with_context(active_test=False)
        for backend in backends.search([("company_id", "in", companies)]) if companies else ():
            self._look_through(backend)
        return result

    @api.model
    def _look_through(self, backend):
        """Drop the payloads of unread messages that hold an erased person's e-mail address."""
        messages = self.env["retail.inbox.message"].search(
            [
                ("backend_id", "=", backend.id),
                ("state", "in", UNREAD),
                ("looked_through", "=", False),
                ("payload_dropped_at", "=", False),
            ],
            order="id",
            limit=AT_ONCE,
        )
        told = {message: traces_in(message._raw_body()) for message in messages}
        marks = self.env["retail.erasure.mark"]._of(backend, frozenset().union(*told.values()))
        erased = messages.filtered(
            lambda message: any(
                trace in marks and marks[trace].returned_at is None for trace in told[message]
            )
        )
        erased._finish("ignored", self.env._("Its person was erased."))
        erased.is_erased = True
        erased._drop_payload("erasure")
        self.env["retail.inbox.failure"]._resolve(erased)
        messages.looked_through = True
