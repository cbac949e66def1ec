#include "codec/dec/hybrid_decoder.h"

#include <iterator>
#include <utility>

#include "bitstream/packet.h"
#include "codec/predict/base_reference.h"

namespace furl {

HybridDecoder::HybridDecoder(std::unique_ptr<Decoder> decoder, const VideoFormat& format,
                             int64_t slack, FrameAllocatorPtr allocator)
    : decoder_(std::move(decoder)),
      format_(format),
      allocator_(std::move(allocator)),
      pairing_(slack) {}

Status HybridDecoder::SendPacket(std::span<const uint8_t> data, const FrameTag& tag) {
  if (flushed_) return InvalidArgument("packets after the end of the stream");
  if (pairing_.waiting() >= pairing_.kMostWaiting) return TryAgain();
  pairing_.AddPacket({{data.begin(), data.end()}, tag.pts, tag.duration, tag.user_data});
  return SendReady();
}

// A GOP whose own packet is lost has no filter, rather than that of the one before.
Status HybridDecoder::SendBase(ConstFramePtr picture, bool begins_gop) {
  if (flushed_) return InvalidArgument("pictures after the end of the stream");
  if (pairing_.bases().size() >= kMostBases) return TryAgain();
  if (begins_gop) filters_.try_emplace(picture->pts, nullptr);
  pairing_.AddBase(std::move(picture));
  return SendReady();
}

Status HybridDecoder::Flush() {
  flushed_ = true;
  pairing_.End();
  return SendReady();
}

Status HybridDecoder::SendReady() {
  for (auto pair = pairing_.Ready(); pair.packet != nullptr; pair = pairing_.Ready()) {
    const Packet& packet = *pair.packet;
    const Result<PacketView> parsed = ParsePacket(packet.data);
    const FrameTag tag = {packet.pts, packet.duration, packet.user_data};
    const Status sent = decoder_->SendParsed(parsed, tag, pair.base);
    if (sent.code() == StatusCode::kTryAgain) return OkStatus();
    FURL_RETURN_IF_ERROR(sent);
    if (parsed.ok() && parsed->header.key()) {
      const Result<BaseFilterPtr> filter = BaseFilter::Read(*parsed);
      filters_[packet.pts] = filter.ok() ? *filter : nullptr;
    }
    pairing_.Pop();
  }
  if (!flushed_ || decoder_flushed_ || pairing_.waiting() > 0) return OkStatus();
  decoder_flushed_ = true;
  return decoder_->Flush();
}

Result<ConstFramePtr> HybridDecoder::ReceiveFrame() {
  for (;;) {
    FURL_RETURN_IF_ERROR(SendReady());
    StatusCode code = StatusCode::kOk;
    if (decoded_ == nullptr) {
      Result<ConstFramePtr> picture = decoder_->ReceiveFrame();
      code = picture.status().code();
      const bool none = code == StatusCode::kTryAgain || code == StatusCode::kEndOfStream;
      if (!picture.ok() && !none) return picture.status();
      if (picture.ok()) decoded_ = std::move(*picture);
    }
    ConstFramePtr shown;
    if (BaseIsNext(code == StatusCode::kEndOfStream)) {
      FURL_ASSIGN_OR_RETURN(shown, ShowBase());
    } else if (decoded_ == nullptr) {
      return Status(code, "");
    } else {
      std::swap(shown, decoded_);
      pairing_.Release(shown->pts);
      if (shown->pts <= shown_) continue;  // the base was shown in its place
      concealed_ += shown->concealed ? 1 : 0;
      shown_ = shown->pts;
    }
    if (shown != nullptr) return shown;
  }
}

bool HybridDecoder::BaseIsNext(bool ended) {
  const auto& bases = pairing_.bases();
  if (bases.empty()) return false;
  const int64_t pts = bases.begin()->first;
  if (decoded_ != nullptr) {
    return pts < decoded_->pts || (pts == decoded_->pts && decoded_->concealed);
  }
  if (ended || bases.size() >= kMostBases) return true;
  // Of such a GOP nothing comes behind its first picture.
  const auto* const filter = FilterAt(pts);
  return filter != nullptr && filter->second != nullptr && filter->first <= shown_;
}

Result<ConstFramePtr> HybridDecoder::ShowBase() {
  const ConstFramePtr base = pairing_.bases().begin()->second;
  pairing_.Release(base->pts);
  if (base->pts <= shown_) return ConstFramePtr();
  shown_ = base->pts;
  const auto* const filter = FilterAt(base->pts);
  if (filter != nullptr && filter->second != nullptr) {
    FURL_ASSIGN_OR_RETURN(ConstFramePtr filtered,
                          filter->second->Apply(*base, format_, nullptr, allocator_));
    return filtered;
  }
  ++base_alone_;
  FURL_ASSIGN_OR_RETURN(ConstFramePtr alone,
                        MakeBaseReference(*base, format_, nullptr, allocator_));
  return Frame::StandIn(std::move(alone), base->tag());
}

const std::map<int64_t, BaseFilterPtr>::value_type* HybridDecoder::FilterAt(int64_t pts) {
  const auto next = filters_.upper_bound(pts);
  if (next == filters_.begin()) return nullptr;
  const auto found = std::prev(next);
  filters_.erase(filters_.begin(), found);  // pictures are shown in the order of their times
  return &*found;
}

DecoderStatistics HybridDecoder::statistics() const {
  DecoderStatistics statistics = decoder_->statistics();
  statistics.concealed_frames = base_alone_ + concealed_;
  return statistics;
}

}  // namespace furl
