from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..providers import Capability, ConfigurationError
from ..providers.event_delivery import NETWORKS, PLAIN_HTTP, name_of, policy_of

PARAMETER = "retail_connector."


class RetailBackend(models.Model):
    """Subscribers: what their provider must know to deliver events to them."""

    _inherit = "retail.backend"

    subscription_ids = fields.One2many("retail.subscription", "backend_id", string="Subscriptions")
    takes_events = fields.Boolean(
        compute="_compute_takes_events",
        search="_search_takes_events",
        help="Events can be delivered to it.",
    )

    @api.depends("provider")
    def _compute_takes_events(self):
        takers = self._providers_of_events()
        for backend in self:
            backend.takes_events = backend.provider in takers

    def _search_takes_events(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("provider", "in" if True in value else "not in", self._providers_of_events())]

    @api.model
    def _providers_of_events(self):
        return [
            code
            for code, provider in self._provider_classes().items()
            if Capability.EVENTS_OUT in provider.capabilities
        ]

    @api.model
    def _build_provider(self, backend_id: int, correlation_id: str | None = None):
        """Override: the addresses of subscriptions are settings, as they are now."""
        provider = super()._build_provider(backend_id, correlation_id)
        if Capability.EVENTS_OUT in provider.capabilities:
            settings = {**provider.context.settings, **dict(self._event_settings(backend_id))}
            provider.context = replace(provider.context, settings=settings)
        return provider

    @api.model
    def _event_settings(self, backend_id):
        subscriptions = self.env["retail.subscription"].sudo().with_context(active_test=False)
        found = subscriptions.search_fetch([("backend_id", "=", backend_id)], ["url"])
        return (
            *self._event_limits(),
            *((name_of(subscription.id), subscription.url) for subscription in found),
        )

    @api.model
    def _event_limits(self):
        """Return what administrators allow beyond the public Internet, as settings."""
        parameters = self.env["ir.config_parameter"].sudo()
        return tuple(
            (name, str(parameters.get_param(PARAMETER + name) or ""))
            for name in (NETWORKS, PLAIN_HTTP)
        )

    @api.model
    def _address_policy(self):
        """Return where users' addresses may lead."""
        try:
            return policy_of(*(value for _name, value in self._event_limits()))
        except ConfigurationError as error:
            raise ValidationError(str(error)) from error
