"""The binding as programs use it. The environment may name:

FURL_LIBRARY  libfurl.so, else the installed one
FURL_TOOL     the tool, whose decoding is compared with this one's
FURL_CLIP     a video for it
"""

import io
import os
import pathlib
import subprocess
import tempfile
import unittest
from fractions import Fraction

import numpy as np

import furl

TOOL, CLIP = os.environ.get("FURL_TOOL"), os.environ.get("FURL_CLIP")
WIDTH, HEIGHT = 70, 50  # no multiples of a block


def pictures(count: int, dtype: str = "uint8", width: int = WIDTH, height: int = HEIGHT) -> list:
    """A gradient that moves."""
    shift = 0 if dtype == "uint8" else 2
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    chroma = ((height + 1) // 2, (width + 1) // 2)
    return [((((2 * x + y + 3 * t) % 200 + 20) << shift).astype(dtype),
             np.full(chroma, (100 + t) << shift, dtype), np.full(chroma, 140 << shift, dtype))
            for t in range(count)]


def psnr(a: np.ndarray, b: np.ndarray, most: int) -> float:
    error = np.mean((a.astype(float) - b.astype(float)) ** 2)
    return float(10 * np.log10(most ** 2 / max(error, 1e-9)))


class RoundTripTest(unittest.TestCase):
    def check_round_trip(self, dtype: str, depth: int) -> None:
        originals = pictures(9, dtype)
        file = io.BytesIO()
        furl.encode(originals, file, crf=20, frame_rate="30000/1001")
        file.seek(0)
        frames = list(furl.decode(file))
        self.assertEqual(len(frames), 9)
        for index, (frame, original) in enumerate(zip(frames, originals)):
            self.assertEqual(frame.pts, index)
            self.assertAlmostEqual(frame.time, index * 1001 / 30000)
            self.assertEqual(frame.bit_depth, depth)
            for plane, wanted in zip(frame.planes, original):
                self.assertEqual((plane.shape, plane.dtype), (wanted.shape, wanted.dtype))
                self.assertGreater(psnr(plane, wanted, (1 << depth) - 1), 35)

    def test_8_bit(self) -> None:
        self.check_round_trip("uint8", 8)

    def test_10_bit(self) -> None:
        self.check_round_trip("uint16", 10)

    def test_frames_keep_their_times(self) -> None:
        base = Fraction(1, 1000)
        shown = [furl.Frame(planes, pts=40 * i + 5, duration=40, time_base=base)
                 for i, planes in enumerate(pictures(4))]
        file = io.BytesIO()
        furl.encode(shown, file)
        file.seek(0)
        times = [(f.pts, f.duration, f.time_base) for f in furl.decode(file)]
        self.assertEqual(times, [(40 * i + 5, 40, base) for i in range(4)])

    def test_views_that_are_not_contiguous(self) -> None:
        wide = pictures(1, width=2 * WIDTH, height=HEIGHT)[0]
        cut = (wide[0][::-1, :WIDTH], wide[1][:, ::2], wide[2][:, ::2])
        whole = tuple(np.ascontiguousarray(plane) for plane in cut)
        with furl.Encoder(WIDTH, HEIGHT) as one, furl.Encoder(WIDTH, HEIGHT) as other:
            self.assertEqual(one.encode(cut) + one.flush(), other.encode(whole) + other.flush())


class HandleTest(unittest.TestCase):
    def test_packets_and_statistics(self) -> None:
        with furl.Encoder(WIDTH, HEIGHT, gop_seconds=1, frame_rate=4) as encoder:
            packets = [p for planes in pictures(8) for p in encoder.encode(planes)]
            packets += encoder.flush()
            info = encoder.info
            self.assertEqual((info.width, info.height, info.gop_length), (WIDTH, HEIGHT, 4))
            self.assertEqual(info.model_id, furl.Model().id)
            header = encoder.header
        self.assertEqual(sorted(p.pts for p in packets), list(range(8)))
        self.assertTrue(packets[0].key)
        with furl.Decoder(header, threads=1) as decoder:
            frames = [f for p in packets for f in decoder.decode(p)] + decoder.flush()
            self.assertEqual([f.pts for f in frames], list(range(8)))
            self.assertEqual(decoder.statistics.frames, 8)
            self.assertEqual(decoder.statistics.damaged_frames, 0)

    def test_key_on_demand(self) -> None:
        with furl.Encoder(WIDTH, HEIGHT) as encoder:
            packets = []
            for i, planes in enumerate(pictures(6)):
                packets += encoder.encode(planes, key=i == 3)
            packets += encoder.flush()
        self.assertEqual([p.pts for p in packets if p.key], [0, 3])

    def test_model(self) -> None:
        model = furl.Model()
        self.assertRegex(model.id, "^[0-9a-f]{32}$")
        self.assertTrue(model.name and model.family)
        self.assertIsInstance(model.card, dict)

    def test_closed_handles_refuse(self) -> None:
        encoder = furl.Encoder(WIDTH, HEIGHT)
        encoder.close()
        encoder.close()
        with self.assertRaisesRegex(furl.InvalidArgument, "closed"):
            encoder.flush()


class ErrorTest(unittest.TestCase):
    def test_messages_are_the_librarys(self) -> None:
        with self.assertRaises(furl.InvalidArgument) as caught:
            furl.Encoder(WIDTH, HEIGHT, crf=99)
        self.assertEqual(caught.exception.status, "invalid_argument")
        self.assertIn("crf", str(caught.exception))
        with self.assertRaisesRegex(furl.Unsupported, "16x16"):
            furl.Encoder(3, 3)
        with self.assertRaisesRegex(furl.InputOutputError, "no-such-model"):
            furl.Model("/no-such-model")

    def test_planes_of_another_kind(self) -> None:
        y, u, v = pictures(1)[0]
        with furl.Encoder(WIDTH, HEIGHT) as encoder:
            for wrong in [(y[1:], u, v), (y, u), (y.astype(float), u, v)]:
                with self.assertRaises(ValueError):
                    encoder.encode(wrong)
            self.assertEqual(len(encoder.encode((y, u, v)) + encoder.flush()), 1)

    def test_no_stream_and_a_cut_one(self) -> None:
        with self.assertRaises(furl.InvalidStream):
            list(furl.decode(io.BytesIO(b"no stream at all")))
        with self.assertRaises(furl.InvalidStream):
            list(furl.decode(io.BytesIO(b"")))
        file = io.BytesIO()
        furl.encode(pictures(5), file)
        cut = file.getvalue()[:-4]
        with self.assertRaises(furl.InvalidStream):
            list(furl.decode(io.BytesIO(cut)))
        self.assertEqual(len(list(furl.decode(io.BytesIO(cut), conceal=True))), 5)

    def test_damage_is_concealed_on_wish(self) -> None:
        file = io.BytesIO()
        furl.encode(pictures(5), file)
        data = bytearray(file.getvalue())
        data[len(data) // 2] ^= 0x55
        with self.assertRaises(furl.InvalidStream):
            list(furl.decode(io.BytesIO(data)))
        with self.assertLogs("furl", "WARNING"):
            frames = list(furl.decode(io.BytesIO(data), conceal=True))
        self.assertTrue(any(frame.concealed for frame in frames))

    def test_failing_files_raise_their_own_error(self) -> None:
        class Full(io.RawIOBase):
            def write(self, _data: object) -> int:
                raise OSError("disk full")

        with self.assertRaisesRegex(OSError, "disk full"):
            furl.encode(pictures(3), Full())

    def test_unfinished_files_are_not_left(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            def some() -> object:
                yield from pictures(2)
                raise RuntimeError("no more")

            with self.assertRaisesRegex(RuntimeError, "no more"):
                furl.encode(some(), os.path.join(folder, "out.furl"))
            self.assertEqual(os.listdir(folder), [])


@unittest.skipUnless(TOOL and CLIP, "FURL_TOOL and FURL_CLIP say which")
class ToolTest(unittest.TestCase):
    def test_frames_are_those_of_the_tool(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            coded, raw = os.path.join(folder, "coded.furl"), os.path.join(folder, "raw.yuv")
            subprocess.run([TOOL, "encode", CLIP, "-o", coded, "--frames", "6", "--scale",
                            "160x-1", "-q"], check=True)
            subprocess.run([TOOL, "decode", coded, "-o", raw, "-q"], check=True)
            samples = b"".join(plane.tobytes() for frame in furl.decode(pathlib.Path(coded))
                               for plane in frame.planes)
            self.assertEqual(samples, pathlib.Path(raw).read_bytes())

    def test_the_tool_verifies_what_is_encoded(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            coded = os.path.join(folder, "coded.furl")
            furl.encode(pictures(5), coded)
            subprocess.run([TOOL, "verify", coded, "-q"], check=True)
            self.assertEqual(os.listdir(folder), ["coded.furl"])


if __name__ == "__main__":
    unittest.main()
