#include "session/hybrid_decoder.h"

#include <iterator>
#include <utility>

#include "bitstream/packet.h"
#include "codec/predict/base_reference.h"

namespace furl::session {
namespace {

Result<ConstFramePtr> Shown(Result<FramePtr> picture) {
  if (!picture.ok()) return picture.status();
  return ConstFramePtr(std::move(*picture));
}

}  // namespace

Result<std::unique_ptr<HybridDecoder>> HybridDecoder::Create(Decoder* decoder,
                                                             const SequenceHeader& header,
                                                             const media::BaseInfo& base,
                                                             int threads) {
  std::unique_ptr<HybridDecoder> hybrid(new HybridDecoder(decoder, header));
  FURL_ASSIGN_OR_RETURN(hybrid->pairing_, BasePairing::Create(base, threads));
  return hybrid;
}

PictureSink HybridDecoder::ShowInto(const PictureSink& take) {
  return [this, &take](const Result<ConstFramePtr>& picture) -> Status {
    FURL_RETURN_IF_ERROR(picture.status());
    return Show(*picture, take);
  };
}

BasePairing::PairSink HybridDecoder::DecodeInto(const PictureSink& take) {
  return [this, &take](const media::MediaPacket& packet, const ConstFramePtr& base) {
    const FrameTag tag = {packet.pts, packet.duration};
    const Result<PacketView> parsed = ParsePacket(packet.data);
    if (parsed.ok() && parsed->header.key()) {
      const Result<BaseFilterPtr> filter = BaseFilter::Read(*parsed);
      filters_[packet.pts] = filter.ok() ? *filter : nullptr;
    }
    return DecodeParsed(decoder_, parsed, tag, base, ShowInto(take));
  };
}

Status HybridDecoder::Take(media::MediaPacket packet, const PictureSink& take) {
  // A GOP whose own packet is lost has no filter, rather than that of the one before.
  if (packet.stream == media::kBaseStream && packet.key) {
    filters_.try_emplace(packet.pts, nullptr);
  }
  FURL_RETURN_IF_ERROR(pairing_->Take(std::move(packet), DecodeInto(take)));
  while (pairing_->bases().size() > BasePairing::kMostBases) {
    FURL_RETURN_IF_ERROR(ShowBase(pairing_->bases().begin()->second, take));
  }
  return OkStatus();
}

Status HybridDecoder::Finish(const PictureSink& take) {
  FURL_RETURN_IF_ERROR(pairing_->Finish(DecodeInto(take)));
  FURL_RETURN_IF_ERROR(FlushDecoder(decoder_, ShowInto(take)));
  return ShowBasesBefore(INT64_MAX, take);
}

// A picture of furl's decoder, in its turn: first the base's that nothing came for.
Status HybridDecoder::Show(const ConstFramePtr& picture, const PictureSink& take) {
  FURL_RETURN_IF_ERROR(ShowBasesBefore(picture->pts, take));
  const auto found = pairing_->bases().find(picture->pts);
  if (picture->concealed && found != pairing_->bases().end()) return ShowBase(found->second, take);
  pairing_->Release(picture->pts);
  if (picture->pts <= shown_) return OkStatus();  // the base was shown in its place
  shown_ = picture->pts;
  return take(picture);
}

Status HybridDecoder::ShowBasesBefore(int64_t pts, const PictureSink& take) {
  const auto& bases = pairing_->bases();
  while (!bases.empty() && bases.begin()->first < pts) {
    FURL_RETURN_IF_ERROR(ShowBase(bases.begin()->second, take));
  }
  return OkStatus();
}

Status HybridDecoder::ShowBase(const ConstFramePtr& base, const PictureSink& take) {
  const ConstFramePtr kept = base;  // which the pairing lets go
  pairing_->Release(kept->pts);
  if (kept->pts <= shown_) return OkStatus();
  shown_ = kept->pts;
  const BaseFilterPtr filter = FilterAt(kept->pts);
  if (filter != nullptr) return take(Shown(filter->Apply(*kept, format_, nullptr, nullptr)));
  ++base_alone_;
  return take(MakeBaseReference(*kept, format_, nullptr));
}

BaseFilterPtr HybridDecoder::FilterAt(int64_t pts) {
  auto next = filters_.upper_bound(pts);
  if (next == filters_.begin()) return nullptr;
  const auto found = std::prev(next);
  filters_.erase(filters_.begin(), found);  // pictures are shown in the order of their times
  return found->second;
}

}  // namespace furl::session
