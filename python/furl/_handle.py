"""What the library's handles have in common."""

import ctypes
import logging
from ctypes import POINTER, byref, c_size_t, c_uint8, c_void_p
from typing import Any, Callable, Optional, TypeVar

from ._errors import InvalidArgument, check
from ._library import LogCallback, lib

Self = TypeVar("Self", bound="Handle")

# What the library tells: damage as warnings, how the work is done as debugging.
_logger = logging.getLogger("furl")
_logger.addHandler(logging.NullHandler())
_LEVELS = {1: logging.WARNING, 2: logging.DEBUG}


def _log(_opaque: Any, level: int, message: bytes) -> None:
    _logger.log(_LEVELS.get(level, logging.INFO), "%s", message.decode(errors="replace"))


# One for all: it must live as long as any handle.
log_callback = LogCallback(_log)


class Handle:
    """Owns something of the library until close(), or as a context manager."""

    _close_function: str  # of the library

    def __init__(self, open_function: str, *arguments: Any) -> None:
        self._pointer: Optional[c_void_p] = None
        made = c_void_p()
        check(getattr(lib, open_function)(byref(made), *arguments))
        self._pointer = made
        # Kept here: modules may be gone when the interpreter ends.
        self._release: Callable[[c_void_p], None] = getattr(lib, self._close_function)

    @property
    def pointer(self) -> c_void_p:
        if self._pointer is None:
            raise InvalidArgument(f"this {type(self).__name__} is closed")
        return self._pointer

    def close(self) -> None:
        """Gives back what the library holds. Closing twice is allowed."""
        pointer, self._pointer = getattr(self, "_pointer", None), None
        if pointer is not None:
            self._release(pointer)

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, *_cause: Any) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


def copy_bytes(data: Any, size: int) -> bytes:
    return ctypes.string_at(data, size) if size else b""


def header_of(function: str, pointer: c_void_p) -> "tuple[int, bytes]":
    """The status and the bytes of furl_..._sequence_header."""
    data, size = POINTER(c_uint8)(), c_size_t()
    status = check(getattr(lib, function)(pointer, byref(data), byref(size)))
    return status, copy_bytes(data, size.value)
