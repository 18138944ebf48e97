from odoo import api, fields, models
from odoo.exceptions import UserError


class RetailGatewaySetup(models.TransientModel):
    """Proposes the journal and the accounts of gateways, shows what would be made, and makes it.

    All or nothing: what is half configured is refused, in words that name what is missing.
    """

    _name = "retail.gateway.setup"
    _description = "Set Up Gateways"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    row_ids = fields.One2many("retail.gateway.setup.row", "setup_id", string="Gateways")
    line_ids = fields.One2many("retail.gateway.setup.line", "setup_id", string="Accounts")
    reason = fields.Char(string="Why", help="Kept with the version of the configuration.")
    needs_reason = fields.Boolean(compute="_compute_needs_reason", compute_sudo=True)
    is_single = fields.Boolean(compute="_compute_needs_reason", compute_sudo=True)
    problem_text = fields.Text(compute="_compute_problem_text", string="Missing")
    new_count = fields.Integer(compute="_compute_problem_text", string="Accounts to Make")

    @api.depends("row_ids")
    def _compute_needs_reason(self):
        for setup in self:
            backends = setup.row_ids.gateway_id.backend_id
            setup.is_single = len(setup.row_ids) == 1
            setup.needs_reason = any(backend.config_policy != "open" for backend in backends)

    @api.depends(
        "row_ids.booking",
        "row_ids.booked_by_id",
        "row_ids.journal_code",
        "line_ids.account_id",
        "line_ids.code",
        "line_ids.name",
        "line_ids.account_type",
        "line_ids.reconcile",
    )
    def _compute_problem_text(self):
        for setup in self:
            setup.problem_text = "\n".join(setup._problems())
            new = setup.line_ids.filtered(lambda line: line.used and line.is_new)
            setup.new_count = len(set(new.mapped("code")))

    # Opening

    @api.model
    def _open(self, gateways):
        """Return the action that sets gateways of one company up, filled with a proposal."""
        gateways._check_may_set_up()
        if len(gateways.company_id) != 1:
            raise UserError(self.env._("Set up the gateways of one company at a time."))
        setup = self.create({"company_id": gateways.company_id.id})
        setup._propose(gateways)
        return setup._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set Up Gateways"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _propose(self, gateways):
        """Fill in how each gateway is probably booked, its journal and its accounts."""
        company = gateways.company_id
        journals = self.env["account.journal"].sudo().with_context(active_test=False)
        taken = set(journals.search([("company_id", "=", company.id)]).mapped("code"))
        rows = []
        for gateway in gateways:
            booking, other = gateway._proposed_booking()
            code, name = gateway._proposed_journal(taken)
            rows.append(
                {
                    "setup_id": self.id,
                    "gateway_id": gateway.id,
                    "booking": booking if booking != "unset" else "here",
                    "booked_by_id": other.id,
                    "journal_code": code,
                    "journal_name": name,
                }
            )
        self._propose_accounts(self.env["retail.gateway.setup.row"].create(rows))

    def _propose_accounts(self, rows):
        chart = rows.gateway_id._chart()
        lines = []
        for row in rows:
            found = row.gateway_id._proposals(chart, row.booking == "gift_card")
            lines += [row._line_values(proposal) for proposal in found]
        self.env["retail.gateway.setup.line"].create(lines)

    # What is missing

    def _problems(self):
        """Return in words what hinders these gateways, gateway by gateway."""
        told = []
        for row in self.row_ids:
            several = len(self.row_ids) > 1
            prefix = f"{row.gateway_id.name}: " if several else ""
            told += [f"{prefix}{problem}" for problem in row._problems()]
        return told

    # Buttons

    def action_propose(self):
        """Throw the lines away and propose them anew, for how the gateways are booked now."""
        self._check_may()
        self.line_ids.unlink()
        self._propose_accounts(self.row_ids)
        return self._reopen()

    def action_apply(self):
        """Make what is missing, set the gateways up, and let them be booked as chosen."""
        self._check_may()
        if told := self._problems():
            raise UserError(
                self.env._("This is not complete yet:\n%(problems)s", problems="\n".join(told))
            )
        made = {}
        waiting = [row.gateway_id.name for row in self.row_ids if not row._apply(made)]
        if waiting:
            return self._tell_waiting(waiting)
        return {"type": "ir.actions.act_window_close"}

    def _check_may(self):
        self.ensure_one()
        gateways = self.row_ids.gateway_id
        gateways._check_may_set_up()
        if gateways.company_id != self.company_id:
            raise UserError(self.env._("Set up the gateways of one company at a time."))

    def _tell_waiting(self, names):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "The accounts of %(names)s wait for a second person's approval. Start the "
                    "booking when they are approved.",
                    names=", ".join(names),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
