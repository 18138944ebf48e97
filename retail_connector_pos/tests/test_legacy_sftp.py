import io
import logging
import shutil
import tempfile
from pathlib import Path

import paramiko

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConfigurationError,
    TransientError,
)
from odoo.addons.retail_connector_base.tests.sftp_server import PASSWORD, USER, SftpServer

from .legacy_folder import LegacyFolder
from .legacy_kit import csv_text, file_layout, file_provider


@tagged("post_install", "-at_install")
class TestLegacySftp(LegacyFolder, BaseCase):
    """A real SFTP server: claims are renames there, too."""

    secrets = {"password": (PASSWORD,)}
    race_files = 20

    def open_folder(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        (self.root / "drop").mkdir()
        self.server = SftpServer(self.root)
        self.addCleanup(self.server.stop)
        self.url = f"sftp://{USER}@127.0.0.1:{self.server.port}/drop"
        self.settings = {"host_key": self.server.public_key}
        logger = logging.getLogger("paramiko.transport")
        level = logger.level
        logger.setLevel(logging.CRITICAL)
        self.addCleanup(logger.setLevel, level)

    def drop(self, name, content):
        data = content.encode() if isinstance(content, str) else content
        (self.root / "drop" / name).write_bytes(data)

    def names(self):
        base = self.root / "drop"
        return sorted(str(p.relative_to(base)) for p in base.rglob("*") if p.is_file())

    def test_a_server_with_another_key_gets_no_password(self):
        other = paramiko.ECDSAKey.generate()
        for key in (f"{other.get_name()} {other.get_base64()}", f"host {other.get_name()} AAAA"):
            with self.assertRaises(ConfigurationError):
                self.provider(host_key=key).test_connection()

    def test_a_wrong_password_is_an_error_of_its_own(self):
        self.secrets = {"password": ("wrong",)}
        with self.assertRaises(AuthenticationError) as caught:
            self.provider().test_connection()
        self.assertNotIn("wrong", str(caught.exception))

    def test_a_private_key_serves_as_well(self):
        text = io.StringIO()
        self.server.user_key.write_private_key(text)
        self.secrets = {"private_key": (text.getvalue(),)}
        self.drop("sales_1.csv", csv_text((1, "10")))
        self.assertEqual(len(self.fetched()), 1)

    def test_a_key_that_cannot_be_read_is_named(self):
        self.secrets = {"private_key": ("nonsense",)}
        with self.assertRaisesRegex(ConfigurationError, "private key"):
            self.provider().test_connection()

    def test_a_server_that_is_down_is_tried_again(self):
        self.server.stop()
        with self.assertRaises(TransientError):
            self.provider().test_connection()

    def test_a_missing_folder_is_named(self):
        provider = file_provider(
            self.url + "/none", file_layout(), secrets=self.secrets, **self.settings
        )
        with self.assertRaises(ConfigurationError):
            provider.test_connection()
