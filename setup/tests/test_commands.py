"""How setup/test and setup/pot read what they are given."""

import pytest
from commands import load

from environment.paths import ROOT


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        ([], []),
        (["-x", "--durations=5"], []),
        (["-k", "setup"], []),
        (["setup/tests", "-k", "x"], ["setup/tests"]),
        (["setup/tests/test_commands.py::test_x"], ["setup/tests/test_commands.py::test_x"]),
    ],
)
def test_paths_are_told_from_options(arguments, paths, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert load("test").given_paths(arguments) == paths


def test_everything_has_the_addons_and_our_own_tests():
    paths = load("test").every_path()
    assert str(ROOT / "retail_connector_base") in paths
    assert str(ROOT / "setup" / "tests") in paths


def template(moment: str, *terms: str) -> str:
    """Return what Odoo exports at ``moment``."""
    return f'"POT-Creation-Date: {moment}"\n' + "".join(f"#. module: x\n{term}" for term in terms)


def test_the_moment_of_an_export_is_no_change():
    lasting = load("pot").lasting
    assert lasting(template("1", "Order")) == lasting(template("2", "Order"))
    assert lasting(template("1", "Order")) != lasting(template("1", "Orders"))


def test_a_template_without_terms_is_no_template():
    assert load("pot").lasting(template("1")) == []
