"""The C interface of libfurl (include/furl/furl.h) as ctypes sees it: structs, functions, the
library itself. python/tests/test_interface.py compares the structs with the header."""

import ctypes
import ctypes.util
import os
from typing import Any
from ctypes import (
    CFUNCTYPE, POINTER, Structure, c_char, c_char_p, c_double, c_int, c_int64, c_size_t, c_ssize_t,
    c_uint8, c_uint16, c_void_p,
)

API_VERSION = 1  # FURL_API_VERSION of the header that this file follows

OK, TRY_AGAIN, END_OF_STREAM, NEED_MORE_DATA = 0, 1, 2, 3


class Rational(Structure):
    _fields_ = [("num", c_int64), ("den", c_int64)]


class Color(Structure):
    _fields_ = [("primaries", c_uint8), ("transfer", c_uint8), ("matrix", c_uint8),
                ("full_range", c_uint8), ("chroma_location", c_uint8)]


LogCallback = CFUNCTYPE(None, c_void_p, c_int, c_char_p)
WriteCallback = CFUNCTYPE(c_int, c_void_p, POINTER(c_uint8), c_size_t)


class Allocator(Structure):
    _fields_ = [("allocate", c_void_p), ("release", c_void_p), ("opaque", c_void_p)]


class SizedStructure(Structure):
    """One with a struct_size, which says how much of it the library may touch."""

    def __init__(self, **fields: Any) -> None:
        super().__init__(struct_size=ctypes.sizeof(self), **fields)


class ModelInfo(SizedStructure):
    _fields_ = [("struct_size", c_size_t), ("id", c_char * 33), ("bytes", c_size_t),
                ("family", c_char_p), ("name", c_char_p), ("card", c_char_p)]


class StreamInfo(SizedStructure):
    _fields_ = [("struct_size", c_size_t), ("model_id", c_char * 33), ("width", c_int),
                ("height", c_int), ("bit_depth", c_int), ("low_delay", c_int),
                ("gop_length", c_int), ("macs_per_pixel", c_int), ("frame_rate", Rational),
                ("time_base", Rational), ("sample_aspect", Rational), ("color", Color),
                ("base_width", c_int), ("base_height", c_int), ("base_bit_depth", c_int)]


class Picture(SizedStructure):
    _fields_ = [("struct_size", c_size_t), ("width", c_int), ("height", c_int),
                ("bit_depth", c_int), ("data", POINTER(c_uint16) * 3), ("stride", c_ssize_t * 3),
                ("pts", c_int64), ("duration", c_int64), ("user_data", c_void_p), ("qp", c_int),
                ("concealed", c_int)]


class Image(SizedStructure):
    _fields_ = [("struct_size", c_size_t), ("bytes_per_sample", c_int), ("planes", c_void_p * 3),
                ("strides", c_ssize_t * 3), ("pts", c_int64), ("duration", c_int64),
                ("user_data", c_void_p), ("key", c_int)]


class Packet(SizedStructure):
    _fields_ = [("struct_size", c_size_t), ("data", POINTER(c_uint8)), ("size", c_size_t),
                ("pts", c_int64), ("duration", c_int64), ("decode_order", c_int64),
                ("key", c_int), ("user_data", c_void_p)]


class DecoderSettings(Structure):
    _fields_ = [("struct_size", c_size_t), ("threads", c_int), ("conceal", c_int),
                ("max_pixels", c_int64), ("max_macs_per_pixel", c_int64), ("log", LogCallback),
                ("log_opaque", c_void_p), ("allocator", Allocator), ("max_memory", c_int64)]


class DecoderStatistics(SizedStructure):
    _fields_ = [("struct_size", c_size_t), ("frames", c_int64), ("key_frames", c_int64),
                ("damaged_frames", c_int64), ("concealed_frames", c_int64),
                ("hashes_checked", c_int64), ("hashes_failed", c_int64),
                ("missing_frames", c_int64)]


class EncoderSettings(Structure):
    _fields_ = [("struct_size", c_size_t), ("width", c_int), ("height", c_int),
                ("bit_depth", c_int), ("crf", c_double), ("gop_seconds", c_double),
                ("low_delay", c_int), ("preset", c_int), ("threads", c_int),
                ("frame_rate", Rational), ("time_base", Rational), ("sample_aspect", Rational),
                ("color", Color), ("log", LogCallback), ("log_opaque", c_void_p),
                ("bitrate", c_int64), ("max_bitrate", c_int64), ("buffer_bits", c_int64)]


_HANDLE = POINTER(c_void_p)  # where a function puts the handle that it makes
_BYTES = POINTER(POINTER(c_uint8))
_SIZE = POINTER(c_size_t)

# Arguments of the functions that return a furl_status.
_STATUS_FUNCTIONS = {
    "furl_model_from_file": [_HANDLE, c_char_p],
    "furl_model_from_memory": [_HANDLE, c_char_p, c_size_t],
    "furl_model_default": [_HANDLE],
    "furl_model_get_info": [c_void_p, POINTER(ModelInfo)],
    "furl_read_stream_info": [c_char_p, c_size_t, POINTER(StreamInfo)],
    "furl_frame_get_picture": [c_void_p, POINTER(Picture)],
    "furl_frame_copy": [c_void_p, c_int, c_void_p * 3, c_ssize_t * 3],
    "furl_reader_open": [_HANDLE, c_int64, c_int64],
    "furl_reader_append": [c_void_p, c_char_p, c_size_t],
    "furl_reader_finish": [c_void_p],
    "furl_reader_receive": [c_void_p, POINTER(Packet)],
    "furl_reader_sequence_header": [c_void_p, _BYTES, _SIZE],
    "furl_writer_open": [_HANDLE, WriteCallback, c_void_p, c_char_p, c_size_t],
    "furl_writer_send": [c_void_p, POINTER(Packet)],
    "furl_writer_finish": [c_void_p],
    "furl_decoder_settings_init": [POINTER(DecoderSettings), c_size_t],
    "furl_decoder_open": [_HANDLE, POINTER(DecoderSettings), c_void_p, c_char_p, c_size_t],
    "furl_decoder_send": [c_void_p, POINTER(Packet)],
    "furl_decoder_flush": [c_void_p],
    "furl_decoder_receive": [c_void_p, _HANDLE],
    "furl_decoder_get_statistics": [c_void_p, POINTER(DecoderStatistics)],
    "furl_encoder_settings_init": [POINTER(EncoderSettings), c_size_t],
    "furl_encoder_open": [_HANDLE, POINTER(EncoderSettings), c_void_p],
    "furl_encoder_sequence_header": [c_void_p, _BYTES, _SIZE],
    "furl_encoder_send": [c_void_p, POINTER(Image)],
    "furl_encoder_flush": [c_void_p],
    "furl_encoder_receive": [c_void_p, POINTER(Packet)],
}
_FREE_FUNCTIONS = ["furl_model_free", "furl_frame_free", "furl_reader_close", "furl_writer_close",
                   "furl_decoder_close", "furl_encoder_close"]
_TEXT_FUNCTIONS = {"furl_version": [], "furl_last_error": [], "furl_status_name": [c_int]}


def _candidates() -> "list[str]":
    """Where the library may be: what FURL_LIBRARY names, or the installed one."""
    named = os.environ.get("FURL_LIBRARY")
    if named:
        return [named]
    found = ctypes.util.find_library("furl")
    return ["libfurl.so.0"] + ([found] if found else [])


def _load() -> ctypes.CDLL:
    causes = []
    for name in _candidates():
        try:
            return ctypes.CDLL(name)
        except OSError as error:
            causes.append(str(error))
    raise ImportError("libfurl can't be loaded (the variable FURL_LIBRARY may name it): "
                      + "; ".join(causes))


def _declare(library: ctypes.CDLL) -> ctypes.CDLL:
    for name, arguments in _STATUS_FUNCTIONS.items():
        function = getattr(library, name)
        function.argtypes, function.restype = arguments, c_int
    for name in _FREE_FUNCTIONS:
        function = getattr(library, name)
        function.argtypes, function.restype = [c_void_p], None
    for name, arguments in _TEXT_FUNCTIONS.items():
        function = getattr(library, name)
        function.argtypes, function.restype = arguments, c_char_p
    library.furl_packet_is_disposable.argtypes = [c_char_p, c_size_t]
    library.furl_packet_is_disposable.restype = c_int
    return library


lib = _declare(_load())
if lib.furl_api_version() < API_VERSION:
    raise ImportError(f"libfurl {lib.furl_version().decode()} is too old for this package")
