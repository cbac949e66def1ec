"""Packets to frames."""

import ctypes
import dataclasses
from ctypes import byref, c_void_p
from typing import Optional

import numpy as np

from . import _library as c
from ._errors import check
from ._handle import Handle, log_callback
from ._library import lib
from ._model import Model
from ._types import Frame, Packet, StreamInfo, plane_shapes, pointers, raw_packet


@dataclasses.dataclass(frozen=True)
class DecoderStatistics:
    frames: int
    key_frames: int
    damaged_frames: int  # packets that failed a check
    concealed_frames: int  # frames that are not exact
    hashes_checked: int  # of the stream's frame hashes
    hashes_failed: int
    missing_frames: int  # at least as many, of which no packet came


class Decoder(Handle):
    """Decodes packets in coding order to frames in display order."""

    _close_function = "furl_decoder_close"

    def __init__(self, header: bytes, model: Optional[Model] = None, *, threads: int = 0,
                 conceal: bool = False, max_memory: Optional[int] = None) -> None:
        """`header` is the stream's sequence header (in containers the codec's private data).
        `threads`: 1..1024, or 0 for one per CPU. `conceal`: show the nearest picture for damaged
        ones instead of raising InvalidStream. `max_memory`: in bytes, 2 GiB by default."""
        self.info = StreamInfo.read(header)
        settings = c.DecoderSettings()
        check(lib.furl_decoder_settings_init(byref(settings), ctypes.sizeof(settings)))
        settings.threads, settings.conceal = threads, int(conceal)
        settings.log = log_callback
        if max_memory is not None:
            settings.max_memory = max_memory
        model = model if model is not None else Model()
        super().__init__("furl_decoder_open", byref(settings), model.pointer, header, len(header))

    def decode(self, packet: Packet) -> "list[Frame]":
        """Takes the next packet; gives what has become ready. After InvalidStream decoding may go
        on: the damage ends with the next key packet."""
        raw = raw_packet(packet)
        frames: "list[Frame]" = []
        while check(lib.furl_decoder_send(self.pointer, byref(raw))) == c.TRY_AGAIN:
            frames += self._receive(most=1)  # it holds as many as it may
        return frames + self._receive()

    def flush(self) -> "list[Frame]":
        """There are no more packets: gives the frames that are left."""
        check(lib.furl_decoder_flush(self.pointer))
        return self._receive()

    @property
    def statistics(self) -> DecoderStatistics:
        raw = c.DecoderStatistics()
        check(lib.furl_decoder_get_statistics(self.pointer, byref(raw)))
        names = [field.name for field in dataclasses.fields(DecoderStatistics)]
        return DecoderStatistics(**{name: getattr(raw, name) for name in names})

    def _receive(self, most: Optional[int] = None) -> "list[Frame]":
        frames: "list[Frame]" = []
        while most is None or len(frames) < most:
            handle = c_void_p()
            if check(lib.furl_decoder_receive(self.pointer, byref(handle))) != c.OK:
                break
            try:
                frames.append(self._frame(handle))
            finally:
                lib.furl_frame_free(handle)
        return frames

    def _frame(self, handle: c_void_p) -> Frame:
        picture = c.Picture()
        check(lib.furl_frame_get_picture(handle, byref(picture)))
        depth = picture.bit_depth
        kind = np.uint8 if depth == 8 else np.uint16
        planes = [np.empty(shape, kind) for shape in plane_shapes(picture.width, picture.height)]
        addresses, strides = pointers(planes)
        check(lib.furl_frame_copy(handle, planes[0].itemsize, addresses, strides))
        return Frame(planes=(planes[0], planes[1], planes[2]), pts=picture.pts,
                     duration=picture.duration, time_base=self.info.time_base, bit_depth=depth,
                     qp=None if picture.qp == -128 else picture.qp,
                     concealed=bool(picture.concealed))
