"""Statuses of the library as exceptions that carry its own messages."""

from ._library import lib


class Error(Exception):
    """Something that the library refused or could not do. `status` is its short stable name, as
    "invalid_stream"."""

    status = "internal"


class InvalidArgument(Error, ValueError):
    """A senseless argument, or a call out of order."""


class InvalidStream(Error):
    """Damaged, truncated or malformed data."""


class Unsupported(Error):
    """Valid, but not for this version of the library."""


class WrongModel(Error):
    """The stream needs another model; the message names it."""


class LimitExceeded(Error):
    """Larger than the settings allow."""


class OutOfMemory(Error, MemoryError):
    """There is no memory left."""


class InputOutputError(Error, OSError):
    """A file that can't be read or written."""


_CLASSES = {-1: InvalidArgument, -2: InvalidStream, -3: Unsupported, -4: WrongModel,
            -5: LimitExceeded, -6: OutOfMemory, -7: InputOutputError}


def check(status: int) -> int:
    """Raises what a negative status means; others are returned."""
    if status >= 0:
        return status
    error = _CLASSES.get(status, Error)(lib.furl_last_error().decode(errors="replace"))
    error.status = lib.furl_status_name(status).decode()
    raise error
