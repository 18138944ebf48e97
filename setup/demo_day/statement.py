"""A bank statement as banks send it: camt.053, version 8 (ISO 20022 camt.053.001.08)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from xml.sax.saxutils import escape

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
)


@dataclass(frozen=True)
class Movement:
    """One movement on the account; ``amount`` is negative for what was debited."""

    reference: str
    amount: Decimal
    text: str
    party: str


def statement(
    account: str, currency: str, movements: Sequence[Movement], at: datetime, opening: Decimal
) -> bytes:
    """Return the statement of a day. ``account`` is the number, an IBAN or not."""
    closing = opening + sum((one.amount for one in movements), Decimal(0))
    day, moment = at.date().isoformat(), at.isoformat(timespec="seconds")
    kind = f"<IBAN>{account}</IBAN>" if account[:2].isalpha() else _other(account)
    entries = "".join(_entry(one, currency, day) for one in movements)
    return (
        f"{HEAD}<GrpHdr><MsgId>M{day}</MsgId><CreDtTm>{moment}</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{account}-{day}</Id><CreDtTm>{moment}</CreDtTm>"
        f"<Acct><Id>{kind}</Id><Ccy>{currency}</Ccy></Acct>"
        f"{_balance('OPBD', opening, currency, day)}{_balance('CLBD', closing, currency, day)}"
        f"{entries}</Stmt></BkToCstmrStmt></Document>\n"
    ).encode()


def _other(account: str) -> str:
    return f"<Othr><Id>{account}</Id></Othr>"


def _amount(amount: Decimal, currency: str) -> str:
    """Return an amount with its direction: amounts themselves are never negative."""
    sign = "CRDT" if amount >= 0 else "DBIT"
    return f'<Amt Ccy="{currency}">{abs(amount)}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'


def _balance(code: str, amount: Decimal, currency: str, day: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(amount, currency)}"
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _entry(one: Movement, currency: str, day: str) -> str:
    family, role = ("RCDT", "Dbtr") if one.amount >= 0 else ("ICDT", "Cdtr")
    return (
        f"<Ntry>{_amount(one.amount, currency)}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
        f"<AcctSvcrRef>{escape(one.reference)}</AcctSvcrRef>"
        f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly>"
        "</Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"
        f"{_amount(one.amount, currency)}"
        f"<RltdPties><{role}><Pty><Nm>{escape(one.party)}</Nm></Pty></{role}></RltdPties>"
        f"<RmtInf><Ustrd>{escape(one.text)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
