import base64
import os
import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from odoo.addons.retail_connector_base.tests.access import create_user

from ..decisions.legacy_layout import layout_of
from .legacy_kit import csv_text, file_layout, table_layout

# The worked example of docs/legacy-pos.md.
ROWS = (
    "BONNR;FILIALE;KASSE;DATUM;ZEIT;ART;ARTIKEL;MENGE;PREIS;MWST;BAR;KARTE\n"
    "1001;12;2;04.05.2026;09:58;V;4711;2;1.050,00;19;0,00;2.100,00\n"
    "1002;12;2;04.05.2026;09:59;R;4712;1;3,50;7;3,50;0,00\n"
)


@tagged("post_install", "-at_install")
class TestLegacyLayout(TransactionCase):
    """An administrator declares a layout, looks at what it makes, and puts it to use."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.root)
        cls.startClassPatcher(patch.dict(os.environ, {"RETAIL_CONNECTOR_FOLDERS": str(cls.root)}))
        cls.backend = cls._backend("file_drop", folder_url=f"file://{cls.root}")
        cls.administrator = create_user(cls.env, "administrator", "legacy-administrator")
        cls.operator = create_user(cls.env, "operator", "legacy-operator")

    @classmethod
    def _backend(cls, provider, **settings):
        backend = cls.env["retail.backend"].create({"name": provider, "provider": provider})
        for name, value in settings.items():
            backend.setting_ids.filtered(lambda row, n=name: row.name == n).value = value
        return backend

    def _take(self, layout=None, backend=None):
        layouts = self.env["retail.legacy.layout"]
        return layouts._take(backend or self.backend, "Tills", layout or file_layout())

    def _setting(self, name="ticket_layout"):
        return self.backend.setting_ids.filtered(lambda row: row.name == name).value

    def _by_hand(self):
        """Declare a layout that nobody has seen before as a person does it, field by field."""
        layout = self.env["retail.legacy.layout"].create(
            {
                "name": "Old tills",
                "backend_id": self.backend.id,
                "tz": "Europe/Berlin",
                "decimal_sign": "comma",
                "thousands": "point",
                "delimiter": ";",
                "encoding": "cp1252",
                "settle": 0,
            }
        )
        rules = {
            "header": [
                {"target": "external_id", "column_names": "FILIALE, KASSE, BONNR", "joiner": "-"},
                {"target": "store_external_id", "column_names": "FILIALE"},
                {"target": "register_external_id", "column_names": "KASSE"},
                {"target": "sold_at", "column_names": "DATUM, ZEIT", "joiner": " ",
                 "formats": "%d.%m.%Y %H:%M"},
                {"target": "sign", "column_names": "ART", "lookup": "V = 1\nR = -1"},
                {"target": "currency", "constant": "EUR"},
                {"target": "taxes_included", "constant": "yes"},
            ],
            "lines": [
                {"target": "sku", "column_names": "ARTIKEL"},
                {"target": "quantity", "column_names": "MENGE"},
                {"target": "unit_price", "column_names": "PREIS"},
                {"target": "tax.rate", "column_names": "MWST", "percent": True},
            ],
        }  # fmt: skip
        for part in layout.part_ids:
            part.rule_ids.unlink()
            part.rule_ids = [Command.create(values) for values in rules.get(part.name, ())]
        header = layout.part_ids.filtered(lambda part: part.name == "header")
        header.write({"key_columns": "FILIALE,KASSE,BONNR", "pattern": "bons*.csv"})
        layout.part_ids.filtered(lambda part: part.name == "tenders").unlink()
        layout.part_ids = [
            Command.create(
                {
                    "name": "tenders",
                    "of_header": True,
                    "rule_ids": [
                        Command.create({"target": "method", "constant": kind}),
                        Command.create({"target": "kind", "constant": kind}),
                        Command.create({"target": "amount", "column_names": column}),
                    ],
                }
            )
            for kind, column in (("cash", "BAR"), ("card", "KARTE"))
        ]
        return layout

    # Declaring

    def test_a_new_layout_begins_with_what_it_cannot_do_without(self):
        layout = self.env["retail.legacy.layout"].create(
            {"name": "New", "backend_id": self.backend.id}
        )
        self.assertEqual(layout.part_ids.mapped("name"), ["header", "lines", "tenders"])
        self.assertIn("external_id", layout.part_ids[0].rule_ids.mapped("target"))
        self.assertIn("*", layout.problems)
        with self.assertRaises(UserError):
            layout.action_use()

    def test_an_unseen_export_comes_right_by_declaration_only(self):
        (self.root / "bons1.csv").write_text(ROWS)
        self.addCleanup((self.root / "bons1.csv").unlink)
        layout = self._by_hand()
        self.assertFalse(layout.problems)
        preview = self.env["retail.legacy.preview"].browse(layout.action_preview()["res_id"])
        self.assertEqual(preview.line_ids.mapped("state"), ["good", "good"])
        self.assertIn('"external_id": "12-2-1001"', preview.line_ids[0].shown)
        self.assertIn('"total": "2100"', preview.line_ids[0].shown)
        self.assertIn('"sold_at": "2026-05-04T07:58:00Z"', preview.line_ids[0].shown)
        self.assertIn('"total": "-3.5"', preview.line_ids[1].shown)
        self.assertIn("BONNR", preview.line_ids[0].raw)
        self.assertTrue((self.root / "bons1.csv").exists())
        layout.action_columns()
        self.assertIn("FILIALE", layout.known_columns)

    def test_a_preview_shows_what_does_not_tie_and_what_cannot_be_read(self):
        (self.root / "sales_1.csv").write_text(csv_text((1, "10"), (2, "10", "9"), (3, "x")))
        self.addCleanup((self.root / "sales_1.csv").unlink)
        preview = self.env["retail.legacy.preview"].browse(self._take().action_preview()["res_id"])
        self.assertEqual(preview.line_ids.mapped("state"), ["good", "different", "bad"])
        self.assertEqual((preview.good_count, preview.bad_count), (1, 2))
        self.assertIn("10", preview.line_ids[1].errors)
        self.assertIn("total", preview.line_ids[2].errors)

    def test_a_preview_of_nothing_says_why(self):
        with self.assertRaisesRegex(UserError, "sales_"):
            self._take().action_preview()

    def test_a_declaration_survives_the_form(self):
        tables = self._backend("legacy_sql")
        for layout, backend in ((file_layout(), self.backend), (table_layout(), tables)):
            made = self._take(layout, backend)
            found = made._layout()
            self.assertEqual(found.parts, layout.parts)
            self.assertEqual((found.files, found.tables), (layout.files, layout.tables))
            self.assertNotEqual(found.key, layout.key)

    def test_lookups_and_formats_are_told_line_by_line(self):
        layout = self._by_hand()
        rule = layout.part_ids[0].rule_ids[0]
        rule.write({"lookup": "B = cash\n* = other\n\n=x", "formats": "%Y | iso"})
        declared = rule._declared()
        self.assertEqual(declared["lookup"], (("B", "cash"), ("*", "other"), ("", "x")))
        self.assertEqual(declared["formats"], ("%Y", "iso"))

    # Using

    def test_the_set_up_leads_to_the_layout(self):
        def steps():
            return {step["code"]: step["done"] for step in self.backend.setup_steps}

        self.assertIs(steps()["layout"], False)
        action = self.backend.action_open_layouts()
        self.assertEqual(action["res_model"], "retail.legacy.layout")
        self._take().action_use()
        self.assertIs(steps()["layout"], True)

    def test_what_is_in_use_is_the_setting(self):
        layout = self._take()
        self.assertEqual(layout.use, "no")
        layout.action_use()
        self.assertEqual(layout_of(self._setting()), layout._layout())
        self.assertEqual(layout.use, "yes")
        layout.decimal_sign = "comma"
        self.assertEqual(layout.use, "changed")
        self.assertNotEqual(layout_of(self._setting()), layout._layout())

    def test_day_reports_have_a_layout_of_their_own(self):
        layout = self.env["retail.legacy.layout"].create(
            {"name": "Z", "backend_id": self.backend.id, "kind": "pos_closing"}
        )
        self.assertIn("closed_at", layout.part_ids[0].rule_ids.mapped("target"))
        for part in layout.part_ids:
            part.rule_ids.constant = "1"
            part.pattern = "z_*.csv"
        layout.part_ids.filtered(lambda part: part.name == "lines").unlink()
        layout.part_ids.rule_ids.filtered(
            lambda r: r.target == "business_date"
        ).constant = "2026-05-04"
        layout.part_ids.rule_ids.filtered(
            lambda r: r.target == "closed_at"
        ).constant = "2026-05-04 20:00:00"
        layout.part_ids[0].key_columns = "day"
        layout.action_use()
        self.assertFalse(self._setting())
        self.assertEqual(layout_of(self._setting("closing_layout")).kind, "pos_closing")

    def test_a_second_person_approves_where_the_backend_says_so(self):
        self.backend.write({"config_policy": "approve", "state": "running"})
        layout = self._take().with_user(self.administrator)
        with self.assertRaises(UserError):
            layout.action_use()
        layout.reason = "New tills"
        layout.action_use()
        self.assertFalse(self._setting())
        change = self.backend.config_change_ids
        self.assertEqual((change.state, change.reason), ("proposed", "New tills"))

    def test_other_tables_are_read_from_their_beginning(self):
        backend = self._backend("legacy_sql")
        flow = backend.flow_ids.filtered(lambda flow: flow.kind == "pos_ticket")
        layout = self._take(table_layout(), backend)
        layout.action_use()
        flow.position = "there"
        layout.tz = "Europe/Paris"
        layout.action_use()
        self.assertEqual(flow.position, "there")
        layout.part_ids.filtered(lambda part: part.name == "header").table_name = "other"
        layout.action_use()
        self.assertFalse(flow.position)

    def test_a_system_that_is_not_read_takes_no_layout(self):
        backend = self._backend("canonical")
        layout = self._take(file_layout(), backend)
        self.assertTrue(layout.problems)
        with self.assertRaises(UserError):
            layout.action_use()

    # Carrying

    def test_a_layout_is_carried_as_a_file(self):
        layout = self._by_hand()
        url = layout.action_export()["url"]
        wizard = self.env["retail.legacy.export"].search([], order="id desc", limit=1)
        self.assertIn(f"/{wizard.id}/", url)
        taken = self.env["retail.legacy.import"].create(
            {"backend_id": self.backend.id, "file": wizard.file, "file_name": "Old.layout.json"}
        )
        made = self.env["retail.legacy.layout"].browse(taken.action_import()["res_id"])
        self.assertEqual(made.name, "Old")
        self.assertEqual(made._layout().parts, layout._layout().parts)
        self.assertEqual(made.use, "no")

    def test_what_is_no_layout_is_refused(self):
        for content in (b"", b"{}", b"\xff", b"[" * 100_000):
            wizard = self.env["retail.legacy.import"].create(
                {"backend_id": self.backend.id, "file": base64.b64encode(content) or b"IA=="}
            )
            with self.assertRaises(UserError):
                wizard.action_import()

    # Who may

    def test_an_operator_sees_and_does_nothing(self):
        layout = self._take().with_user(self.operator)
        self.assertEqual(layout.name, "Tills")
        self.assertFalse(layout.problems)
        for call in (
            layout.action_use,
            layout.action_preview,
            layout.action_columns,
            lambda: layout.write({"name": "x"}),
            lambda: layout.part_ids[0].write({"select_text": "SELECT 1"}),
            lambda: layout.part_ids[0].rule_ids[0].write({"constant": "x"}),
            lambda: layout.copy(),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_an_administrator_needs_nothing_else(self):
        (self.root / "sales_1.csv").write_text(csv_text((1, "10")))
        self.addCleanup((self.root / "sales_1.csv").unlink)
        layout = self._take().with_user(self.administrator)
        layout.action_preview()
        layout.action_columns()
        layout.action_use()
        layout.action_export()
        self.assertEqual(layout.use, "yes")

    def test_companies_do_not_see_one_another(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = create_user(self.env, "administrator", "legacy-stranger", other)
        layout = self._take()
        for records in (layout, layout.part_ids[0], layout.part_ids[0].rule_ids[0]):
            with self.assertRaises(AccessError):
                records.with_user(stranger).read(["display_name"])
