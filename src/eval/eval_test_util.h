// Clips and codecs for the tests of this folder.

#ifndef FURL_EVAL_EVAL_TEST_UTIL_H_
#define FURL_EVAL_EVAL_TEST_UTIL_H_

#include <cmath>
#include <string>

#include "eval/clip.h"
#include "eval/codecs/codec.h"
#include "eval/results/result_file.h"

namespace furl::eval {

// A moving gradient with a moving square: codes well, but not for nothing.
inline Clip SyntheticClip(int width, int height, int frames, int bit_depth) {
  Clip clip;
  clip.name = "synthetic";
  clip.sha256 = "0";
  clip.width = width;
  clip.height = height;
  clip.bit_depth = bit_depth;
  for (int i = 0; i < frames; ++i) {
    FramePtr frame = Frame::Create(width, height, bit_depth).value();
    for (int p = 0; p < 3; ++p) {
      const Plane plane = frame->plane(p);
      for (int y = 0; y < plane.height; ++y) {
        for (int x = 0; x < plane.width; ++x) {
          const bool square = (x - 2 * i) / 8 == 1 && y / 8 == 1;
          const int noise = (x * 7919 + y * 104729 + x * y * 31) % 23;
          plane.row(y)[x] = static_cast<uint16_t>((square ? 220 : (x + y + i + noise) % 200 + 20)
                                                  << (bit_depth - 8));
        }
      }
    }
    frame->pts = i;
    frame->duration = 1;
    clip.frames.push_back(frame);
  }
  return clip;
}

// A codec that adds an error of about 2^(level / 6) to every sample and says that
// it took fewer bits for it. `loses`: drops the last frame.
class FakeCodec : public Codec {
 public:
  explicit FakeCodec(std::string name, double bits_factor = 1, bool loses = false)
      : name_(std::move(name)), bits_factor_(bits_factor), loses_(loses) {}

  std::string name() const override { return name_; }
  std::string description() const override { return "made up"; }
  const LevelScale& levels() const override { return levels_; }
  nlohmann::json settings(const RunOptions&) const override { return {{"factor", bits_factor_}}; }
  nlohmann::json versions() const override { return {{"encoder", "1"}}; }

  Result<CodedVideo> Encode(const Clip& clip, double level, const RunOptions& run) const override {
    ++encodes;
    CodedVideo coded;
    coded.width = clip.width;
    coded.height = clip.height;
    coded.bytes = std::llround(1e6 * bits_factor_ * std::exp2(-level / 6));
    clip_ = &clip;
    error_ = static_cast<int>(std::lround(std::exp2(level / 6)));
    FURL_RETURN_IF_ERROR(CheckCancelled(run));
    return coded;
  }

  Status Decode(const CodedVideo&, const RunOptions&, const FrameSink& sink) const override {
    for (size_t i = 0; i + (loses_ ? 1 : 0) < clip_->frames.size(); ++i) {
      const Frame& source = *clip_->frames[i];
      FramePtr frame = Frame::Create(source.width(), source.height(), source.bit_depth()).value();
      for (int p = 0; p < 3; ++p) {
        const Plane plane = frame->plane(p);
        for (int y = 0; y < plane.height; ++y) {
          for (int x = 0; x < plane.width; ++x) {
            const int sample = source.plane(p).row(y)[x];
            plane.row(y)[x] =
                static_cast<uint16_t>(sample >= error_ ? sample - error_ : sample + error_);
          }
        }
      }
      FURL_RETURN_IF_ERROR(sink(frame));
    }
    return OkStatus();
  }

  mutable int encodes = 0;

 private:
  std::string name_;
  double bits_factor_;
  bool loses_;
  LevelScale levels_ = {"crf", 0, 40, 1, {6, 12, 18, 24, 36}};
  mutable const Clip* clip_ = nullptr;
  mutable int error_ = 0;
};

// Two clips of five points, 2.5 dB apart per halving of bits.
inline ResultFile MakeResults(const std::string& name, double factor) {
  ResultFile file;
  file.name = name;
  file.description = "made up";
  file.level_name = "crf";
  file.settings = {{"preset", "none"}};
  file.versions = {{"encoder", "1"}};
  file.command = "none";
  for (const char* clip_name : {"a", "b"}) {
    ClipResult& clip = file.clips[clip_name];
    clip.sha256 = clip_name;
    clip.width = 64;
    clip.height = 48;
    clip.bit_depth = 8;
    clip.frames = 10;
    clip.fps = "25/1";
    for (int i = 0; i < 5; ++i) {
      Measurement m;
      m.level = 20 + 4 * i;
      m.kbps = factor * 4096 / (1 << i);
      m.bits = std::llround(m.kbps * 1000 * 10 / 25);
      m.scores["psnr"].mean.yuv = 42 - 2.5 * i;
      m.scores["psnr"].worst_frame = i;
      clip.points.push_back(m);
    }
  }
  return file;
}

}  // namespace furl::eval

#endif  // FURL_EVAL_EVAL_TEST_UTIL_H_
