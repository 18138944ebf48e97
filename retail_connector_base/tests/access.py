"""Users of every role, and records of every model, for the tests of access."""

from odoo.tests import new_test_user

ROLES = ("operator", "accountant", "administrator", "auditor")


def create_user(env, role, login=None, company=None):
    """Create a user with one role of ours (or ``portal``, ``internal``) in one company."""
    groups = {"portal": "base.group_portal", "internal": "base.group_user"}
    group = groups.get(role) or f"retail_connector_base.group_{role}"
    company = company or env.company
    return new_test_user(
        env,
        login=login or f"retail-{role}-{company.id}",
        groups=group,
        company_id=company.id,
        company_ids=[(6, 0, company.ids)],
    )


def our_models(env):
    """Return the names of all models that our addons define, abstract ones included."""
    return sorted(name for name in env.registry if name.startswith("retail."))


def stored_models(env):
    """Return the names of our models that have a table and are not transient."""
    return [
        name
        for name in our_models(env)
        if not env[name]._abstract and not env[name]._transient and env[name]._auto
    ]
