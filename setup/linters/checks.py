"""Each linter's command line, with and without repairing what it can."""

import subprocess
from collections.abc import Callable, Sequence

from environment import say
from environment.paths import ROOT, VENV, addons

from . import docs, files, matrix, node, openapi, readme

Check = Callable[[bool], bool]


def ruff(fix: bool) -> bool:
    """Python: likely bugs, style and order of imports."""
    return _run(VENV / "bin" / "ruff", "check", "--quiet", *(["--fix"] if fix else []))


def format_(fix: bool) -> bool:
    """Python: layout."""
    return _run(VENV / "bin" / "ruff", "format", "--quiet", *([] if fix else ["--check", "--diff"]))


def pylint(fix: bool) -> bool:
    """Odoo's own conventions in Python."""
    return _run(VENV / "bin" / "pylint", "--rcfile=.pylintrc", *addons())


def module(fix: bool) -> bool:
    """Odoo's conventions in manifests, XML and CSV."""
    program = VENV / "bin" / "oca-checks-odoo-module"
    return _run(program, *(["--fix"] if fix else []), *addons())


def po(fix: bool) -> bool:
    """Translations and their templates."""
    program = VENV / "bin" / "oca-checks-po"
    return _over(files.in_addons(".po", ".pot"), program, *(["--fix"] if fix else []))


def prettier(fix: bool) -> bool:
    """Layout of XML, JavaScript and style sheets."""
    program = node.program("prettier")
    action = "--write" if fix else "--check"
    names = files.in_addons(".xml", ".js", ".mjs", ".css", ".scss")
    return _over(names, program, "--log-level=warn", action)


def readmes(fix: bool) -> bool:
    """README files match their fragments."""
    outdated = readme.check(fix)
    for message in outdated:
        say(message)
    return not outdated


def matrix_(fix: bool) -> bool:
    """The README's table of capabilities matches the providers."""
    current = matrix.check(fix)
    if not current:
        say("README.md: the table of capabilities is out of date: run setup/lint --fix matrix")
    return current


def openapi_(fix: bool) -> bool:
    """The API's description matches the models."""
    outdated = openapi.check(fix)
    for message in outdated:
        say(message)
    return not outdated


def docs_(fix: bool) -> bool:
    """The tables for channel developers match the code."""
    current = docs.check(fix)
    if not current:
        say("docs/channel-developers.md is out of date: run setup/lint --fix docs")
    return current


CHECKS: dict[str, Check] = {
    "ruff": ruff,
    "format": format_,
    "pylint": pylint,
    "module": module,
    "po": po,
    "prettier": prettier,
    "readme": readmes,
    "matrix": matrix_,
    "openapi": openapi_,
    "docs": docs_,
}


def _over(names: Sequence[str], *command: object) -> bool:
    """Run a command over ``names``, unless there are none."""
    return not names or _run(*command, *names)


def _run(*command: object) -> bool:
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode == 0
