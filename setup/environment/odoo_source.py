"""Where Odoo 19 comes from: ``ODOO_SOURCE``, Debian's package, or a clone of ``ODOO_GIT``."""

import os
import runpy
from dataclasses import dataclass
from pathlib import Path

from . import debian, stamps
from .console import Failure, step
from .paths import DEV
from .process import run

UPSTREAM = "https://github.com/odoo/odoo.git"
BRANCH = "19.0"


@dataclass(frozen=True)
class OdooSource:
    """An Odoo to import from ``python_path``, with further addons in ``addons_paths``."""

    python_path: Path
    addons_paths: tuple[Path, ...]
    version: str

    @property
    def key(self) -> str:
        """What everything built with this Odoo depends on."""
        return f"{self.version} {self.python_path}"


def obtain() -> OdooSource:
    """Return an Odoo 19, fetching it when there is none yet."""
    if given := os.environ.get("ODOO_SOURCE"):
        return from_directory(Path(given).resolve())
    if debian.available() and not os.environ.get("ODOO_GIT"):
        return from_directory(_from_debian())
    return from_directory(_from_git(os.environ.get("ODOO_GIT") or UPSTREAM))


def from_directory(path: Path) -> OdooSource:
    """Describe the Odoo in ``path``: a checkout, or a folder that holds the package ``odoo``."""
    release = path / "odoo" / "release.py"
    if not release.is_file():
        raise Failure(f"there is no Odoo in {path} (no odoo/release.py)")
    version = runpy.run_path(str(release))["version"]
    if version.split(".")[0].split("~")[-1] != "19":
        raise Failure(f"{path} is Odoo {version}; Odoo 19.0 is needed")
    # A checkout keeps most addons outside the package, an installation inside it.
    outside = path / "addons"
    found = (outside,) if (outside / "web").is_dir() else ()
    return OdooSource(path, found, _revision(path, version))


def _revision(path: Path, version: str) -> str:
    """Return ``version`` with the commit of a checkout or the revision of Debian's package."""
    head = path / ".git" / "logs" / "HEAD"
    if head.is_file():
        return f"{version}+{head.read_text().splitlines()[-1].split()[1]}"
    return f"{version}+{(path / 'odoo' / 'release.py').stat().st_mtime_ns}"


def _from_debian() -> Path:
    target, stamp = DEV / "odoo" / "debian", DEV / "odoo" / "debian.stamp"
    key = stamps.digest([*debian.PACKAGES, *debian.UNWANTED, *debian.STRIPPED])
    if not stamps.is_current(stamp, key):
        packages = debian.fetch()
        with step("unpacking Odoo"):
            debian.unpack(packages, target)
        stamps.write(stamp, key)
    return target / debian.PYTHON_PATH


def _from_git(url: str) -> Path:
    target = DEV / "odoo" / "git"
    if not (target / ".git" / "logs" / "HEAD").is_file():
        clone = ["git", "clone", "--quiet", "--depth=1", "--single-branch", "--branch", BRANCH]
        with step(f"cloning Odoo {BRANCH}"):
            run(["rm", "-rf", target], log="odoo-git.log")
            try:
                run([*clone, url, target], log="odoo-git.log")
            except Failure as failure:
                raise Failure(
                    f"Odoo 19 cannot be had: apt-get offers no Debian mirror, and {url} did not"
                    " answer. Set ODOO_SOURCE to an Odoo 19 checkout or site-packages folder,"
                    f" DEBIAN_MIRROR, or ODOO_GIT.\n{failure}"
                ) from failure
    return target
