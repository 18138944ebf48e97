"""What a template database is keyed by."""

from pathlib import Path

import pytest

from environment import paths, stamps, templates


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """Two addons of ours, of which the second depends on the first."""
    for name, depends in (("one", ["sale"]), ("two", ["one", "stock"])):
        (tmp_path / name / "models").mkdir(parents=True)
        (tmp_path / name / "__manifest__.py").write_text(repr({"name": name, "depends": depends}))
    monkeypatch.setattr(templates, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    return tmp_path


def key(*modules: str) -> str:
    return stamps.digest(templates._contents(modules))


def test_ours_come_after_what_they_depend_on(checkout):
    assert templates._with_dependencies(["two"]) == ["one", "two"]


def test_upstream_modules_are_those_that_ours_name(checkout):
    assert templates._foreign(["one", "two"], ["two"]) == ["sale", "stock"]


def test_upstream_modules_can_be_asked_for_alone(checkout):
    assert templates._with_dependencies(["mail"]) == []
    assert templates._foreign([], ["mail"]) == ["mail"]


@pytest.mark.parametrize("name", ["models/order.py", "views/order.xml", "data/neutralize.sql"])
def test_code_and_data_change_the_key(checkout, name):
    before = key("one")
    path = checkout / "one" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("new")
    assert key("one") != before


@pytest.mark.parametrize("name", ["tests/test_order.py", "static/src/a.xml", "README.md"])
def test_what_never_reaches_the_database_does_not(checkout, name):
    before = key("one")
    path = checkout / "one" / name
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text("new")
    assert key("one") == before


def test_another_addon_does_not(checkout):
    before = key("one")
    (checkout / "two" / "models" / "order.py").write_text("new")
    assert key("one") == before


def test_each_server_has_templates_of_its_own(monkeypatch):
    monkeypatch.setenv("PGHOST", "/one/run")
    one = templates.server_key()
    assert one == templates.server_key()
    monkeypatch.setenv("PGHOST", "/other/run")
    assert one != templates.server_key()
