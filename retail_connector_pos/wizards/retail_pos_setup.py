from odoo import api, fields, models
from odoo.exceptions import UserError


class RetailPosSetup(models.TransientModel):
    """Proposes what an estate's stores, registers, tenders and staff are in Odoo, and makes it so.

    What is set up already is not shown again. All or nothing: what is half chosen is refused, in
    words that name what is missing.
    """

    _name = "retail.pos.setup"
    _description = "Set Up Stores"
    _check_company_auto = True

    backend_id = fields.Many2one("retail.backend", required=True, readonly=True)
    company_id = fields.Many2one(related="backend_id.company_id")
    is_administrator = fields.Boolean(compute="_compute_is_administrator")
    source_problem = fields.Char(readonly=True, help="Why the estate could not be asked.")
    pasted = fields.Text(
        string="List",
        help="One line a register: store; name of the store; register; name of the register; "
        "warehouse. A first line with heads may name other columns.",
    )
    store_ids = fields.One2many("retail.pos.setup.store", "setup_id", string="Stores")
    register_ids = fields.One2many("retail.pos.setup.register", "setup_id", string="Registers")
    tender_ids = fields.One2many("retail.pos.setup.tender", "setup_id", string="Tenders")
    staff_ids = fields.One2many("retail.pos.setup.staff", "setup_id")
    journal_id = fields.Many2one(
        "account.journal",
        string="Sales Journal",
        check_company=True,
        domain=[("type", "in", ("general", "sale"))],
        help="Where closed days of new points of sale are posted. Empty: Odoo's own, POSS.",
    )
    cash_account_by = fields.Selection(
        [("estate", "One for All"), ("store", "One a Store"), ("register", "One a Register")],
        string="Accounts of Drawers",
        required=True,
        default="estate",
        help="Every new register has a cash journal of its own; they may share an account.",
    )
    profit_account_id = fields.Many2one(
        "account.account", string="Cash Differences: Gain", check_company=True
    )
    loss_account_id = fields.Many2one(
        "account.account", string="Cash Differences: Loss", check_company=True
    )
    rounding_id = fields.Many2one(
        "account.cash.rounding",
        string="Cash Rounding",
        domain=[("strategy", "=", "add_invoice_line")],
        help="Of new points of sale, where cash is rounded.",
    )
    reason = fields.Char(string="Why", help="Kept with the version of the configuration.")
    needs_reason = fields.Boolean(compute="_compute_needs_reason", compute_sudo=True)
    needs_approval = fields.Boolean(compute="_compute_needs_reason", compute_sudo=True)
    problem_text = fields.Text(compute="_compute_problem_text", string="Missing")
    summary = fields.Char(compute="_compute_problem_text")

    @api.depends_context("uid")
    def _compute_is_administrator(self):
        group = "retail_connector_base.group_administrator"
        self.is_administrator = self.env.su or self.env.user.has_group(group)

    @api.depends("backend_id")
    def _compute_needs_reason(self):
        for setup in self:
            setup.needs_reason = setup.backend_id.config_policy != "open"
            setup.needs_approval = bool(setup.backend_id) and setup.backend_id._needs_approval()

    @api.depends(
        "profit_account_id", "loss_account_id",
        "store_ids.what", "store_ids.warehouse_id", "store_ids.warehouse_name", "store_ids.code",
        "register_ids.what", "register_ids.config_id", "register_ids.config_name",
        "tender_ids.what", "tender_ids.method_id", "tender_ids.method_name",
        "tender_ids.journal_id", "tender_ids.word", "staff_ids.user_id",
    )  # fmt: skip
    def _compute_problem_text(self):
        for setup in self:
            setup.problem_text = "\n".join(setup._problems())
            setup.summary = setup._in_words()

    # Opening

    @api.model
    def _open(self, backend):
        """Return the action that sets an estate up, filled with a proposal."""
        backend._check_may_set_up_stores()
        company = backend.company_id.sudo()
        setup = self.create(
            {
                "backend_id": backend.id,
                "profit_account_id": company.default_cash_difference_income_account_id.id,
                "loss_account_id": company.default_cash_difference_expense_account_id.id,
            }
        )
        setup._propose()
        return setup._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set Up Stores"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # What is missing

    def _problems(self):
        """Return in words what hinders the set-up."""
        told = []
        for lines in self._lines():
            for line in lines:
                told += [f"{line._title()}: {problem}" for problem in line._problems()]
        return [*self._double_problems(), *self._account_problems(), *told]

    def _lines(self):
        if self.is_administrator:
            return (self.store_ids, self.register_ids, self.tender_ids, self.staff_ids)
        return (self.tender_ids,)

    def _new_registers(self):
        chosen = self.register_ids.filtered(lambda line: line._effective() == "new")
        return chosen if self.is_administrator else chosen.browse()

    def _account_problems(self):
        if not self._new_registers() or (self.profit_account_id and self.loss_account_id):
            return []
        return [
            self.env._(
                "New registers have drawers, which are counted: choose the accounts of cash "
                "differences under “Accounts”."
            )
        ]

    def _double_problems(self):
        """Return what is chosen twice: a point of sale is one register's."""
        configs = self.register_ids.filtered(lambda line: line._effective() == "existing")
        found = [line.config_id.name for line in configs if line.config_id]
        twice = sorted({name for name in found if found.count(name) > 1})
        return [
            self.env._("“%(name)s” is chosen for several registers.", name=name) for name in twice
        ]

    def _in_words(self):
        """Return what would be made and tied, in one sentence."""
        new = self.store_ids.filtered(lambda line: line.what == "new")
        tied = self.store_ids.filtered(lambda line: line.what == "existing")
        old = self.register_ids.filtered(lambda line: line._effective() == "existing")
        return self.env._(
            "Stores: %(tied)s tied, %(houses)s new warehouses. Registers: %(old)s tied, "
            "%(configs)s new points of sale. Tenders: %(tenders)s.",
            tied=len(tied),
            houses=len(new),
            old=len(old),
            configs=len(self._new_registers()),
            tenders=len(self.tender_ids.filtered(lambda line: line.what != "later")),
        )

    # Buttons

    def action_propose(self):
        """Read the pasted list, ask the estate again, and propose everything anew."""
        self._check_may()
        self._propose()
        return self._reopen()

    def action_apply(self):
        """Make what is missing and tie what was chosen; what waited for it is tried again."""
        self._check_may()
        if told := self._problems():
            problems = "\n".join(told)
            raise UserError(
                self.env._("This is not complete yet:\n%(problems)s", problems=problems)
            )
        if self.needs_reason and not self.reason:
            raise UserError(self.env._("Say why: this backend keeps a reason with every change."))
        waits = self._make_all()
        return self._tell_waiting() if waits else {"type": "ir.actions.act_window_close"}

    def _check_may(self):
        self.ensure_one()
        self.backend_id._check_may_set_up_stores()

    def _tell_waiting(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "What is new was made. Which store and register it belongs to waits for a "
                    "second person's approval."
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
