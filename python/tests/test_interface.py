"""The structs of _library.py against include/furl/furl.h, by a C program that measures those."""

import ctypes
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from furl import _library

HEADERS = pathlib.Path(__file__).resolve().parents[2] / "include"
STRUCTS = {
    "furl_rational": _library.Rational, "furl_color": _library.Color,
    "furl_allocator": _library.Allocator, "furl_model_info": _library.ModelInfo,
    "furl_stream_info": _library.StreamInfo, "furl_picture": _library.Picture,
    "furl_image": _library.Image, "furl_packet": _library.Packet,
    "furl_decoder_settings": _library.DecoderSettings,
    "furl_decoder_statistics": _library.DecoderStatistics,
    "furl_encoder_settings": _library.EncoderSettings,
}


def c_layout() -> "list[str]":
    lines = []
    for name, struct in STRUCTS.items():
        lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
        for field in struct._fields_:
            place = f"{name}, {field[0]}"
            lines.append(f'printf("{name}.{field[0]} %zu\\n", offsetof({place}));')
    lines.append('printf("api %d\\n", FURL_API_VERSION);')
    source = ("#include <furl/furl.h>\n#include <stdio.h>\nint main(void) {\n"
              + "\n".join(lines) + "\n}\n")
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "layout")
        subprocess.run(["cc", "-x", "c", "-", "-I", str(HEADERS), "-o", program],
                       input=source.encode(), check=True)
        return subprocess.run([program], capture_output=True, check=True, text=True
                              ).stdout.splitlines()


class InterfaceTest(unittest.TestCase):
    @unittest.skipUnless(shutil.which("cc"), "no C compiler")
    def test_structs_are_those_of_the_header(self) -> None:
        own = []
        for name, struct in STRUCTS.items():
            own.append(f"{name} {ctypes.sizeof(struct)}")
            own += [f"{name}.{field[0]} {getattr(struct, field[0]).offset}"
                    for field in struct._fields_]
        own.append(f"api {_library.API_VERSION}")
        self.assertEqual(own, c_layout())


if __name__ == "__main__":
    unittest.main()
