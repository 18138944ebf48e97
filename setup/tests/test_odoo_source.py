"""Which Odoo is taken, and what is said about one that cannot be used."""

from pathlib import Path

import pytest

from environment import Failure, debian, odoo_source


def odoo(folder: Path, version: str = "19.0") -> Path:
    """Make something that looks like an Odoo of ``version``."""
    (folder / "odoo").mkdir(parents=True)
    (folder / "odoo" / "release.py").write_text(f"version = {version!r}\n")
    return folder


def test_a_given_source_wins(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_SOURCE", str(odoo(tmp_path)))
    assert odoo_source.obtain().python_path == tmp_path


def test_a_checkout_brings_its_outer_addons(tmp_path):
    (odoo(tmp_path) / "addons" / "web").mkdir(parents=True)
    assert odoo_source.from_directory(tmp_path).addons_paths == (tmp_path / "addons",)


def test_another_version_is_refused(tmp_path):
    with pytest.raises(Failure, match="Odoo 18.0; Odoo 19.0 is needed"):
        odoo_source.from_directory(odoo(tmp_path, "18.0"))


def test_a_folder_without_odoo_is_refused(tmp_path):
    with pytest.raises(Failure, match="there is no Odoo in"):
        odoo_source.from_directory(tmp_path)


def test_the_key_changes_with_the_commit_of_a_checkout(tmp_path):
    odoo(tmp_path)
    log = tmp_path / ".git" / "logs" / "HEAD"
    log.parent.mkdir(parents=True)
    log.write_text("0000 aaaa me\n")
    before = odoo_source.from_directory(tmp_path).key
    log.write_text("0000 aaaa me\naaaa bbbb me\n")
    assert odoo_source.from_directory(tmp_path).key != before


def test_without_debian_upstream_is_cloned(tmp_path, monkeypatch):
    monkeypatch.delenv("ODOO_SOURCE", raising=False)
    monkeypatch.setattr(debian, "available", lambda: False)
    monkeypatch.setattr(odoo_source, "DEV", tmp_path)
    commands = []

    def clone(command, **options):
        commands.append(command)
        odoo(tmp_path / "odoo" / "git") if "clone" in command else None

    monkeypatch.setattr(odoo_source, "run", clone)
    monkeypatch.setenv("ODOO_GIT", "https://git.example/odoo")
    assert odoo_source.obtain().version.startswith("19.0")
    assert "https://git.example/odoo" in commands[-1]


def test_a_failing_clone_tells_what_else_can_be_done(tmp_path, monkeypatch):
    monkeypatch.setattr(odoo_source, "DEV", tmp_path)

    def fail(command, **options):
        if "clone" in command:
            raise Failure("no answer")

    monkeypatch.setattr(odoo_source, "run", fail)
    with pytest.raises(Failure, match="Set ODOO_SOURCE"):
        odoo_source._from_git("https://git.example/odoo")


def test_a_given_mirror_wins(monkeypatch):
    monkeypatch.setenv("DEBIAN_MIRROR", "https://mirror.example/debian")
    assert debian.mirror() == "https://mirror.example/debian"


def test_a_complete_download_is_not_repeated(tmp_path, monkeypatch):
    monkeypatch.setattr(debian, "DEV", tmp_path)
    (tmp_path / "debs").mkdir()
    for name in debian.PACKAGES:
        (tmp_path / "debs" / f"{name}_1_all.deb").touch()
    assert len(debian.fetch()) == len(debian.PACKAGES)
