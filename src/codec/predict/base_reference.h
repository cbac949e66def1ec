// The base as frames are predicted from it.

#ifndef FURL_CODEC_PREDICT_BASE_REFERENCE_H_
#define FURL_CODEC_PREDICT_BASE_REFERENCE_H_

#include "base/status.h"
#include "base/thread_pool.h"
#include "image/frame.h"
#include "image/video_format.h"

namespace furl {

// The base's picture at the stream's size with 12 bits and a border for filters, extended. Errors
// as below.
Result<FramePtr> UpscaleBase(const Frame& base, const VideoFormat& stream, ThreadPool* pool);

// The base's picture upscaled to the stream's size and depth, with the border of a reference.
// kInvalidArgument where the sizes don't fit (image/upscale.h), kOutOfMemory. `pool` may be null,
// and `allocator`.
Result<ConstFramePtr> MakeBaseReference(const Frame& base, const VideoFormat& stream,
                                        ThreadPool* pool,
                                        const FrameAllocatorPtr& allocator = nullptr);

}  // namespace furl

#endif  // FURL_CODEC_PREDICT_BASE_REFERENCE_H_
