from odoo import api, fields, models
from odoo.fields import Domain

from ..decisions.account_proposal import Account
from ..decisions.ledger import Role
from ..models.retail_gateway import ROLE_FIELDS


class RetailGatewaySetupLine(models.TransientModel):
    """The account of one role of one gateway: an existing one, a new one, or none."""

    _name = "retail.gateway.setup.line"
    _description = "Set Up Gateways: an account"
    _check_company_auto = True

    setup_id = fields.Many2one("retail.gateway.setup", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="setup_id.company_id")
    gateway_id = fields.Many2one("retail.gateway", required=True, readonly=True)
    role = fields.Selection(selection="_selection_role", string="For", required=True, readonly=True)
    required = fields.Boolean(readonly=True)
    account_id = fields.Many2one("account.account", string="Existing Account", check_company=True)
    code = fields.Char(string="New Code")
    name = fields.Char(string="New Name")
    account_type = fields.Selection(
        selection="_selection_account_type", string="Type", help="A new account's type."
    )
    reconcile = fields.Boolean(
        help="Whether what stands on a new account is matched, item by item."
    )
    used = fields.Boolean(compute="_compute_state", help="Whether the gateway needs it.")
    is_new = fields.Boolean(compute="_compute_state")
    state = fields.Selection(
        [
            ("exists", "Exists"),
            ("new", "Will Be Made"),
            ("empty", "None"),
            ("unused", "Not Needed"),
        ],
        compute="_compute_state",
    )

    @api.model
    def _selection_role(self):
        own = self.env["retail.gateway"]._fields
        return [
            (role.value, own[name]._description_string(self.env))
            for role, name in ROLE_FIELDS.items()
        ]

    @api.model
    def _selection_account_type(self):
        return self.env["account.account"]._fields["account_type"]._description_selection(self.env)

    @api.depends("account_id", "code", "setup_id.row_ids.booking", "gateway_id")
    def _compute_state(self):
        for line in self:
            line.used = any(line.role in row._roles() for row in line._rows())
            line.is_new = not line.account_id and bool(line.code)
            known = "exists" if line.account_id else "new" if line.is_new else "empty"
            line.state = known if line.used else "unused"

    @api.onchange("code")
    def _onchange_code(self):
        """Take the account that has this code already."""
        if self.code and not self.account_id:
            self.account_id = self._by_code()

    def _rows(self):
        return self.setup_id.row_ids.filtered(lambda row: row.gateway_id == self.gateway_id)

    def _role(self):
        return Role(self.role)

    def _accounts(self):
        return self.env["account.account"].sudo().with_company(self.company_id)

    def _by_code(self):
        accounts = self._accounts()
        own = Domain(accounts._check_company_domain(self.company_id))
        return accounts.search(own & Domain("code", "=", self.code), limit=1)

    def _planned(self):
        """Return the account as the rules look at it, made or not; ``None`` for none."""
        account = self.account_id or (self.code and self._by_code())
        if account:
            return self.gateway_id._account_of(account)
        if not self.code:
            return None
        # The same new code is the same account.
        codes = sorted(set(self.setup_id.line_ids.filtered("code").mapped("code")))
        return Account(
            id=-1 - codes.index(self.code),
            code=self.code,
            name=self.name or "",
            account_type=self.account_type or "",
            reconcile=self.reconcile,
        )

    def _make(self, made):
        """Return the account of this line, made if it is not there; empty for none."""
        if self.account_id or not self.code:
            return self.account_id
        if self.code not in made:
            made[self.code] = self._by_code() or self._create_account()
        return made[self.code]

    def _create_account(self):
        account = self._accounts().create(
            {
                "name": self.name or self._selection_words(),
                "code": self.code,
                "account_type": self.account_type,
                "reconcile": self.reconcile,
                "company_ids": [(6, 0, self._root_company().ids)],
            }
        )
        self._rows()._log_made(account)
        return account

    def _selection_words(self):
        return dict(self._selection_role())[self.role]

    def _root_company(self):
        # A branch shares the accounts of its head company.
        return self.company_id.sudo().root_id
