// LatentVideoReader: any video as what its packets say without pictures (analysis/latent_reader.h).
// Videos of furl's own are read as they are, all others encoded on the fly, smaller and fast.

#ifndef FURL_SESSION_LATENTS_LATENT_VIDEO_H_
#define FURL_SESSION_LATENTS_LATENT_VIDEO_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "analysis/latent_reader.h"
#include "base/status.h"
#include "codec/common/family.h"
#include "codec/dec/decoder.h"
#include "image/video_format.h"
#include "media/coded_io.h"
#include "session/hooks.h"

namespace furl::session {

// A part of a video, in its own time.
struct VideoPart {
  double start = 0;     // seconds
  double duration = 0;  // 0: to the end

  bool whole() const { return start <= 0 && duration <= 0; }
};

// What frames to come are of.
struct LatentStream {
  VideoFormat format;  // of what was coded, which may be smaller than the video
  int video_width = 0;
  int video_height = 0;
  int gop_length = 0;  // frames
  FamilyPtr family;
  model::ModelId model = {};
  bool encoded = false;       // on the fly, for want of latents
  double seconds_before = 0;  // what times lack that count from the part's start
};

struct LatentVideoOptions {
  std::string model;  // as ModelStore takes it
  int threads = 0;
  int64_t max_memory = DecoderSettings().max_memory;
  // What is encoded on the fly: the longer side of its pictures, and how well.
  int encoded_side = 320;
  double encoded_crf = 40;
  Hooks hooks;
  std::function<void(int64_t frames)> progress;  // of the video at hand; may be empty
};

// What is done with a video. Frames come in coding order.
class LatentVisitor {
 public:
  virtual ~LatentVisitor() = default;
  // Whether latents of that model serve; else the video is encoded with the default model, which
  // has to.
  virtual Result<bool> Takes(const FamilyPtr& family, const model::ModelId& model) = 0;
  // Once, before the first frame.
  virtual Status Begin(const LatentStream& stream) = 0;
  // kEndOfStream: no more are wanted.
  virtual Status Visit(const analysis::LatentFrame& frame) = 0;
};

// Prepares each model once; not for several threads.
class LatentVideoReader {
 public:
  explicit LatentVideoReader(const LatentVideoOptions& options) : options_(options) {}

  // Places of the video that were damaged and passed over. Frames before a part's start may be
  // visited, too. Errors are those of opening, decoding and the visitor, all with the path.
  Result<int64_t> Read(const std::string& path, const VideoPart& part, LatentVisitor* visitor);

 private:
  Result<FamilyPtr> Prepare(const model::ModelPtr& model);
  // Null where latents can't be had of such a stream, or don't serve.
  Result<FamilyPtr> PrepareFor(const SequenceHeader& header, LatentVisitor* visitor);
  Result<int64_t> ReadAny(const std::string& path, const VideoPart& part, LatentVisitor* visitor);
  Result<int64_t> ReadLatents(media::CodedReader* reader, const FamilyPtr& family,
                              LatentVisitor* visitor);
  Status PrepareEncoder(LatentVisitor* visitor);
  Status Encode(const std::string& path, const VideoPart& part, LatentVisitor* visitor);

  const LatentVideoOptions options_;
  std::map<std::string, FamilyPtr> prepared_;  // by the model's id
  FamilyEncoderPtr encoder_;                   // of the default model, once it is needed
  model::ModelId encoder_model_ = {};
};

}  // namespace furl::session

#endif  // FURL_SESSION_LATENTS_LATENT_VIDEO_H_
