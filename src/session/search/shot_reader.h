// ShotReader: any video as shots, with what they look like. Of furl's own no picture is made; all
// others are encoded on the fly, small and fast, and looked at as packets, too.

#ifndef FURL_SESSION_SEARCH_SHOT_READER_H_
#define FURL_SESSION_SEARCH_SHOT_READER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "analysis/shots.h"
#include "base/status.h"
#include "codec/common/family.h"
#include "codec/dec/decoder.h"
#include "image/frame.h"
#include "media/coded_io.h"
#include "session/hooks.h"

namespace furl::session {

struct ShotOptions {
  std::string model;  // as ModelStore takes it
  int threads = 0;
  int64_t max_memory = DecoderSettings().max_memory;
  Hooks hooks;
  std::function<void(int64_t frames)> progress;  // of the video at hand; may be empty
};

// A part of a video, in its own time.
struct VideoPart {
  double start = 0;     // seconds
  double duration = 0;  // 0: to the end

  bool whole() const { return start <= 0 && duration <= 0; }
};

struct VideoShots {
  std::vector<analysis::Shot> shots;  // times are the video's, also of a part
  ColorTags color;
  double seconds = 0;    // where the last one ends
  bool encoded = false;  // on the fly, for want of latents
  int64_t damaged = 0;   // places that were passed over
};

// Prepares each model once; not for several threads.
class ShotReader {
 public:
  explicit ShotReader(const ShotOptions& options) : options_(options) {}

  // Errors are those of opening and decoding, all with the path. kInvalidStream also where there
  // is no picture in it, kInvalidArgument where there is none in the part.
  Result<VideoShots> Read(const std::string& path, const VideoPart& part);

 private:
  // A family, and what its latents look like.
  struct Prepared {
    FamilyPtr family;
    std::unique_ptr<analysis::SketchMaker> sketches;  // null: they make no picture alone
  };

  Result<const Prepared*> Prepare(const model::ModelPtr& model);
  // Null where latents can't be had of such a stream.
  Result<const Prepared*> PrepareFor(const SequenceHeader& header);
  Result<VideoShots> ReadAny(const std::string& path, const VideoPart& part);
  Result<VideoShots> ReadLatents(media::CodedReader* reader, const Prepared& prepared,
                                 const VideoPart& part);
  Status PrepareEncoder();
  Result<VideoShots> Encode(const std::string& path, const VideoPart& part);

  const ShotOptions options_;
  std::map<std::string, Prepared> prepared_;         // by the model's id
  FamilyEncoderPtr encoder_;                         // of the default model, once it is needed
  const analysis::SketchMaker* sketches_ = nullptr;  // of the encoder's family
};

}  // namespace furl::session

#endif  // FURL_SESSION_SEARCH_SHOT_READER_H_
