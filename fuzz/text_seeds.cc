// Seeds that are written down rather than coded.

#include <string>
#include <string_view>

#include "fuzz/seeds.h"

namespace furl {
namespace {

// As it is (long_text.h).
Bytes Plain(std::string_view text) {
  Bytes seed = {0};
  seed.insert(seed.end(), text.begin(), text.end());
  return seed;
}

// One piece of a long text, 4 to the power of `power` times.
void AppendPiece(std::string_view piece, int power, Bytes* seed) {
  seed->push_back(static_cast<uint8_t>(piece.size()));
  seed->insert(seed->end(), piece.begin(), piece.end());
  seed->push_back(static_cast<uint8_t>(power));
}

Bytes Repeated(std::string_view before, std::string_view piece, std::string_view after) {
  Bytes seed = {1};
  AppendPiece(before, 0, &seed);
  AppendPiece(piece, 8, &seed);
  AppendPiece(after, 0, &seed);
  return seed;
}

constexpr std::string_view kGraphs = R"({"family": "transform", "name": "t", "graphs": {"g": {
  "inputs": [{"name": "a", "format": "u7", "channels": 16, "scale": 16}],
  "nodes": [
    {"op": "conv", "name": "c", "in": ["a"], "out": "t0", "channels": 16, "kernel": 3,
     "form": "relu", "shift": 5, "qp": true, "init": "zero"},
    {"op": "concat", "name": "k", "in": ["a", "t0"], "out": "t1"},
    {"op": "depth_to_space", "name": "u", "in": ["t1"], "out": "t2"},
    {"op": "crop", "name": "r", "in": ["t2"], "out": "t3", "scale": 16}],
  "outputs": ["t3"]}, "e": {"side": "encoder",
  "inputs": [{"name": "a", "format": "s16", "channels": 96, "scale": 8}],
  "nodes": [{"op": "lap", "name": "l", "in": ["a"], "out": "b", "strength": 0.5}],
  "outputs": ["b"]}}})";

constexpr std::string_view kDirectory = R"({"__metadata__": {"furl_model": "2", "graphs": "{}"},
  "a": {"dtype": "U8", "shape": [4, 32], "data_offsets": [0, 128]},
  "b": {"dtype": "I16", "shape": [64], "data_offsets": [128, 256]}})";

constexpr std::string_view kResult = R"({"name": "c", "description": "d", "results": {"x": {
  "crf": [10, 20, 30, 40], "bits": [900, 500, 300, 200], "bitrate_kbps": [90, 50, 30, 20],
  "bpp": [0.9, 0.5, 0.3, 0.2], "psnr_yuv": [45, 41, 38, 34], "psnr_y": [44, 40, 37, 33],
  "psnr_u": [46, 42, 39, 35], "psnr_v": [46, 42, 39, 35],
  "ssim_yuv": [0.99, 0.98, 0.96, 0.9], "ssim_y": [0.99, 0.98, 0.96, 0.9],
  "ssim_u": [0.99, 0.98, 0.96, 0.9], "ssim_v": [0.99, 0.98, 0.96, 0.9],
  "vmaf": [99, 95, 90, 80], "vmaf_version": ["1", "1", "1", "1"]}},
  "conditions": {"level": "crf", "settings": {"preset": "medium"}, "versions": {}, "command": "f",
  "inputs": {"x": {"sha256": "0", "width": 64, "height": 48, "bit_depth": 8, "frames": 9,
  "fps": "25/1", "targets": [40.0]}}},
  "codecs": {"c": {"settings": {"preset": "fast"}, "clips": {"x": {
  "encode": {"fps": 2, "cpu_ms_per_frame": 3, "peak_bytes": 4},
  "decode": {"fps": 2, "cpu_ms_per_frame": 3}}}}}})";

void WriteJsonSeeds(const std::filesystem::path& root) {
  int n = 0;
  for (const std::string_view text : {kGraphs, kDirectory}) {
    for (const uint8_t kind : {0, 1}) {
      Bytes seed = Plain(text);
      seed.insert(seed.begin(), kind);
      WriteSeed(root / "model_json", n++, seed);
    }
  }
  const Bytes long_texts[] = {
      Repeated(R"({"graphs": {"g": )", "[", "1"),
      Repeated(R"({"a": [)", R"({"b#": 1},)", "1]}"),
      Repeated("{", R"("t#":{"dtype":"U8","shape":[1],"data_offsets":[#,#]},)", R"("x":1})"),
      Repeated(R"({"graphs": {)", R"("g#":{"inputs":[],"nodes":[],"outputs":[]},)", R"("x":1}})"),
  };
  for (Bytes seed : long_texts) {
    for (const uint8_t kind : {0, 1}) {
      seed.insert(seed.begin(), kind);
      WriteSeed(root / "model_json", n++, seed);
      seed.erase(seed.begin());
    }
  }
  WriteSeed(root / "results", 0, Plain(kResult));
  WriteSeed(root / "results", 1, Repeated("", "[", ""));
  WriteSeed(root / "results", 2,
            Repeated(R"({"name":"c","results":{"x":[)", R"({"#":#},)", "1]}}"));
}

constexpr std::string_view kZones = R"({"zones": [
  {"name": "a", "for": "motion", "polygon": [[0.1, 0.4], [0.9, 0.4], [0.9, 1], [0.1, 1]]},
  {"name": "b", "for": "ignore", "polygon": [[0, 0], [1, 1], [0, 1], [1, 0.2]]},
  {"name": "c", "for": "mask", "polygon": [[0, 0], [0.2, 0], [0.2, 0.3]]}],
  "lines": [{"name": "d", "line": [0.2, 0.5, 0.2, 0.9], "direction": "left"}]})";

constexpr std::string_view kCameras = R"({"cameras": [
  {"name": "front", "input": "rtsp://front/s", "mode": "events", "sensitivity": 60, "pre": 8,
   "post": 15, "least_motion": 0.5, "crf": 38, "quiet_crf": 50, "quiet_fps": 5, "quiet_gop": 10,
   "zones": [{"name": "c", "for": "mask", "polygon": [[0, 0], [0.2, 0], [0.2, 0.3]]}],
   "lines": [{"name": "d", "line": [0.2, 0.5, 0.2, 0.9]}]},
  {"name": "yard", "input": "/dev/video0", "format": "v4l2"}]})";

void WriteConfigSeeds(const std::filesystem::path& root) {
  WriteSeed(root / "watch_config", 2, Plain(kCameras));
  WriteSeed(root / "watch_config", 0, Plain(kZones));
  WriteSeed(
      root / "watch_config", 1,
      Repeated(R"({"zones":[{"name":"a","for":"mask","polygon":[)", "[0.#,0.5],", "[1,1]]}]}"));
}

void WriteWordSeeds(const std::filesystem::path& root) {
  int n = 0;
  for (const std::string_view text :
       {R"({"name": "a", "description": "b", "options": {"crf": 44.5, "low-delay": true,
            "scale": "-1x720", "audio": "eng,opus:96k", "size": "20M"}})",
        R"({"name": "a", "options": {"bitrate": "800k", "vbv": "1M:2M", "base": "x264",
            "base-scale": "1/2", "filter": "eq=gamma=1.2", "fps": 25}})",
        R"(["--crf", "41", "--preset", "slow", "--low-delay", "--scale=-1x720"])",
        R"(["--bitrate", "800k", "--vbv", "1M", "--raw-size", "352x288", "--raw-fps", "30"])"}) {
    WriteSeed(root / "encode_words", n++, Plain(text));
  }
  WriteSeed(root / "encode_words", n++, Repeated("[", R"("--gop=#",)", R"("--gop=1"])"));
  WriteSeed(root / "encode_words", n++,
            Repeated(R"({"name": "a", "options": {)", R"("crf#": 1,)", R"("crf": 1}})"));
}

void WriteHeaderSeeds(const std::filesystem::path& root) {
  int n = 0;
  for (const std::string_view line :
       {"YUV4MPEG2 W98 H50 F24000:1001 Ip A1:1 C420mpeg2 XYSCSS=420MPEG2\nFRAME\n",
        "YUV4MPEG2 H2160 W4096\n"}) {
    WriteSeed(root / "y4m_header", n++, Bytes(line.begin(), line.end()));
  }
}

void WriteRequestSeeds(const std::filesystem::path& root) {
  int n = 0;
  for (const std::string_view lines :
       {"/f.mkv\nbytes=2-5\n\n\n", "/a/g.m3u8?x\nbytes=-3\n\"1\", W/\"2\"\n\n\"3\"",
        "http://h/%66.mkv\nbytes=4-\n\nSun, 06 Nov 1994 08:49:37 GMT\n", "/a/../out\n", "/out",
        "/link\n\n*", "/.furl/play/f.mkv\n", "/.furl/player/a/g.m3u8", "/a/\n", "/metrics"}) {
    WriteSeed(root / "serve_request", n++, Bytes(lines.begin(), lines.end()));
  }
}

void WritePlaylistSeeds(const std::filesystem::path& root) {
  int n = 0;
  for (const std::string_view text :
       {"#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:7\n"
        "#EXT-X-DISCONTINUITY-SEQUENCE:1\n# furl origin 2026-11-30T09:24:52.123Z\n"
        "#EXT-X-MAP:URI=\"v-init.mkv\"\n#EXT-X-PROGRAM-DATE-TIME:2026-11-30T09:25:06.123Z\n"
        "#EXTINF:2.00000,\nv-00007.mkv\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI=\"v-init002.mkv\"\n"
        "#EXTINF:0.5,\nv-00008.mkv\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXTINF:1,\nt-00001.vtt"}) {
    WriteSeed(root / "playlist", n++, Bytes(text.begin(), text.end()));
  }
}

// A change of every kind (model_edit.cc), of a few places each.
void WriteEditSeeds(const std::filesystem::path& root) {
  int n = 0;
  WriteSeed(root / "model_edit", n++, {0});
  WriteSeed(root / "model_edit", n++, {1});
  for (uint8_t kind = 0; kind < 7; ++kind) {
    for (uint8_t place = 0; place < 160; place += 20) {
      WriteSeed(root / "model_edit", n++, {0, kind, kind, 0, place, 0, 0, 7, 200});
    }
  }
  for (uint8_t kind = 0; kind < 6; ++kind) {
    for (uint8_t place = 3; place < 250; place += 41) {
      WriteSeed(root / "model_edit", n++, {0, 8, kind, kind, place, 1, place, 60});
    }
  }
  for (uint8_t op = 0; op < 9; ++op) WriteSeed(root / "model_edit", n++, {0, 12, op, op, 40, 1, 1});
}

void WriteCodingSeeds(const std::filesystem::path& root) {
  for (int i = 0; i < 12; ++i) {
    Bytes seed = {static_cast<uint8_t>(7 * i), static_cast<uint8_t>(11 * i),
                  static_cast<uint8_t>(5 * i), static_cast<uint8_t>(23 * i),
                  static_cast<uint8_t>(2 + 7 * i)};
    for (int frame = 0; frame < 6; ++frame) {
      const int kind = frame % 2 == 0 ? i : 7;
      for (const int b : {kind, 40 * i + frame, i}) seed.push_back(static_cast<uint8_t>(b));
    }
    WriteSeed(root / "round_trip", i, seed);
  }
  // Encoder, two pictures, its packets to a decoder, the pictures out of it.
  Bytes calls = {0, 5, 9, 0, 7, 0, 0};
  for (int i = 0; i < 2; ++i) {
    const Bytes image = {1, 0, 9, 0, 0, 0, 0, 0, static_cast<uint8_t>(i), 1};
    calls.insert(calls.end(), image.begin(), image.end());
  }
  calls.push_back(6);
  for (int i = 0; i < 2; ++i) {
    const Bytes packet = {4, 8, 0, static_cast<uint8_t>(i)};
    calls.insert(calls.end(), packet.begin(), packet.end());
  }
  const Bytes rest = {13, 10, 12, 0, 0, 0, 11, 12, 0, 0, 0, 14, 0, 3, 15, 4, 1, 2, 3, 4};
  calls.insert(calls.end(), rest.begin(), rest.end());
  WriteSeed(root / "api", 0, calls);
}

}  // namespace

void WriteTextSeeds(const std::filesystem::path& root) {
  WriteJsonSeeds(root);
  WriteConfigSeeds(root);
  WriteWordSeeds(root);
  WriteHeaderSeeds(root);
  WriteRequestSeeds(root);
  WritePlaylistSeeds(root);
  WriteEditSeeds(root);
  WriteCodingSeeds(root);
}

}  // namespace furl
