#include "codec/predict/base_filter.h"

#include <algorithm>
#include <cstdlib>

#include "base/checked_math.h"
#include "codec/common/motion_refs.h"
#include "codec/predict/base_reference.h"

namespace furl {
namespace {

// What separates classes of activity, in 32nds of the scale.
constexpr std::array<int, filter::kActivities - 1> kSteps = {5, 10, 18, 29, 45, 67, 102};

std::vector<uint16_t> ThresholdsOf(int scale) {
  const int base = (scale % 2 == 0 ? 128 : 181) << (scale / 2);  // in 128ths
  std::vector<uint16_t> row(filter::kThresholds, UINT16_MAX);
  for (size_t i = 0; i < kSteps.size(); ++i) {
    row[i] = static_cast<uint16_t>((int64_t{base} * kSteps[i]) >> 12);
  }
  std::vector<uint16_t> all;  // of every QP
  for (int qp = 0; qp < kNumQps; ++qp) all.insert(all.end(), row.begin(), row.end());
  return all;
}

// In the 1/1024 of the loop filter.
std::vector<int16_t> Widened(const BaseFilterTaps& taps) {
  std::vector<int16_t> out;
  for (const BaseFilterTaps::Taps& of_class : taps.of_class) {
    for (const int16_t tap : of_class) out.push_back(static_cast<int16_t>(4 * tap));
  }
  return out;
}

int StrengthOf(const BaseFilterTaps& taps) { return taps.used ? filter::kTrainedStrength : 0; }

// Every 32x32 block has the same QP: there is but one bank of taps.
std::vector<uint8_t> OneQp(const Frame& picture) {
  const int blocks = CeilDiv(picture.width(), kQpBlock) * CeilDiv(picture.height(), kQpBlock);
  return std::vector<uint8_t>(static_cast<size_t>(blocks), 0);
}

}  // namespace

Result<BaseFilterPtr> BaseFilter::Create(const BaseFilterData& data) {
  if (data.scale > BaseFilterData::kMaxScale) return InvalidStream("base filter's scale");
  for (const BaseFilterTaps* taps : {&data.luma, &data.chroma}) {
    for (const BaseFilterTaps::Taps& of_class : taps->of_class) {
      for (const int tap : of_class) {
        if (std::abs(tap) > BaseFilterTaps::kMaxTap) return InvalidStream("base filter's taps");
      }
    }
  }
  filter::LoopFilterTables tables;
  tables.banks = 1;
  tables.residual_levels = 1;
  tables.taps = {Widened(data.luma), Widened(data.chroma)};
  tables.bank_of_qp.assign(kNumQps, 0);
  tables.thresholds = ThresholdsOf(data.scale);
  FURL_ASSIGN_OR_RETURN(auto filter, filter::LoopFilter::Create(std::move(tables)));
  const filter::FilterStrengths strengths = {StrengthOf(data.luma), StrengthOf(data.chroma)};
  return BaseFilterPtr(new BaseFilter(std::move(filter), strengths));
}

bool BaseFilter::IsAlone(const PacketView& packet) {
  if (!packet.header.key()) return false;
  RangeDecoder side(packet.side);
  return CodeBaseAlone(side, false);
}

Result<BaseFilterPtr> BaseFilter::Read(const PacketView& packet) {
  if (!packet.header.key()) return BaseFilterPtr();
  RangeDecoder side(packet.side);
  if (!CodeBaseAlone(side, false)) return BaseFilterPtr();
  return Create(CodeBaseFilter(side, BaseFilterData{}));
}

Result<FramePtr> BaseFilter::Apply(const Frame& base, const VideoFormat& stream, ThreadPool* pool,
                                   const FrameAllocatorPtr& allocator) const {
  FURL_ASSIGN_OR_RETURN(const FramePtr upscaled, UpscaleBase(base, stream, pool));
  FURL_ASSIGN_OR_RETURN(
      FramePtr filtered,
      Frame::Create(stream.width, stream.height, stream.bit_depth, kPictureBorder, allocator));
  const std::vector<uint8_t> qps = OneQp(*upscaled);
  filter_->Run({upscaled.get(), nullptr, qps}, strengths_, pool, filtered.get());
  filtered->ExtendBorder();
  filtered->set_tag(base.tag());
  return filtered;
}

std::vector<uint16_t> BaseFilter::Classify(const Frame& upscaled, int p) const {
  const std::vector<uint8_t> qps = OneQp(upscaled);
  return filter_->Classify({&upscaled, nullptr, qps}, p);
}

}  // namespace furl
