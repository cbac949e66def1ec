"""Bare streams (.furl): files and pipes of packets, and whole videos in one call."""

import os
from ctypes import byref
from typing import Any, BinaryIO, Iterable, Iterator, Optional, Sequence, Union

from . import _library as c
from ._decoder import Decoder
from ._encoder import Encoder
from ._errors import InvalidArgument, InvalidStream, check
from ._handle import Handle, copy_bytes, header_of
from ._library import lib
from ._model import Model
from ._types import Frame, Packet, Plane, StreamInfo, raw_packet

Path = Union[str, "os.PathLike[str]"]
_PIECE = 1 << 16  # bytes


def _opened(file: Union[Path, BinaryIO], mode: str) -> "tuple[BinaryIO, bool]":
    """A binary file, and whether it is ours to close."""
    if isinstance(file, (str, os.PathLike)):
        return open(file, mode), True  # type: ignore[return-value]
    return file, False


class StreamReader(Handle):
    """Reads the packets of a bare stream, from a path or anything with read()."""

    _close_function = "furl_reader_close"

    def __init__(self, source: Union[Path, BinaryIO]) -> None:
        self._file, self._own = _opened(source, "rb")
        self._header: Optional[bytes] = None
        self._waiting: Optional[Packet] = None
        try:
            super().__init__("furl_reader_open", 0, 0)
            self._waiting = self._next()  # the header stands before it
        except BaseException:
            self.close()
            raise

    @property
    def header(self) -> bytes:
        if self._header is None:
            status, header = header_of("furl_reader_sequence_header", self.pointer)
            if status != c.OK:
                raise InvalidStream("the stream ends before its header does")
            self._header = header
        return self._header

    @property
    def info(self) -> StreamInfo:
        return StreamInfo.read(self.header)

    def __iter__(self) -> Iterator[Packet]:
        return self

    def __next__(self) -> Packet:
        packet, self._waiting = self._waiting, None
        packet = packet if packet is not None else self._next()
        if packet is None:
            raise StopIteration
        return packet

    def _next(self) -> Optional[Packet]:
        raw = c.Packet()
        while True:
            status = check(lib.furl_reader_receive(self.pointer, byref(raw)))
            if status == c.END_OF_STREAM:
                return None
            if status == c.OK:
                return Packet(copy_bytes(raw.data, raw.size), raw.pts, raw.duration, bool(raw.key))
            piece = self._file.read(_PIECE)
            if piece:
                check(lib.furl_reader_append(self.pointer, piece, len(piece)))
            else:
                check(lib.furl_reader_finish(self.pointer))

    def close(self) -> None:
        super().close()
        if self._own:
            self._file.close()


class StreamWriter(Handle):
    """Writes a bare stream into a path or anything with write(). Its end is written when the
    `with` block ends well, or by finish(); a path gets its name only then."""

    _close_function = "furl_writer_close"

    def __init__(self, target: Union[Path, BinaryIO], header: bytes) -> None:
        self._target = target if isinstance(target, (str, os.PathLike)) else None
        self._failure: Optional[BaseException] = None
        self._callback = c.WriteCallback(self._write)
        self._file: BinaryIO
        self._file, self._own = _opened(
            target if self._target is None else self._part, "wb")
        try:
            self._checked("furl_writer_open", header)
        except BaseException:
            self.close()
            raise

    @property
    def _part(self) -> str:
        return os.fsdecode(os.fspath(self._target or "")) + ".furl-part"

    def _write(self, _opaque: Any, data: Any, size: int) -> int:
        try:
            rest = memoryview(copy_bytes(data, size))
            while rest:  # unbuffered files may take less
                rest = rest[self._file.write(rest):]
            return c.OK
        except BaseException as failure:  # can't pass through C; raised behind it
            self._failure = failure
            return -7

    def _checked(self, function: str, *arguments: Any) -> None:
        """Calls a function that may write."""
        try:
            if function == "furl_writer_open":
                super().__init__(function, self._callback, None, arguments[0], len(arguments[0]))
            else:
                check(getattr(lib, function)(self.pointer, *arguments))
        except Exception:
            if self._failure is not None:
                raise self._failure from None
            raise

    def write(self, packet: Packet) -> None:
        self._checked("furl_writer_send", byref(raw_packet(packet)))

    def finish(self) -> None:
        """Writes the end; without it a stream counts as truncated."""
        self._checked("furl_writer_finish")
        if self._target is not None:
            self._file.close()
            os.replace(self._part, self._target)
            self._target = None
        self.close()

    def close(self) -> None:
        """Leaves the stream without an end: a path that was being written is gone."""
        super().close()
        if getattr(self, "_own", False):
            self._file.close()
        if self._target is not None:
            os.unlink(self._part)
            self._target = None

    def __exit__(self, *cause: Any) -> None:
        if cause[0] is None and self._pointer is not None:
            self.finish()
        self.close()


def decode(source: Union[Path, BinaryIO], model: Optional[Model] = None, *, threads: int = 0,
           conceal: bool = False) -> Iterator[Frame]:
    """The frames of a bare stream in display order. Arguments as for StreamReader and Decoder; with
    `conceal` damage in the stream is passed over, too."""
    with StreamReader(source) as reader:
        with Decoder(reader.header, model, threads=threads, conceal=conceal) as decoder:
            while True:
                try:
                    packet = next(reader, None)
                except InvalidStream:
                    if not conceal:
                        raise
                    continue
                if packet is None:
                    break
                yield from decoder.decode(packet)
            yield from decoder.flush()


def encode(pictures: "Iterable[Union[Frame, Sequence[Plane]]]", target: Union[Path, BinaryIO],
           **settings: Any) -> None:
    """Writes pictures as a bare stream. Size and bit depth are the first one's, of a Frame the time
    base as well; `settings` are those of Encoder."""
    pictures = iter(pictures)
    first = next(pictures, None)
    if first is None:
        raise InvalidArgument("there is no picture")
    luma = first.y if isinstance(first, Frame) else first[0]
    settings.setdefault("bit_depth", first.bit_depth if isinstance(first, Frame)
                        else 8 * luma.itemsize if luma.itemsize == 1 else 10)
    if isinstance(first, Frame):
        settings.setdefault("time_base", first.time_base)
    with Encoder(luma.shape[1], luma.shape[0], **settings) as encoder:
        with StreamWriter(target, encoder.header) as writer:
            for packet in encoder.encode(first):
                writer.write(packet)
            for picture in pictures:
                for packet in encoder.encode(picture):
                    writer.write(packet)
            for packet in encoder.flush():
                writer.write(packet)
