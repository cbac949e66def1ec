// Finding the chunks of a video: one pass over its pictures, none of which is coded.

#ifndef FURL_SESSION_CHUNKS_PLAN_SCAN_H_
#define FURL_SESSION_CHUNKS_PLAN_SCAN_H_

#include <functional>
#include <vector>

#include "media/video_reader.h"
#include "session/chunks/encode_plan.h"
#include "session/hooks.h"

namespace furl::session {

struct ScanHooks : Hooks {
  std::function<void(int64_t frames)> progress;  // so many have been seen; may be empty
};

// Reads all frames of `reader`, of which nothing has been taken. `gop_length`: most frames of a
// GOP, as the sequence header has it. kInvalidStream where there is no frame.
Result<std::vector<ChunkRange>> FindChunks(media::VideoReader* reader, int gop_length,
                                           const ScanHooks& hooks);

}  // namespace furl::session

#endif  // FURL_SESSION_CHUNKS_PLAN_SCAN_H_
