"""A company with a chart of accounts: loading one takes longer than most tests."""

from uuid import uuid4

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

SPARE = "Spare (tests)"


def create_company(env, name):
    """Create a company with the generic chart of accounts, under a name of its own."""
    company = env["res.company"].create({"name": f"{name} {uuid4().hex[:8]}"})
    env["account.chart.template"].try_loading("generic_coa", company)
    return company


def take_spare(env, name):
    """Return a company as ``create_company`` does, for a transaction that is rolled back.

    It is the spare one where there is one (``leave_spare``) and nobody has taken it before in this
    transaction; it may be changed in any way.
    """
    spare = env["res.company"].search([("name", "=", SPARE)], limit=1)
    if not spare:
        return create_company(env, name)
    # Nobody is told of changes of a company that is new in its transaction, nor of this one's.
    spare._track_discard()
    spare.partner_id._track_discard()
    spare.name = f"{name} {uuid4().hex[:8]}"
    return spare


def leave_spare(database):
    """Commit a spare company, unless there is one. Call it before the transaction begins."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if not env["res.company"].search_count([("name", "=", SPARE)], limit=1):
            create_company(env, "Accounts").name = SPARE
