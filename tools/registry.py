"""Finds the tools: every module that lies directly in `tools/` is looked through for `@tool` functions."""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType, ModuleType

import tools
from tools.tool import Tool


@cache
def load() -> Mapping[str, Tool]:
    """Every installed tool by its name.

    Raises whatever a tool's module raises when it is imported, and `TypeError` for two tools of one name.
    """
    found = pkgutil.iter_modules(tools.__path__, "tools.")
    names = [module.name for module in found if not module.ispkg and module.name != "tools.__main__"]
    return MappingProxyType(collect(importlib.import_module(name) for name in sorted(names)))


def collect(modules: Iterable[ModuleType]) -> dict[str, Tool]:
    found: dict[str, Tool] = {}
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, Tool) and found.setdefault(value.name, value) is not value:
                raise TypeError(f"Two tools are named {value.name}; the second is in {module.__name__}")
    return found
