from odoo import api, fields, models

from ..decisions.retention import BY_CODE, CLASSES


class RetailRetention(models.Model):
    """For how long one class of data is kept, by company or by one of its backends."""

    _name = "retail.retention"
    _description = "Retail Retention Policy"
    _order = "company_id, backend_id, sequence, id"
    _rec_name = "data_class"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    backend_id = fields.Many2one(
        "retail.backend",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Empty: every backend of the company that has no policy of its own.",
    )
    data_class = fields.Selection(
        [(each.code, each.label) for each in CLASSES], required=True, string="Data"
    )
    sequence = fields.Integer(compute="_compute_sequence", store=True)
    what = fields.Char(compute="_compute_class", string="What Is Dropped")
    personal = fields.Boolean(compute="_compute_class", help="Whether persons can be told by it.")
    default_days = fields.Integer(compute="_compute_class")
    days = fields.Integer(
        required=True,
        string="Kept (days)",
        help="Counted from when it came to rest. Archive the policy to keep the data for ever.",
    )
    active = fields.Boolean(default=True)
    kept_count = fields.Integer(compute="_compute_kept", string="Kept Now")
    due_count = fields.Integer(compute="_compute_kept", string="Due")
    oldest_at = fields.Datetime(compute="_compute_kept", string="Oldest")
    last_run_at = fields.Datetime(readonly=True, copy=False, string="Last Run")
    last_dropped = fields.Integer(readonly=True, copy=False, string="Dropped Last")
    next_run_at = fields.Datetime(compute="_compute_next_run_at", string="Next Run")

    _class_unique = models.UniqueIndex(
        "(company_id, coalesce(backend_id, 0), data_class)",
        "A class of data has one policy per company, and one per backend.",
    )
    _days_positive = models.Constraint(
        "CHECK (days BETWEEN 1 AND 36500)",
        "Data is kept for at least one day. Archive the policy to keep it for ever.",
    )

    @api.depends("data_class")
    def _compute_sequence(self):
        order = {each.code: position for position, each in enumerate(CLASSES)}
        for policy in self:
            policy.sequence = order.get(policy.data_class, 0)

    @api.depends("data_class")
    def _compute_class(self):
        for policy in self:
            known = BY_CODE.get(policy.data_class)
            policy.what = known.what if known else False
            policy.personal = bool(known and known.personal)
            policy.default_days = known.days if known else 0

    def _compute_kept(self):
        for policy in self:
            found = policy.sudo()._count() if policy.id else (0, 0, None)
            policy.kept_count, policy.due_count, policy.oldest_at = found

    def _compute_next_run_at(self):
        cron = self.env.ref("retail_connector_base.cron_retention", raise_if_not_found=False)
        self.next_run_at = cron.sudo().nextcall if cron and cron.sudo().active else False

    # Policies that everyone has

    @api.model
    def _ensure(self):
        """Make the policies that companies with a backend do not have yet."""
        companies = self.env["retail.backend"].sudo().search([]).company_id | self.env.company
        everything = (
            self.sudo().with_context(active_test=False).search([("backend_id", "=", False)])
        )
        known = {(policy.company_id, policy.data_class) for policy in everything}
        self.sudo().create(
            [
                {"company_id": company.id, "data_class": each.code, "days": each.days}
                for company in companies
                for each in CLASSES
                if (company, each.code) not in known
            ]
        )

    @api.onchange("data_class")
    def _onchange_data_class(self):
        self.days = self.days or self.default_days

    # Changes are audited

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._audit_days("retention.created")
        return policies

    def write(self, vals):
        result = super().write(vals)
        if {"days", "active", "backend_id", "data_class"} & vals.keys():
            self._audit_days("retention.changed")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_backend_only(self):
        """Leave an entry: without a policy of its own the company's counts for the backend."""
        self._audit_days("retention.deleted")

    def _audit_days(self, action):
        for policy in self:
            self.env["retail.audit"].with_company(policy.company_id)._log(
                action,
                policy.backend_id or None,
                detail={"class": policy.data_class, "days": policy.days, "active": policy.active},
            )

    def action_run(self):
        """Drop now what is due."""
        self.check_access("write")
        dropped = self.sudo()._drop_all()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Dropped: %(count)s.", count=dropped),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
