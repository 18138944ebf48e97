"""Importing the commands in setup/, whose files have no suffix."""

import importlib.machinery
import importlib.util
from types import ModuleType

from environment.paths import ROOT


def load(name: str) -> ModuleType:
    """Return the module of ``setup/<name>`` without running it."""
    loader = importlib.machinery.SourceFileLoader(f"command_{name}", str(ROOT / "setup" / name))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module
