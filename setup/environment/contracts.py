"""The published contracts of vendors, which tests read in place."""

import os

from .paths import ROOT

VARIABLE = "RETAIL_CONTRACTS"


def export() -> None:
    """Point ``RETAIL_CONTRACTS`` to the folder beside the checkout, unless it is set already."""
    folder = ROOT.parent / "shared" / "contracts"
    if folder.is_dir():
        os.environ.setdefault(VARIABLE, str(folder))
