from odoo import api, fields, models

from odoo.addons.retail_connector_base.providers import Capability, ConnectorError

LOCK_SPACE = 0x52435F42
HOUR = 3600

DUE = """
    UPDATE retail_gateway gateway SET balance_asked_at = now() AT TIME ZONE 'UTC'
      FROM retail_backend backend
     WHERE backend.id = gateway.backend_id AND backend.provider = ANY(%s)
       AND backend.active AND backend.state = 'running' AND NOT coalesce(backend.paused, false)
       AND (gateway.balance_asked_at IS NULL
            OR gateway.balance_asked_at <= now() AT TIME ZONE 'UTC' - %s * interval '1 second')
    RETURNING gateway.backend_id
"""


class RetailGatewayBalance(models.Model):
    """What a gateway says it holds for us in one currency, and when it said so."""

    _name = "retail.gateway.balance"
    _description = "Retail Gateway Balance"
    _inherit = ["retail.job.mixin"]
    _order = "gateway_id, currency_id"
    _rec_name = "gateway_id"

    gateway_id = fields.Many2one(
        "retail.gateway", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="gateway_id.company_id", store=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    available = fields.Monetary(readonly=True, help="Ready to be paid out.")
    pending = fields.Monetary(readonly=True, help="Not yet ready to be paid out.")
    read_at = fields.Datetime(required=True, readonly=True, help="When the gateway said so (UTC).")

    _currency_unique = models.UniqueIndex(
        "(gateway_id, currency_id)", "A gateway has one balance in each currency."
    )

    # Asking

    @api.model
    def _sweep(self):
        """Ask every gateway that tells its balance, once an hour."""
        classes = self.env["retail.backend"]._provider_classes().items()
        able = [code for code, cls in classes if Capability.BALANCE in cls.capabilities]
        self.env["retail.gateway"].flush_model(["balance_asked_at"])
        self.env.cr.execute(DUE, [able, HOUR])
        for backend_id in {row[0] for row in self.env.cr.fetchall()}:
            self._after_commit("_ask", backend_id)
        self.env["retail.gateway"].invalidate_model(["balance_asked_at"])

    @api.model
    def _ask(self, backend_id):
        backend = self.env["retail.backend"].browse(backend_id)
        self._enqueue(
            backend.user_id,
            "_job_read",
            backend_id,
            identity_key=f"{self._name}:{backend_id}",
            description=self.env._("Ask %(backend)s for its balance", backend=backend.name),
        )

    def _job_read(self, backend_id):
        """Ask a backend for its balance outside any transaction of ours, then keep it."""
        with self._exclusive(LOCK_SPACE, backend_id, seconds=30):
            try:
                balances, error = self._read(backend_id), False
            except ConnectorError as failure:
                # Whatever is wrong with the connection is reported by its flows; it is asked again.
                balances, error = (), str(failure)
            with self.env.registry.cursor() as cr:
                env = api.Environment(cr, self.env.uid, {}, su=True)
                env[self._name]._keep(backend_id, balances, error)

    @api.model
    def _read(self, backend_id):
        return self.env["retail.backend"]._build_provider(backend_id).read_balance()

    # Keeping

    @api.model
    def _keep(self, backend_id, balances, error):
        """Write down what was said; a currency that is not named any more holds nothing."""
        backend = self.env["retail.backend"].browse(backend_id)
        gateway = self.env["retail.gateway"]._of_balance(backend)
        gateway.write({"balance_asked_at": fields.Datetime.now(), "balance_error": error})
        if error:
            return
        known = {row.currency_id: row for row in self.search([("gateway_id", "=", gateway.id)])}
        now = fields.Datetime.now()
        said = {self._currency(each.currency): each for each in balances}
        for currency, balance in said.items():
            values = {
                "available": float(balance.available),
                "pending": float(balance.pending),
                "read_at": now,
            }
            if currency in known:
                known[currency].write(values)
            elif currency:
                self.create({"gateway_id": gateway.id, "currency_id": currency.id, **values})
        for currency in known.keys() - said.keys():
            known[currency].write({"available": 0, "pending": 0, "read_at": now})

    def _currency(self, name):
        currencies = self.env["res.currency"].with_context(active_test=False)
        return currencies.search([("name", "=", name)], limit=1)


class RetailGateway(models.Model):
    """The balances of a gateway."""

    _inherit = "retail.gateway"

    balance_ids = fields.One2many("retail.gateway.balance", "gateway_id", readonly=True)
    can_tell_balance = fields.Boolean(compute="_compute_can_tell_balance")
    balance_asked_at = fields.Datetime(readonly=True, copy=False)
    balance_error = fields.Char(
        readonly=True, copy=False, help="Why the gateway could not be asked last time."
    )

    @api.depends("backend_id", "code")
    def _compute_can_tell_balance(self):
        for gateway in self:
            backend = gateway.sudo().backend_id
            provider = backend._provider_class()
            able = provider and Capability.BALANCE in provider.capabilities
            gateway.can_tell_balance = able and gateway._of_balance(backend, make=False) == gateway

    @api.model
    def _of_balance(self, backend, make=True):
        """Return the gateway whose balance a backend tells.

        The one that it reports payouts of; before any payout, the backend's own.
        """
        payouts = self.env["retail.payout"].sudo()
        last = payouts.search([("backend_id", "=", backend.id)], order="id desc", limit=1)
        if last:
            return last.gateway_id.with_env(self.env)
        if make:
            return self._of(backend, [None])[None]
        code = self._code_of(backend, None)
        return self._by_code(backend, [code]).get(code, self.browse())

    def action_read_balance(self):
        """Ask the gateway now."""
        self.ensure_one()
        self.check_access("read")
        if not self.can_tell_balance:
            return False
        backend = self.sudo().backend_id
        balances = self.env["retail.gateway.balance"].sudo()
        try:
            said, error = balances._read(backend.id), False
        except ConnectorError as failure:
            said, error = (), str(failure)
        balances._keep(backend.id, said, error)
        return True


class RetailInboxSweeper(models.AbstractModel):
    """Asks for balances too."""

    _inherit = "retail.inbox.sweeper"

    @api.model
    def _sweep(self):
        """Override: ask gateways for their balances, each once an hour."""
        result = super()._sweep()
        self.env["retail.gateway.balance"]._sweep()
        return result
