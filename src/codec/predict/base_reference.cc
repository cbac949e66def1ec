#include "codec/predict/base_reference.h"

#include "codec/common/motion_refs.h"
#include "filter/loop_filter.h"
#include "image/upscale.h"

namespace furl {

Result<FramePtr> UpscaleBase(const Frame& base, const VideoFormat& stream, ThreadPool* pool) {
  constexpr int kUpscaledBits = 12;
  FURL_ASSIGN_OR_RETURN(FramePtr upscaled, Frame::Create(stream.width, stream.height, kUpscaledBits,
                                                         filter::kFilterBorder));
  FURL_RETURN_IF_ERROR(Upscale(base, stream.color.chroma_location, pool, upscaled.get()));
  upscaled->ExtendBorder();
  return upscaled;
}

Result<ConstFramePtr> MakeBaseReference(const Frame& base, const VideoFormat& stream,
                                        ThreadPool* pool, const FrameAllocatorPtr& allocator) {
  FURL_ASSIGN_OR_RETURN(const FramePtr upscaled, UpscaleBase(base, stream, pool));
  FURL_ASSIGN_OR_RETURN(
      const FramePtr reference,
      Frame::Create(stream.width, stream.height, stream.bit_depth, kPictureBorder, allocator));
  filter::RoundPicture(*upscaled, pool, reference.get());
  reference->ExtendBorder();
  reference->set_tag(base.tag());
  return ConstFramePtr(reference);
}

}  // namespace furl
