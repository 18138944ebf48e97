"""Which files there are to check: those that git knows, or would if they were added."""

import subprocess

from environment.paths import ROOT, addons


def tracked(*suffixes: str) -> list[str]:
    """Return the files with one of ``suffixes``, relative to the checkout."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    # A file that was deleted without git being told is still listed.
    return [name for name in names.splitlines() if name.endswith(suffixes) and exists(name)]


def exists(name: str) -> bool:
    """Tell whether a file of the checkout is there."""
    return (ROOT / name).is_file()


def in_addons(*suffixes: str) -> list[str]:
    """Return the files of our addons with one of ``suffixes``."""
    return [name for name in tracked(*suffixes) if name.split("/")[0] in addons()]
