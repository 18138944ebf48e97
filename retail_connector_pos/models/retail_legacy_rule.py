from odoo import api, fields, models

from ..decisions.legacy_targets import TARGETS
from .retail_legacy_part import names_of

# Formats hold blanks and commas.
BETWEEN_FORMATS = "|"


class RetailLegacyRule(models.Model):
    """A field of a layout's part: from which columns it comes, and how they are read."""

    _name = "retail.legacy.rule"
    _description = "Retail Layout: field"
    _order = "part_id, sequence, id"

    part_id = fields.Many2one("retail.legacy.part", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="part_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    target = fields.Selection(selection="_selection_target", string="Field", required=True)
    column_names = fields.Char(
        string="Columns", help="One, or several with commas: their texts are put together."
    )
    joiner = fields.Char(help="Between the texts of several columns.")
    constant = fields.Char(string="Always", help="Instead of a column: 12.50, 2026-12-31, EUR …")
    default_value = fields.Char(string="If Empty")
    lookup = fields.Text(
        string="Table of Values",
        help="One a line: theirs = ours. * = ours stands for all others. Without it, a value that "
        "is not in the table is an error.",
    )
    flip = fields.Boolean(string="Turn Sign", help="Figures, and yes and no.")
    minor_units = fields.Boolean(string="In Cents", help="1250 is 12.50.")
    percent = fields.Boolean(string="In Per Cent", help="19 is a rate of 0.19.")
    formats = fields.Char(
        help="Of times, tried in their order, separated by |: %d.%m.%Y %H:%M; or iso, epoch, "
        "epoch_ms."
    )

    @api.model
    def _selection_target(self):
        names = {name for parts in TARGETS.values() for part in parts.values() for name in part}
        return [(name, name) for name in sorted(names)]

    @api.model
    def _own_fields(self):
        """Return the names of the fields that a declaration is made of."""
        return [
            "target",
            "column_names",
            "joiner",
            "constant",
            "default_value",
            "lookup",
            "flip",
            "minor_units",
            "percent",
            "formats",
        ]

    def _declared(self):
        """Return the rule as a declaration has it."""
        self.ensure_one()
        return {
            "target": self.target,
            "columns": names_of(self.column_names),
            "joiner": self.joiner or "",
            "constant": (self.constant or "").strip(),
            "default": (self.default_value or "").strip(),
            "lookup": tuple(self._pairs()),
            "flip": self.flip,
            "minor_units": self.minor_units,
            "percent": self.percent,
            "formats": tuple(
                form.strip() for form in (self.formats or "").split(BETWEEN_FORMATS) if form.strip()
            ),
        }

    def _pairs(self):
        for line in (self.lookup or "").splitlines():
            theirs, sign, ours = line.partition("=")
            if sign or theirs.strip():
                yield theirs.strip(), ours.strip()

    @api.model
    def _values_of(self, rule):
        """Return the values of a record for a declared rule."""
        return {
            "target": rule.target,
            "column_names": ", ".join(rule.columns),
            "joiner": rule.joiner,
            "constant": rule.constant,
            "default_value": rule.default,
            "lookup": "\n".join(f"{theirs} = {ours}" for theirs, ours in rule.lookup),
            "flip": rule.flip,
            "minor_units": rule.minor_units,
            "percent": rule.percent,
            "formats": f" {BETWEEN_FORMATS} ".join(rule.formats),
        }
