"""The README.md of each addon, put together from its fragments in readme/."""

import ast
from collections.abc import Iterator

from environment.paths import ROOT, addons

FRAGMENTS = {
    "DESCRIPTION": "",
    "INSTALL": "Installation",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "ROADMAP": "Known issues and roadmap",
    "HISTORY": "Changelog",
    "CONTRIBUTORS": "Contributors",
}
NOTICE = "<!-- Generated from readme/*.md by `setup/lint --fix`. -->"


def render(addon: str) -> str:
    """Return the README of ``addon``."""
    manifest = ast.literal_eval((ROOT / addon / "__manifest__.py").read_text())
    parts = [NOTICE, f"# {manifest['name']}", *_sections(addon)]
    return "\n\n".join([*parts, "## License", manifest["license"]]) + "\n"


def _sections(addon: str) -> Iterator[str]:
    for name, title in FRAGMENTS.items():
        fragment = ROOT / addon / "readme" / f"{name}.md"
        if fragment.exists():
            if title:
                yield f"## {title}"
            yield fragment.read_text().strip()


def check(fix: bool) -> list[str]:
    """Return a message for each README that differs from its fragments; write it with ``fix``."""
    outdated = []
    for addon in addons():
        path, wanted = ROOT / addon / "README.md", render(addon)
        if path.exists() and path.read_text() == wanted:
            continue
        if fix:
            path.write_text(wanted)
        else:
            outdated.append(f"{addon}/README.md differs from readme/*.md: run setup/lint --fix")
    return outdated
