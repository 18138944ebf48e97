from odoo import fields, models


class RetailPriceState(models.Model):
    """The price of a channel's variant: what it acknowledged, what is sent, what Odoo wants.

    A compare-at price of 0 is none; a desired price of 0 means that there is nothing to tell, and
    ``error`` says why.
    """

    _name = "retail.price.state"
    _description = "Retail Price State"
    _inherit = ["retail.projection.state"]

    binding_id = fields.Many2one(required=True)
    product_id = fields.Many2one(related="binding_id.odoo_id", string="Product", store=True)
    currency_id = fields.Many2one("res.currency", readonly=True, help="The shop's.")
    desired_price = fields.Monetary(string="Price", readonly=True)
    desired_compare_at = fields.Monetary(string="Compare-at", readonly=True)
    acknowledged_currency_id = fields.Many2one("res.currency", readonly=True)
    acknowledged_price = fields.Monetary(
        string="In the Channel", readonly=True, currency_field="acknowledged_currency_id"
    )
    acknowledged_compare_at = fields.Monetary(
        string="Compare-at in the Channel",
        readonly=True,
        currency_field="acknowledged_currency_id",
    )
    attempted_currency_id = fields.Many2one("res.currency", readonly=True)
    attempted_price = fields.Monetary(readonly=True, currency_field="attempted_currency_id")
    attempted_compare_at = fields.Monetary(readonly=True, currency_field="attempted_currency_id")

    _binding_unique = models.UniqueIndex("(binding_id)", "A variant has one price.")

    def _compute_display_name(self):
        for state in self:
            state.display_name = state.product_id.display_name

    def _refuse(self, answer):
        """Override: what is desired may have changed since it was sent."""
        result = super()._refuse(answer)
        self._judge()
        return result

    def _judge(self):
        """Decide which of these rows differ from what their channel acknowledged, in one query.

        What was refused is not sent again as it is.
        """
        self.flush_recordset()
        self.env.cr.execute(JUDGE, [self.ids])
        self.invalidate_recordset(["pending", "verdict", "error"], flush=False)

    def _copy(self, source, target):
        """Copy a price exactly: a field would round it to the currency's rounding in Odoo."""
        self.flush_recordset()
        names = ("%s_price", "%s_compare_at")
        pairs = [(name % target, name % source) for name in names]
        pairs.append((_currency_of(target), _currency_of(source)))
        self.env.cr.execute(
            f"UPDATE {self._table} SET {', '.join(f'{new} = {old}' for new, old in pairs)} "
            "WHERE id = ANY(%s)",
            [self.ids],
        )
        self.invalidate_recordset([new for new, _old in pairs], flush=False)


def _currency_of(name):
    return "currency_id" if name == "desired" else f"{name}_currency_id"


_DESIRED = "desired_price, desired_compare_at, currency_id"
_ACKNOWLEDGED = "acknowledged_price, acknowledged_compare_at, acknowledged_currency_id"
_ATTEMPTED = "attempted_price, attempted_compare_at, attempted_currency_id"

JUDGE = f"""
    WITH judged AS (
        SELECT id, desired_price > 0 AND (acknowledged_at IS NULL
               OR ({_DESIRED}) IS DISTINCT FROM ({_ACKNOWLEDGED})) AS differs,
               verdict IN ('refused', 'missing')
               AND ({_DESIRED}) IS NOT DISTINCT FROM ({_ATTEMPTED}) AS refused
          FROM retail_price_state WHERE id = ANY(%s)
    ), verdict AS (
        SELECT id, differs AND NOT refused AS pending, CASE WHEN NOT differs THEN 'ok'
               WHEN refused THEN NULL ELSE 'pending' END AS verdict FROM judged
    )
    UPDATE retail_price_state state
       SET pending = verdict.pending, verdict = coalesce(verdict.verdict, state.verdict),
           error = CASE WHEN verdict.verdict IS NULL OR state.desired_price <= 0
                        THEN state.error END
      FROM verdict WHERE state.id = verdict.id
       AND (state.pending IS DISTINCT FROM verdict.pending
            OR verdict.verdict IS NOT NULL AND state.verdict IS DISTINCT FROM verdict.verdict)
"""
