from datetime import timedelta

from odoo import api, fields, models

# After this much time whatever was imported at the same moment can be seen.
LOOK_AGAIN = timedelta(seconds=60)
SWEPT = 500
LOOKING_AGAIN = "retail_looking_again"

# What other payments took: children in the same currency that moved money. A void ends all of an
# authorisation, whatever amount it names.
TAKEN = """
    UPDATE retail_payment parent SET taken_amount = found.taken
      FROM (SELECT one.id, coalesce(sum(
                   CASE child.kind WHEN 'void' THEN one.amount ELSE child.amount END) FILTER (WHERE
                   one.kind = 'authorization' AND child.kind IN ('capture', 'sale', 'void')
                   OR one.kind IN ('capture', 'sale') AND child.kind = 'refund'), 0) AS taken
              FROM retail_payment one
              LEFT JOIN retail_payment child
                ON child.backend_id = one.backend_id AND child.parent_external_id = one.external_id
               AND child.currency_id = one.currency_id AND child.state = 'success'
               AND child.test IS NOT TRUE
             WHERE one.id IN %s OR (one.backend_id, one.external_id) IN (
                   SELECT backend_id, parent_external_id FROM retail_payment WHERE id IN %s)
             GROUP BY one.id) found
     WHERE parent.id = found.id AND coalesce(parent.taken_amount, 0) <> found.taken
 RETURNING parent.id
"""


class RetailPayment(models.Model):
    """What follows from payments that are new or have changed."""

    _inherit = "retail.payment"

    def _follow(self):
        """Tie payments to their orders, note entries, count orders anew, tell what is wrong.

        Level-triggered: it may run any number of times, with any of the payments.
        """
        if not self:
            return
        matched = self._match()
        taken_of = self._count_taken()
        about = self | matched | taken_of
        about._note_entries()
        orders = about.order_binding_id
        orders._count_payments()
        (about | orders.payment_ids.filtered("expiry"))._tell_problems()
        self._suggest_similar()
        self._look_again()

    def _count_taken(self):
        """Bring up to date what was taken of these payments and their parents; return the changed.

        The parent's row changes with each of its refunds: of two that are imported at the same
        moment one is imported again, and sees the other.
        """
        self.env["retail.payment"].flush_model()
        ids = tuple(self.ids)
        self.env.cr.execute(TAKEN, [ids, ids])
        changed = self.browse(row[0] for row in self.env.cr.fetchall())
        changed.invalidate_recordset(["taken_amount", "rest_amount"], flush=False)
        return changed

    # Once more, later

    def _look_again(self):
        """Let the sweeper look again, once, for an order or a parent that was not found."""
        if self.env.context.get(LOOKING_AGAIN):
            return
        incomplete = self._without_order_or_parent().filtered(lambda p: not p.look_again_at)
        if incomplete:
            incomplete.write({"look_again_at": fields.Datetime.now() + LOOK_AGAIN})

    def _without_order_or_parent(self):
        orphans = self.browse()
        for backend, payments in self.grouped("backend_id").items():
            parents = set(payments.mapped("parent_external_id")) - {False}
            known = self._by_external_id(backend, parents) if parents else {}
            orphans |= payments.filtered(
                lambda p, known=known: (
                    not p.order_binding_id
                    or (p.parent_external_id and p.parent_external_id not in known)
                )
            )
        return orphans

    @api.model
    def _sweep(self):
        """Look again for orders and relatives that were imported at the same moment."""
        due = self.sudo().search([("look_again_at", "<=", fields.Datetime.now())], limit=SWEPT)
        due.write({"look_again_at": False})
        for company, payments in due.grouped("company_id").items():
            payments = payments.with_company(company).with_context(
                **{"allowed_company_ids": company.ids, LOOKING_AGAIN: True}
            )
            payments._follow()


class RetailInboxSweeper(models.AbstractModel):
    """Sweeps the payments too."""

    _inherit = "retail.inbox.sweeper"

    @api.model
    def _sweep(self):
        """Override: look again after what was missed, and after authorisations that lapse."""
        result = super()._sweep()
        self.env["retail.payment"]._sweep()
        self.env["retail.payment"]._sweep_authorizations()
        return result
