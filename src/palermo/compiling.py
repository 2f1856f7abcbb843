"""The kernels compiled by numba, loaded when first asked for.

    compiling.of(kernels).newton(...)

gives a namespace with every function of a module of plain kernels, compiled without the interpreter's lock and kept
on disk. A compiled function must find compiled ones where it names others, so each is a copy whose globals are those of
the copies; what it takes from another module of kernels is replaced by that module's compiled functions.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from types import FunctionType, ModuleType
from typing import Any, Literal

OURS = "palermo."


@cache
def of(module: ModuleType) -> ModuleType:
    """The module with its own functions compiled (on their first call; from disk when they were before)."""
    name = f"{module.__name__}_compiled"
    made = ModuleType(name, module.__doc__)
    sys.modules[name] = made  # where numba looks up the globals of what it finds on disk
    namespace: dict[str, Any] = made.__dict__
    namespace.update({key: value for key, value in vars(module).items() if not key.startswith("__")})
    stamp = fingerprint(module)
    for key, value in _functions(module):
        if value.__module__ == module.__name__:
            namespace[key] = kept(_copied(value, namespace, name), stamp)
        else:
            namespace[key] = getattr(of(importlib.import_module(value.__module__)), value.__name__)
    return made


@cache
def fingerprint(module: ModuleType) -> str:
    """SHA-256 of the source of a module of kernels and of all kernels that it builds on."""
    digest = hashlib.sha256(inspect.getsource(module).encode())
    # Constants are compiled in, also those that come from a module of which no function is used.
    digest.update(
        repr(sorted((key, value) for key, value in vars(module).items() if _constant(key, value))).encode()
    )
    for other in sorted({value.__module__ for _key, value in _functions(module)} - {module.__name__}):
        digest.update(fingerprint(importlib.import_module(other)).encode())
    return digest.hexdigest()


def _constant(key: str, value: object) -> bool:
    return not key.startswith("__") and isinstance(value, bool | int | float | str)


def _functions(module: ModuleType) -> Iterator[tuple[str, FunctionType]]:
    for key, value in vars(module).items():
        if isinstance(value, FunctionType) and value.__module__.startswith(OURS):
            yield key, value


def kept(function: Any, stamp: str, *, error_model: Literal["numpy", "python"] = "numpy") -> Any:
    """Compiled when first called and kept on disk under the stamp; only in memory where nothing can be written.

    numba itself looks at the time of one source file: it would take an old function from disk after a change in
    another one that is compiled into it.
    """
    from numba import njit

    try:
        made: Any = njit(cache=True, nogil=True, error_model=error_model)(function)
    except RuntimeError:  # no place to write: neither beside the source nor in the user's own folder
        return njit(nogil=True, error_model=error_model)(function)
    made._cache._cache_file._source_stamp = stamp
    return made


def _copied(function: FunctionType, namespace: dict[str, Any], name: str) -> FunctionType:
    copy = FunctionType(function.__code__, namespace, function.__name__, function.__defaults__)
    copy.__module__, copy.__qualname__, copy.__doc__ = name, function.__qualname__, function.__doc__
    return copy
