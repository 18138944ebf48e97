"""Odoo configuration files, one per use."""

import configparser
from collections.abc import Mapping, Sequence
from pathlib import Path

from .odoo_source import OdooSource
from .paths import DATA, DEV, ROOT, RUN, addons

UPSTREAM_WIDE = ("base", "web", "rpc", "queue_job")
OURS_WIDE = "retail_connector_base"

Options = Mapping[str, str | int | bool]


def server_wide_modules() -> list[str]:
    """Return the modules whose routes have to be served even while PostgreSQL is down."""
    return [*UPSTREAM_WIDE, *([OURS_WIDE] if OURS_WIDE in addons() else [])]


def write(
    name: str,
    source: OdooSource,
    *,
    server_wide: Sequence[str] | None = None,
    channels: str = "root:0",
    **options: str | int | bool,
) -> Path:
    """Write the configuration called ``name`` and return its path.

    ``channels`` are those of queue_job; ``root:0`` keeps its runner from starting. The database
    is not in here: Odoo takes the address from the environment, like any libpq program.
    """
    values: dict[str, str | int | bool] = {
        "addons_path": ",".join(map(str, (ROOT, *source.addons_paths))),
        "data_dir": str(DATA),
        "server_wide_modules": ",".join(server_wide or server_wide_modules()),
        "http_interface": "127.0.0.1",
        "list_db": False,
        "screenshots": str(DEV / "screenshots"),
        "limit_memory_soft": 0,
        "limit_memory_hard": 0,
        "limit_time_real_cron": 0,
        **options,
    }
    parser = configparser.RawConfigParser()
    parser["options"] = {key: str(value) for key, value in values.items()}
    parser["queue_job"] = {"channels": channels}
    path = RUN / f"{name}.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        parser.write(file)
    return path
