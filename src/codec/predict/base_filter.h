// A filter that the encoder fits to a base and sends: GOPs in which that is all furl adds have
// one packet, a key frame that is the base's filtered picture (docs/hybrid.md).
//
// The filter is the loop filter (filter/loop_filter.h) without a residual: classes of cells by
// direction and activity, each with six taps. Sending taps that were fitted to the pictures is what
// ITU-T H.266 does in its adaptive loop filter (Karczewicz et al., "VVC In-Loop Filters", 2021);
// here classes of one direction that follow each other in activity may share them.

#ifndef FURL_CODEC_PREDICT_BASE_FILTER_H_
#define FURL_CODEC_PREDICT_BASE_FILTER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/status.h"
#include "base/thread_pool.h"
#include "bitstream/packet.h"
#include "entropy/adaptive_symbols.h"
#include "filter/loop_filter.h"
#include "image/frame.h"
#include "image/video_format.h"

namespace furl {

// The taps for one kind of planes.
struct BaseFilterTaps {
  static constexpr int kClasses = filter::kDirections * filter::kActivities;
  static constexpr int kMaxTap = 255;
  using Taps = std::array<int16_t, filter::kTaps>;

  bool used = false;
  // In 1/256, -kMaxTap..kMaxTap, by direction, then activity.
  std::array<Taps, kClasses> of_class{};

  bool operator==(const BaseFilterTaps&) const = default;
};

struct BaseFilterData {
  static constexpr int kMaxScale = 28;

  // Of the activities that separate classes, in half octaves, 0..kMaxScale.
  int scale = 0;
  BaseFilterTaps luma;
  BaseFilterTaps chroma;

  bool operator==(const BaseFilterData&) const = default;
};

// The adaptive state, new for either kind of planes.
struct BaseFilterModels {
  AdaptiveBit shared;
  std::array<SignedModel<7>, filter::kTaps> taps;
};

template <typename Coder>
BaseFilterTaps::Taps CodeTaps(Coder& coder, BaseFilterModels& models,
                              const BaseFilterTaps::Taps& taps) {
  BaseFilterTaps::Taps out{};
  for (int k = 0; k < filter::kTaps; ++k) {
    out[k] = static_cast<int16_t>(CodeSigned(coder, models.taps[k], taps[k]));
  }
  return out;
}

template <typename Coder>
BaseFilterTaps CodeBaseFilterTaps(Coder& coder, const BaseFilterTaps& taps) {
  BaseFilterTaps out;
  out.used = CodeRaw(coder, taps.used ? 1 : 0, 1) != 0;
  if (!out.used) return out;
  BaseFilterModels models;
  for (int c = 0; c < BaseFilterTaps::kClasses; ++c) {
    const bool first = c % filter::kActivities == 0;  // of its direction
    const bool shares =
        !first && CodeBit(coder, models.shared, !first && taps.of_class[c] == taps.of_class[c - 1]);
    out.of_class[c] = shares ? out.of_class[c - 1] : CodeTaps(coder, models, taps.of_class[c]);
  }
  return out;
}

template <typename Coder>
BaseFilterData CodeBaseFilter(Coder& coder, const BaseFilterData& data) {
  BaseFilterData out;
  out.scale = static_cast<int>(CodeRaw(coder, static_cast<uint32_t>(data.scale), 5));
  out.luma = CodeBaseFilterTaps(coder, data.luma);
  out.chroma = CodeBaseFilterTaps(coder, data.chroma);
  return out;
}

// Of a key frame above a base: whether it is the base's picture, filtered, as all pictures of its
// GOP then are. With it nothing else follows.
template <typename Coder>
bool CodeBaseAlone(Coder& coder, bool alone) {
  return CodeRaw(coder, alone ? 1 : 0, 1) != 0;
}

class BaseFilter {
 public:
  // kInvalidStream names what is out of its range.
  static Result<std::shared_ptr<const BaseFilter>> Create(const BaseFilterData& data);
  // Whether a packet of a stream with a base is the only one of its GOP, whose pictures are the
  // base's.
  static bool IsAlone(const PacketView& packet);
  // That of such a packet; null of others.
  static Result<std::shared_ptr<const BaseFilter>> Read(const PacketView& packet);

  // Whether it changes any plane.
  bool active() const { return strengths_[0] > 0 || strengths_[1] > 0; }

  // The base's picture upscaled to the stream's size and depth, then filtered, with the border of
  // a reference. Errors as those of MakeBaseReference(). `pool` may be null, and `allocator`.
  Result<FramePtr> Apply(const Frame& base, const VideoFormat& stream, ThreadPool* pool,
                         const FrameAllocatorPtr& allocator) const;

  // The class of each cell of plane p of an upscaled picture (UpscaleBase()), row by row.
  std::vector<uint16_t> Classify(const Frame& upscaled, int p) const;

 private:
  BaseFilter(std::shared_ptr<const filter::LoopFilter> filter,
             const filter::FilterStrengths& strengths)
      : filter_(std::move(filter)), strengths_(strengths) {}

  const std::shared_ptr<const filter::LoopFilter> filter_;
  const filter::FilterStrengths strengths_;
};

using BaseFilterPtr = std::shared_ptr<const BaseFilter>;

}  // namespace furl

#endif  // FURL_CODEC_PREDICT_BASE_FILTER_H_
