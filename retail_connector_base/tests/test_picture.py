from odoo.tests import BaseCase, tagged

from ..providers import ConfigurationError
from ..providers.picture import fetch_picture, picture_type


@tagged("post_install", "-at_install")
class TestPicture(BaseCase):
    def test_a_picture_is_known_by_its_bytes(self):
        cases = {
            b"\x89PNG\r\n\x1a\n....": "image/png",
            b"\xff\xd8\xff\xe0....": "image/jpeg",
            b"GIF89a....": "image/gif",
            b"RIFF\x00\x00\x00\x00WEBPVP8 ": "image/webp",
        }
        for content, mimetype in cases.items():
            self.assertEqual(picture_type(content), mimetype)

    def test_programs_and_pages_are_no_pictures(self):
        for content in (b"<svg onload='x'>", b"<html>", b"RIFF\x00\x00\x00\x00WAVE", b"", b"%PDF-"):
            self.assertIsNone(picture_type(content))

    def test_only_https_leads_to_a_picture(self):
        for url in ("http://pim.example/1.png", "file:///etc/passwd", "ftp://x/1.png", "1.png"):
            with self.subTest(url=url), self.assertRaises(ConfigurationError):
                fetch_picture(url)

    def test_an_address_within_our_network_is_not_asked(self):
        for url in ("https://127.0.0.1/1.png", "https://[::1]/1.png", "https://169.254.169.254/x"):
            with self.subTest(url=url), self.assertRaises(ConfigurationError):
                fetch_picture(url)
