"""Libraries of the extra `release`, asked for when they are needed and no sooner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from warnings import catch_warnings, simplefilter

HOW = "Install it with: pip install 'palermo[release]'"
LEAST_MBI = 2


class MissingExtra(ImportError):
    """A library is not installed, or not in a version that can be trusted. The message says what to do."""


def noise_library() -> Any:
    """OpenDP, with the parts that it calls contributed: what is used of them is named in noise.py."""
    prelude = _asked("opendp.prelude", "opendp", "draws exact noise")
    prelude.enable_features("contrib")
    return prelude


def model_library() -> Any:
    """mbi 2 or newer. 1.x draws rows in which columns that hang on the same third one move together though
    they do not in the data (its pull requests 145 and 147): what would be published would be false."""
    try:
        found = version("mbi")
    except PackageNotFoundError:
        raise MissingExtra(
            f"Making synthetic rows needs the library mbi, which is not installed. {HOW}"
        ) from None
    if int(found.split(".")[0]) < LEAST_MBI:
        raise MissingExtra(
            f"mbi {found} is installed; it samples wrong joint distributions and is refused. It must be 2 "
            f"or newer. {HOW}"
        )
    with catch_warnings():
        simplefilter("ignore")  # it warns of settings that `exactly` sees to
        return _asked("mbi", "mbi", "fits models to noisy tables")


@contextmanager
def exactly() -> Iterator[None]:
    """Double precision, and no cache of compiled programs on disk, for what runs inside. The first is for
    this thread alone; the second is put back."""
    jax = _asked("jax", "jax", "fits models to noisy tables")
    before = jax.config.jax_enable_compilation_cache
    jax.config.update("jax_enable_compilation_cache", False)
    try:
        with jax.enable_x64(True):
            yield
    finally:
        jax.config.update("jax_enable_compilation_cache", before)


def _asked(module: str, library: str, what: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        raise MissingExtra(
            f"Making synthetic rows needs the library {library}, which {what} and is not installed. {HOW}"
        ) from None
