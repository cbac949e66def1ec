"""furl: a learned video codec. Frames of numpy, over the C interface of libfurl.

    import furl

    for frame in furl.decode("holiday.furl"):
        print(frame.time, frame.y.mean())

    furl.encode(((y, u, v) for y, u, v in pictures), "out.furl", crf=36, frame_rate=30)
"""

from ._decoder import Decoder, DecoderStatistics
from ._encoder import Encoder
from ._errors import (
    Error, InputOutputError, InvalidArgument, InvalidStream, LimitExceeded, OutOfMemory,
    Unsupported, WrongModel,
)
from ._library import lib as _lib
from ._model import Model
from ._stream import StreamReader, StreamWriter, decode, encode
from ._types import Color, Frame, Packet, StreamInfo

__all__ = [
    "Color", "Decoder", "DecoderStatistics", "Encoder", "Error", "Frame", "InputOutputError",
    "InvalidArgument", "InvalidStream", "LimitExceeded", "Model", "OutOfMemory", "Packet",
    "StreamInfo", "StreamReader", "StreamWriter", "Unsupported", "WrongModel", "decode", "encode",
    "library_version",
]


def library_version() -> str:
    """The release of the library, "0.1.0"."""
    version: bytes = _lib.furl_version()
    return version.decode()
