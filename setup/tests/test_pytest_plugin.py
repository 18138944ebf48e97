"""A test that wants a browser and finds none has failed; other skips stay skips."""

import pytest

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("Chrome executable not found", "failed"),
        ("Failed to detect chrome devtools port after 10.0s.", "failed"),
        ("needs a contract", "skipped"),
    ],
)
def test_only_a_missing_browser_fails(pytester, words, outcome):
    pytester.makepyfile(f"""
        import unittest

        class TestPage(unittest.TestCase):
            def test_page(self):
                raise unittest.SkipTest({words!r})
    """)
    plugins = ["-p", "no:odoo", "-p", "environment.pytest_plugin"]
    result = pytester.runpytest_subprocess(*plugins)
    result.assert_outcomes(**{outcome: 1})
