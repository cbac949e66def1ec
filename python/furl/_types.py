"""Frames, packets, and what a stream says of itself."""

import ctypes
import dataclasses
from ctypes import POINTER, byref, c_ssize_t, c_uint8, c_void_p
from fractions import Fraction
from typing import Any, Sequence, Tuple, Union

import numpy as np
import numpy.typing as npt

from ._errors import InvalidStream, check
from ._library import NEED_MORE_DATA, Packet as CPacket, Rational, StreamInfo as CStreamInfo, lib

Plane = npt.NDArray[np.generic]
Planes = Tuple[Plane, Plane, Plane]


def to_fraction(rational: Rational) -> Fraction:
    return Fraction(rational.num, rational.den)


def to_rational(value: "Union[Fraction, int, float, str]") -> Rational:
    """Floats as the nearest fraction with a denominator up to 100000: 29.97 is 2997/100."""
    fraction = Fraction(value).limit_denominator(100000)
    return Rational(fraction.numerator, fraction.denominator)


@dataclasses.dataclass(frozen=True)
class Color:
    """Code points of ITU-T H.273; 2 is "unspecified"."""

    primaries: int = 2
    transfer: int = 2
    matrix: int = 2
    full_range: bool = False
    chroma_location: int = 255


@dataclasses.dataclass(frozen=True)
class StreamInfo:
    """What a sequence header says."""

    model_id: str
    width: int
    height: int
    bit_depth: int
    low_delay: bool
    gop_length: int  # most frames between key frames
    frame_rate: Fraction
    time_base: Fraction  # seconds per tick of pts
    sample_aspect: Fraction
    color: Color

    @staticmethod
    def read(header: bytes) -> "StreamInfo":
        info = CStreamInfo()
        if check(lib.furl_read_stream_info(header, len(header), byref(info))) == NEED_MORE_DATA:
            raise InvalidStream("the sequence header is truncated")
        color = info.color
        return StreamInfo(
            model_id=info.model_id.decode(), width=info.width, height=info.height,
            bit_depth=info.bit_depth, low_delay=bool(info.low_delay), gop_length=info.gop_length,
            frame_rate=to_fraction(info.frame_rate), time_base=to_fraction(info.time_base),
            sample_aspect=to_fraction(info.sample_aspect),
            color=Color(color.primaries, color.transfer, color.matrix, bool(color.full_range),
                        color.chroma_location))


@dataclasses.dataclass(frozen=True)
class Packet:
    """One coded picture. Packets come in coding order, not in that of their times."""

    data: bytes
    pts: int  # in ticks of the stream's time base
    duration: int
    key: bool = False  # decodable without any earlier packet

    @property
    def disposable(self) -> bool:
        """No other picture needs this one."""
        return bool(lib.furl_packet_is_disposable(self.data, len(self.data)))


@dataclasses.dataclass(frozen=True)
class Frame:
    """A picture: Y, U and V as arrays of rows, uint8 at 8 bit and uint16 at 10. U and V have half
    as many rows and columns, rounded up. The arrays are the caller's own."""

    planes: Planes
    pts: int  # in ticks of `time_base`
    duration: int
    time_base: Fraction = Fraction(1, 25)
    bit_depth: int = 8
    qp: "Union[int, None]" = None  # of the packet, -16 (best) .. 79; None where it is of none
    concealed: bool = False  # stands in for a picture that is damaged or missing

    @property
    def time(self) -> float:
        """In seconds."""
        return float(self.pts * self.time_base)

    @property
    def y(self) -> Plane:
        return self.planes[0]

    @property
    def u(self) -> Plane:
        return self.planes[1]

    @property
    def v(self) -> Plane:
        return self.planes[2]


def raw_packet(packet: Packet) -> CPacket:
    """As the library takes it; valid as long as `packet`."""
    data = ctypes.cast(ctypes.c_char_p(packet.data), POINTER(c_uint8))
    return CPacket(data=data, size=len(packet.data), pts=packet.pts, duration=packet.duration,
                   key=int(packet.key))


def plane_shapes(width: int, height: int) -> "list[Tuple[int, int]]":
    chroma = ((height + 1) // 2, (width + 1) // 2)
    return [(height, width), chroma, chroma]


def pointers(planes: Sequence[Plane]) -> "Tuple[Any, Any]":
    """Addresses and strides, in bytes, of arrays whose rows are contiguous."""
    return ((c_void_p * 3)(*[plane.ctypes.data for plane in planes]),
            (c_ssize_t * 3)(*[plane.strides[0] for plane in planes]))
