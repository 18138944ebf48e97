from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.order_payment import Standing

EXPIRES = "authorization_expires"
SWEPT = 500
# Orders whose money is beyond an authorisation that lapses.
SETTLED = frozenset(
    {
        Standing.PAID.value,
        Standing.PARTIALLY_REFUNDED.value,
        Standing.REFUNDED.value,
        Standing.VOIDED.value,
    }
)


class RetailPayment(models.Model):
    """Authorisations lapse. Somebody is told in time, and the order knows when it has happened."""

    _inherit = "retail.payment"

    expiry = fields.Selection(
        [("warned", "About to Lapse"), ("expired", "Lapsed"), ("over", "Taken or Void")],
        readonly=True,
        copy=False,
        help="Of an authorisation whose time is nearly over.",
    )
    rest_is_free = fields.Boolean(
        readonly=True, help="The last of it is taken or asked for: what remains is set free."
    )

    _expiry_index = models.Index(
        "(expires_at) WHERE kind = 'authorization' AND state = 'success' "
        "AND (expiry IS NULL OR expiry = 'warned')"
    )

    @api.model
    def _sweep_authorizations(self):
        """Warn of authorisations that lapse soon, and let orders know of those that did."""
        now = fields.Datetime.now()
        lapsed = self.sudo()._open_authorizations(now)._note_expiry("expired")
        lapsed.order_binding_id._count_payments()
        warning = self.env["retail.backend"].search([("authorization_warning", ">", 0)])
        for hours, backends in warning.grouped("authorization_warning").items():
            open_ones = self.sudo()._open_authorizations(
                now + timedelta(hours=hours),
                ("backend_id", "in", backends.ids),
                ("expiry", "=", False),
            )
            for payment in open_ones._note_expiry("warned"):
                payment._warn()

    def _note_expiry(self, expiry):
        """Note how far the time of these has come; return those of which money is at stake."""
        at_stake = self.filtered(lambda payment: payment._is_at_stake())
        at_stake.write({"expiry": expiry})
        (self - at_stake).write({"expiry": "over"})
        return at_stake

    def _open_authorizations(self, before, *conditions):
        return self.search(
            [
                ("kind", "=", "authorization"),
                ("state", "=", "success"),
                ("expiry", "in", (False, "warned")),
                ("expires_at", "<=", before),
                ("test", "=", False),
                *conditions,
            ],
            limit=SWEPT,
            order="expires_at",
        )

    def _has_lapsed(self):
        """Tell whether it is an authorisation whose time is over."""
        self.ensure_one()
        return (
            self.kind == "authorization"
            and bool(self.expires_at)
            and self.expires_at <= fields.Datetime.now()
        )

    def _is_at_stake(self):
        """Tell whether money is lost when this authorisation lapses.

        What a shop tells of another gateway's authorisation is that gateway's to tell.
        """
        self.ensure_one()
        is_open = self.kind == "authorization" and self.state == "success" and not self.test
        freed = self.rest_is_free and self.taken_amount
        return (
            is_open
            and not freed
            and not self.currency_id.is_zero(self.rest_amount)
            and self.gateway_id.booking != "elsewhere"
            and self.order_binding_id.money_state not in SETTLED
            and self.order_binding_id.state != "cancelled"
        )

    def _warn(self):
        self.env["retail.exception"]._report(
            self.backend_id, self._expiry_problem(), record=self.order_binding_id or self
        )

    def _expiry_problem(self):
        order = self.order_binding_id
        return Problem(
            error_class=ErrorClass.FINANCE,
            code=EXPIRES,
            subject=self.external_id,
            title=self.env._(
                "The authorisation of order %(order)s lapses at %(moment)s UTC",
                order=order.name or order.odoo_id.name or self.env._("(unknown)"),
                moment=fields.Datetime.to_string(self.expires_at),
            ),
            cause=self.env._(
                "%(amount)s of payment %(payment)s are authorised and not taken. Capture them "
                "before they are free again, or void the authorisation; this is then solved.",
                amount=f"{self.rest_amount:.{self.currency_id.decimal_places}f} "
                f"{self.currency_id.name}",
                payment=self.external_id,
            ),
            fix="open_record",
            fix_values={"res_model": self._name, "res_id": self.id},
            amount=self._decimal(self.rest_amount),
            currency=self.currency_id.name,
        )
