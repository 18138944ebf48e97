"""The server of the environment: it fails with its log, and ports are really free."""

import socket

import pytest

from environment import Failure, configuration, server
from environment.odoo_source import OdooSource


@pytest.fixture
def odoo(tmp_path, monkeypatch) -> server.Server:
    """A server whose program complains and ends."""
    program = tmp_path / "bin" / "odoo"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho database is missing\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(server, "VENV", tmp_path)
    monkeypatch.setattr(server, "LOGS", tmp_path)
    monkeypatch.setattr(configuration, "RUN", tmp_path)
    return server.Server(OdooSource(tmp_path, (), "19.0"), "shop", workers=3, channels="root:1")


def test_a_server_that_ends_shows_its_log(odoo):
    with pytest.raises(Failure, match="database is missing"):
        odoo.start()


def test_the_configuration_has_workers_and_channels(odoo):
    written = odoo.configuration.read_text()
    assert "workers = 3" in written
    assert "channels = root:1" in written
    assert "db_name = shop" in written


def test_a_free_port_can_be_listened_on():
    with socket.create_server(("127.0.0.1", server.free_port())):
        pass
