"""Which accounts a gateway needs, which of a company's fit, and what a missing one would be like.

No country's chart of accounts is assumed: what is there is found by its type and by words of its
name, and a new account gets the next free code beside those of its type.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from .ledger import Role

ASSETS = ("asset_current", "liability_current")
LIABILITIES = ("liability_current", "asset_current")
EXPENSES = ("expense", "expense_other", "expense_direct_cost")
INCOME = ("income_other", "income", "expense", "expense_other")
LOSSES = ("expense", "expense_other", "expense_direct_cost", "income_other", "income")
RESERVES = ("asset_current", "asset_non_current", "asset_prepayments")
# Where a new account starts if the company has none of its type.
STARTS = {"asset": "101000", "liability": "201000", "income": "442000", "expense": "600000"}


@dataclass(frozen=True)
class Rule:
    """What the account of a role must be like.

    The first of ``types`` is a new account's. ``own``: each gateway is offered an account of its
    own. ``alone``: the account stands for nothing else, neither here nor at another gateway.
    ``words`` are parts of names, in several languages, by which an existing account is found.
    """

    role: Role
    title: str
    types: tuple[str, ...]
    reconcile: bool = False
    required: bool = True
    own: bool = False
    alone: bool = False
    words: tuple[str, ...] = ()


RULES: tuple[Rule, ...] = (
    Rule(Role.CLEARING, "Clearing", ASSETS, True, own=True, alone=True,
         words=("clearing", "verrechnung", "compensation", "compensación", "tussenrekening")),
    Rule(Role.UNMATCHED, "Unmatched Payments", LIABILITIES, True,
         words=("unmatched", "unidentified", "ungeklärt", "non identifi", "no identificad")),
    Rule(Role.TRANSIT, "Payouts in Transit", ASSETS, True, own=True,
         words=("transit", "geldtransit", "virements internes", "kruispost", "in viaggio")),
    Rule(Role.FEE, "Payment Gateway Fees", EXPENSES,
         words=("payment fee", "bank fee", "bank charge", "geldverkehr", "frais bancaires",
                "services bancaires", "bankkosten", "spese bancarie", "servicios bancarios")),
    Rule(Role.FEE_TAX, "Input Tax on Gateway Fees", ASSETS, required=False,
         words=("input vat", "input tax", "vorsteuer", "tva déductible", "iva soportado")),
    Rule(Role.DISPUTE, "Disputed Payments", ASSETS, True,
         words=("dispute", "chargeback", "rücklastschrift", "litige", "contracargo")),
    Rule(Role.DISPUTE_FEE, "Dispute Fees", EXPENSES,
         words=("dispute fee", "chargeback fee", "rücklastschriftgebühr")),
    Rule(Role.LOSS, "Chargeback Losses", EXPENSES,
         words=("chargeback loss", "dispute loss", "bad debt", "forderungsverlust",
                "créances irrécouvrables", "incobrables", "oninbare")),
    Rule(Role.RESERVE, "Reserve", RESERVES, own=True,
         words=("reserve held", "rolling reserve", "sicherheitseinbehalt")),
    Rule(Role.ADJUSTMENT, "Gateway Adjustments", LOSSES, required=False,
         words=("gateway adjustment",)),
    Rule(Role.LABEL, "Shipping Labels", EXPENSES, required=False,
         words=("shipping label", "postage", "porto", "affranchissement", "frais postaux")),
    Rule(Role.DUTY, "Duties", EXPENSES, required=False,
         words=("customs dut", "import dut", "zoll", "droits de douane", "aranceles")),
    Rule(Role.EXCHANGE_GAIN, "Exchange Gains", INCOME,
         words=("exchange gain", "kursgewinn", "gains de change", "diferencias positivas")),
    Rule(Role.EXCHANGE_LOSS, "Exchange Losses", LOSSES,
         words=("exchange loss", "kursverlust", "pertes de change", "diferencias negativas")),
)  # fmt: skip
# A gift card is money that we owe: its clearing account is that liability, which invoices of sold
# cards write on as well and several shops may share. Nothing of it is paid out.
GIFT_CARD_RULES: tuple[Rule, ...] = (
    Rule(Role.CLEARING, "Gift Cards", ("liability_current", "liability_non_current"),
         words=("gift card", "voucher", "gutschein", "carte cadeau", "tarjeta regalo")),
    next(rule for rule in RULES if rule.role is Role.UNMATCHED),
)  # fmt: skip


@dataclass(frozen=True)
class Account:
    """An account of a company. ``currency`` is set where it takes no other but the company's."""

    id: int
    code: str
    name: str
    account_type: str
    reconcile: bool = False
    currency: str | None = None
    active: bool = True
    of_company: bool = True
    # The other gateway that uses it for a role that stands alone.
    taken_by: str | None = None
    # Something that is not this gateway's is written on it.
    has_entries: bool = False


class Fault(str, Enum):
    """Why an account cannot have a role."""

    MISSING = "missing"
    COMPANY = "company"
    ARCHIVED = "archived"
    TYPE = "type"
    RECONCILE = "reconcile"
    CURRENCY = "currency"
    TAKEN = "taken"
    ENTRIES = "entries"
    TWICE = "twice"


@dataclass(frozen=True)
class Named:
    """A gateway for which accounts are proposed: its name for people, its code as words."""

    name: str
    code: str

    @property
    def words(self) -> list[str]:
        """What the names of its own accounts contain."""
        return re.findall(r"\w+", self.code.casefold().replace("_", " "))


@dataclass(frozen=True)
class Proposal:
    """The account of a role: one that exists, one to make (``code``), or none."""

    rule: Rule
    account: Account | None = None
    code: str | None = None
    name: str | None = None

    @property
    def is_new(self) -> bool:
        """Whether the account has to be made."""
        return self.account is None and bool(self.code)


@dataclass
class Chart:
    """The accounts of a company, and the codes that are taken already."""

    accounts: Sequence[Account]
    codes: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Take the codes of the accounts."""
        self.codes |= {account.code for account in self.accounts if account.code}

    def take_code(self, account_type: str) -> str:
        """Return a code that is free and take it: the next one after those of its type."""
        alike = [a.code for a in self.accounts if a.account_type == account_type and a.code]
        near = max(alike) if alike else STARTS[account_type.partition("_")[0]]
        code = near if near not in self.codes else free_code(near, self.codes)
        self.codes.add(code)
        return code


def free_code(near: str, taken: Collection[str]) -> str:
    """Return the first code after ``near`` that is free: as long as it, as far as digits reach."""
    head, digits, tail = re.fullmatch(r"(.*?)(\d*)(\D*)", near, re.DOTALL).groups()
    if digits:
        for number in range(int(digits) + 1, 10 ** len(digits)):
            code = f"{head}{number:0{len(digits)}}{tail}"
            if code not in taken:
                return code
    number = 1
    while f"{near}.{number}" in taken:
        number += 1
    return f"{near}.{number}"


# What is wrong


def faults(rule: Rule, account: Account | None) -> list[Fault]:
    """Return why an account cannot have the role of a rule; none of an optional role may miss."""
    if account is None:
        return [Fault.MISSING] if rule.required else []
    wrong = {
        Fault.COMPANY: not account.of_company,
        Fault.ARCHIVED: not account.active,
        Fault.TYPE: account.account_type not in rule.types,
        Fault.RECONCILE: rule.reconcile and not account.reconcile,
        Fault.CURRENCY: account.currency is not None,
        Fault.TAKEN: rule.alone and account.taken_by is not None,
        Fault.ENTRIES: rule.alone and account.has_entries,
    }
    return [fault for fault, is_so in wrong.items() if is_so]


def all_faults(
    rules: Iterable[Rule], chosen: Mapping[Role, Account | None]
) -> dict[Role, list[Fault]]:
    """Return what is wrong with a whole set of accounts, by role.

    An account on which money stands open, or that stands alone, has one role only.
    """
    rules = list(rules)
    found = {rule.role: faults(rule, chosen.get(rule.role)) for rule in rules}
    for rule in rules:
        account = chosen.get(rule.role)
        if account and any(_clash(rule, each, account, chosen) for each in rules):
            found[rule.role].append(Fault.TWICE)
    return {role: wrong for role, wrong in found.items() if wrong}


def _clash(
    rule: Rule, other: Rule, account: Account, chosen: Mapping[Role, Account | None]
) -> bool:
    theirs = chosen.get(other.role)
    same = other.role is not rule.role and theirs is not None and theirs.id == account.id
    return same and (_stands_open(rule) or _stands_open(other))


def _stands_open(rule: Rule) -> bool:
    return rule.reconcile or rule.own


# What fits


def proposals(
    gateway: Named,
    rules: Iterable[Rule],
    chart: Chart,
    usual: Mapping[Role, Account],
    wanted: Collection[Role] = (),
) -> list[Proposal]:
    """Propose an account for each rule.

    ``usual`` are accounts that come before any other: what the gateway has, what the company says,
    what its other gateways share. Optional roles in ``wanted`` get a new account too. The chart
    remembers the codes that were given away.
    """
    given: dict[int, Rule] = {}
    result = []
    for rule in rules:
        account = _fitting(rule, gateway, chart, usual.get(rule.role), given)
        if account:
            given.setdefault(account.id, rule)
        result.append(_proposal(rule, gateway, chart, account, rule.role in wanted))
    return result


def _fitting(
    rule: Rule, gateway: Named, chart: Chart, usual: Account | None, given: Mapping[int, Rule]
) -> Account | None:
    candidates = [usual] if usual else []
    candidates += sorted(found_by_words(rule, gateway, chart.accounts), key=lambda a: a.code)
    free = (account for account in candidates if _may_share(rule, given.get(account.id)))
    return next((account for account in free if not faults(rule, account)), None)


def _may_share(rule: Rule, other: Rule | None) -> bool:
    return other is None or not (_stands_open(rule) or _stands_open(other))


def found_by_words(rule: Rule, gateway: Named, accounts: Iterable[Account]) -> list[Account]:
    """Return the accounts whose names say that they are for this; more than words must fit.

    An account of one gateway has the gateway's name in it as well.
    """
    return [account for account in accounts if _says(rule, gateway, account.name.casefold())]


def _says(rule: Rule, gateway: Named, name: str) -> bool:
    own = not rule.own or (bool(gateway.words) and all(word in name for word in gateway.words))
    return own and any(word in name for word in rule.words)


def _proposal(
    rule: Rule, gateway: Named, chart: Chart, account: Account | None, wanted: bool
) -> Proposal:
    if account or not (rule.required or wanted):
        return Proposal(rule, account)
    name = f"{gateway.name}: {rule.title}" if rule.own else rule.title
    return Proposal(rule, None, chart.take_code(rule.types[0]), name)


def journal_code(name: str, taken: Collection[str], size: int = 5) -> str:
    """Return a short code for a gateway's journal that is free: its initials, then a number."""
    letters = re.sub(r"[^A-Z0-9]", "", name.upper()) or "GW"
    if letters[:size] not in taken:
        return letters[:size]
    number = 2
    while (code := f"{letters[: size - len(str(number))]}{number}") in taken:
        number += 1
    return code
