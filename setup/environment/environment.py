"""What a command gets: Odoo, PostgreSQL, databases and servers, ready to use."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from . import bootstrap, browser, contracts, secret
from .odoo_source import OdooSource
from .paths import VENV, addons
from .server import Server


@dataclass(frozen=True)
class Environment:
    """A built environment with a running PostgreSQL."""

    source: OdooSource

    def create_database(self, name: str, modules: Sequence[str] = ()) -> None:
        """Create ``name`` anew, with ``modules`` installed (default: all of ours)."""
        from . import templates

        templates.create(name, modules or addons(), self.source)

    def prepare_template(self, modules: Sequence[str] = ()) -> str:
        """Install ``modules`` (default: all of ours) where databases are copied from."""
        from . import templates

        return templates.prepare(modules or addons(), self.source)

    @contextmanager
    def database(
        self, name: str = "", modules: Sequence[str] = (), *, keep: bool = False
    ) -> Iterator[str]:
        """Lend a database with ``modules`` installed, dropped afterwards unless ``keep``.

        The name defaults to ``RETAIL_DB``, else to one of this process's own.
        """
        from . import databases

        name = name or os.environ.get("RETAIL_DB") or f"rc_{os.getpid()}"
        databases.drop_abandoned()
        databases.require_ours(name)
        if not keep:
            databases.claim(name)
        try:
            self.create_database(name, modules)
            yield name
        finally:
            if not keep:
                databases.drop(name)

    @contextmanager
    def server(self, database: str, **options: Any) -> Iterator[Server]:
        """Lend a running server on ``database``; ``options`` are those of ``Server``."""
        server = Server(self.source, database, **options)
        try:
            server.start()
            yield server
        finally:
            server.stop()
            server.configuration.unlink(missing_ok=True)


def ensure() -> Environment:
    """Build what is missing, enter the virtual environment, and start PostgreSQL.

    Must be the first thing that a command does: it runs the command again in another Python.
    """
    source = bootstrap.enter()
    from . import postgres

    postgres.attach()
    secret.export()
    browser.export()
    os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
    contracts.export()
    return Environment(source)
