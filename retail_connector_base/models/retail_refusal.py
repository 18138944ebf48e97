from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..decisions.masking import masked_words
from ..decisions.ownership import NEVER_TOLD
from ..decisions.ownership_table import BY_KEY, DOMAINS

# States that still concern somebody.
WAITING = ("open", "asked")
STATE_OF = {"asked": "asked", "refused": "open", "replaced": "taken"}


class RetailRefusal(models.Model):
    """Values that a system told and that were not taken, or that replaced what Odoo held.

    One row per backend, record and group of fields, with the news of the last time; rows are
    written by ``_tell`` alone. Values of people are shown masked to all but administrators.
    """

    _name = "retail.refusal"
    _description = "Retail Refusal"
    _order = "at desc, id desc"
    _rec_name = "label"

    backend_id = fields.Many2one(
        "retail.backend", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    domain = fields.Selection(list(DOMAINS.items()), required=True, readonly=True)
    field_group = fields.Char(required=True, readonly=True)
    label = fields.Char(compute="_compute_label", string="Fields")
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, readonly=True
    )
    record_name = fields.Char(compute="_compute_record_name", string="Of")
    side = fields.Selection(
        [
            ("refused", "Not Taken"),
            ("replaced", "Replaced in Odoo"),
            ("asked", "Waits for a Decision"),
        ],
        string="What Happened",
        required=True,
        readonly=True,
        help="Not taken: Odoo kept its own. Replaced: Odoo's value is lost but for this list.",
    )
    values = fields.Json(
        readonly=True,
        groups="retail_connector_base.group_administrator",
        help="By field: label, before, theirs, ours.",
    )
    comparison_html = fields.Html(compute="_compute_comparison_html", string="Side by Side")
    reason = fields.Char(readonly=True, help="Why it was not taken.")
    correlation_id = fields.Char(readonly=True, index="btree_not_null", help="Of the message.")
    at = fields.Datetime(string="When", required=True, readonly=True, index=True)
    count = fields.Integer(string="Times", readonly=True, default=1)
    state = fields.Selection(
        [
            ("open", "Not Taken"),
            ("asked", "To Decide"),
            ("taken", "Taken"),
            ("kept", "Ours Kept"),
            ("settled", "No Longer Differs"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )

    _record_unique = models.UniqueIndex(
        "(backend_id, res_model, res_id, domain, field_group)", "A record has one row per group."
    )

    def _group(self):
        return BY_KEY[self.domain, self.field_group]

    @api.depends("domain", "field_group")
    def _compute_label(self):
        for row in self:
            domain, group = DOMAINS[row.domain], row._group().label
            row.label = group if group == domain else f"{domain}: {group}"

    def _compute_record_name(self):
        readable = self.env.user.has_group("retail_connector_base.group_administrator")
        for row in self:
            record = self.env[row.res_model].sudo().browse(row.res_id).exists()
            name = record.display_name if record else self.env._("(deleted)")
            hidden = row._group().domain == "customer" and not readable and record
            row.record_name = masked_words(name) if hidden else name

    def _compute_comparison_html(self):
        """Render before, theirs and ours; every cell is escaped."""
        plain = self.env.user.has_group("retail_connector_base.group_administrator")
        line = Markup("<tr><th>%s</th><td>%s</td><td>%s</td><td>%s</td></tr>")
        for row in self:
            cells = row._rows(plain or not row._group().personal)
            body = Markup().join(line % tuple(each) for each in cells)
            head = line % ("", self.env._("Before"), self.env._("Theirs"), self.env._("Ours"))
            row.comparison_html = Markup(
                '<table class="table table-sm"><thead>%s</thead><tbody>%s</tbody></table>'
            ) % (head, body)

    def _rows(self, plain):
        """Return (label, before, theirs, ours) of each field, in words."""
        self.ensure_one()
        rows = []
        for each in (self.sudo().values or {}).values():
            told = [_told(each.get(name)) for name in ("before", "theirs", "ours")]
            rows.append([each["label"], *(told if plain else map(masked_words, told))])
        return rows

    # Telling

    @api.model
    def _tell(self, backend, record, group, news, reason=None, correlation_id=None):
        """Keep what became of the fields of one group of a record.

        ``news`` are (field, facts, decision); fields that agree by now are forgotten. Nothing is
        written where there is nothing to tell. What is to be decided becomes an exception.
        """
        row = self.sudo()._find(backend, record, group)
        told = [each for each in news if each[2].is_told]
        agreed = {name for name, _facts, decision in news if decision.ruling.value == "same"}
        if not told and not (row.state in WAITING and agreed & (row.values or {}).keys()):
            return row
        kept = row.values or {} if row.state in WAITING else {}
        values = {name: each for name, each in kept.items() if name not in agreed}
        values |= {name: _entry(group, name, facts) for name, facts, _decision in told}
        if not values:
            row._close("settled", self.env._("Both sides hold the same by now."))
            return row
        side = self._side(told) if told else row.side
        row = row._keep(backend, record, group, values, side, reason, correlation_id, bool(told))
        if side == "asked":
            row._ask()
        return row

    def _find(self, backend, record, group):
        return self.search(
            [
                ("backend_id", "=", backend.id),
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("domain", "=", group.domain),
                ("field_group", "=", group.code),
            ],
            limit=1,
        )

    def _side(self, told):
        rulings = {decision.ruling.value for _name, _facts, decision in told}
        if "ask" in rulings:
            return "asked"
        return "refused" if "refuse" in rulings else "replaced"

    def _keep(self, backend, record, group, values, side, reason, correlation_id, is_news):
        content = {
            "values": values,
            "side": side,
            "state": STATE_OF[side],
        }
        if is_news:
            content |= {
                "at": fields.Datetime.now(),
                "reason": reason or False,
                "correlation_id": correlation_id or False,
                "count": self.count + 1,
            }
        if self:
            self.write(content)
            return self
        identity = {
            "backend_id": backend.id,
            "res_model": record._name,
            "res_id": record.id,
            "domain": group.domain,
            "field_group": group.code,
        }
        return self.create({**identity, **content})

    # Access: only the connector writes

    def write(self, vals):
        """Override: people decide by buttons; the values are what was told."""
        if not self.env.su:
            raise AccessError(self.env._("Only the connector writes what was told."))
        return super().write(vals)

    # Buttons

    def action_open_document(self):
        """Open the record."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    def action_take_theirs(self):
        """Write what the other system told over what Odoo holds."""
        self._check_decider()
        for row in self.sudo().filtered(lambda row: row.state in WAITING):
            row._take_theirs(self.env.user)
        return True

    def action_keep_ours(self):
        """Leave Odoo's value; the same value of theirs is not asked about again."""
        self._check_decider()
        for row in self.sudo().filtered(lambda row: row.state in WAITING):
            row._log("refusal.kept", self.env.user)
            row._close("kept", self.env._("Odoo's value was kept."), self.env.user)
        return True


def _entry(group, name, facts):
    before = None if facts.before is NEVER_TOLD else facts.before
    return {
        "label": group.fields[name],
        "before": _json(before),
        "theirs": _json(facts.theirs),
        "ours": _json(facts.ours),
    }


def _json(value):
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, dict):
        return {str(key): _json(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(each) for each in value]
    return str(value)


def _told(value):
    """Return a value in a few words."""
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, dict):
        return ", ".join(str(each) for each in value.values() if each)
    if isinstance(value, list):
        return "; ".join(_told(each) for each in value)
    return str(value)[:500]
