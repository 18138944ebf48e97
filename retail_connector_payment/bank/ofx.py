"""Open Financial Exchange, versions 1 (SGML) and 2 (XML).

Source: OFX 1.0.3 and 2.2, section 11. The structure is read by ``ofxparse``, which Odoo needs
itself. Its header and dates are read here: it takes files without a header's encoding for ASCII,
and turns days into UTC, so that an evening's booking would move to the next day.
"""

import codecs
import io
import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from ofxparse import OfxParser, OfxParserException

from .numbers import LARGEST, with_identities, words
from .statement import AccountStatement, FileKind, StatementError, StatementLine

START = re.compile(rb"<OFX>", re.IGNORECASE)
HEAD = 10_000
XML_ENCODING = re.compile(rb"""encoding=["']([\w.-]+)["']""", re.IGNORECASE)
SGML_HEADER = re.compile(rb"^\s*([A-Z]+)\s*:\s*([^\r\n]*?)\s*$", re.MULTILINE)
# SGML need not close what holds a text. ``ofxparse`` looks for each of those among all tags that
# are closed: twice the transactions took it four times as long.
UNCLOSED = re.compile(r"<([\w.]+)>([^<]*[^<\s])\s*(?=<(?!/\1>))")
LEFT_EMPTY = re.compile(r"<(?:NAME|MEMO|CHECKNUM|REFNUM)>\s*(?=<(?![/!]))")
ACCOUNT = re.compile(rb"<(CC)?STMTRS>", re.IGNORECASE)
MOST_ACCOUNTS = 500
TRANSACTION = re.compile(rb"<STMTTRN>", re.IGNORECASE)
MOST_TRANSACTIONS = 20_000
# Tags of a transaction in another currency than its account's, whose amount means something else.
FOREIGN = ("currency", "cursym")


def is_ofx(content: bytes) -> bool:
    """Tell whether a file is OFX, by its beginning."""
    return bool(START.search(content[:HEAD]))


class _Parser(OfxParser):
    """Keeps the bank's own day, and the fields that ``ofxparse`` leaves out."""

    @classmethod
    def parseOfxDateTime(cls, ofxDateTime):
        """Override: the day as the bank writes it, not in UTC."""
        return datetime.strptime(ofxDateTime.strip()[:8], "%Y%m%d")

    @classmethod
    def parseTransaction(cls, txn_ofx):
        """Override: refuse what is in another currency; keep the bank's reference."""
        if txn_ofx.find(FOREIGN[0]) is not None:
            raise OfxParserException("a transaction is in another currency than its account")
        transaction = super().parseTransaction(txn_ofx)
        reference = txn_ofx.find("refnum")
        transaction.reference = reference.get_text().strip() if reference else ""
        return transaction


def read_ofx(content: bytes) -> tuple[AccountStatement, ...]:
    """Return the statements of all accounts of a file. Raises ``StatementError``."""
    start = START.search(content)
    if b"<!DOCTYPE" in content.upper() or b"<!ENTITY" in content.upper():
        raise StatementError("The file declares a document type, which no statement has.")
    if len(ACCOUNT.findall(content)) > MOST_ACCOUNTS:
        raise StatementError(f"The file has more than {MOST_ACCOUNTS} accounts.")
    if len(TRANSACTION.findall(content)) > MOST_TRANSACTIONS:
        raise StatementError(f"The file has more than {MOST_TRANSACTIONS} transactions.")
    text = _decode(content[: start.start()], content[start.start() :])
    text = UNCLOSED.sub(r"<\1>\2</\1>", LEFT_EMPTY.sub("", text))
    # ASCII with numbered characters means the same under every encoding.
    body = io.BytesIO(text.encode("ascii", "xmlcharrefreplace"))
    try:
        accounts = _Parser.parse(body).accounts
    except (OfxParserException, ValueError, IndexError, TypeError, InvalidOperation) as error:
        raise StatementError(f"The file is no readable OFX: {error}") from error
    return tuple(map(_statement, accounts))


def _decode(head: bytes, body: bytes) -> str:
    """Return the body as text in the encoding that the head names."""
    try:
        return body.decode(_encoding(head))
    except (LookupError, UnicodeDecodeError) as error:
        raise StatementError(f"The file is not in the encoding that it names: {error}") from None


def _encoding(head: bytes) -> str:
    named = XML_ENCODING.search(head)
    if named:
        name = named[1].decode()
        return "utf-8" if name.lower() == "us-ascii" else codecs.lookup(name).name
    header = {key: value.decode("ascii", "replace") for key, value in SGML_HEADER.findall(head)}
    if header.get(b"ENCODING", "").upper() == "USASCII":
        charset = header.get(b"CHARSET", "1252")
        return {"8859-1": "iso-8859-1", "NONE": "cp1252"}.get(charset.upper(), f"cp{charset}")
    return "utf-8"


def _statement(account) -> AccountStatement:
    statement = account.statement
    currency = (account.curdef or "").upper()
    if not currency:
        raise StatementError("An account has no currency.")
    lines = [_line(each, currency) for each in (statement.transactions if statement else ())]
    return AccountStatement(
        kind=FileKind.STATEMENT,
        account=account.account_id.strip(),
        identity=_identity(account),
        currency=currency,
        # The balance told is that of now, not that after the last transaction.
        lines=with_identities(lines, account.account_id),
    )


def _identity(account) -> str:
    days = [getattr(account.statement, name, None) for name in ("start_date", "end_date")]
    return " – ".join(day.date().isoformat() for day in days if day)


def _line(transaction, currency: str) -> StatementLine:
    if not isinstance(transaction.date, date):
        raise StatementError("A transaction has no date.")
    amount = Decimal(transaction.amount)
    if not amount.is_finite() or abs(amount) >= LARGEST:
        raise StatementError(f"“{amount}” is no amount.")
    check = transaction.checknum if transaction.checknum not in ("", "0") else None
    return StatementLine(
        uid=transaction.id,
        on=transaction.date.date(),
        amount=amount,
        currency=currency,
        text=" ".join(words([transaction.payee, transaction.memo])),
        references=words([transaction.reference, check]),
        counterparty=next(iter(words([transaction.payee])), None),
    )
