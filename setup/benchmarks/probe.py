"""Measures inside Odoo: a function of ``probes`` runs in a process of its own, with a registry."""

import json
import os
import subprocess

from environment import Failure, configuration
from environment.paths import LOGS, ROOT, VENV
from environment.process import tail

from .stage import Stage

LONGEST = 900


def probe(stage: Stage, name: str, *databases: str, **arguments: object) -> dict[str, list[float]]:
    """Return what ``probes.<name>.measure(*registries, **arguments)`` returns."""
    conf = configuration.write(f"probe-{databases[0]}", stage.environment.source)
    log = LOGS / f"probe-{name}.log"
    command = [VENV / "bin" / "python", "-m", "benchmarks.probes", name, conf]
    try:
        with log.open("w") as errors:
            done = subprocess.run(
                [*command, json.dumps(arguments), *databases],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                cwd=ROOT / "setup",
                env=dict(os.environ),
                timeout=LONGEST,
                check=False,
            )
    finally:
        conf.unlink()
    if done.returncode:
        raise Failure(f"the probe {name} failed\n{tail(log)}")
    return json.loads(done.stdout.splitlines()[-1])
