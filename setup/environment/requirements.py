"""What to install beside Odoo: Odoo's own requirements in current releases, and ours."""

import re
from pathlib import Path

from .odoo_source import OdooSource
from .paths import ROOT

# None: needs system libraries, or another system, for something that we do not use.
# PyPDF2 3 breaks the installation of sale_pdf_quote_builder, where pypdf works.
# Odoo 19.0 imports names that werkzeug 3.1 removed.
REPLACED: dict[str, str | None] = {
    "psycopg2": "psycopg2-binary",
    "pypdf2": "pypdf",
    "werkzeug": "werkzeug<3.1",
    "python-ldap": None,
    "pypiwin32": None,
}

# Without its dependencies: it requires `odoo`, which is not on PyPI in this version.
QUEUE_JOB = "odoo-addon-queue-job==19.0.*"

OURS = ("requirements.txt", "requirements-dev.txt")


def odoo_requirements(source: OdooSource) -> list[str]:
    """Return Odoo's requirements by name, in current releases, with our replacements."""
    names = sorted({name.lower() for name in _declared(source.python_path)})
    replaced = (REPLACED.get(name, name) for name in names)
    return [requirement for requirement in replaced if requirement]


def _declared(path: Path) -> list[str]:
    """Read the names from an installation's metadata, else from a checkout's requirements."""
    metadata = [*path.glob("odoo-*.egg-info/PKG-INFO"), *path.glob("odoo-*.dist-info/METADATA")]
    if metadata:
        lines = metadata[0].read_text().splitlines()
        return [_name(line[15:]) for line in lines if _is_required(line)]
    lines = (path / "requirements.txt").read_text().splitlines()
    return [_name(line) for line in lines if re.match(r"\w", line)]


def _is_required(line: str) -> bool:
    return line.startswith("Requires-Dist: ") and "extra ==" not in line


def _name(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement.strip(), maxsplit=1)[0]


def our_requirements() -> list[str]:
    """Return the lines of our own requirements files."""
    lines = (line for name in OURS for line in (ROOT / name).read_text().splitlines())
    return [line for line in lines if line and not line.startswith("#")]
