"""The mutations, one module per subject."""

from . import (
    files,
    fulfilments,
    holds,
    inventory,
    levels,
    payments,
    products,
    publications,
    variants,
)
from .registry import Mutations

MUTATIONS: Mutations = (
    inventory.MUTATIONS
    | levels.MUTATIONS
    | fulfilments.MUTATIONS
    | holds.MUTATIONS
    | payments.MUTATIONS
    | products.MUTATIONS
    | variants.MUTATIONS
    | files.MUTATIONS
    | publications.MUTATIONS
)

__all__ = ["MUTATIONS"]
