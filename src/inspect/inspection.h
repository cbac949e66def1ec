// Inspection: goes through a furl file, decodes what is asked for, and gathers where the bits went.

#ifndef FURL_INSPECT_INSPECTION_H_
#define FURL_INSPECT_INSPECTION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/status.h"
#include "bitstream/sequence_header.h"
#include "codec/dec/decoder.h"
#include "inspect/timeline.h"
#include "media/media_info.h"
#include "session/hooks.h"

namespace furl::inspect {

struct InspectOptions {
  std::string model;  // as session::ModelStore takes it
  int threads = 0;
  int64_t max_memory = DecoderSettings().max_memory;
  // Frames that are decoded and analysed, by number; the GOPs that they are in are decoded as
  // well. The timeline always has all frames.
  int64_t first = 0;
  int64_t last = INT64_MAX;
  session::Hooks hooks;
  // Called for each analysed frame, in coding order within a GOP, one at a time, in any thread.
  // An error ends the inspection with it.
  std::function<Status(const FrameRecord& frame, const FrameAnalysis& analysis)> take;
  std::function<void(int64_t frames)> progress;  // packets so far, on the caller's thread
  // Damage, as a sentence; on the caller's thread.
  std::function<void(const std::string& text)> damage;
};

struct Inspection {
  std::string path;
  std::string family;  // "unknown" where this build lacks it
  FamilyPtr decoder;   // what decoded it
  SequenceHeader header;
  media::VideoInfo video;
  Timeline timeline;
  int64_t damaged = 0;   // places
  int64_t analysed = 0;  // frames

  double TimeOf(const FrameRecord& frame) const {
    return static_cast<double>(frame.tag.pts) * video.time_base.value();
  }
};

// kWrongModel where the model isn't found. Damage is counted and gone past.
Result<std::unique_ptr<Inspection>> InspectFile(const std::string& path,
                                                const InspectOptions& options);

}  // namespace furl::inspect

#endif  // FURL_INSPECT_INSPECTION_H_
