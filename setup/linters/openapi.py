"""The API's description and schemas, generated from the canonical models and kept beside them.

They are committed so that a change of the contract is seen in a review.
"""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path

from environment.paths import ROOT

FOLDER = ROOT / "retail_connector_base" / "static" / "api"


def rendered() -> Iterator[tuple[Path, str]]:
    """Yield each file with what it should hold."""
    importlib.import_module("odoo.addons").__path__.append(str(ROOT))
    canonical = "odoo.addons.retail_connector_base.canonical"
    documents = importlib.import_module(f"{canonical}.openapi")
    yield FOLDER / "openapi.json", _text(documents.document())
    yield FOLDER / "openapi-cloudevents.json", _text(documents.events_document())
    for name, schema in importlib.import_module(f"{canonical}.schemas").all_schemas().items():
        yield FOLDER / "schemas" / f"{name}.json", _text(schema)


def _text(content: object) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def check(fix: bool) -> list[str]:
    """Return a message for each file that is out of date; write and delete with ``fix``."""
    wanted = dict(rendered())
    stale = [path for path in FOLDER.rglob("*.json") if path not in wanted]
    changed = [path for path in wanted if not path.exists() or path.read_text() != wanted[path]]
    if fix:
        for path in stale:
            path.unlink()
        for path in changed:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path])
        return []
    names = [str(path.relative_to(ROOT)) for path in (*stale, *changed)]
    return [f"{name} differs from the models: run setup/lint --fix openapi" for name in names]
