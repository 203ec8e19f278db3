"""Giving memory back to the system after work that took much of it.

glibc keeps what is freed for the thread that had it: after a few large pictures some gigabytes that nobody
uses. Other systems' allocators give large blocks back by themselves.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

_LARGE = 1 << 20
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Numbers of `mallopt` in glibc's `malloc.h`."""


@cache
def _glibc() -> Any:
    """Return the C library, told to ask the system for each large block; None where it is not glibc.

    By itself it raises its idea of “large” to the largest block it has seen freed, up to 32 MB, and keeps
    twice as much at the end of each thread's memory.
    """
    try:
        library = ctypes.CDLL(None)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_TRIM_THRESHOLD, _LARGE)
        _ = library.malloc_trim
    except (AttributeError, OSError, TypeError):  # another libc, or a system without such a handle
        return None
    return library


@contextmanager
def memory_given_back() -> Iterator[None]:
    """Give what the work inside took and freed back to the system when it ends."""
    glibc = _glibc()
    try:
        yield
    finally:
        if glibc is not None:
            glibc.malloc_trim(0)
