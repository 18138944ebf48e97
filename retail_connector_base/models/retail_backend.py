import secrets

from odoo import api, fields, models
from odoo.tools import ormcache

from ..providers import (
    PROVIDERS,
    Capability,
    ConfigurationError,
    HttpClient,
    Provider,
    ProviderContext,
)


class RetailBackend(models.Model):
    """One connected system: a shop, a gateway account, a POS estate, a warehouse account."""

    _name = "retail.backend"
    _description = "Retail Backend"
    _inherit = ["mail.thread", "retail.job.mixin", "retail.notice.mixin"]
    _order = "company_id, name"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    brand_id = fields.Many2one("retail.brand", check_company=True)
    provider = fields.Selection(
        selection="_selection_provider",
        required=True,
        tracking=True,
        help="The vendor whose system is connected.",
    )
    state = fields.Selection(
        [("draft", "Set-up"), ("connected", "Connected"), ("running", "Running")],
        default="draft",
        required=True,
        tracking=True,
        copy=False,
    )
    key = fields.Char(
        string="Webhook Key",
        required=True,
        copy=False,
        readonly=True,
        default=lambda self: secrets.token_urlsafe(24),
        groups="retail_connector_base.group_administrator",
        help="The unguessable part of the webhook address.",
    )
    webhook_url = fields.Char(
        compute="_compute_webhook_url", groups="retail_connector_base.group_administrator"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Integration User",
        required=True,
        default=lambda self: self.env.ref(
            "retail_connector_base.user_integration", raise_if_not_found=False
        ),
        help="Records made by this backend are created in the name of this user.",
    )
    owner_id = fields.Many2one("res.users", help="Who is told about exceptions of this backend.")
    setting_ids = fields.One2many("retail.setting", "backend_id", string="Settings", copy=True)
    credential_ids = fields.One2many("retail.credential", "backend_id", string="Credentials")
    flow_ids = fields.One2many("retail.flow", "backend_id", string="Flows")
    mapping_ids = fields.One2many("retail.mapping", "backend_id", string="Mappings")
    lane_count = fields.Integer(
        default=4, help="Over how many lanes incoming work is spread; each is drained by one job."
    )
    batch_size = fields.Integer(
        default=25, help="How many messages are imported in one transaction."
    )
    stock_buffer = fields.Integer(
        default=0, help="Units of each product that the channel is never offered."
    )
    paused = fields.Boolean(
        copy=False, tracking=True, help="Messages are received and kept, but not processed."
    )
    last_test_at = fields.Datetime(readonly=True, copy=False)
    last_test_ok = fields.Boolean(readonly=True, copy=False)
    last_test_report = fields.Json(readonly=True, copy=False)
    subscribed_at = fields.Datetime(readonly=True, copy=False)
    subscribed_topics = fields.Char(readonly=True, copy=False)
    missing_topics = fields.Char(
        readonly=True, copy=False, help="Topics that the vendor refused to send."
    )
    last_message_at = fields.Datetime(compute="_compute_inbox")
    backlog_count = fields.Integer(compute="_compute_inbox", string="In Queue")
    dead_count = fields.Integer(compute="_compute_inbox", string="Need a Person")
    exception_count = fields.Integer(compute="_compute_exception_count", string="Open Exceptions")
    capability_ids = fields.Json(compute="_compute_capabilities", string="Capabilities")
    provider_error = fields.Char(compute="_compute_capabilities")

    _key_unique = models.UniqueIndex("(key)", "A webhook key belongs to one backend.")
    _lane_count_positive = models.Constraint(
        "CHECK (lane_count BETWEEN 1 AND 64)", "The number of lanes is between 1 and 64."
    )
    _batch_size_positive = models.Constraint(
        "CHECK (batch_size BETWEEN 1 AND 500)", "The batch size is between 1 and 500."
    )

    # Providers

    @api.model
    def _provider_classes(self) -> dict[str, type[Provider]]:
        """Return the providers of this database by code. Each addon adds its own by overriding."""
        return {cls.code: cls for cls in PROVIDERS}

    def _importer_name(self, kind):
        """Return the name of the model that imports a canonical kind from this backend."""
        return f"retail.importer.{kind}"

    @api.model
    def _selection_provider(self):
        return [(code, cls.label) for code, cls in sorted(self._provider_classes().items())]

    def _provider_class(self) -> type[Provider] | None:
        """Return the provider's class, ``None`` when its addon is not installed any more."""
        return self._provider_classes().get(self.provider)

    def _provider(self) -> Provider:
        """Return the provider, ready to work. Raises ``ConfigurationError`` if unknown."""
        self.ensure_one()
        return self._build_provider(self.id)

    @api.model
    def _build_provider(self, backend_id: int, correlation_id: str | None = None) -> Provider:
        code, settings, _lanes = self._connection(backend_id)
        provider_class = self._provider_classes().get(code)
        if not provider_class:
            raise ConfigurationError(
                self.env._("The provider “%(code)s” is not installed.", code=code)
            )
        return provider_class(
            ProviderContext(
                settings=dict(settings),
                secrets=self.env["retail.credential"]._secrets_of(backend_id),
                http=HttpClient(
                    correlation_id=correlation_id,
                    gate=self.env["retail.gate"]._keeper_of(backend_id),
                ),
            )
        )

    @api.model
    @ormcache("backend_id")
    def _connection(self, backend_id: int) -> tuple[str, tuple[tuple[str, str], ...], int]:
        """Return provider code, settings and lanes of a backend, cached until they change."""
        backend = self.sudo().browse(backend_id)
        settings = tuple((row.name, row.value or "") for row in backend.setting_ids)
        return backend.provider, settings, backend.lane_count

    @api.model
    def _lane_count_of(self, backend_id: int) -> int:
        """Return over how many lanes a backend spreads its messages."""
        return self._connection(backend_id)[2]

    @api.model
    @ormcache("key")
    def _id_of_key(self, key: str) -> int | None:
        """Return the active backend that a webhook key belongs to."""
        return self.sudo().search([("key", "=", key)], limit=1).id or None

    # Set-up

    @api.model_create_multi
    def create(self, vals_list):
        backends = super().create(vals_list)
        backends._sync_with_provider()
        self.env.registry.clear_cache()
        return backends

    def write(self, vals):
        result = super().write(vals)
        if {"provider", "company_id"} & vals.keys():
            self._sync_with_provider()
        self.env.registry.clear_cache()
        return result

    def _sync_with_provider(self):
        """Create what the provider declares and is missing: settings, credentials, flows."""
        for backend in self:
            provider = backend._provider_class()
            if not provider:
                continue
            if backend.company_id not in backend.user_id.sudo().company_ids:
                backend.user_id.sudo().company_ids += backend.company_id
            backend._add_missing_settings(provider)
            backend._add_missing_credentials(provider)
            backend._add_missing_flows(provider)

    def _add_missing_settings(self, provider):
        known = set(self.setting_ids.mapped("name"))
        self.env["retail.setting"].sudo().create(
            [
                {
                    "backend_id": self.id,
                    "name": spec.name,
                    "label": spec.label,
                    "help": spec.help,
                    "required": spec.required,
                    "value": spec.default,
                }
                for spec in provider.settings
                if spec.name not in known
            ]
        )

    def _add_missing_credentials(self, provider):
        known = set(self.sudo().credential_ids.mapped("name"))
        self.env["retail.credential"].sudo().create(
            [
                {
                    "backend_id": self.id,
                    "name": spec.name,
                    "label": spec.label,
                    "help": spec.help,
                    "required": spec.required,
                }
                for spec in provider.credentials
                if spec.name not in known
            ]
        )

    def _add_missing_flows(self, provider):
        known = {(flow.kind, flow.direction) for flow in self.flow_ids}
        self.env["retail.flow"].sudo().create(
            [
                self.env["retail.flow"]._values_of_spec(self, spec)
                for spec in provider.flows
                if (spec.kind, spec.direction.value) not in known
            ]
        )

    # What the form shows

    @api.depends("key")
    def _compute_webhook_url(self):
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        for backend in self:
            backend.webhook_url = f"{base}/retail/v1/hooks/{backend.sudo().key}"

    @api.depends("provider")
    def _compute_capabilities(self):
        for backend in self:
            provider = backend._provider_class()
            backend.provider_error = (
                False
                if provider or not backend.provider
                else self.env._(
                    "The provider “%(code)s” is not installed. Install its addon or archive this "
                    "backend.",
                    code=backend.provider,
                )
            )
            backend.capability_ids = [
                {"label": capability.label, "offered": capability in provider.capabilities}
                for capability in (Capability if provider else ())
            ]

    def _compute_inbox(self):
        counts = self.env["retail.inbox.message"]._count_by_backend(self.ids)
        for backend in self:
            row = counts.get(backend.id, {})
            backend.backlog_count = row.get("backlog", 0)
            backend.dead_count = row.get("dead", 0)
            backend.last_message_at = row.get("last_at")

    def _compute_exception_count(self):
        groups = self.env["retail.exception"]._read_group(
            [("backend_id", "in", self.ids), ("state", "=", "open")], ["backend_id"], ["__count"]
        )
        counts = {backend.id: count for backend, count in groups}
        for backend in self:
            backend.exception_count = counts.get(backend.id, 0)
