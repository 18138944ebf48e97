from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..bank import FileKind, StatementError, read
from .bank_common import bank_file

SGML = (
    "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\n"
    "ENCODING:{encoding}\r\nCHARSET:{charset}\r\n\r\n"
)
XML = '<?xml version="1.0" encoding="{encoding}"?><?OFX OFXHEADER="200" VERSION="211"?>'


def transaction(amount="10.00", uid="F1", day="20260506", name="Payer", more=""):
    """Return one transaction in SGML."""
    return (
        f"<STMTTRN><TRNTYPE>CREDIT\n<DTPOSTED>{day}\n<TRNAMT>{amount}\n<FITID>{uid}\n"
        f"<NAME>{name}\n{more}</STMTTRN>\n"
    )


def body(*transactions, currency="EUR"):
    """Return the body of a file of one account."""
    return (
        f"<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>{currency}\n<BANKACCTFROM><ACCTID>77\n"
        f"</BANKACCTFROM><BANKTRANLIST>{''.join(transactions)}</BANKTRANLIST></STMTRS>"
        "</STMTTRNRS></BANKMSGSRSV1></OFX>"
    )


def ofx(*transactions, encoding="USASCII", charset="1252", codec="cp1252", **options):
    """Return a file of version 1."""
    text = SGML.format(encoding=encoding, charset=charset) + body(*transactions, **options)
    return text.encode(codec)


@tagged("post_install", "-at_install")
class TestPublishedFiles(BaseCase):
    """Values were read from the files by hand."""

    def test_version_1(self):
        (statement,) = read(bank_file("ofx/checking.ofx"))
        self.assertEqual(statement.kind, FileKind.STATEMENT)
        self.assertEqual((statement.account, statement.currency), ("1452687~7", "USD"))
        self.assertEqual(
            [(line.uid, line.on, line.amount) for line in statement.lines],
            [
                ("0000486", date(2011, 3, 31), Decimal("0.01")),
                ("0000487", date(2011, 4, 5), Decimal("-34.51")),
                ("0000488", date(2011, 4, 7), Decimal("-25.00")),
            ],
        )
        check = statement.lines[2]
        self.assertEqual(check.references, ("319",))
        self.assertEqual(check.counterparty, "RETURNED CHECK FEE, CHECK # 319")
        self.assertIn("FOR $45.33 ON 04/07/11", check.text)
        self.assertEqual({line.currency for line in statement.lines}, {"USD"})

    def test_several_accounts_without_movements(self):
        found = read(bank_file("ofx/multiple_accounts.ofx"))
        self.assertEqual([each.account for each in found], ["9100", "9200"])
        self.assertEqual([each.currency for each in found], ["USD", "USD"])
        self.assertEqual([each.lines for each in found], [(), ()])

    def test_texts_that_are_marked_as_such(self):
        (statement,) = read(bank_file("ofx/suncorp.ofx"))
        self.assertEqual((statement.account, statement.currency), ("123456789", "AUD"))
        (line,) = statement.lines
        self.assertEqual((line.uid, line.on), ("1", date(2013, 12, 15)))
        self.assertEqual(line.amount, Decimal("-16.85"))
        self.assertEqual(line.counterparty, "EFTPOS WDL HANDYWAY ALDI STORE")
        self.assertIn("GEELONG WEST VICAU", line.text)
        self.assertEqual(line.references, ())


@tagged("post_install", "-at_install")
class TestOfx(BaseCase):
    def line(self, *arguments, **options):
        (statement,) = read(ofx(transaction(*arguments, **options)))
        return statement.lines[0]

    def test_a_day_is_the_banks_own(self):
        self.assertEqual(self.line(day="20260506203135.547[-7:PDT]").on, date(2026, 5, 6))

    def test_amounts_with_a_comma(self):
        self.assertEqual(self.line("-1234,56").amount, Decimal("-1234.56"))

    def test_encodings(self):
        name = "Müller €"
        for content in (
            ofx(transaction(name=name)),
            ofx(transaction(name=name), encoding="UTF-8", charset="NONE", codec="utf-8"),
            (XML.format(encoding="utf-8") + body(transaction(name=name))).encode(),
        ):
            (statement,) = read(content)
            self.assertEqual(statement.lines[0].counterparty, name)

    def test_the_banks_reference_and_an_empty_memo(self):
        line = self.line(more="<MEMO>\n<REFNUM>PO-123456\n")
        self.assertEqual(line.references, ("PO-123456",))
        self.assertEqual(line.text, "Payer")

    def test_an_unsaid_amount_is_none(self):
        self.assertEqual(self.line("null").amount, 0)

    def test_what_cannot_be_read_refuses_the_file(self):
        foreign = "<CURRENCY><CURRATE>1.1\n<CURSYM>USD\n</CURRENCY>"
        for broken in (
            ofx(transaction("ten")),
            ofx(transaction("NaN")),
            ofx(transaction(day="06.05.2026")),
            ofx(transaction(more=foreign)),
            ofx(transaction(), currency=""),
            ofx(transaction(), encoding="USASCII", charset="9999"),
            ofx(transaction(name="Müller"), encoding="UTF-8", codec="cp1252"),
            b"<OFX>",
            b"<OFX><STMTRS>",
        ):
            with self.subTest(broken=broken[:200]), self.assertRaises(StatementError):
                read(broken)


@tagged("post_install", "-at_install")
class TestOfxAttacks(BaseCase):
    """Attack 13."""

    def test_a_document_type_is_refused(self):
        before = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        with self.assertRaises(StatementError):
            read(before + ofx(transaction(name="&x;")))

    def test_nesting_does_not_take_forever(self):
        for tag in (b"<STMTRS>", b"<A>", b"<STMTTRN>"):
            with self.subTest(tag=tag), self.assertRaises(StatementError):
                read(b"<OFX>" + tag * 30_000)

    def test_a_text_that_looks_like_a_formula_stays_a_text(self):
        (statement,) = read(ofx(transaction(name="=HYPERLINK(1)")))
        self.assertEqual(statement.lines[0].counterparty, "=HYPERLINK(1)")
