"""Run by ``probe.py``: name of the probe, configuration, arguments as JSON, databases."""

import importlib
import json
import sys

import odoo
from odoo.modules.registry import Registry


def main(name: str, configuration: str, arguments: str, *databases: str) -> None:
    """Load the registries, measure, print the result as the last line."""
    odoo.tools.config.parse_config(["-c", configuration, "-d", databases[0], "--no-http"])
    probe = importlib.import_module(f"benchmarks.probes.{name}")
    result = probe.measure(*map(Registry, databases), **json.loads(arguments))
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
