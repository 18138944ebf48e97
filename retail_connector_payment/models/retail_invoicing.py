from odoo import api, fields, models

from ..decisions.posting import local_day

LOCK_SPACE = 0x52435F4E
CHUNK_ORDERS = 30

# Orders that their backend's policy says are to be invoiced now, by Odoo's own figures. Of goods
# that are invoiced as ordered, the policy waits for all; of others Odoo itself counts deliveries.
TO_INVOICE = """
    SELECT binding.id, backend.invoice_policy = 'consolidated', sale.partner_invoice_id,
           sale.currency_id, date_trunc(backend.invoice_period,
                                        coalesce(binding.local_date, sale.date_order))
      FROM sale_order sale
      JOIN retail_order_binding binding ON binding.odoo_id = sale.id
      JOIN retail_backend backend ON backend.id = binding.backend_id
     WHERE sale.invoice_status = 'to invoice' AND sale.state = 'sale'
       AND sale.company_id = %(company)s
       AND backend.invoice_policy <> 'manual'
       AND backend.active AND backend.state = 'running' AND NOT coalesce(backend.paused, false)
       AND binding.state <> 'cancelled' AND NOT coalesce(binding.is_held, false)
       AND (binding.invoice_next_attempt_at IS NULL
            OR binding.invoice_next_attempt_at <= now() AT TIME ZONE 'UTC')
       AND EXISTS (SELECT FROM sale_order_line line
                    WHERE line.order_id = sale.id AND line.qty_to_invoice > 0)
       AND CASE backend.invoice_policy
           WHEN 'consolidated' THEN
                date_trunc(backend.invoice_period, coalesce(binding.local_date, sale.date_order))
                < date_trunc(backend.invoice_period, %(today)s::timestamp)
           WHEN 'delivery' THEN (
                SELECT count(*) = 0 OR bool_or(line.qty_delivered > 0)
                   AND bool_and(template.invoice_policy <> 'order'
                                OR line.qty_delivered >= line.product_uom_qty)
                  FROM sale_order_line line
                  JOIN product_product product ON product.id = line.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE line.order_id = sale.id AND template.type <> 'service'
                   AND line.product_uom_qty > 0)
           ELSE true END
"""
NEXT = f"{TO_INVOICE} ORDER BY binding.id LIMIT %(limit)s"
SHARING = f"""
    SELECT * FROM ({TO_INVOICE}) found (id, consolidated, partner, currency, period)
     WHERE consolidated AND (partner, currency, period) IN %(keys)s ORDER BY id
"""
COMPANIES = """
    SELECT DISTINCT company_id FROM retail_backend
     WHERE invoice_policy <> 'manual' AND active AND state = 'running'
       AND NOT coalesce(paused, false)
"""


class RetailInvoicing(models.AbstractModel):
    """Invoices orders of channels through Odoo's own invoicing: one lane per company.

    It works on what lies in the database, so that nothing has to tell it that goods left.
    """

    _name = "retail.invoicing"
    _description = "Retail Connector: invoicing"
    _inherit = ["retail.lane.mixin"]

    _lane_job = "_job_invoice"

    def _lane_user(self, company_id):
        return self.env.ref("retail_connector_base.user_integration")

    def _lane_title(self, company_id):
        company = self.env["res.company"].sudo().browse(company_id)
        return self.env._("Invoice orders of %(company)s", company=company.name)

    @api.model
    def _sweep(self):
        """Wake the lane of each company that owes an invoice; every minute."""
        self.env.cr.execute(COMPANIES)
        for (company_id,) in self.env.cr.fetchall():
            if self._next(company_id, limit=1):
                self._wake_after_commit(company_id)

    def _job_invoice(self, company_id):
        """Invoice what is to be invoiced in a company."""
        with self._lane_to_itself((LOCK_SPACE, company_id), company_id):
            self._run_chunks(company_id)

    def _more_waits(self, cr, company_id):
        """Override."""
        cr.execute(NEXT, self._parameters(company_id, limit=1))
        return bool(cr.rowcount)

    def _try_chunk(self, company_id):
        """Override: invoice some orders; those of one invoice are done together."""
        units = self._units(company_id)
        if units:
            self._working(company_id)._invoice(units)
        return bool(units)

    def _working(self, company_id):
        """Return this model in a company, quiet: nobody is mailed of what a machine does."""
        company = self.env["res.company"].browse(company_id)
        quiet = {
            "allowed_company_ids": company.ids,
            "tracking_disable": True,
            "mail_create_nolog": True,
            "mail_create_nosubscribe": True,
            "mail_notrack": True,
            "mail_activity_automation_skip": True,
        }
        return self.with_company(company).with_context(**quiet)

    # What is to be invoiced

    def _parameters(self, company_id, **values):
        company = self.env["res.company"].browse(company_id)
        today = local_day(fields.Datetime.now(), company.partner_id.tz or "UTC")
        return {"company": company_id, "today": today, **values}

    def _next(self, company_id, limit=CHUNK_ORDERS):
        self.env.flush_all()
        self.env.cr.execute(NEXT, self._parameters(company_id, limit=limit))
        return self.env.cr.fetchall()

    def _units(self, company_id):
        """Return what is invoiced next: lists of order bindings, one invoice each."""
        rows = self._next(company_id)
        single = [[row[0]] for row in rows if not row[1]]
        keys = {tuple(row[2:]) for row in rows if row[1]}
        return single + list(self._shared(company_id, keys).values())

    def _shared(self, company_id, keys):
        """Return by (partner, currency, period) all bindings that share an invoice."""
        if not keys:
            return {}
        self.env.cr.execute(SHARING, self._parameters(company_id, keys=tuple(keys)))
        found = {}
        for row in self.env.cr.fetchall():
            found.setdefault(tuple(row[2:]), []).append(row[0])
        return found
