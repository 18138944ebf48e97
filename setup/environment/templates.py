"""Template databases: modules are installed once for every state of the code, then copied.

Two layers: one of upstream's modules only, which lasts for as long as Odoo and queue_job stay the
same, and on top of it one of ours, so that a change of ours costs seconds.
"""

import ast
import os
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from . import configuration, databases, stamps
from .console import Failure, step
from .locks import exclusive
from .odoo_source import OdooSource
from .paths import ROOT, VENV, addons
from .process import run

PREFIX = "rc_template_"
KEPT = 6

# These never reach the database. Everything else may: fields and selections come from Python.
UNINFLUENTIAL = {"tests", "static", "readme", "i18n", "__pycache__"}
INFLUENTIAL = {".py", ".xml", ".csv", ".sql", ".json"}


def create(name: str, modules: Sequence[str], source: OdooSource) -> None:
    """Create the database ``name`` with ``modules`` (and what they depend on) installed."""
    with exclusive("templates"):
        template = _ours(modules, source)
        databases.require_ours(name)
        databases.drop(name)
        databases.copy(template, name)


def prepare(modules: Sequence[str], source: OdooSource) -> str:
    """Build the template of ``modules`` unless there is one; return its name."""
    with exclusive("templates"):
        return _ours(modules, source)


def adopt(template: str) -> None:
    """Make the templates of another server usable that this one is a copy of.

    ``template`` is one of them.
    """
    theirs, own = template.rpartition("_")[2], server_key()
    with exclusive("templates"):
        for name in databases.existing(PREFIX):
            if name.endswith(theirs):
                databases.rename(name, f"{name.removesuffix(theirs)}{own}", keep_files=True)


def server_key() -> str:
    """Return how the templates of the server in use end.

    Files are kept apart by the name of their database, which two servers must not share.
    """
    return stamps.digest([f"{os.environ.get('PGHOST')}:{os.environ.get('PGPORT')}"])[:6]


def _ours(modules: Sequence[str], source: OdooSource) -> str:
    own = _with_dependencies(modules)
    foreign = _foreign(own, modules)
    upstream = stamps.digest([source.key, version("odoo-addon-queue_job"), *foreign])
    base = _build("base", upstream, foreign, source, configuration.UPSTREAM_WIDE)
    if not own:
        return base
    key = stamps.digest([upstream, *own, *_contents(own)])
    return _build("ours", key, own, source, configuration.server_wide_modules(), start_from=base)


def _build(
    layer: str,
    key: str,
    modules: Sequence[str],
    source: OdooSource,
    server_wide: Sequence[str],
    start_from: str = "",
) -> str:
    """Install ``modules`` into a layer's template unless it exists already; return its name."""
    name = f"{PREFIX}{layer}_{key}_{server_key()}"
    if databases.exists(name):
        return name
    unfinished = f"{PREFIX}unfinished_{os.getpid()}"
    databases.drop(unfinished)
    databases.claim(unfinished)
    with step(f"installing {', '.join(modules)} (once per change)"):
        if start_from:
            databases.copy(start_from, unfinished)
        _install(unfinished, modules, source, server_wide)
    databases.rename(unfinished, name)
    databases.disown(unfinished)
    databases.execute("ALTER DATABASE {} ALLOW_CONNECTIONS false IS_TEMPLATE true", name)
    _drop_old(layer)
    return name


def _install(
    database: str, modules: Sequence[str], source: OdooSource, server_wide: Sequence[str]
) -> None:
    path = configuration.write("template", source, server_wide=server_wide)
    odoo = [VENV / "bin" / "odoo", "-c", path, "-d", database, "--no-http", "--stop-after-init"]
    run([*odoo, "-i", ",".join(modules)], log=f"install-{modules[-1]}.log")
    missing = set(modules) - _installed(database)
    if missing:
        raise Failure(f"Odoo did not install {', '.join(sorted(missing))}")


def _installed(database: str) -> set[str]:
    with databases.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT name FROM ir_module_module WHERE state = 'installed'")
        return {name for (name,) in cursor.fetchall()}


def _drop_old(layer: str) -> None:
    """Keep the templates of a layer that were used last."""
    with databases.connect() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC",
            [f"{PREFIX}{layer}_"],
        )
        for (name,) in cursor.fetchall()[KEPT:]:
            databases.drop(name)


def _manifest(module: str) -> dict[str, list[str]]:
    return ast.literal_eval((ROOT / module / "__manifest__.py").read_text())


def _with_dependencies(modules: Sequence[str]) -> list[str]:
    """Return those of ``modules`` that are ours, after those of ours that they depend on."""
    found: dict[str, None] = {}
    for module in modules:
        if module in addons():
            found.update(dict.fromkeys(_with_dependencies(_manifest(module)["depends"])))
            found[module] = None
    return list(found)


def _foreign(own: Sequence[str], modules: Sequence[str]) -> list[str]:
    """Return the upstream modules among ``modules`` and among the dependencies of ``own``."""
    wanted = {*modules, *(name for module in own for name in _manifest(module)["depends"])}
    return sorted(wanted - set(own)) or ["base"]


def _contents(modules: Sequence[str]) -> Iterator[str | bytes]:
    """Yield the name and content of every file that can influence the database."""
    for module in modules:
        for path in sorted(_influential(ROOT / module)):
            yield str(path.relative_to(ROOT))
            yield path.read_bytes()


def _influential(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).parts
        if path.suffix in INFLUENTIAL and not UNINFLUENTIAL.intersection(inside[:-1]):
            yield path
