"""The kernels compiled by numba, loaded when first asked for.

    compiled.of(kernels).newton(...)

gives a namespace with every function of a module of plain kernels, compiled without the interpreter's lock and kept
on disk. A compiled function must find compiled ones where it names others, so each is a copy whose globals are those of
the copies; what it takes from another module of kernels is replaced by that module's compiled functions.
"""

from __future__ import annotations

import importlib
import sys
from functools import cache
from types import FunctionType, ModuleType
from typing import Any


@cache
def of(module: ModuleType) -> ModuleType:
    """The module with its own functions compiled (on their first call; from disk when they were before)."""
    from numba import njit

    name = f"{module.__name__}_compiled"
    made = ModuleType(name, module.__doc__)
    sys.modules[name] = made  # where numba looks up the globals of what it finds on disk
    namespace: dict[str, Any] = made.__dict__
    namespace.update({key: value for key, value in vars(module).items() if not key.startswith("__")})
    for key, value in vars(module).items():
        if isinstance(value, FunctionType) and value.__module__ == module.__name__:
            namespace[key] = njit(cache=True, nogil=True, error_model="numpy")(
                _copied(value, namespace, name)
            )
        elif isinstance(value, FunctionType) and value.__module__.startswith("palermo."):
            namespace[key] = getattr(of(importlib.import_module(value.__module__)), value.__name__)
    return made


def _copied(function: FunctionType, namespace: dict[str, Any], name: str) -> FunctionType:
    copy = FunctionType(function.__code__, namespace, function.__name__, function.__defaults__)
    copy.__module__, copy.__qualname__, copy.__doc__ = name, function.__qualname__, function.__doc__
    return copy
