from datetime import timedelta

from odoo import api, fields, models

from ..decisions.problem import Problem
from ..providers.errors import ErrorClass

CODE = "stock_silent"


class RetailBackend(models.Model):
    """How an inventory platform is listened to."""

    _inherit = "retail.backend"

    stock_silence_hours = fields.Integer(
        string="Silent after (h)",
        default=24,
        help="An exception tells when a system that owns stock said nothing for so many hours. "
        "What it said last goes on to count. 0: never.",
    )
    stock_lag = fields.Integer(
        string="Hears of Orders after (min)",
        default=0,
        help="How long it takes the platform to know of an order. Orders up to so many minutes "
        "older than its count are subtracted from it as well.",
    )
    owns_stock = fields.Boolean(compute="_compute_owns_stock")

    _stock_patience_positive = models.Constraint(
        "CHECK (stock_silence_hours >= 0 AND stock_lag >= 0)", "Times are not negative."
    )

    @api.depends("ownership_ids.owner")
    def _compute_owns_stock(self):
        for backend in self:
            backend.owns_stock = backend._owns("stock", "stock")


class RetailExternalAvailability(models.Model):
    """Platforms that own stock and say nothing are shown to a person."""

    _inherit = "retail.external.availability"

    @api.model
    def _sweep(self):
        """Look for platforms that are silent for too long, or speak again; every minute."""
        owners = self.env["retail.ownership"].search(
            [
                ("domain", "=", "stock"),
                ("owner", "=", "channel"),
                ("backend_id.active", "=", True),
                ("backend_id.state", "=", "running"),
                ("backend_id.stock_silence_hours", ">", 0),
            ]
        )
        for row in owners:
            self._look_at(row.backend_id, row.write_date)

    def _look_at(self, backend, since):
        last = self.search([("backend_id", "=", backend.id)], order="heard_at desc", limit=1)
        heard = max(last.heard_at or since, since)
        limit = fields.Datetime.now() - timedelta(hours=backend.stock_silence_hours)
        exceptions = self.env["retail.exception"]
        known = exceptions._by_fingerprint(backend, [f"{CODE}|{backend.id}"])
        is_open = any(each.state == "open" for each in known.values())
        if heard < limit and not is_open:
            exceptions._report(backend, self._silence(backend, heard), record=backend)
        elif heard >= limit and is_open:
            exceptions._solved(backend, [f"{CODE}|{backend.id}"])

    def _silence(self, backend, heard):
        return Problem(
            error_class=ErrorClass.CONFIGURATION,
            code=CODE,
            subject=str(backend.id),
            title=self.env._("%(backend)s tells no stock any more", backend=backend.name),
            cause=self.env._(
                "It owns stock and said nothing since %(moment)s (UTC). Channels are still told "
                "what it said last, less the orders that came since. Set the platform going "
                "again, or let Odoo own stock.",
                moment=heard,
            ),
            fix="open_backend",
        )


class RetailInboxSweeper(models.AbstractModel):
    """Looks for silent platforms as well."""

    _inherit = "retail.inbox.sweeper"

    @api.model
    def _sweep(self):
        """Override: see whether every owner of stock still speaks."""
        result = super()._sweep()
        self.env["retail.external.availability"].sudo()._sweep()
        return result
