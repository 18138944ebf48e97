"""What is installed beside Odoo."""

import pytest

from environment import requirements
from environment.odoo_source import OdooSource


@pytest.fixture
def source(tmp_path) -> OdooSource:
    return OdooSource(tmp_path, (), "19.0")


def test_an_installation_names_them_in_its_metadata(source):
    metadata = source.python_path / "odoo-19.0.egg-info" / "PKG-INFO"
    metadata.parent.mkdir()
    metadata.write_text(
        "Requires-Dist: Jinja2\n"
        "Requires-Dist: psycopg2>=2.2\n"
        "Requires-Dist: PyPDF2\n"
        'Requires-Dist: python-ldap; extra == "ldap"\n'
    )
    assert requirements.odoo_requirements(source) == ["jinja2", "psycopg2-binary", "pypdf"]


def test_a_checkout_names_them_with_old_versions(source):
    (source.python_path / "requirements.txt").write_text(
        "# comment\n"
        "lxml==4.8.0 ; python_version <= '3.10'\n"
        "lxml==5.2.1 ; python_version >= '3.12'\n"
        "python-ldap==3.4.0 ; sys_platform != 'win32'\n"
        "Werkzeug==2.0.2\n"
    )
    assert requirements.odoo_requirements(source) == ["lxml", "werkzeug<3.1"]


def test_run_time_requirements_are_those_of_the_manifests():
    import ast

    from environment.paths import ROOT, addons

    declared = set()
    for addon in addons():
        manifest = ast.literal_eval((ROOT / addon / "__manifest__.py").read_text())
        declared.update(manifest.get("external_dependencies", {}).get("python", []))
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    listed = {requirements._name(line) for line in lines if not line.startswith("#")}
    assert declared == listed
