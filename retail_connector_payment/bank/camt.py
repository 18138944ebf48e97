"""ISO 20022 cash management: camt.053 statements, and camt.052 and camt.054 to tell them apart.

Source: the message definitions of ISO 20022, versions 02 to 14; elements are found by their names
in whatever version. One booked entry (``Ntry``) is one movement: it is what the bank adds to the
balance. Amounts of the transactions within it (``TxDtls``) may be in other currencies or missing,
and only tell what it is made of.
"""

from decimal import Decimal

from lxml import etree

from .numbers import day, exact, with_identities, words
from .statement import AccountStatement, FileKind, StatementError, StatementLine

CONTAINERS = {
    "BkToCstmrStmt": ("Stmt", FileKind.STATEMENT),
    "BkToCstmrAcctRpt": ("Rpt", FileKind.REPORT),
    "BkToCstmrDbtCdtNtfctn": ("Ntfctn", FileKind.NOTIFICATION),
}
SIGNS = {"CRDT": 1, "DBIT": -1}
# What customers put where they have nothing to say.
EMPTY = frozenset({"NOTPROVIDED", "NONREF", "NOT PROVIDED"})
REFERENCES = (
    "AcctSvcrRef", "EndToEndId", "InstrId", "TxId", "PmtInfId", "MndtId", "ChqNb", "ClrSysRef",
)  # fmt: skip


def read_camt(content: bytes) -> tuple[AccountStatement, ...]:
    """Return the statements of a document. Raises ``StatementError`` for any other."""
    root = _parse(content)
    for container in root.iter("{*}" + name for name in CONTAINERS):
        tag, kind = CONTAINERS[etree.QName(container).localname]
        return tuple(_statement(node, kind) for node in container.findall(f"{{*}}{tag}"))
    raise StatementError("The file is neither a camt.053 statement nor OFX.")


def _parse(content: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise StatementError(f"The file is no readable XML: {error.msg}") from None
    # No bank sends a document type; it could name other files or grow without end.
    if root.getroottree().docinfo.internalDTD is not None:
        raise StatementError("The file declares a document type, which no statement has.")
    return root


def _statement(node: etree._Element, kind: FileKind) -> AccountStatement:
    account = _account(node.find("{*}Acct"))
    currency = _text(node, "Acct/Ccy") or _entry_currency(node)
    entries = node.findall("{*}Ntry")
    booked = [entry for entry in entries if _status(entry) == "BOOK"]
    return AccountStatement(
        kind=kind,
        account=account,
        identity=_text(node, "Id") or "",
        currency=currency,
        opening=_balance(node, ("OPBD", "PRCD"), currency),
        closing=_balance(node, ("CLBD",), currency),
        lines=with_identities(map(_line, booked), account),
        pending=len(entries) - len(booked),
    )


def _line(entry: etree._Element) -> StatementLine:
    details = entry.findall("{*}NtryDtls/{*}TxDtls")
    sign = _sign(entry)
    amount = entry.find("{*}Amt")
    texts = _texts(entry, details)
    return StatementLine(
        uid=_text(entry, "AcctSvcrRef") or _text(entry, "NtryRef") or "",
        on=day(_date(entry, "BookgDt") or _date(entry, "ValDt")),
        amount=sign * _amount(amount),
        currency=_currency(amount),
        text=" ".join(texts),
        references=_references(entry, details),
        counterparty=_first(_party(detail, sign) for detail in details),
        counterparty_account=_first(_party_account(detail, sign) for detail in details),
        value_date=day(value) if (value := _date(entry, "ValDt")) else None,
    )


# Parts of an entry


def _sign(node: etree._Element) -> int:
    """Return the direction. A reversal tells its own, not that of what it reverses."""
    indicator = _text(node, "CdtDbtInd")
    if indicator not in SIGNS:
        raise StatementError(f"An entry is neither credit nor debit: “{indicator}”.")
    return SIGNS[indicator]


def _amount(node: etree._Element | None) -> Decimal:
    value = exact(node.text if node is not None else None)
    if value < 0:
        raise StatementError(f"An amount is negative: “{value}”.")
    return value


def _currency(node: etree._Element) -> str:
    currency = node.get("Ccy")
    if not currency:
        raise StatementError("An amount has no currency.")
    return currency


def _status(entry: etree._Element) -> str | None:
    """Return the status: a text until version 7, a code below it since."""
    return _text(entry, "Sts/Cd") or _text(entry, "Sts")


def _date(node: etree._Element, name: str) -> str | None:
    return _text(node, f"{name}/Dt") or _text(node, f"{name}/DtTm")


def _texts(entry: etree._Element, details: list[etree._Element]) -> tuple[str, ...]:
    found = [node.text for detail in details for node in detail.findall("{*}RmtInf/{*}Ustrd")]
    found += [_text(detail, "AddtlTxInf") for detail in details]
    return words([*found, _text(entry, "AddtlNtryInf")])


def _references(entry: etree._Element, details: list[etree._Element]) -> tuple[str, ...]:
    found = [_text(entry, "NtryRef"), _text(entry, "AcctSvcrRef")]
    for detail in details:
        found += [_text(detail, f"Refs/{name}") for name in REFERENCES]
        found += [node.text for node in detail.findall("{*}Refs/{*}Prtry/{*}Ref")]
        found += [node.text for node in detail.findall("{*}RmtInf/{*}Strd/{*}CdtrRefInf/{*}Ref")]
        found += [node.text for node in detail.findall("{*}RmtInf/{*}Strd/{*}AddtlRmtInf")]
    return tuple(text for text in words(found) if text.upper() not in EMPTY)


def _party(detail: etree._Element, sign: int) -> str | None:
    """Return who is on the other side: the debtor of what we get, the creditor of what we pay."""
    role = "Dbtr" if sign > 0 else "Cdtr"
    paths = (f"{role}/Nm", f"{role}/Pty/Nm", f"Ultmt{role}/Nm", f"Ultmt{role}/Pty/Nm")
    return _first(_text(detail, f"RltdPties/{path}") for path in paths)


def _party_account(detail: etree._Element, sign: int) -> str | None:
    role = "DbtrAcct" if sign > 0 else "CdtrAcct"
    return _account(detail.find(f"{{*}}RltdPties/{{*}}{role}")) or None


# Parts of a statement


def _account(node: etree._Element | None) -> str:
    if node is None:
        return ""
    number = _text(node, "Id/IBAN") or _text(node, "Id/Othr/Id") or ""
    return "".join(number.split())


def _entry_currency(node: etree._Element) -> str | None:
    """Return the entries' currency where the account names none and they agree."""
    found = {amount.get("Ccy") for amount in node.findall("{*}Ntry/{*}Amt")}
    return found.pop() if len(found) == 1 else None


def _balance(node: etree._Element, codes: tuple[str, ...], currency: str | None) -> Decimal | None:
    """Return a balance in the account's currency; of several pages' the first of its code."""
    for code in codes:
        for balance in node.findall("{*}Bal"):
            amount = balance.find("{*}Amt")
            if _text(balance, "Tp/CdOrPrtry/Cd") != code or amount is None:
                continue
            if amount.get("Ccy") == currency:
                return _sign(balance) * _amount(amount)
    return None


# Reading


def _text(node: etree._Element, path: str) -> str | None:
    """Return the text at a path of names, without white space around it; None if empty."""
    found = node.findtext("/".join(f"{{*}}{name}" for name in path.split("/")))
    return (found or "").strip() or None


def _first(found):
    return next((each for each in found if each), None)
