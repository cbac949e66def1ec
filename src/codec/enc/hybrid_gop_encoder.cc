#include "codec/enc/hybrid_gop_encoder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "bitstream/packet.h"
#include "codec/common/quality_scale.h"
#include "codec/common/rate_distortion.h"
#include "codec/enc/check_settings.h"
#include "codec/enc/frame_price.h"

namespace furl {
namespace {

int QpOf(const EncoderSettings& settings) {
  const auto gop = static_cast<int>(
      std::clamp(std::round(settings.gop_seconds * settings.frame_rate.value()), 1.0, 10000.0));
  const double qp = std::round(BaseQp(settings.crf, gop, settings.low_delay));
  return static_cast<int>(std::clamp(qp, 1.0 * kMinQp, 1.0 * kMaxQp));
}

double BitPrice(double step) { return kLagrangian * step * step; }

// A key frame that follows a GOP of one packet, which says its own length.
Status ForgetFramesBefore(EncodedPacket* packet) {
  FURL_ASSIGN_OR_RETURN(const PacketView view, ParsePacket(packet->data));
  FrameHeader header = view.header;
  header.frames_before = 0;
  FURL_ASSIGN_OR_RETURN(packet->data, WritePacket(header, view.side, view.latents));
  return OkStatus();
}

}  // namespace

HybridGopEncoder::HybridGopEncoder(const EncoderSettings& settings, const StepLaw& step_law,
                                   std::vector<uint8_t> header, std::unique_ptr<Encoder> full)
    : settings_(settings),
      qp_(QpOf(settings)),
      bit_price_(BitPrice(step_law.Step(qp_))),
      header_(std::move(header)),
      pool_(PoolThreads(settings.threads)),
      full_(std::move(full)) {
  if (full_ == nullptr) return;
  full_->SetObserver([this](const FrameReport& report) { Observe(report); });
}

void HybridGopEncoder::Observe(const FrameReport& report) {
  errors_.push_back(WeightedError(*report.original, *report.reconstruction));
  if (observer_) observer_(report);
}

Status HybridGopEncoder::SendFrame(ConstFramePtr frame, const BaseInput& base) {
  return latch_.Run([&]() -> Status {
    if (flushed_) return InvalidArgument("frames after the end of the stream");
    if (frame != nullptr) return Take(frame, base);
    flushed_ = true;
    if (full_ != nullptr) {
      FURL_RETURN_IF_ERROR(full_->SendFrame(nullptr, {}));
      FURL_RETURN_IF_ERROR(Collect());
    }
    while (!gops_.empty()) FURL_RETURN_IF_ERROR(CloseFront());
    return OkStatus();
  });
}

Status HybridGopEncoder::Take(const ConstFramePtr& frame, BaseInput base) {
  FURL_RETURN_IF_ERROR(CheckPictures(settings_, *frame, base.picture.get()));
  const bool full = !gops_.empty() && gops_.back().frames >= SequenceHeader::kMaxGopLength;
  if (emitted_ == 0 && gops_.empty()) base.begins_gop = true;
  base.begins_gop |= full;
  if (base.begins_gop) {
    gops_.emplace_back(settings_.format());
    gops_.back().first = frame->tag();
    gops_.back().first_base = base.picture;
  }
  ++gops_.back().frames;
  FURL_RETURN_IF_ERROR(gops_.back().fit.Add(*frame, *base.picture, &pool_));
  if (full_ == nullptr) return gops_.size() > 1 ? CloseFront() : OkStatus();
  FURL_RETURN_IF_ERROR(full_->SendFrame(frame, base));
  return Collect();
}

Status HybridGopEncoder::Collect() {
  for (auto packet = full_->ReceivePacket(); packet.ok(); packet = full_->ReceivePacket()) {
    if (packet->key && !gops_.front().coded.empty()) FURL_RETURN_IF_ERROR(CloseFront());
    Gop& gop = gops_.front();
    gop.coded.push_back(std::move(*packet));
    gop.coded_error += errors_.front();
    errors_.pop_front();
  }
  return OkStatus();
}

Status HybridGopEncoder::CloseFront() {
  Gop gop = std::move(gops_.front());
  gops_.pop_front();
  ++closed_;
  const FittedBaseFilter fitted = gop.fit.Fit(bit_price_);
  FURL_ASSIGN_OR_RETURN(EncodedPacket filter, FilterPacket(gop, fitted.data, 0));
  const auto price = [&](double bytes, double error) { return 8 * bytes + error / bit_price_; };
  double coded_bytes = 0;
  for (const EncodedPacket& packet : gop.coded) coded_bytes += 1.0 * packet.data.size();
  const bool replaces = gop.coded.empty() || price(1.0 * filter.data.size(), fitted.error) <
                                                 price(coded_bytes, gop.coded_error);
  if (replaces) {
    FURL_ASSIGN_OR_RETURN(const uint32_t hash, Hash(gop, fitted.data));
    FURL_ASSIGN_OR_RETURN(filter, FilterPacket(gop, fitted.data, hash));
    Emit(std::move(filter));
  } else {
    if (replaced_) FURL_RETURN_IF_ERROR(ForgetFramesBefore(&gop.coded.front()));
    for (EncodedPacket& packet : gop.coded) Emit(std::move(packet));
  }
  replaced_ = replaces;
  return OkStatus();
}

Result<uint32_t> HybridGopEncoder::Hash(const Gop& gop, const BaseFilterData& data) const {
  FURL_ASSIGN_OR_RETURN(const BaseFilterPtr filter, BaseFilter::Create(data));
  FURL_ASSIGN_OR_RETURN(const FramePtr picture,
                        filter->Apply(*gop.first_base, settings_, nullptr, nullptr));
  return HashBits(ChainHash(0, FrameHash(*picture)));
}

// Stands where the GOP's key frame stood.
Result<EncodedPacket> HybridGopEncoder::FilterPacket(const Gop& gop, const BaseFilterData& data,
                                                     uint32_t hash) const {
  FrameHeader header;
  if (!gop.coded.empty()) {
    FURL_ASSIGN_OR_RETURN(header, PeekFrameHeader(gop.coded.front().data));
  } else {
    header.qp = qp_;
    header.gop_number = FrameHeader::GopNumber(closed_ - 1);
  }
  if (replaced_) header.frames_before = 0;
  header.store_slot = 0;
  header.last_of_gop = true;
  header.has_hash = true;
  header.hash_pictures = 1;
  header.hash = hash;
  RangeEncoder side;
  CodeBaseAlone(side, true);
  CodeBaseFilter(side, data);
  EncodedPacket packet;
  FURL_ASSIGN_OR_RETURN(packet.data, WritePacket(header, side.Finish(), {}));
  packet.pts = gop.first.pts;
  packet.duration = gop.first.duration;
  packet.user_data = gop.first.user_data;
  packet.key = true;
  return packet;
}

void HybridGopEncoder::Emit(EncodedPacket packet) {
  packet.decode_order = emitted_++;
  ready_.push_back(std::move(packet));
}

Result<EncodedPacket> HybridGopEncoder::ReceivePacket() {
  EncodedPacket packet;
  FURL_RETURN_IF_ERROR(latch_.Run([&]() -> Status {
    if (ready_.empty()) return flushed_ ? EndOfStream() : TryAgain();
    packet = std::move(ready_.front());
    ready_.pop_front();
    return OkStatus();
  }));
  return packet;
}

}  // namespace furl
