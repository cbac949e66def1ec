// Coding one chunk of a plan.

#ifndef FURL_SESSION_CHUNKS_CODE_CHUNK_H_
#define FURL_SESSION_CHUNKS_CODE_CHUNK_H_

#include <cstddef>

#include "codec/common/family.h"
#include "media/media_info.h"
#include "session/chunks/chunk_store.h"
#include "session/encode_run.h"

namespace furl::session {

// What the input must be for the plan to hold; kInvalidStream says that it isn't.
Status CheckVideo(const EncodePlan& plan, const media::VideoInfo& video);

// Codes the chunk of that number and puts it into the store, in place of one that is there.
// `request`: of the plan's options; its output doesn't count. Jumps to where the chunk begins;
// where that doesn't lead to the frames that the plan was made of, all before are decoded.
// kInvalidStream where they aren't those then, either: the input is another one. The result and
// `hooks.progress` tell of the chunk alone.
Result<EncodeOutcome> CodeChunk(const EncodeRequest& request, const ChunkStore& store, size_t chunk,
                                const FamilyEncoderPtr& family, const EncodeHooks& hooks);

}  // namespace furl::session

#endif  // FURL_SESSION_CHUNKS_CODE_CHUNK_H_
