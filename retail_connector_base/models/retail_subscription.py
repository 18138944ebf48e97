import base64
import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..decisions.event_filter import Wish
from ..providers import Capability, ConfigurationError
from ..providers.event_delivery import name_of
from .retail_outbox_command import AT_REST

STATES = [
    ("draft", "Set-up"),
    ("active", "Active"),
    ("paused", "Paused"),
    ("dead", "Not Answering"),
]
# States in which events are written; those of paused and dead subscribers wait.
HEARING = ("active", "paused", "dead")
SECRET_BYTES = 32


class RetailSubscription(models.Model):
    """A system that hears our events: where it is, what it wants to hear of, how it is."""

    _name = "retail.subscription"
    _description = "Retail Event Subscription"
    _inherit = ["retail.notice.mixin", "retail.job.mixin"]
    _order = "backend_id, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    backend_id = fields.Many2one(
        "retail.backend",
        string="Subscriber",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        help="The system that hears the events.",
    )
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    url = fields.Char(
        string="Address", required=True, help="Where events are posted to; begins with https://."
    )
    event_type_ids = fields.Many2many("retail.event.type", string="Events", required=True)
    source_backend_ids = fields.Many2many(
        "retail.backend",
        string="Only from Channels",
        check_company=True,
        help="Orders and customers of these channels only. Empty: of all.",
    )
    every_order = fields.Boolean(
        string="Orders of No Channel, too",
        help="Also orders that were entered in Odoo itself, and what belongs to them.",
    )
    brand_ids = fields.Many2many(
        "retail.brand", string="Only of Brands", check_company=True, help="Empty: of all."
    )
    warehouse_ids = fields.Many2many(
        "stock.warehouse",
        string="Only of Warehouses",
        check_company=True,
        help="Orders, deliveries and stock of these warehouses only. Empty: of all.",
    )
    category_ids = fields.Many2many(
        "product.category",
        string="Stock only of Categories",
        help="Stock of products of these categories and those below them. Empty: of all.",
    )
    credential_id = fields.Many2one("retail.credential", readonly=True, copy=False)
    secret_masked = fields.Char(related="credential_id.masked", string="Signing Secret")
    secret_rotated_at = fields.Datetime(related="credential_id.rotated_at", string="Set On")
    previous_until = fields.Datetime(related="credential_id.previous_until")
    state = fields.Selection(STATES, required=True, default="draft", readonly=True, copy=False)
    paused_reason = fields.Char(readonly=True, copy=False)
    patience_hours = fields.Integer(
        string="Give Up After (h)",
        default=72,
        help="An endpoint that took nothing for so many hours is not tried any more, until "
        "somebody resumes it.",
    )
    keep_days = fields.Integer(
        string="Keep for (days)",
        default=14,
        help="While the subscription is paused, events are kept for so many days.",
    )
    failures = fields.Integer(readonly=True, copy=False, string="Failures in a Row")
    failing_since = fields.Datetime(readonly=True, copy=False)
    rests_until = fields.Datetime(
        readonly=True, copy=False, help="It did not answer; it is left in peace until then."
    )
    last_success_at = fields.Datetime(readonly=True, copy=False, string="Last Success")
    last_failure_at = fields.Datetime(readonly=True, copy=False)
    last_error = fields.Char(readonly=True, copy=False)

    _hours_possible = models.Constraint(
        "CHECK (patience_hours BETWEEN 1 AND 720)", "Give up after between 1 and 720 hours."
    )
    _days_possible = models.Constraint(
        "CHECK (keep_days BETWEEN 1 AND 365)", "Events are kept for between 1 and 365 days."
    )

    @api.constrains("backend_id")
    def _check_backend(self):
        for subscription in self:
            provider = subscription.backend_id._provider_class()
            if not provider or Capability.EVENTS_OUT not in provider.capabilities:
                raise ValidationError(
                    self.env._(
                        "%(backend)s takes no events: choose a backend of the canonical API.",
                        backend=subscription.backend_id.name,
                    )
                )

    @api.constrains("url")
    def _check_url(self):
        policy = self.env["retail.backend"]._address_policy()
        for subscription in self:
            try:
                policy.check_url(subscription.url or "")
            except ConfigurationError as error:
                raise ValidationError(str(error)) from error

    # Who hears of what

    @api.model
    @ormcache()
    def _wishes(self) -> tuple[Wish, ...]:
        """Return what all subscriptions want to hear of, cached until one of them changes."""
        hearing = self.sudo().search([("state", "in", HEARING)])
        return tuple(found._wish() for found in hearing if found.backend_id.active)

    def _wish(self):
        below = (
            self.env["product.category"].sudo().search([("id", "child_of", self.category_ids.ids)])
        )
        return Wish(
            subscription_id=self.id,
            backend_id=self.backend_id.id,
            company_id=self.company_id.id,
            types=frozenset(self.event_type_ids.mapped("code")),
            channels=frozenset(self.source_backend_ids.ids),
            brands=frozenset(self.brand_ids.ids),
            warehouses=frozenset(self.warehouse_ids.ids),
            categories=frozenset(below.ids if self.category_ids else ()),
            every_order=self.every_order,
        )

    @api.model
    @ormcache("event_type")
    def _is_heard(self, event_type: str) -> bool:
        """Tell whether anybody wants to hear of a type."""
        return any(event_type in wish.types for wish in self._wishes())

    # The signing secret

    def _credential(self):
        """Return the credential that holds the signing secret, made where it is missing."""
        self.ensure_one()
        if not self.credential_id:
            self.sudo().credential_id = (
                self.env["retail.credential"]
                .sudo()
                .create(
                    {
                        "backend_id": self.backend_id.id,
                        "name": name_of(self.id),
                        "label": self.env._("Signing secret of “%(name)s”", name=self.name),
                        "help": self.env._("Made by Odoo: rotate it on the subscription's form."),
                    }
                )
            )
        return self.credential_id

    def _new_secret(self):
        """Make a new signing secret and return it, for once; the former overlaps."""
        secret = "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
        self._credential()._rotate(secret)
        return secret

    # Cache

    @api.model_create_multi
    def create(self, vals_list):
        found = super().create(vals_list)
        self.env.registry.clear_cache()
        return found

    def write(self, vals):
        """Override: who hears of what is cached, but how a subscription does is written often."""
        if "backend_id" in vals and any(found.credential_id for found in self):
            raise ValidationError(self.env._("A subscription stays with its subscriber."))
        result = super().write(vals)
        if not HEALTH.issuperset(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Override: what it was still to hear is given up, and its secret goes."""
        self.check_access("unlink")
        commands = self.env["retail.outbox.command"].sudo()
        waiting = commands.search(
            [("subscription_id", "in", self.ids), ("state", "not in", AT_REST)]
        )
        waiting._check_not_leased()
        waiting._let_fall(self.env._("The subscription was deleted."))
        credentials = self.sudo().credential_id
        result = super().unlink()
        credentials.unlink()
        self.env.registry.clear_cache()
        return result


HEALTH = frozenset(
    {
        "failures",
        "failing_since",
        "rests_until",
        "last_success_at",
        "last_failure_at",
        "last_error",
    }
)
