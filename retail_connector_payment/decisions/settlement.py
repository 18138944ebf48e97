"""Whether a payout ties with what was posted: each transaction, and all of them together.

Amounts are signed as the gateway signs them. Nothing here knows a database: what was posted, which
accounts there are and what our own rates say is given.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from .ledger import WITH_PAYOUT, Role, fits_sign
from .settlement_match import match
from .settlement_parts import MAPPABLE, Books, Cause, Entry, Line, Misfit, Tie


def tie_out(
    amount: Decimal,
    currency: str,
    lines: Sequence[Line],
    entries: Iterable[Entry],
    books: Books,
    places: int,
    elsewhere: Mapping[str, str] | None = None,
) -> Tie:
    """Compare a payout with everything that it must agree with.

    ``places`` are the decimal places of its currency; ``elsewhere`` names, by transaction, the
    other payout that holds it too.
    """
    misfits = [*_sum(amount, currency, lines, places), *_accounts(lines, books)]
    for line in lines:
        misfits += _arithmetic(line, currency, places)
        if elsewhere and line.external_id in elsewhere:
            misfits.append(Misfit(Cause.TWICE, line, found=elsewhere[line.external_id]))
        if books.target(line) is None:
            misfits.append(_without_account(line))
    matched = match(lines, entries)
    return Tie((*misfits, *matched.misfits), matched.settled)


def _sum(amount: Decimal, currency: str, lines: Sequence[Line], places: int) -> Iterable[Misfit]:
    if not _is_whole(amount, places):
        yield Misfit(Cause.PRECISION, expected=str(places), found=f"{amount} {currency}")
    total = sum((line.net for line in lines), Decimal(0))
    if total != amount:
        yield Misfit(Cause.SUM, expected=f"{amount} {currency}", found=f"{total} {currency}")


def _accounts(lines: Sequence[Line], books: Books) -> Iterable[Misfit]:
    """Name the roles whose account is missing, each once."""
    needed = {Role.CLEARING, Role.TRANSIT}
    needed |= {line.fee_role for line in lines if line.fee}
    for role in sorted(needed - books.roles, key=str):
        yield Misfit(Cause.NO_ACCOUNT, expected=role.value)


def _without_account(line: Line) -> Misfit:
    role = WITH_PAYOUT.get(line.category)
    if role is None or line.category in MAPPABLE:
        return Misfit(Cause.UNMAPPED, line, expected=line.word or line.category.value)
    return Misfit(Cause.NO_ACCOUNT, line, expected=role.value)


def _arithmetic(line: Line, currency: str, places: int) -> Iterable[Misfit]:
    if line.currency != currency:
        yield Misfit(Cause.CURRENCY, line, currency, line.currency)
    for part in (line.gross, line.fee, line.fee_tax, line.net):
        if not _is_whole(part, places):
            yield Misfit(Cause.PRECISION, line, str(places), f"{part} {line.currency}")
            break
    if line.gross - line.fee != line.net:
        expected = f"{line.gross - line.fee} {line.currency}"
        yield Misfit(Cause.ARITHMETIC, line, expected, f"{line.net} {line.currency}")
    if line.fee_tax * line.fee < 0 or abs(line.fee_tax) > abs(line.fee):
        yield Misfit(Cause.FEE_TAX, line, f"{line.fee}", f"{line.fee_tax} {line.currency}")
    if not line.settles and not fits_sign(line.category, line.gross):
        yield Misfit(Cause.SIGN, line, found=f"{line.gross} {line.currency}")


def _is_whole(amount: Decimal, places: int) -> bool:
    return amount == round(amount, places)
