#include "motion/search/search_picture.h"

#include <algorithm>
#include <cstring>

#include "base/checked_math.h"
#include "motion/compensate.h"
#include "motion/interpolate.h"

namespace furl::motion {
namespace {

// Luma of `frame` at 8 bits, continued to the size of `out`.
void CopyLuma(const Frame& frame, SearchPlane* out) {
  const ConstPlane plane = frame.plane(0);
  const int shift = frame.bit_depth() - 8;
  for (int y = 0; y < out->height(); ++y) {
    const uint16_t* from = plane.row(std::min(y, plane.height - 1));
    uint8_t* to = out->row(y);
    for (int x = 0; x < out->width(); ++x) {
      const int v = RoundShift(from[std::min(x, plane.width - 1)], shift);
      to[x] = static_cast<uint8_t>(std::min(v, 255));
    }
  }
}

// Means of 4x4 samples.
Status MakeCoarse(const SearchPlane& luma, SearchPlane* out) {
  constexpr int kFactor = 1 << kCoarseLog2;
  FURL_RETURN_IF_ERROR(out->Resize(luma.width() / kFactor, luma.height() / kFactor, kCoarseBorder));
  for (int y = 0; y < out->height(); ++y) {
    uint8_t* to = out->row(y);
    for (int x = 0; x < out->width(); ++x) {
      const Samples s = luma.at(x * kFactor, y * kFactor);
      int sum = kFactor * kFactor / 2;
      for (int j = 0; j < kFactor; ++j) {
        for (int i = 0; i < kFactor; ++i) sum += s.data[j * s.stride + i];
      }
      to[x] = static_cast<uint8_t>(sum / (kFactor * kFactor));
    }
  }
  out->ExtendBorder();
  return OkStatus();
}

// Fills rows [top, top + 64) of all phases, border columns included.
void MakePhases(const Frame& frame, int top, SearchReference* ref) {
  alignas(64) int16_t block[kMaxBlock * kMaxBlock];
  const ConstPlane plane = frame.plane(0);
  SearchPlane& whole = ref->phase[0][0];
  const int bottom = std::min(top + kMaxBlock, whole.height() + kSearchBorder);
  const int end = whole.width() + kSearchBorder;
  for (int left = -kSearchBorder; left < end; left += kMaxBlock) {
    const int width = std::min(kMaxBlock, end - left);
    for (int fy = 0; fy < 4; ++fy) {
      for (int fx = 0; fx < 4; ++fx) {
        const FilterInput in = {plane.row(top) + left, plane.stride, frame.bit_depth(), fx, fy};
        InterpolateLuma(in, width, bottom - top, block);
        SearchPlane& out = ref->phase[fy][fx];
        const ptrdiff_t stride = out.at(0, 0).stride;
        RoundTo8Bits(block, width, bottom - top, out.row(top) + left, stride);
      }
    }
  }
}

}  // namespace

Status SearchPlane::Resize(int width, int height, int border) {
  width_ = width;
  height_ = height;
  border_ = border;
  stride_ = RoundUp(width + 2 * border, 64);
  offset_ = border * stride_ + border;
  return data_.Resize(static_cast<size_t>(stride_) * (height + 2 * border));
}

void SearchPlane::ExtendBorder() {
  for (int y = 0; y < height_; ++y) {
    uint8_t* line = row(y);
    std::memset(line - border_, line[0], border_);
    std::memset(line + width_, line[width_ - 1], border_);
  }
  const size_t span = width_ + 2 * static_cast<size_t>(border_);
  for (int y = 1; y <= border_; ++y) {
    std::memcpy(row(-y) - border_, row(0) - border_, span);
    std::memcpy(row(height_ - 1 + y) - border_, row(height_ - 1) - border_, span);
  }
}

Result<std::shared_ptr<const SearchSource>> SearchSource::Create(const Frame& frame) {
  auto source = std::make_shared<SearchSource>();
  const int width = RoundUp(frame.width(), kPadding);
  const int height = RoundUp(frame.height(), kPadding);
  FURL_RETURN_IF_ERROR(source->luma.Resize(width, height, 0));
  CopyLuma(frame, &source->luma);
  FURL_RETURN_IF_ERROR(MakeCoarse(source->luma, &source->coarse));
  return std::shared_ptr<const SearchSource>(std::move(source));
}

Result<std::shared_ptr<const SearchReference>> SearchReference::Create(const Frame& frame,
                                                                       ThreadPool* pool) {
  if (frame.border() < kReferenceBorder) return InvalidArgument("reference has no border");
  auto ref = std::make_shared<SearchReference>();
  // The phases' border is counted from the padded area, the frame's from its
  // own size: what the latter lacks is at most a padding of 15 samples, and is
  // taken from the former by a smaller search area.
  const int width = frame.width();
  const int height = frame.height();
  for (auto& row : ref->phase) {
    for (SearchPlane& plane : row) {
      FURL_RETURN_IF_ERROR(plane.Resize(width, height, kSearchBorder));
    }
  }
  const int strips = CeilDiv(height + 2 * kSearchBorder, kMaxBlock);
  ParallelFor(pool, strips,
              [&](int i) { MakePhases(frame, i * kMaxBlock - kSearchBorder, ref.get()); });
  SearchPlane whole;
  FURL_RETURN_IF_ERROR(whole.Resize(RoundUp(width, kPadding), RoundUp(height, kPadding), 0));
  CopyLuma(frame, &whole);
  FURL_RETURN_IF_ERROR(MakeCoarse(whole, &ref->coarse));
  return std::shared_ptr<const SearchReference>(std::move(ref));
}

VectorRange::VectorRange(const SearchReference& ref, int x, int y, int width, int height) {
  const SearchPlane& plane = ref.phase[0][0];
  min_x = (-kSearchBorder - x) * 4;
  min_y = (-kSearchBorder - y) * 4;
  max_x = (plane.width() + kSearchBorder - width - x) * 4;
  max_y = (plane.height() + kSearchBorder - height - y) * 4;
  min_x = std::max(min_x, -kMaxVector);
  min_y = std::max(min_y, -kMaxVector);
  max_x = std::min(max_x, kMaxVector);
  max_y = std::min(max_y, kMaxVector);
}

MotionVector VectorRange::Clamped(MotionVector v) const {
  return {static_cast<int16_t>(Clamp<int>(v.x, min_x, max_x)),
          static_cast<int16_t>(Clamp<int>(v.y, min_y, max_y))};
}

}  // namespace furl::motion
