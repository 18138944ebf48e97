from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL
from odoo.tools.sql import column_exists, table_exists

from ..decisions.ownership import Owner, Policy
from ..decisions.ownership_table import BY_KEY, DOMAINS, GROUPS

OWNERS = [
    (Owner.ODOO.value, "Odoo"),
    (Owner.CHANNEL.value, "This System"),
    (Owner.SEPARATE.value, "Each Its Own"),
]
POLICIES = [
    (Policy.OWNER_WINS.value, "Owner Wins"),
    (Policy.NEWEST_WINS.value, "Newest Wins"),
    (Policy.ASK.value, "Ask"),
]
DECIDED = frozenset({"owner", "policy", "rank"})

# Every backend has a row of every group; those of single fields are made by people.
ADD_MISSING = """
    INSERT INTO retail_ownership
           (backend_id, company_id, domain, field_group, owner, policy, rank, sequence,
            create_uid, write_uid, create_date, write_date)
    SELECT backend.id, backend.company_id, wanted.domain, wanted.field_group, 'odoo',
           wanted.policy, 0, wanted.sequence, 1, 1,
           now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
      FROM retail_backend backend
      JOIN (VALUES %(groups)s) AS wanted (domain, field_group, policy, sequence) ON true
     WHERE (%(ids)s::int[] IS NULL OR backend.id = ANY(%(ids)s)) AND NOT EXISTS (
           SELECT FROM retail_ownership known
            WHERE known.backend_id = backend.id AND known.domain = wanted.domain
              AND known.field_group = wanted.field_group AND known.field IS NULL)
"""


class RetailOwnership(models.Model):
    """Who owns a group of fields of a domain, as far as one backend is concerned.

    A row with a ``field`` is an exception for that field of its group. What the importers and the
    publications do follows from these rows alone (``decisions/ownership.py``).
    """

    _name = "retail.ownership"
    _description = "Retail Ownership"
    _order = "backend_id, sequence, id"
    _rec_name = "label"

    backend_id = fields.Many2one(
        "retail.backend", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    sequence = fields.Integer(readonly=True)
    domain = fields.Selection(list(DOMAINS.items()), required=True, readonly=True)
    field_group = fields.Selection(
        list({group.code: group.label for group in GROUPS}.items()),
        string="Fields",
        required=True,
        readonly=True,
    )
    field = fields.Char(readonly=True, help="A field of the group with a rule of its own.")
    label = fields.Char(compute="_compute_label", string="What")
    field_labels = fields.Char(compute="_compute_label", string="Fields in It")
    owner = fields.Selection(
        OWNERS,
        required=True,
        default=Owner.ODOO.value,
        help="Whose value counts. “Each its own”: Odoo neither writes it there nor takes it.",
    )
    policy = fields.Selection(
        POLICIES,
        string="In a Conflict",
        required=True,
        default=Policy.OWNER_WINS.value,
        help="When both sides want something else: the owner's value, the one that was changed "
        "last, or what a person decides. What was not taken is listed in any case.",
    )
    rank = fields.Integer(
        help="Where several systems own the same: 1 comes before 2. What the first of them knows "
        "is not taken from the others. 0: it is the only owner."
    )
    is_split = fields.Boolean(compute="_compute_is_split")
    can_split = fields.Boolean(compute="_compute_is_split")
    problem = fields.Char(compute="_compute_problem", help="Why this cannot work as it is.")

    _group_unique = models.UniqueIndex(
        "(backend_id, domain, field_group, coalesce(field, ''))", "A group has one owner."
    )
    _owned_index = models.Index("(company_id, domain) WHERE owner = 'channel'")
    _rank_positive = models.Constraint("CHECK (rank >= 0)", "The order begins with 1.")

    def init(self):
        """Override: backends that are older than a group get its row when we are upgraded."""
        cr = self.env.cr
        if table_exists(cr, "retail_backend") and column_exists(cr, "retail_backend", "company_id"):
            self._insert_missing(None)

    # What it says

    def _group(self):
        self.ensure_one()
        return BY_KEY[self.domain, self.field_group]

    @api.depends("domain", "field_group", "field")
    def _compute_label(self):
        for row in self:
            group = row._group()
            row.label = group.fields.get(row.field) or group.label
            row.field_labels = False if row.field else ", ".join(group.fields.values())

    @api.depends("backend_id.ownership_ids.field")
    def _compute_is_split(self):
        split = {(row.backend_id, row._group().key) for row in self.backend_id.ownership_ids
                 if row.field}  # fmt: skip
        for row in self:
            row.is_split = (row.backend_id, row._group().key) in split
            row.can_split = (
                not row.field
                and not row.is_split
                and row.domain == "product"
                and len(row._group().fields) > 1
            )

    @api.depends("owner", "rank", "domain", "backend_id")
    def _compute_problem(self):
        for row in self:
            row.problem = row._find_problem()

    def _find_problem(self):
        """Say why a row cannot work, ``False`` if it can. Other addons add their reasons."""
        rivals = self._stock_rivals() if self.domain == "stock" else self._rivals()
        return self._rivals_told(rivals) if rivals else False

    # One owner

    @api.constrains("owner", "rank")
    def _check_one_owner(self):
        for row in self:
            rivals = row._rivals()
            if rivals:
                raise ValidationError(row._rivals_told(rivals))

    def _rivals(self):
        """Return the rows of other backends that own the same without a clear order.

        Stock is owned place by place: several systems may own it (``_stock_rivals``).
        """
        self.ensure_one()
        if self.owner != Owner.CHANNEL.value or self.domain == "stock":
            return self.browse()
        same = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("domain", "=", self.domain),
                ("field_group", "=", self.field_group),
                ("owner", "=", Owner.CHANNEL.value),
                ("backend_id", "!=", self.backend_id.id),
                ("backend_id.active", "=", True),
            ]
        )
        return same.filtered(
            lambda other: (
                (not self.field or not other.field or self.field == other.field)
                and (not self.rank or not other.rank or self.rank == other.rank)
            )
        )

    def _stock_rivals(self):
        """Return the rows of backends that count the same location, without a clear order."""
        if self.owner != Owner.CHANNEL.value:
            return self.browse()
        own = self.backend_id.sudo().location_binding_ids.odoo_id
        others = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("domain", "=", "stock"),
                ("owner", "=", Owner.CHANNEL.value),
                ("rank", "=", self.rank),
                ("backend_id", "!=", self.backend_id.id),
                ("backend_id.active", "=", True),
            ]
        )
        return others.filtered(lambda row: row.backend_id.location_binding_ids.odoo_id & own)

    def _rivals_told(self, rivals):
        return self.env._(
            "%(what)s (%(domain)s) would have two owners: %(this)s and %(other)s. Let one of them "
            "own it, or say in which order they count: 1 for the first, 2 for the second.",
            what=self.label,
            domain=DOMAINS[self.domain],
            this=self.backend_id.name,
            other=", ".join(rivals.backend_id.mapped("name")),
        )

    # Changing

    def write(self, vals):
        """Override: people decide who owns what; others are told at once."""
        if not self.env.su and not vals.keys() <= DECIDED:
            raise AccessError(self.env._("Only owner, conflict policy and order can be changed."))
        before = {row: row._told() for row in self}
        result = super().write(vals)
        changed = self.filtered(lambda row: row._told() != before[row])
        changed._log_change(before)
        changed._on_changed()
        return result

    def _told(self):
        self.ensure_one()
        order = f" {self.rank}" if self.rank else ""
        return f"{self.owner} / {self.policy}{order}"

    def _log_change(self, before):
        for row in self:
            detail = {
                "what": f"{row.domain}/{row.field_group}" + (f"/{row.field}" if row.field else ""),
                "from": before.get(row) or "",
                "to": row._told(),
            }
            self.env["retail.audit"]._log("ownership.changed", row, detail=detail)

    def _on_changed(self):
        """React to another owner. Addons that publish a domain tell its channels again."""
        for company in self.filtered(lambda row: row.domain == "stock").company_id:
            backends = self.env["retail.backend"].sudo()
            backends.search([("company_id", "=", company.id)])._compare_stock_again()

    @api.model
    def _insert_missing(self, backends):
        """Add the rows of groups that these backends (all for ``None``) do not have yet."""
        groups = [
            SQL("(%s, %s, %s, %s)", *group.key, group.policy.value, 10 * (number + 1))
            for number, group in enumerate(GROUPS)
        ]
        ids = backends and backends.ids
        self.env.cr.execute(SQL(ADD_MISSING, groups=SQL(", ").join(groups), ids=ids))

    @api.model
    def _add_missing(self, backends):
        """Let these backends have a row of every group."""
        backends.flush_recordset()
        self._insert_missing(backends)
        self.invalidate_model()
        backends.invalidate_recordset(["ownership_ids"])

    def action_split(self):
        """Decide about each field of the group on its own."""
        self._check_decider()
        rows = [
            {
                "backend_id": row.backend_id.id,
                "domain": row.domain,
                "field_group": row.field_group,
                "field": name,
                "owner": row.owner,
                "policy": row.policy,
                "rank": row.rank,
                "sequence": row.sequence + 1,
            }
            for row in self.filtered("can_split")
            for name in row._group().fields
        ]
        self.sudo().create(rows)
        return True

    def action_join(self):
        """Decide about the fields of the group together again."""
        self._check_decider()
        for row in self.filtered("is_split"):
            single = row.backend_id.ownership_ids.filtered(
                lambda each, group=row: each.field and each._group() == group._group()
            )
            single.write({"owner": row.owner, "policy": row.policy, "rank": row.rank})
            # What waits for approval stays until it has it.
            single.filtered(lambda each, group=row: each._told() == group._told()).sudo().unlink()
        return True

    def _check_decider(self):
        self.check_access("write")
