from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..bank import FileKind, StatementError, read
from .bank_common import bank_file, camt, entry_xml


def only(name):
    """Return the only statement of a published file and its only line."""
    (statement,) = read(bank_file(f"camt/{name}.xml"))
    (line,) = statement.lines
    return statement, line


@tagged("post_install", "-at_install")
class TestPublishedFiles(BaseCase):
    """Values were read from the files by hand."""

    def assert_common(self, statement, line):
        self.assertEqual(statement.kind, FileKind.STATEMENT)
        self.assertEqual(statement.account, "NL26VAYB8060476890")
        self.assertEqual(statement.identity, "253EURNL26VAYB8060476890")
        self.assertEqual(statement.currency, "EUR")
        self.assertEqual(statement.opening, Decimal("18.15"))
        # The closing balance of these files is in SEK, on an account in EUR.
        self.assertIsNone(statement.closing)
        self.assertIsNone(statement.ties)
        self.assertEqual((line.amount, line.currency), (Decimal("8.85"), "EUR"))
        self.assertEqual((line.on, line.value_date), (date(2014, 12, 31), date(2015, 1, 2)))
        self.assertEqual(line.counterparty, "NAME NAME")
        self.assertEqual(line.counterparty_account, "NL56AGDH9619008421")
        self.assertIn("4654654654654654", line.references)
        self.assertIn("100", line.references)

    def test_version_2(self):
        statement, line = only("camt053.v2.minimal")
        self.assert_common(statement, line)
        # The bank gave no reference: the identity is made of the content.
        self.assertTrue(line.uid.startswith("#"))

    def test_version_4(self):
        statement, line = only("camt053.v4")
        self.assert_common(statement, line)
        self.assertEqual(line.uid, "AAAASESS-FP-CN_98765/01")

    def test_version_8_nests_parties_statuses_and_moments(self):
        statement, line = only("camt053.v8")
        self.assert_common(statement, line)
        self.assertEqual(line.uid, "AAAASESS-FP-CN_98765/01")
        self.assertIn("MUELL/FINP/RA12345", line.references)

    def test_several_statements_in_one_file(self):
        first, second = read(bank_file("camt/camt053.v2.multi.statement.xml"))
        self.assertEqual(first.identity, "253EURNL26VAYB8060476890")
        self.assertEqual(second.identity, "254EURNL26VAYB8060476890")
        self.assertEqual([line.amount for line in first.lines], [Decimal("8.85")])
        self.assertEqual([line.amount for line in second.lines], [Decimal("-7.00")])
        self.assertEqual((first.opening, first.closing), (Decimal("18.15"), Decimal("27.00")))
        self.assertEqual((second.opening, second.closing), (Decimal("27.00"), Decimal("20.00")))
        self.assertIs(first.ties, True)
        self.assertIs(second.ties, True)
        # Whom we got money from would be the debtor; the file names the creditor only.
        self.assertIsNone(first.lines[0].counterparty)
        self.assertEqual(second.lines[0].counterparty, "Company Name 2")
        self.assertEqual(second.lines[0].text, "Transaction Description 2")
        self.assertEqual(second.lines[0].references, ("000000002",))

    def test_a_notification_is_told_apart(self):
        (found,) = read(bank_file("camt/camt054.v8.xml"))
        self.assertEqual(found.kind, FileKind.NOTIFICATION)
        self.assertEqual(found.account, "CH2801234000123456789")
        (line,) = found.lines
        # What was booked, not the amounts of the three transactions within it (in CHF).
        self.assertEqual((line.amount, line.currency), (Decimal(-200000), "SEK"))
        self.assertEqual(line.on, date(2007, 10, 18))
        self.assertEqual(line.uid, "ACSR160617103200001")
        self.assertEqual(line.counterparty, "Example Creditor 3 - V1")
        self.assertEqual(line.counterparty_account, "CH4112345003131313131")
        for reference in ("UXC06170000006PI00001EE00001", "Ref number V3 block 2"):
            self.assertIn(reference, line.references)


@tagged("post_install", "-at_install")
class TestCamt(BaseCase):
    def lines(self, *entries, **options):
        (statement,) = read(camt(*entries, **options))
        return statement.lines

    def test_a_debit_is_negative(self):
        (line,) = self.lines(entry_xml("12.34", sign="DBIT"))
        self.assertEqual(line.amount, Decimal("-12.34"))

    def test_what_is_not_booked_is_counted_and_left_out(self):
        (statement,) = read(camt(entry_xml(), entry_xml(uid="R2", status="PDNG")))
        self.assertEqual([line.uid for line in statement.lines], ["R1"])
        self.assertEqual(statement.pending, 1)

    def test_movements_without_an_identity_get_the_same_one_again(self):
        twins = [entry_xml(uid=None, text="fee"), entry_xml(uid=None, text="fee")]
        first = [line.uid for line in self.lines(*twins)]
        longer = [line.uid for line in self.lines(*twins, entry_xml(uid=None, text="other"))]
        self.assertEqual(len(set(first)), 2)
        self.assertEqual(longer[:2], first)

    def test_the_same_movement_on_another_account_is_another(self):
        mine, yours = [
            self.lines(entry_xml(uid=None), account=account)[0].uid for account in ("DE1", "DE2")
        ]
        self.assertNotEqual(mine, yours)

    def test_placeholders_are_no_references(self):
        details = (
            "<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId>"
            "<TxId>T-77</TxId></Refs></TxDtls></NtryDtls>"
        )
        entry = entry_xml().replace("</Ntry>", f"{details}</Ntry>")
        (line,) = self.lines(entry)
        self.assertEqual(line.references, ("R1", "T-77"))

    def test_a_part_that_cannot_be_read_refuses_the_file(self):
        for broken in (
            entry_xml("12,34"),
            entry_xml("-5.00"),
            entry_xml("NaN"),
            entry_xml("1E+30"),
            entry_xml(sign="XXXX"),
            entry_xml(day="yesterday"),
            entry_xml().replace(' Ccy="EUR"', ""),
        ):
            with self.subTest(broken=broken), self.assertRaises(StatementError):
                self.lines(entry_xml(uid="R0"), broken)

    def test_files_that_are_no_statement(self):
        for content in (
            b"",
            b"  \n",
            b"hello",
            b"<html/>",
            b"\x00\x01",
            b"PK\x03\x04",
            camt()[:200],
        ):
            with self.subTest(content=content), self.assertRaises(StatementError):
                read(content)


@tagged("post_install", "-at_install")
class TestXmlAttacks(BaseCase):
    """Attack 13: files that read other files, call other hosts, or grow without end."""

    def assert_refused(self, content):
        with self.assertRaises(StatementError) as refused:
            read(content)
        self.assertNotIn("root:", str(refused.exception))

    def test_a_file_of_the_server_is_not_read(self):
        before = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        self.assert_refused(camt(entry_xml(text="&x;"), before=before))

    def test_no_host_is_called(self):
        before = '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">'
        self.assert_refused(camt(entry_xml(), before=before))

    def test_entities_do_not_grow(self):
        names = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
        before = f'<!DOCTYPE d [<!ENTITY e0 "aaaaaaaaaa">{names}]>'
        self.assert_refused(camt(entry_xml(text="&e9;"), before=before))

    def test_a_harmless_document_type_is_refused_too(self):
        self.assert_refused(camt(entry_xml(), before="<!DOCTYPE Document>"))

    def test_another_encoding_hides_nothing(self):
        text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE d []><Document/>'
        self.assert_refused(text.encode("utf-16"))

    def test_depth_is_limited(self):
        self.assert_refused(b"<a>" * 100_000)

    def test_size_is_limited(self):
        self.assert_refused(b"<Document>" + b" " * 20_000_001 + b"</Document>")
