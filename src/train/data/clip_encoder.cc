#include "train/data/clip_encoder.h"

#include <algorithm>
#include <utility>

#include "codec/enc/code_frame.h"

namespace furl::train {
namespace {

Result<FramePtr> ToFrame(const FrameCache& cache, const CachedClip& clip, int index) {
  FURL_ASSIGN_OR_RETURN(FramePtr frame, Frame::Create(clip.width, clip.height, 8));
  const uint8_t* from = cache.Picture(clip, index);
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      std::copy_n(from, plane.width, plane.row(y));
      from += plane.width;
    }
  }
  return frame;
}

EncoderSettings DrawSettings(const CachedClip& clip, int threads, std::mt19937_64& rng) {
  EncoderSettings settings;
  settings.width = clip.width;
  settings.height = clip.height;
  settings.crf = 4 + static_cast<double>(rng() % 60);
  settings.gop_seconds = 1000;
  settings.threads = threads;
  settings.preset = rng() % 2 == 0 ? Preset::kFast : Preset::kMedium;
  settings.low_delay = rng() % 8 == 0;
  return settings;
}

}  // namespace

std::vector<const CachedClip*> DrawClips(const FrameCache& cache, int count, bool held_out,
                                         std::mt19937_64& rng) {
  std::vector<const CachedClip*> order;
  std::vector<const CachedClip*> first;
  for (const CachedClip& clip : cache.clips()) {
    (clip.held_out ? first : order).push_back(&clip);
  }
  std::shuffle(order.begin(), order.end(), rng);
  order.resize(std::min<size_t>(order.size(), count));
  if (held_out) order.insert(order.begin(), first.begin(), first.end());
  return order;
}

Status EncodeClip(const FrameCache& cache, const CachedClip& clip, int frames, int threads,
                  const FamilyEncoderPtr& family, std::mt19937_64& rng,
                  const std::function<void(const FrameReport&)>& observer) {
  FURL_ASSIGN_OR_RETURN(auto encoder, Encoder::Create(DrawSettings(clip, threads, rng), family));
  if (observer != nullptr) encoder->SetObserver(observer);
  const auto drop = [](const EncodedPacket&) { return OkStatus(); };
  const int stride = rng() % 4 == 0 ? 2 : 1;
  const int span = (frames - 1) * stride + 1;
  const int first = clip.frames > span ? static_cast<int>(rng() % (clip.frames - span + 1)) : 0;
  for (int i = 0; i < frames && first + i * stride < clip.frames; ++i) {
    FURL_ASSIGN_OR_RETURN(FramePtr frame, ToFrame(cache, clip, first + i * stride));
    frame->pts = i;
    frame->duration = 1;
    FURL_RETURN_IF_ERROR(CodeFrame(encoder.get(), std::move(frame), drop));
  }
  return CodeFrame(encoder.get(), nullptr, drop);
}

}  // namespace furl::train
