from odoo import api, fields, models

from odoo.addons.retail_connector_base.decisions.vocabulary import normalised

TENDER_KINDS = [
    ("cash", "Cash"),
    ("card", "Card"),
    ("gift_card", "Gift Card"),
    ("store_credit", "Store Credit"),
    ("voucher", "Voucher"),
    ("on_account", "On Account"),
    ("other", "Other"),
]


class RetailPosSetupTender(models.TransientModel):
    """What registers call a means of payment, and which payment method it is."""

    _name = "retail.pos.setup.tender"
    _description = "Set Up Stores: a tender"
    _order = "word, id"
    _check_company_auto = True

    setup_id = fields.Many2one("retail.pos.setup", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="setup_id.company_id")
    word = fields.Char(string="Registers Call It", required=True)
    kind = fields.Selection(TENDER_KINDS, required=True, default="other")
    what = fields.Selection(
        [
            ("drawer", "The Register's Own Drawer"),
            ("existing", "Take"),
            ("new", "Make"),
            ("later", "Decide Later"),
        ],
        string="Payment Method",
        required=True,
        default="later",
    )
    method_id = fields.Many2one(
        "pos.payment.method",
        string="Existing Payment Method",
        check_company=True,
        domain="[('company_id', '=', company_id), ('is_cash_count', '=', False)]",
    )
    method_name = fields.Char(string="New Name")
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank Journal",
        check_company=True,
        domain=[("type", "=", "bank")],
        help="Where a new method's money arrives. Not needed for sales on account.",
    )

    @api.onchange("method_id")
    def _onchange_method_id(self):
        if self.method_id:
            self.what = "existing"

    @api.onchange("word", "kind")
    def _onchange_word(self):
        """Propose something for a word that somebody types."""
        if self.word and self.what == "later" and self.kind == "cash":
            self.what = "drawer"
        if self.word and not self.method_name:
            self.method_name = self.word
        if not self.journal_id and self.setup_id:
            self.journal_id = self.setup_id._bank_journal()

    def _title(self):
        return self.word or self.env._("A tender")

    def _key(self):
        return normalised(self.word or "")

    def _problems(self):
        """Return in words what is missing."""
        twice = [line for line in self.setup_id.tender_ids - self if line._key() == self._key()]
        if twice:
            return [self.env._("it is here twice.")]
        if self.what == "existing" and not self.method_id:
            return [self.env._("choose the payment method, make a new one, or decide later.")]
        if self.what == "drawer" and not self._has_drawer():
            return [self.env._("no register has a drawer yet: set one up first.")]
        if self.what == "new":
            return self._new_problems()
        return []

    def _new_problems(self):
        if not self.method_name:
            return [self.env._("a new payment method needs a name.")]
        if self.kind == "cash":
            return [self.env._("cash is in the register's own drawer.")]
        if self.kind != "on_account" and not self.journal_id:
            return [self.env._("a new payment method needs a bank journal.")]
        return []

    def _has_drawer(self):
        return bool(self.setup_id._new_registers() or self.setup_id._drawer())
