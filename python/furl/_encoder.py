"""Frames to packets."""

import ctypes
from ctypes import byref
from fractions import Fraction
from typing import Optional, Sequence, Union

import numpy as np

from . import _library as c
from ._errors import InvalidArgument, check
from ._handle import Handle, copy_bytes, header_of, log_callback
from ._library import lib
from ._model import Model
from ._types import Color, Frame, Packet, Plane, StreamInfo, plane_shapes, pointers, to_rational

PRESETS = {"fast": 0, "medium": 1, "slow": 2}
Rate = Union[Fraction, int, float, str]  # "30000/1001" is exact


class Encoder(Handle):
    """Encodes frames in display order to packets in coding order."""

    _close_function = "furl_encoder_close"

    def __init__(self, width: int, height: int, *, model: Optional[Model] = None,
                 bit_depth: int = 8, crf: float = 40, bitrate: int = 0, max_bitrate: int = 0,
                 buffer_bits: int = 0, preset: str = "medium", gop_seconds: float = 2,
                 low_delay: bool = False, threads: int = 0, frame_rate: Rate = 25,
                 time_base: Optional[Rate] = None, sample_aspect: Rate = 1,
                 color: Color = Color()) -> None:
        """`crf`: quality, 0 (best) to 63. `bitrate`: bits per second instead, held in one pass;
        `max_bitrate` and `buffer_bits` as the tool's --vbv. `time_base`: seconds per tick of pts,
        by default the duration of a frame at `frame_rate`. `threads` never changes the result."""
        settings = c.EncoderSettings()
        check(lib.furl_encoder_settings_init(byref(settings), ctypes.sizeof(settings)))
        if preset not in PRESETS:
            raise InvalidArgument(f"no preset {preset}: fast, medium, slow")
        settings.width, settings.height, settings.bit_depth = width, height, bit_depth
        settings.crf, settings.preset, settings.gop_seconds = crf, PRESETS[preset], gop_seconds
        settings.bitrate, settings.max_bitrate = bitrate, max_bitrate
        settings.buffer_bits = buffer_bits
        settings.low_delay, settings.threads = int(low_delay), threads
        rate = to_rational(frame_rate)
        settings.frame_rate = rate
        settings.time_base = (c.Rational(rate.den, rate.num) if time_base is None
                              else to_rational(time_base))
        settings.sample_aspect = to_rational(sample_aspect)
        settings.color = c.Color(color.primaries, color.transfer, color.matrix,
                                 int(color.full_range), color.chroma_location)
        settings.log = log_callback
        model = model if model is not None else Model()
        super().__init__("furl_encoder_open", byref(settings), model.pointer)
        self._shapes = plane_shapes(width, height)
        self._kinds = (np.uint8, np.uint16) if bit_depth == 8 else (np.uint16,)
        self._next_pts = 0

    @property
    def header(self) -> bytes:
        """The sequence header, which decoders need."""
        return header_of("furl_encoder_sequence_header", self.pointer)[1]

    @property
    def info(self) -> StreamInfo:
        return StreamInfo.read(self.header)

    def encode(self, picture: "Union[Frame, Sequence[Plane]]", pts: Optional[int] = None,
               duration: Optional[int] = None, *, key: bool = False) -> "list[Packet]":
        """Takes the next picture, a Frame or its planes; gives the packets that are ready. Without
        `pts` a Frame's own time counts, and planes follow the picture before. `key`: decoding can
        begin here."""
        planes = picture.planes if isinstance(picture, Frame) else picture
        if isinstance(picture, Frame):
            pts = picture.pts if pts is None else pts
            duration = picture.duration if duration is None else duration
        pts = self._next_pts if pts is None else pts
        duration = 1 if duration is None else duration
        arrays = self._checked(planes)
        addresses, strides = pointers(arrays)
        image = c.Image(bytes_per_sample=arrays[0].itemsize, planes=addresses, strides=strides,
                        pts=pts, duration=duration, key=int(key))
        check(lib.furl_encoder_send(self.pointer, byref(image)))
        self._next_pts = pts + duration
        return self._receive()

    def flush(self) -> "list[Packet]":
        """There are no more pictures: gives the packets that are left."""
        check(lib.furl_encoder_flush(self.pointer))
        return self._receive()

    def _checked(self, planes: "Sequence[Plane]") -> "list[Plane]":
        """The planes as arrays that the library can read; its strides are of rows alone."""
        arrays = [np.asarray(plane) for plane in planes]
        if [array.shape for array in arrays] != self._shapes:
            raise InvalidArgument(f"planes of {[array.shape for array in arrays]}, "
                                  f"not of {self._shapes}")
        kinds = {array.dtype for array in arrays}
        if len(kinds) != 1 or arrays[0].dtype not in self._kinds:
            names = " or ".join(np.dtype(kind).name for kind in self._kinds)
            raise InvalidArgument(f"planes of {sorted(map(str, kinds))}, not all of {names}")
        return [array if array.strides[1] == array.itemsize else np.ascontiguousarray(array)
                for array in arrays]

    def _receive(self) -> "list[Packet]":
        packets, raw = [], c.Packet()
        while check(lib.furl_encoder_receive(self.pointer, byref(raw))) == c.OK:
            packets.append(Packet(copy_bytes(raw.data, raw.size), raw.pts, raw.duration,
                                  bool(raw.key)))
        return packets
