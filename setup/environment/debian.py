"""Odoo 19 from Debian: fetched with a private package list, unpacked without being installed.

Needs neither root nor a Debian release that carries the package; the mirror is the machine's own.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .console import Failure, say, step
from .paths import DEV
from .process import run

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")

# Where the package keeps Odoo, below the folder that it is unpacked into.
PYTHON_PATH = Path("usr", "lib", "python3", "dist-packages")

# The symbolic links of odoo-19 point into these. Newer releases of the last two lost the file
# names that Odoo asks for, so these come from the stable suite.
PACKAGES = {
    "odoo-19": "unstable",
    "libjs-jquery": "unstable",
    "libjs-jquery-form": "unstable",
    "libjs-underscore": "unstable",
    "fonts-roboto-unhinted": "unstable",
    "fonts-montserrat": "unstable",
    "fonts-ocr-b": "unstable",
    "fonts-font-awesome": "stable",
    "fonts-inconsolata": "stable",
}

# Debian leaves out what it cannot build from source. Odoo's pages log an error for each such file,
# and an error on a page fails every browser test. This one blurs the background of video calls.
STRIPPED = ("mail/static/lib/selfie_segmentation/selfie_segmentation.js",)

# `addons` repeats `odoo/addons`; `setup` and `doc` would become importable top-level packages.
UNWANTED = ("dist-packages/addons", "dist-packages/doc", "dist-packages/setup", "share/doc")


def mirror() -> str | None:
    """Return the Debian mirror: ``DEBIAN_MIRROR``, else the first one in the machine's sources."""
    given = os.environ.get("DEBIAN_MIRROR")
    if given or not shutil.which("apt-get"):
        return given
    command = ["apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages"]
    sites = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
    return next((site for site in sites if site.rstrip("/").endswith("/debian")), None)


def available() -> bool:
    """Tell whether this machine can fetch and verify Debian packages."""
    return bool(KEYRING.exists() and shutil.which("dpkg-deb") and mirror())


def fetch() -> list[Path]:
    """Download what is not there yet, and return the package files."""
    folder = DEV / "debs"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name in PACKAGES if not _present(folder, name)]
    if missing:
        _download(missing, folder)
    return [package for name in PACKAGES for package in _present(folder, name)]


def _present(folder: Path, name: str) -> list[Path]:
    return sorted(folder.glob(f"{name}_*.deb"))[-1:]


def _download(names: list[str], folder: Path) -> None:
    apt = ["apt-get", "--quiet", *_private_state()]
    with step("reading Debian's package lists"):
        run([*apt, "update"], log="apt-update.log")
    partial = folder / "partial"
    partial.mkdir(exist_ok=True)
    for name in names:
        with step(f"downloading {name}"):
            wanted = f"{name}/{PACKAGES[name]}"
            run([*apt, "download", wanted], log="apt-download.log", cwd=partial)
            # Moved only when complete, so that an interrupted download is never taken for one.
            for package in partial.glob(f"{name}_*.deb"):
                package.replace(folder / package.name)


def _private_state() -> Iterator[str]:
    """Yield apt options that leave the machine's own package state alone."""
    state = DEV / "apt"
    (state / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    sources = state / "debian.list"
    suites = sorted(set(PACKAGES.values()))
    entry = f"deb [signed-by={KEYRING}] {mirror()} {{}} main\n"
    sources.write_text("".join(entry.format(suite) for suite in suites))
    for option in (
        f"Dir::Etc::sourcelist={sources}",
        "Dir::Etc::sourceparts=/dev/null",
        f"Dir::State::Lists={state / 'lists'}",
        "Dir::Cache::pkgcache=",
        "Dir::Cache::srcpkgcache=",
        "APT::Sandbox::User=root",
    ):
        yield from ("-o", option)


def unpack(packages: list[Path], target: Path) -> None:
    """Unpack ``packages`` into ``target``, replacing what is there."""
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for package in packages:
        _unpack_one(package, partial)
    _replace_stripped(partial)
    shutil.rmtree(target, ignore_errors=True)
    partial.rename(target)
    say(f"   unpacked {len(packages)} packages")


def _replace_stripped(root: Path) -> None:
    for name in STRIPPED:
        path = root / PYTHON_PATH / "odoo" / "addons" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("// not part of Debian's package\n")


def _unpack_one(package: Path, target: Path) -> None:
    excluded = [f"--exclude=*/{path}" for path in UNWANTED]
    command = ["tar", "-x", "--no-same-owner", "-C", str(target), *excluded]
    with subprocess.Popen(
        ["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE
    ) as source:
        unpacked = subprocess.run(command, stdin=source.stdout, check=False)
    if source.returncode or unpacked.returncode:
        package.unlink()
        raise Failure(f"{package.name} could not be unpacked; the next run fetches it anew")
