#include "codec/enc/encoder.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/error_latch.h"
#include "bitstream/packet.h"
#include "bitstream/sequence_header.h"
#include "codec/common/quality_scale.h"
#include "codec/common/reference.h"
#include "codec/enc/check_settings.h"
#include "codec/enc/coarser_frame.h"
#include "codec/enc/encoders.h"
#include "codec/enc/frame_encoder.h"
#include "codec/enc/frame_price.h"
#include "codec/enc/gop_cutter.h"
#include "codec/enc/hybrid_gop_encoder.h"
#include "codec/enc/lookahead.h"
#include "codec/enc/rate_control.h"
#include "codec/enc/still_target.h"
#include "codec/enc/stream_header.h"
#include "codec/enc/temporal_filter.h"
#include "codec/predict/base_reference.h"

namespace furl {
namespace {

static_assert(SequenceHeader::kMaxGopLength <= FrameHeader::kMaxDisplayOrder + 1);
static_assert(kLongestMiniGop <= FrameHeader::kMaxHashPictures);

// `crf` is what frames are planned with: it may change, and outlives the look-ahead.
LookaheadSettings LookaheadOf(const EncoderSettings& settings, const StepLaw& step_law,
                              int gop_length, const double* crf) {
  LookaheadSettings out;
  out.step_law = step_law;
  out.base_qp = [crf, low_delay = settings.low_delay](int frames) {
    return BaseQp(*crf, frames, low_delay);
  };
  out.gop_length = gop_length;
  out.tune = settings.tune;
  out.low_delay = settings.low_delay;
  out.frames = LookaheadFrames(settings.width, settings.height);
  return out;
}

// Null where quality is constant.
std::unique_ptr<RateControl> RateOf(const EncoderSettings& settings, int gop_length) {
  if (!settings.rate.wanted()) return nullptr;
  return std::make_unique<RateControl>(settings, gop_length);
}

// Of the temporal filter (decision 33).
constexpr double kKeyFrameStrength = 1.5;
constexpr double kAnchorStrength = 1.2;

// A packet without its sections (packet.h) is at most so long.
constexpr size_t kMostPacketHead = 24;

// What of the settings the family can do.
EncoderSettings Possible(EncoderSettings settings, const FamilyTraits& traits) {
  if (!traits.reorders) settings.low_delay = true;
  return settings;
}

class EncoderImpl : public Encoder {
 public:
  EncoderImpl(const EncoderSettings& settings, FamilyEncoderPtr family, std::vector<uint8_t> header)
      : settings_(settings),
        family_(std::move(family)),
        header_(std::move(header)),
        pool_(PoolThreads(settings.threads)),
        gop_length_(GopLengthOf(settings, family_->family()->traits())),
        cutter_(gop_length_),
        rate_(RateOf(settings_, gop_length_)),
        crf_(rate_ != nullptr ? rate_->PlanCrf() : settings_.crf),
        lookahead_(LookaheadOf(settings_, family_->step_law(), gop_length_, &crf_), &pool_) {}

  Status Init();

  std::span<const uint8_t> sequence_header() const override { return header_; }
  Status SendFrame(ConstFramePtr frame, const BaseInput& base) override;
  Result<EncodedPacket> ReceivePacket() override;
  void SetObserver(std::function<void(const FrameReport&)> observer) override {
    observer_ = std::move(observer);
  }

 private:
  Status CheckInput(const ConstFramePtr& frame, const BaseInput& base) const;
  Status Take(ConstFramePtr frame, const BaseInput& base);
  // Ends the open GOP; the next frame begins another one.
  Status BeginGop(bool begins_chunk);
  // Of a frame at that stream position: plans the QP for its own crf.
  void TakeCrfOffset(int64_t position, PlannedFrame* planned);
  // Codes what the look-ahead is ready to give. `closed`: the open GOP is complete.
  Status CodeReady(bool closed);
  // Of a frame in coding order.
  struct Place {
    bool ends_mini_gop;
    bool ends_gop;  // false where that isn't known yet
  };
  Status CodeFrame(PlannedFrame* planned, const Place& place);
  Result<CodedFrame> Code(const PlannedFrame& planned, const ReferencePtr (&refs)[2]);
  Result<CodedFrame> CodeTowards(const PlannedFrame& planned, const Frame& target,
                                 const ReferencePtr (&refs)[2]);
  // The same so that it fits the bucket of the wanted rate: the QP may change.
  Result<CodedFrame> CodeToFit(PlannedFrame* planned, const ReferencePtr (&refs)[2]);
  // Time between the packet before and the next one.
  double SecondsToNext();
  // What the family codes, which for anchors isn't quite the original.
  Result<ConstFramePtr> TargetOf(const PlannedFrame& planned);
  FrameHeader HeaderOf(const PlannedFrame& planned, const Place& place, const CodedFrame& coded);
  Status EmitPacket(const FrameHeader& header, const Frame& frame, const CodedFrame& coded);

  const EncoderSettings settings_;
  const FamilyEncoderPtr family_;
  const std::vector<uint8_t> header_;
  ThreadPool pool_;
  std::unique_ptr<FrameEncoder> frame_encoder_;
  std::optional<TemporalFilter> temporal_filter_;  // where one is wanted
  std::function<void(const FrameReport&)> observer_;

  const int gop_length_;
  GopCutter cutter_;
  int in_gop_ = 0;         // frames of the open GOP, coded and waiting
  int64_t gop_start_ = 0;  // stream position of its first frame
  int64_t received_ = 0;
  const std::unique_ptr<RateControl> rate_;  // null: constant quality
  double crf_;                               // that frames are planned with
  Lookahead lookahead_;
  std::map<int64_t, ConstFramePtr> bases_;  // of frames that wait, by stream position
  std::map<int64_t, double> crf_offsets_;   // the same, of those that have one
  ReferenceStore store_;
  ShownPicture shown_;       // by the last anchor, which is the last picture of its GOP
  uint32_t chain_hash_ = 0;  // of the reconstructions that no packet's hash has covered yet,
  int chained_ = 0;          // so many
  int gops_ = 0;             // key frames coded
  int open_frames_ = 0;      // coded of a GOP whose packets don't say that it has ended

  // Where a rate is wanted: times of pictures whose turn as a packet's has not come, in ticks; that
  // of the packet before; and the frame that is being coded.
  std::deque<int64_t> times_;
  std::optional<int64_t> last_time_;
  RateControl::Frame rated_;

  std::deque<EncodedPacket> packets_;
  int64_t emitted_ = 0;
  bool flushed_ = false;
  ErrorLatch latch_;
};

Status EncoderImpl::Init() {
  if (settings_.temporal_filter && !settings_.base) {
    FURL_ASSIGN_OR_RETURN(temporal_filter_,
                          TemporalFilter::Create(settings_.width, settings_.height));
  }
  FURL_ASSIGN_OR_RETURN(frame_encoder_, FrameEncoder::Create(settings_, *family_, &pool_));
  return OkStatus();
}

Status EncoderImpl::CheckInput(const ConstFramePtr& frame, const BaseInput& base) const {
  if (flushed_) return InvalidArgument("frames after the end of the stream");
  if (!(std::abs(base.crf_offset) <= kMaxCrf)) return InvalidArgument("crf of a picture");
  if (base.crf_offset != 0 && (settings_.base.has_value() || rate_ != nullptr)) {
    return InvalidArgument("a crf of its own for a picture, with a base or a rate");
  }
  return frame == nullptr ? OkStatus() : CheckPictures(settings_, *frame, base.picture.get());
}

Status EncoderImpl::SendFrame(ConstFramePtr frame, const BaseInput& base) {
  return latch_.Run([&]() -> Status {
    FURL_RETURN_IF_ERROR(CheckInput(frame, base));
    Status status = Take(std::move(frame), base);
    // What is refused below here is a mistake of the encoder, which may be half changed.
    if (status.code() == StatusCode::kInvalidArgument) return InternalError(status.message());
    return status;
  });
}

Status EncoderImpl::BeginGop(bool begins_chunk) {
  FURL_RETURN_IF_ERROR(CodeReady(true));
  lookahead_.BeginGop();
  if (rate_ != nullptr) rate_->BeginGop();
  if (begins_chunk) shown_ = {};
  in_gop_ = 0;
  gop_start_ = received_;
  return OkStatus();
}

Status EncoderImpl::Take(ConstFramePtr frame, const BaseInput& base) {
  if (frame == nullptr) {
    flushed_ = true;
    return CodeReady(true);
  }
  const GopCutter::Place place = cutter_.Next(*frame, {base.begins_gop, base.picture == nullptr});
  if (place.begins_gop) FURL_RETURN_IF_ERROR(BeginGop(place.begins_chunk));
  if (base.picture != nullptr) bases_[received_] = base.picture;
  if (base.crf_offset != 0) crf_offsets_[received_] = base.crf_offset;
  ++received_;
  ++in_gop_;
  if (rate_ != nullptr) times_.push_back(frame->pts);
  FURL_RETURN_IF_ERROR(lookahead_.Push(std::move(frame)));
  return CodeReady(in_gop_ == gop_length_);
}

void EncoderImpl::TakeCrfOffset(int64_t position, PlannedFrame* planned) {
  const auto offset = crf_offsets_.extract(position);
  if (!offset) return;
  const auto qp_at = [&](double crf) { return BaseQp(crf, gop_length_, settings_.low_delay); };
  SetQp(RoundQp(planned->qp + qp_at(crf_ + offset.mapped()) - qp_at(crf_)), planned);
}

Status EncoderImpl::CodeReady(bool closed) {
  while (lookahead_.Ready(closed)) {
    if (rate_ != nullptr) crf_ = rate_->PlanCrf();
    FURL_ASSIGN_OR_RETURN(std::vector<PlannedFrame> frames, lookahead_.Next(closed));
    for (PlannedFrame& frame : frames) {
      if (!family_->family()->traits().qp_map) frame.qp_map = QpMap();
      if (settings_.base) {
        const ConstFramePtr base = bases_.extract(gop_start_ + frame.plan.display).mapped();
        FURL_ASSIGN_OR_RETURN(frame.base, MakeBaseReference(*base, settings_, &pool_));
      }
      TakeCrfOffset(gop_start_ + frame.plan.display, &frame);
      const bool last = &frame == &frames.back();
      FURL_RETURN_IF_ERROR(CodeFrame(&frame, {last, last && closed && lookahead_.Empty()}));
      frame.base = nullptr;  // a whole mini-GOP of them would wait else
    }
  }
  return OkStatus();
}

Status EncoderImpl::CodeFrame(PlannedFrame* planned, const Place& place) {
  const FramePlan& plan = planned->plan;
  const ConstFramePtr frame = planned->frame;
  ReferencePtr refs[2];
  for (int r = 0; r < 2; ++r) {
    if (plan.ref_slot[r] >= 0) refs[r] = store_[plan.ref_slot[r]];
  }
  FURL_ASSIGN_OR_RETURN(const CodedFrame coded,
                        rate_ == nullptr ? Code(*planned, refs) : CodeToFit(planned, refs));
  if (plan.level == 0) shown_ = {frame, coded.reconstruction->frame};
  if (plan.store_slot >= 0) store_[plan.store_slot] = coded.reconstruction;
  FURL_RETURN_IF_ERROR(EmitPacket(HeaderOf(*planned, place, coded), *frame, coded));
  if (rate_ != nullptr) rate_->Coded(rated_, packets_.back().data.size());
  if (observer_) {
    FrameReport report;
    report.original = frame.get();
    report.reconstruction = coded.reconstruction->frame.get();
    if (plan.type != FrameType::kI) report.prediction = frame_encoder_->prediction();
    report.qp = planned->qp;
    report.qp_map = &planned->qp_map;
    report.type = plan.level > 0 ? 'B' : plan.type == FrameType::kI ? 'I' : 'P';
    report.level = plan.level;
    report.display_index = gop_start_ + plan.display;
    report.motion_bytes = coded.motion_bytes;
    report.side_bytes = coded.side.size();
    report.latent_bytes = coded.latents.size();
    observer_(report);
  }
  return OkStatus();
}

Result<CodedFrame> EncoderImpl::Code(const PlannedFrame& planned, const ReferencePtr (&refs)[2]) {
  FURL_ASSIGN_OR_RETURN(const ConstFramePtr target, TargetOf(planned));
  return CodeTowards(planned, *target, refs);
}

// Key frames above a base are coded both ways: a poor base is a worse start than none.
Result<CodedFrame> EncoderImpl::CodeTowards(const PlannedFrame& planned, const Frame& target,
                                            const ReferencePtr (&refs)[2]) {
  if (planned.base == nullptr || planned.plan.type != FrameType::kI) {
    return frame_encoder_->Encode(planned, target, refs);
  }
  const double step = family_->step_law().Step(planned.qp);
  PlannedFrame other = planned;
  other.from_base = false;
  FURL_ASSIGN_OR_RETURN(CodedFrame from_base, frame_encoder_->Encode(planned, target, refs));
  FURL_ASSIGN_OR_RETURN(CodedFrame alone, frame_encoder_->Encode(other, target, refs));
  const bool better = PriceOf(from_base, target, step) <= PriceOf(alone, target, step);
  return better ? std::move(from_base) : std::move(alone);
}

Result<CodedFrame> EncoderImpl::CodeToFit(PlannedFrame* planned, const ReferencePtr (&refs)[2]) {
  const auto bytes = [](const CodedFrame& c) {
    return c.side.size() + c.latents.size() + kMostPacketHead;
  };
  rate_->Wait(SecondsToNext());
  rated_ = {FrameKind(planned->plan, settings_.low_delay), planned->qp};
  int qp = rate_->Adjusted(rated_.kind, planned->qp);
  while (qp <= kMaxQp) {
    SetQp(qp, planned);
    rated_.qp = qp;
    FURL_ASSIGN_OR_RETURN(CodedFrame coded, Code(*planned, refs));
    if (rate_->Fits(bytes(coded))) return coded;
    qp = rate_->Coarser(rated_.kind, qp, bytes(coded));
  }
  // Nothing of this picture fits: what can be had for next to nothing takes its place.
  rated_.stand_in = true;
  FURL_RETURN_IF_ERROR(MakeCheapest(refs[0], planned));
  FURL_ASSIGN_OR_RETURN(CodedFrame coded, frame_encoder_->Encode(*planned, *planned->frame, refs));
  if (rate_->Fits(bytes(coded))) return coded;
  return LimitExceeded("not even the smallest packets fit the buffer of that rate");
}

double EncoderImpl::SecondsToNext() {
  const int64_t time = times_.front();
  times_.pop_front();
  const int64_t before = std::exchange(last_time_, time).value_or(time);
  const double ticks = static_cast<double>(time) - static_cast<double>(before);
  return ticks * settings_.time_base.value();
}

Result<ConstFramePtr> EncoderImpl::TargetOf(const PlannedFrame& planned) {
  const double step = family_->step_law().Step(planned.qp);
  ConstFramePtr frame = planned.frame;
  if (temporal_filter_ && !planned.nearby.empty()) {
    const double strength =
        planned.plan.type == FrameType::kI ? kKeyFrameStrength : kAnchorStrength;
    FURL_ASSIGN_OR_RETURN(frame,
                          temporal_filter_->Apply(frame, planned.nearby, step, strength, &pool_));
  }
  // Where every frame is a key frame, what one takes over from another would add up.
  if (planned.plan.type != FrameType::kI || gop_length_ < kTypicalMiniGop) return frame;
  return StillTarget(frame, shown_, step);
}

// Anchors have a hash of their own, so that nothing wrong is ever predicted from. The B frames
// between them share one, which their last packet carries.
FrameHeader EncoderImpl::HeaderOf(const PlannedFrame& planned, const Place& place,
                                  const CodedFrame& coded) {
  const FramePlan& plan = planned.plan;
  FrameHeader header;
  header.type = plan.type;
  header.qp = planned.qp;
  header.display_order = plan.display;
  for (int r = 0; r < header.reference_count(); ++r) header.references[r] = plan.ref_slot[r];
  header.store_slot = plan.store_slot;
  if (header.key()) {
    header.gop_number = FrameHeader::GopNumber(gops_);
    header.frames_before = open_frames_;
    ++gops_;
    open_frames_ = 0;
  }
  ++open_frames_;
  if (place.ends_gop) {
    header.last_of_gop = true;
    if (!header.key()) {
      header.store_slot = -1;
      header.shown_later = open_frames_ - 1 - plan.display;
    }
    open_frames_ = 0;
  }
  chain_hash_ = ChainHash(chain_hash_, coded.reconstruction->hash);
  ++chained_;
  header.has_hash = plan.level == 0 || place.ends_mini_gop;
  if (header.has_hash) {
    header.hash = HashBits(std::exchange(chain_hash_, 0));
    header.hash_pictures = std::exchange(chained_, 0);
  }
  return header;
}

Status EncoderImpl::EmitPacket(const FrameHeader& header, const Frame& frame,
                               const CodedFrame& coded) {
  EncodedPacket packet;
  FURL_ASSIGN_OR_RETURN(packet.data, WritePacket(header, coded.side, coded.latents));
  packet.pts = frame.pts;
  packet.duration = frame.duration;
  packet.user_data = frame.user_data;
  packet.decode_order = emitted_++;
  packet.key = header.key();
  packets_.push_back(std::move(packet));
  return OkStatus();
}

Result<EncodedPacket> EncoderImpl::ReceivePacket() {
  EncodedPacket packet;
  FURL_RETURN_IF_ERROR(latch_.Run([&]() -> Status {
    if (packets_.empty()) return flushed_ ? EndOfStream() : TryAgain();
    packet = std::move(packets_.front());
    packets_.pop_front();
    return OkStatus();
  }));
  return packet;
}

}  // namespace

Result<std::unique_ptr<Encoder>> Encoder::Create(const EncoderSettings& settings,
                                                 FamilyEncoderPtr family) {
  FURL_RETURN_IF_ERROR(CheckSettings(settings));
  if (family == nullptr) return InvalidArgument("no family");
  const StepLaw step_law = family->step_law();
  const EncoderSettings possible = Possible(settings, family->family()->traits());
  FURL_ASSIGN_OR_RETURN(std::vector<uint8_t> header, StreamHeader(possible, *family));
  std::unique_ptr<EncoderImpl> full;
  if (!settings.base || settings.base_use != BaseUse::kFilter) {
    full = std::make_unique<EncoderImpl>(possible, std::move(family), header);
    FURL_RETURN_IF_ERROR(full->Init());
  }
  if (!settings.base || settings.base_use == BaseUse::kFull) {
    return std::unique_ptr<Encoder>(std::move(full));
  }
  return std::unique_ptr<Encoder>(
      std::make_unique<HybridGopEncoder>(possible, step_law, std::move(header), std::move(full)));
}

Result<std::unique_ptr<Encoder>> Encoder::Create(const EncoderSettings& settings,
                                                 model::ModelPtr model) {
  FURL_RETURN_IF_ERROR(CheckSettings(settings));
  if (model == nullptr) return InvalidArgument("no model");
  FURL_ASSIGN_OR_RETURN(FamilyEncoderPtr family, CreateFamilyEncoder(std::move(model)));
  return Create(settings, std::move(family));
}

}  // namespace furl
