// The adapters behind MakeCodec, as data.

#ifndef FURL_EVAL_CODECS_ADAPTERS_H_
#define FURL_EVAL_CODECS_ADAPTERS_H_

#include <string>
#include <utility>
#include <vector>

#include "codec/enc/encoder.h"
#include "eval/codecs/codec.h"

namespace furl::eval {

// An encoder of libavcodec with its settings.
struct LibavSpec {
  std::string name;
  std::string description;
  std::string encoder;  // libavcodec's name
  LevelScale levels;    // "qscale" is the fixed quantizer, others are options
  std::vector<std::pair<std::string, std::string>> options;
  // Settings of the encoder library itself ("key=value:key=value"), passed as
  // the option `params_option`; thread settings are added to them.
  std::string params_option;
  std::string params;
  bool in_default_set = false;
};

// kUnsupported if libavcodec has no such encoder.
Result<CodecPtr> MakeLibavCodec(const LibavSpec& spec);

// furl with its own encoder settings.
struct FurlSpec {
  std::string name;
  std::string description;
  Preset preset = Preset::kMedium;
  bool low_delay = false;
  bool in_default_set = false;
  std::string base;  // media::BaseOptions::encoder of a base; empty: none
  // A filter of a base at full size, else pictures above one at half size.
  BaseUse base_use = BaseUse::kFull;
  Tune tune = Tune::kPsnr;
};

// As settings and result files have it.
const char* PresetName(Preset preset);

// `family` not null.
CodecPtr MakeFurlCodec(const FurlSpec& spec, FamilyEncoderPtr family);

// "SEI" texts in which x264 and x265 describe themselves, in a packet with start
// codes: their bytes, up to 2.5 kB that no player needs and that would weigh on
// short clips; and "x264 - core 164 r3095 baee400" out of it (empty if there is
// none). `hevc` says which syntax.
int64_t EncoderTextBytes(bool hevc, std::span<const uint8_t> packet);
std::string EncoderTextVersion(std::span<const uint8_t> packet);

}  // namespace furl::eval

#endif  // FURL_EVAL_CODECS_ADAPTERS_H_
