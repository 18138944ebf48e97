from odoo import Command, models

from ..decisions.ledger import Role
from ..decisions.posting import first_open_day, local_day


class RetailLedgerPoster(models.AbstractModel):
    """What a journal entry of a gateway consists of."""

    _inherit = "retail.ledger.poster"

    def _move_values(self, gateway, entry, rates):
        """Return the values of an entry's journal entry; ``rates`` keeps what was looked up."""
        day = self._local_day(gateway, entry.occurred_at)
        amount = entry.amount
        balance = self._balance(gateway, entry.currency_id, amount, day, rates)
        contra, partner = self._contra_of(gateway, entry)
        clearing = gateway._role_account(Role.CLEARING)
        return self._two_lines(
            gateway,
            entry,
            self._day_of(gateway, entry),
            (clearing, clearing.env["res.partner"], amount, balance),
            (contra, partner, -amount, -balance),
        )

    def _two_lines(self, gateway, entry, day, *sides):
        """Return the values of a move of two lines: (account, partner, amount, balance) each."""
        title = self._title_of(entry)
        return {
            "move_type": "entry",
            "journal_id": gateway.journal_id.id,
            "date": day,
            "ref": title,
            "retail_ledger_entry_id": entry.id,
            "line_ids": [
                Command.create(
                    {
                        # Tells the lines apart, whatever their accounts and order of making.
                        "sequence": number,
                        "name": title,
                        "account_id": account.id,
                        "partner_id": partner.id,
                        "currency_id": entry.currency_id.id,
                        "amount_currency": amount,
                        "balance": balance,
                        # Not asked for each line: what customers owe is no cost centre's.
                        "analytic_distribution": False,
                    }
                )
                for number, (account, partner, amount, balance) in enumerate(sides, start=1)
            ],
        }

    def _title_of(self, entry):
        label = dict(entry._fields["category"]._description_selection(self.env))[entry.category]
        order = entry.order_binding_id.name
        title = f"{label} {entry.external_id}"
        return f"{title} ({order})" if order else title

    # Accounts

    def _contra_of(self, gateway, entry):
        """Return the account and the partner of the line against the clearing account."""
        role = self._role_of(entry)
        if role is Role.RECEIVABLE:
            return self._receivable_of(gateway, entry.order_binding_id)
        return gateway._role_account(role), self.env["res.partner"]

    def _receivable_of(self, gateway, binding):
        """Return the account and the partner that the order's invoices will have."""
        order = binding.odoo_id
        company = gateway.company_id
        partner = order.partner_invoice_id.commercial_partner_id.with_company(company)
        account = (
            partner.property_account_receivable_id
            or company.partner_id.with_company(company).property_account_receivable_id
        )
        return order.fiscal_position_id.map_account(account) or account, partner

    # Days and amounts

    def _local_day(self, gateway, moment):
        return local_day(moment, gateway.company_id.partner_id.tz or "UTC")

    def _open_day(self, gateway, day):
        """Return the day, or the first one after the lock dates that it violates."""
        locks = gateway.company_id._get_violated_lock_dates(day, False, gateway.journal_id)
        return first_open_day(day, [lock for lock, _field in locks])

    def _day_of(self, gateway, entry):
        """Return the day to book an entry on; it is noted where that is another one."""
        happened = self._local_day(gateway, entry.occurred_at)
        day = self._open_day(gateway, happened)
        if day != happened:
            entry.remark = self.env._(
                "It happened on %(day)s, in a locked period: booked on the first open day.",
                day=happened,
            )
        return day

    def _balance(self, gateway, currency, amount, day, rates):
        """Return an amount in the company's currency, at the rate of the day it happened on."""
        company = gateway.company_id
        if currency == company.currency_id:
            return amount
        if (currency, day) not in rates:
            rates[currency, day] = currency._get_conversion_rate(
                currency, company.currency_id, company, day
            )
        return company.currency_id.round(amount * rates[currency, day])
