"""Segregation of duties: which role may do what to an exception.

An operator sees and replays. What has to do with money is decided by an accountant: an
administrator, who owns the configuration and the secrets, cannot wave a difference through. What
changes the configuration is done by an administrator; a missing mapping by either, since taxes and
tenders are an accountant's vocabulary.
"""

from enum import Enum

from ..providers.errors import ErrorClass


class Role(str, Enum):
    """The roles, as their groups are called."""

    OPERATOR = "operator"
    ACCOUNTANT = "accountant"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Act(str, Enum):
    """What a person can do to an exception."""

    RETRY = "retry"
    FIX = "fix"
    DISMISS = "dismiss"


# Accountant and administrator are operators as well.
ANYONE = frozenset({Role.OPERATOR})
EITHER = frozenset({Role.ACCOUNTANT, Role.ADMINISTRATOR})

DECIDES: dict[ErrorClass, frozenset[Role]] = {
    ErrorClass.FINANCE: frozenset({Role.ACCOUNTANT}),
    ErrorClass.MAPPING: EITHER,
    ErrorClass.CONFIGURATION: frozenset({Role.ADMINISTRATOR}),
    ErrorClass.AUTHENTICATION: frozenset({Role.ADMINISTRATOR}),
}


def roles_for(act: Act, error_class: ErrorClass, money_at_risk: bool) -> frozenset[Role]:
    """Return the roles of which one is needed.

    Trying again decides nothing: the same checks run. To dismiss is to leave messages without
    effect, so where money is at risk it takes more than an operator.
    """
    if act is Act.RETRY:
        return ANYONE
    deciders = DECIDES.get(error_class, ANYONE)
    return EITHER if act is Act.DISMISS and money_at_risk and deciders == ANYONE else deciders
