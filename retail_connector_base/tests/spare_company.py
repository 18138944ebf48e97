"""A company with a chart of accounts: loading one takes longer than most tests."""

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

SPARE = "Spare (tests)"


def company_with_accounts(env):
    """Return a company with the generic chart of accounts in this environment's transaction.

    The first to ask leaves a spare one, committed: each later transaction takes it, changes it as
    it likes and is rolled back. Who wants a second one in a transaction, or keeps the first, gets
    one of his own.
    """
    spare = env["res.company"].search([("name", "=", SPARE)], limit=1)
    return spare or _create(env, "Accounts (tests)")


def leave_spare(database):
    """Commit a spare company, unless there is one."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if not env["res.company"].search_count([("name", "=", SPARE)], limit=1):
            _create(env, SPARE)


def _create(env, name):
    company = env["res.company"].create({"name": name})
    env["account.chart.template"].try_loading("generic_coa", company)
    return company
