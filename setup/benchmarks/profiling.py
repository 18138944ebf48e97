"""Where the time goes when one batch of orders is imported, in a single process."""

import os
import subprocess
from pathlib import Path

from environment import Failure, configuration
from environment.paths import DEV, LOGS, VENV
from environment.process import tail

from .load_generator import fire, request_bytes
from .options import Options
from .order_import import orders
from .stage import Stage

WORKER = Path(__file__).with_name("profiling_worker.py")
BATCHES, BATCH = 4, 25


def run(stage: Stage, _options: Options) -> Path:
    """Store webhooks with no job running, drain them under the profiler, return its report."""
    report = DEV / "profile-order-import.txt"
    with stage.copy("profile") as database:
        with stage.server(database, jobs=False) as (_server, hook):
            load = orders(stage, BATCHES * BATCH, 0.0, 5)
            fire(hook, [request_bytes(hook, d.body, d.headers) for d in load.deliveries], 4)
        conf = configuration.write(f"profile-{database}", stage.environment.source)
        log = LOGS / f"profile-{database}.log"
        with log.open("w") as output:
            command = [VENV / "bin" / "python", WORKER, conf, database, report]
            done = subprocess.run(
                command, stdout=output, stderr=output, check=False, env=dict(os.environ)
            )
        conf.unlink()
    if done.returncode:
        raise Failure(f"the profile failed\n{tail(log)}")
    return report
