"""Switches our overrides of Odoo's own models off and on, within one process and registry."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType

from odoo.modules.registry import Registry

OURS = "odoo.addons.retail_connector_"
MODULES = "retail_connector_"

Hook = tuple[type, str, FunctionType]


def hooks(registry: Registry) -> list[Hook]:
    """Return our methods that stand before a method of Odoo's."""
    found: dict[tuple[type, str], Hook] = {}
    for model in registry.models.values():
        if not model._original_module.startswith(MODULES):
            for hook in _hooks_of(model):
                found[hook[:2]] = hook
    return list(found.values())


def _hooks_of(model: type) -> Iterator[Hook]:
    """Yield what of a model's classes hides something below that is not ours."""
    for position, layer in enumerate(model.__mro__):
        if not layer.__module__.startswith(OURS):
            continue
        below = [one for one in model.__mro__[position:] if not one.__module__.startswith(OURS)]
        for name, value in vars(layer).items():
            if isinstance(value, FunctionType) and any(name in vars(one) for one in below):
                yield layer, name, value


@contextmanager
def switched_off(found: list[Hook]) -> Iterator[None]:
    """Let calls go straight to Odoo's methods, as if ours had never been there."""
    for layer, name, _method in found:
        delattr(layer, name)
    try:
        yield
    finally:
        for layer, name, method in found:
            setattr(layer, name, method)
