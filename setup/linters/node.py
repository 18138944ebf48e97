"""Tools from npm, installed below the ignored folder."""

import os
import shutil
from pathlib import Path

from environment import Failure, stamps, step
from environment.locks import exclusive
from environment.paths import DEV, ROOT
from environment.process import run

NODE = DEV / "node"


def program(name: str) -> Path:
    """Return an npm program named in package.json, and make its plugins importable."""
    with exclusive("node"):
        _install()
    os.environ["NODE_PATH"] = str(NODE / "node_modules")
    return NODE / "node_modules" / ".bin" / name


def _install() -> None:
    wanted = (ROOT / "package.json").read_text()
    if stamps.is_current(NODE / "stamp", wanted):
        return
    if not shutil.which("npm"):
        raise Failure("npm is needed for prettier (Debian, Ubuntu: apt-get install npm)")
    NODE.mkdir(parents=True, exist_ok=True)
    (NODE / "package.json").write_text(wanted)
    with step("installing Node packages"):
        run(["npm", "install", "--no-audit", "--no-fund", "--silent"], log="npm.log", cwd=NODE)
    stamps.write(NODE / "stamp", wanted)
