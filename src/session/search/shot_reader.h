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
#include "codec/dec/decoder.h"
#include "image/frame.h"
#include "session/hooks.h"
#include "session/latents/latent_video.h"

namespace furl::session {

struct ShotOptions {
  std::string model;  // as ModelStore takes it
  int threads = 0;
  int64_t max_memory = DecoderSettings().max_memory;
  Hooks hooks;
  std::function<void(int64_t frames)> progress;  // of the video at hand; may be empty
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
  explicit ShotReader(const ShotOptions& options);

  // Errors are those of opening and decoding, all with the path. kInvalidStream also where there
  // is no picture in it, kInvalidArgument where there is none in the part.
  Result<VideoShots> Read(const std::string& path, const VideoPart& part);

 private:
  LatentVideoReader reader_;
  // By the model's id; null where its latents make no picture alone.
  std::map<std::string, std::unique_ptr<analysis::SketchMaker>> sketches_;
};

}  // namespace furl::session

#endif  // FURL_SESSION_SEARCH_SHOT_READER_H_
