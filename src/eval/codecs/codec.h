// Codecs under measurement: one adapter each, one list of all.
//
//   FURL_ASSIGN_OR_RETURN(auto codec, MakeCodec("x265-medium", {}));
//   FURL_ASSIGN_OR_RETURN(const CodedVideo coded, codec->Encode(clip, 28, run));
//   FURL_RETURN_IF_ERROR(codec->Decode(coded, run, sink));

#ifndef FURL_EVAL_CODECS_CODEC_H_
#define FURL_EVAL_CODECS_CODEC_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "codec/common/family.h"
#include "eval/clip.h"
#include "image/frame.h"
#include "media/media_info.h"

namespace furl::eval {

// Seconds between the intra frames of every codec; encoders may place more at
// scene cuts.
inline constexpr double kGopSeconds = 2.0;

struct CodedPacket {
  std::vector<uint8_t> data;
  int64_t pts = 0;
  int64_t duration = 0;
  bool key = false;
};

struct CodedVideo {
  int width = 0;  // of the clip; codecs without odd sizes code one column or row more
  int height = 0;
  std::vector<uint8_t> header;  // codec private data; may be empty
  std::vector<CodedPacket> packets;
  // Of furl above a base, the base and its packets.
  std::optional<media::BaseInfo> base;
  std::vector<CodedPacket> base_packets;
  // The video stream alone: packets and codec headers, without container, sound
  // and the encoder's description of itself.
  int64_t bytes = 0;
};

// How an encoder's quality is set.
struct LevelScale {
  std::string name;            // what the encoder calls it: "crf", "qscale"
  double finest = 0;           // best quality it takes
  double coarsest = 63;        // worst; above `finest`
  double step = 1;             // distance of neighbouring levels
  std::vector<double> ladder;  // a useful range, best quality first, at least 5

  // The nearest level that the encoder takes: whole steps from `finest`, or `coarsest`.
  double Nearest(double level) const;
};

struct RunOptions {
  // true: results must not depend on the machine, `threads` is ignored where
  // threads change the stream. false: as fast as `threads` make it.
  bool reproducible = true;
  int threads = 0;  // 0: one per CPU
  // Asked between frames; true stops with kCancelled. May be empty.
  media::CancelFn cancelled;
  // Called after each frame given to the encoder or taken from the decoder.
  std::function<void()> on_frame;
};

// Receives decoded frames in display order; an error stops the decoding.
using FrameSink = std::function<Status(ConstFramePtr)>;

class Codec {
 public:
  virtual ~Codec() = default;

  // Stable name, also the result file's: "x265-medium", or with FurlChoice::name that one.
  virtual std::string name() const = 0;
  virtual std::string description() const = 0;
  virtual const LevelScale& levels() const = 0;
  // Every option set for such a run, except the level and what follows from the clip.
  virtual nlohmann::json settings(const RunOptions& run) const = 0;
  // Versions of the libraries used.
  virtual nlohmann::json versions() const = 0;
  // Of networks: "kmac_per_pixel" (decoding, at most) and "model_bytes"; else null.
  virtual nlohmann::json cost() const { return nullptr; }

  // `level` is between the finest and the coarsest of levels(); see LevelScale::Nearest.
  virtual Result<CodedVideo> Encode(const Clip& clip, double level,
                                    const RunOptions& run) const = 0;
  virtual Status Decode(const CodedVideo& coded, const RunOptions& run,
                        const FrameSink& sink) const = 0;
};

using CodecPtr = std::unique_ptr<Codec>;

// What furl's own adapters need.
struct FurlChoice {
  FamilyEncoderPtr family;  // the prepared model; null: furl can't be measured
  std::string name;         // that results of this model shall have; empty: the codec's own
};

// One row of the list: a name to ask for.
struct CodecEntry {
  std::string name;
  std::string description;
  bool in_default_set = false;  // measured when nobody says what
  bool takes_model = false;     // furl's own: measured with any of its models
};

// All codecs that can be asked for, in the order they are shown.
std::vector<CodecEntry> AllCodecs();

// The one of that name, if there is one.
std::optional<CodecEntry> FindCodec(const std::string& name);

// kInvalidArgument: there is no such name; kUnsupported: this build of
// libavcodec lacks the encoder, or `furl.family` is missing.
Result<CodecPtr> MakeCodec(const std::string& name, const FurlChoice& furl);

// The codec of the list that wrote `settings` (Codec::settings) with whatever model, "" if it was
// none of furl's.
std::string FurlCodecOf(const nlohmann::json& settings);

// kCancelled where the run's owner asked to stop.
Status CheckCancelled(const RunOptions& run);

}  // namespace furl::eval

#endif  // FURL_EVAL_CODECS_CODEC_H_
