// Codecs under measurement: one adapter each, one list of all.

#ifndef FURL_BENCH_RD_CODEC_H_
#define FURL_BENCH_RD_CODEC_H_

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "rd/clip.h"

namespace furl::rd {

// Seconds between the intra frames of every codec; encoders may place more at
// scene cuts.
inline constexpr double kGopSeconds = 2.0;

// Codes clips at a quality level and decodes them again.
class Codec {
 public:
  virtual ~Codec() = default;

  // Stable name, also the result file's: "x265-medium".
  virtual std::string name() const = 0;
  virtual std::string description() const = 0;
  // What a level is called on the encoder's side: "crf", "qscale".
  virtual std::string level_name() const = 0;
  // The default ladder, best quality first, at least 6 levels.
  virtual std::vector<double> levels() const = 0;
  // Every option set, except the level and what follows from the clip.
  virtual nlohmann::json settings() const = 0;
  // Versions of the libraries used. Complete after the first Run().
  virtual nlohmann::json versions() const = 0;

  // Encodes `clip` at `level`, decodes the result and hands the frames to
  // `sink` in display order. Returns the bytes of the video stream alone:
  // packets and codec headers, without container, sound and encoder credits.
  virtual Result<int64_t> Run(const Clip& clip, double level, const FrameSink& sink) = 0;
};

// An encoder of libavcodec with its settings.
struct LibavSpec {
  const char* name;
  const char* description;
  const char* encoder;
  const char* level_name;  // option set to the level; "qscale" is the fixed quantizer
  std::vector<double> levels;
  std::vector<std::pair<const char*, const char*>> options;
};

// How to call the furl tool.
struct FurlSpec {
  std::string name = "furl";
  std::string binary = "furl";
  std::vector<double> levels = {12, 20, 28, 36, 44, 52};
  std::vector<std::string> encode_options;  // e.g. {"--preset", "slow"}
};

std::span<const LibavSpec> AllLibavSpecs();

std::unique_ptr<Codec> MakeLibavCodec(const LibavSpec& spec);
std::unique_ptr<Codec> MakeFurlCodec(const FurlSpec& spec);

// The codec called `name`: one of AllLibavSpecs() or `furl.name`; null when
// there is none.
std::unique_ptr<Codec> MakeCodec(const std::string& name, const FurlSpec& furl);

}  // namespace furl::rd

#endif  // FURL_BENCH_RD_CODEC_H_
