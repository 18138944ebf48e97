import ast
import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

ROOT = Path(__file__).parents[2]
ADDONS = sorted(path.parent for path in ROOT.glob("retail_connector_*/__manifest__.py"))
OURS = re.compile(r"odoo\.addons\.retail_connector_\w+\.(canonical|providers|decisions)(\.|$)")
# A vendor's name within a longer name counts; an icon that is called so does not.
WORD = r"(?<![a-z0-9])%s(?![a-z0-9])"
ICON = re.compile(r"fa-[a-z-]+")
NETWORK = {"requests", "urllib3", "httpx", "http.client", "urllib.request"}


def files_of(layer):
    """Yield the Python files of a layer, over all addons."""
    for addon in ADDONS:
        yield from sorted((addon / layer).rglob("*.py"))


def imports_of(path):
    """Yield the modules that a file imports, relative ones left out."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module


def vendors():
    """Return the names of the vendors: the files and folders below ``providers/`` of domains."""
    return {
        path.stem
        for addon in ADDONS
        if addon.name != "retail_connector_base"
        for path in (addon / "providers").glob("*")
        if not path.name.startswith("__")
    }


@tagged("post_install", "-at_install")
class TestLayers(BaseCase):
    """What each layer may import (``architecture.md``)."""

    def _assert_imports(self, layer, allowed):
        seen = 0
        for path in files_of(layer):
            seen += 1
            for module in imports_of(path):
                self.assertTrue(allowed(module), f"{path.relative_to(ROOT)} imports {module}")
        self.assertTrue(seen, f"no file in {layer}/")

    def _is_odoo_api(self, module):
        return module.split(".")[0] == "odoo" and not OURS.match(f"{module}.")

    def test_canonical_messages_know_neither_odoo_nor_the_network(self):
        self._assert_imports("canonical", lambda m: not self._is_odoo_api(m) and m not in NETWORK)

    def test_decisions_know_neither_odoo_nor_the_network(self):
        self._assert_imports("decisions", lambda m: not self._is_odoo_api(m) and m not in NETWORK)

    def test_providers_do_not_know_odoo(self):
        self._assert_imports("providers", lambda m: not self._is_odoo_api(m))

    def test_models_and_controllers_do_not_know_the_network(self):
        for layer in ("models", "wizards", "controllers"):
            for path in files_of(layer):
                found = NETWORK & set(imports_of(path))
                self.assertFalse(found, f"{path.relative_to(ROOT)} imports {found}")

    def test_domains_do_not_depend_on_one_another(self):
        for addon in ADDONS:
            for path in addon.rglob("*.py"):
                for module in imports_of(path):
                    match = re.match(r"odoo\.addons\.(retail_connector_\w+)", module)
                    if match and path.parts[-2] != "tests":
                        self.assertIn(match[1], (addon.name, "retail_connector_base"), path)

    def test_a_vendors_name_stands_in_its_own_file_only(self):
        names = vendors()
        self.assertTrue(names)
        for addon in ADDONS:
            for path in [*addon.rglob("*.py"), *addon.rglob("*.xml"), *addon.rglob("*.js")]:
                parts = path.relative_to(addon).parts
                if {"tests", "providers", "demo"} & set(parts):
                    continue
                text = ICON.sub("", path.read_text().lower())
                found = [name for name in names if re.search(WORD % re.escape(name), text)]
                self.assertFalse(found, f"{path.relative_to(ROOT)} names {found}")

    def test_jobs_are_enqueued_in_one_place(self):
        for addon in ADDONS:
            for path in addon.rglob("*.py"):
                if path.name != "retail_job_mixin.py" and "tests" not in path.parts:
                    self.assertNotIn(".with_delay(", path.read_text(), path)
