#include "codec/enc/rate_control.h"

#include <algorithm>
#include <cmath>

#include "codec/common/quality_scale.h"
#include "image/coding_scales.h"

namespace furl {
namespace {

// All figures: decision 24, from training clips.

// Doublings of a frame's bits per QP.
constexpr double kSlopeIntra = 0.11;
constexpr double kSlopeInter = 0.14;
// Doublings of bits per luma sample at QP 0, before anything is known, by kind.
constexpr std::array<double, kFrameKinds> kFirstGuess = {2.9, 2.0, 1.2, 0.4, -0.2, -0.6};
constexpr std::array<double, kFrameKinds> kFirstGuessLowDelay = {2.9, 1.9, 0.4, 1.1, 0.6, 0.6};
// How far what is seen of one kind moves the expectation of kinds not seen yet, in doublings.
constexpr double kOfOthers = 0.5;
// How fast a kind's factor follows: intra frames are rare.
constexpr double kFollowIntra = 0.7;
constexpr double kFollowInter = 0.4;

// QPs above the base before any are seen, as FrameQp has them, and shares of mini-GOPs of 16.
constexpr std::array<double, kFrameKinds> kFirstOffset = {0, 4, 9, 12, 14, 15};
constexpr std::array<double, kFrameKinds> kFirstShare = {0,       1 / 16., 1 / 16.,
                                                         2 / 16., 4 / 16., 8 / 16.};
// How fast these follow the plans.
constexpr double kFollowOffset = 0.35;
constexpr double kFollowShare = 0.025;

// Frames may be expected to take so much of the bucket's room: those that others are predicted
// from more.
constexpr std::array<double, kFrameKinds> kMostOfRoom = {0.85, 0.6, 0.5, 0.45, 0.4, 0.4};

// A debt beyond so many seconds of the mean rate is forgotten.
constexpr double kMostDebtSeconds = 2.5;
// What is ahead is spent at no less, and no more, than so much of the mean rate.
constexpr double kLeastOfRate = 0.3;
constexpr double kMostOfRate = 2.0;
// Behind the open GOP so many seconds are looked at, in whole GOPs, but no more than these in all.
constexpr double kNextSeconds = 1;
constexpr double kMostAheadSeconds = 5;
// A debt is paid back faster than by what is looked at.
constexpr double kHaste = 1.8;
// Where the largest rate is near the mean, an empty bucket wastes what can't be made up for: then
// it is kept filled to this share, as far as that is no more than so many seconds of the mean.
constexpr double kKeptFull = 0.35;
constexpr double kMostKeptSeconds = 0.15;
constexpr double kNear = 0.5;  // above the mean, as a share of it, that is far
// How full the bucket may become by what is ahead.
constexpr double kMostFull = 0.8;

// Most that the crf moves from one plan to the next: a frame, or a mini-GOP.
constexpr double kMostUp = 2;
constexpr double kMostDown = 1.5;
constexpr double kMostUpPerMiniGop = 6;
constexpr double kMostDownPerMiniGop = 4;

// And within a mini-GOP, in QPs.
constexpr double kMostFiner = 4;
constexpr double kMostCoarser = 6;

// What of the room a frame should take that is coded again because it didn't fit.
constexpr double kOfRoomAgain = 0.8;
constexpr int kLeastCoarser = 2;

double Slope(int kind) { return kind == 0 ? kSlopeIntra : kSlopeInter; }

double ClampedQp(double qp) { return std::clamp<double>(qp, kMinQp, kMaxQp); }

}  // namespace

int FrameKind(const FramePlan& plan, bool low_delay) {
  if (plan.type == FrameType::kI) return 0;
  return 1 + (low_delay ? plan.display % 4 : std::min(plan.level, kFrameKinds - 2));
}

// ---- RateModel ------------------------------------------------------------

RateModel::RateModel(double pixels, bool low_delay) {
  for (int kind = 0; kind < kFrameKinds; ++kind) {
    at_qp0_[kind] = pixels * std::exp2((low_delay ? kFirstGuessLowDelay : kFirstGuess)[kind]);
  }
}

double RateModel::Bits(int kind, double qp) const {
  return at_qp0_[kind] * std::exp2(-Slope(kind) * ClampedQp(qp));
}

void RateModel::Learn(int kind, double qp, double bits) {
  const double at_qp0 = std::max(bits, 1.0) * std::exp2(Slope(kind) * qp);
  if (!seen_[kind]) {
    const double factor = std::exp2(kOfOthers * std::log2(at_qp0 / at_qp0_[kind]));
    for (int other = 0; other < kFrameKinds; ++other) {
      if (!seen_[other]) at_qp0_[other] *= factor;
    }
    at_qp0_[kind] = at_qp0;
    seen_[kind] = true;
    return;
  }
  at_qp0_[kind] += (kind == 0 ? kFollowIntra : kFollowInter) * (at_qp0 - at_qp0_[kind]);
}

double RateModel::QpFor(int kind, double qp, double bits, double wanted) {
  return qp + std::log2(bits / wanted) / Slope(kind);
}

// ---- RateControl ----------------------------------------------------------

RateControl::RateControl(const EncoderSettings& settings, int gop_length)
    : settings_{static_cast<double>(settings.rate.bits_per_second),
                static_cast<double>(settings.rate.most_per_second),
                static_cast<double>(settings.rate.buffer_bits)},
      low_delay_(settings.low_delay),
      gop_length_(gop_length),
      frame_seconds_(1 / settings.frame_rate.value()),
      model_(static_cast<double>(settings.width) * settings.height, settings.low_delay),
      offset_(kFirstOffset),
      share_(kFirstShare) {
  if (!low_delay_) return;
  for (int kind = 0; kind < kFrameKinds; ++kind) {
    FramePlan plan;
    plan.type = kind == 0 ? FrameType::kI : FrameType::kP;
    plan.display = kind + 3;  // of that kind
    offset_[kind] = FrameQp(0, plan, true);
    share_[kind] = kind >= 1 && kind <= 4 ? 0.25 : 0;
  }
}

double RateControl::PlanCrf() {
  const double crf = Solve();
  if (planned_crf_ < 0) {
    planned_crf_ = crf;
  } else {
    const double down = low_delay_ ? kMostDown : kMostDownPerMiniGop;
    const double up = low_delay_ ? kMostUp : kMostUpPerMiniGop;
    planned_crf_ = std::clamp(crf, planned_crf_ - down, planned_crf_ + up);
  }
  return planned_crf_;
}

void RateControl::Wait(double seconds) {
  level_ = std::max(level_ - settings_.most_per_second * seconds, 0.0);
  const double most = kMostDebtSeconds * settings_.bits_per_second;
  debt_ = std::clamp(debt_ - settings_.bits_per_second * seconds, -most, most);
}

int RateControl::Adjusted(int kind, int planned_qp) const {
  int qp = planned_qp;
  if (!low_delay_ && kind != 0) {  // planned together with others, some time ago
    const double change = BaseQpAt(Solve()) - BaseQpAt(planned_crf_);
    qp += static_cast<int>(std::lround(std::clamp(change, -kMostFiner, kMostCoarser)));
  }
  qp = std::clamp(qp, kMinQp, kMaxQp);
  const double most = kMostOfRoom[kind] * room();
  if (most <= 0) return kMaxQp;
  const double least = RateModel::QpFor(kind, qp, model_.Bits(kind, qp), most);
  return std::clamp(static_cast<int>(std::ceil(least)), qp, kMaxQp);
}

int RateControl::Coarser(int kind, int qp, size_t bytes) const {
  const double most = std::max(kOfRoomAgain * room(), 1.0);
  const double least = RateModel::QpFor(kind, qp, 8.0 * static_cast<double>(bytes), most);
  if (qp == kMaxQp) return kMaxQp + 1;
  return std::clamp(static_cast<int>(std::ceil(least)), std::min(qp + kLeastCoarser, kMaxQp),
                    kMaxQp);
}

void RateControl::Coded(const Frame& frame, size_t bytes) {
  const double bits = 8.0 * static_cast<double>(bytes);
  level_ += bits;
  debt_ += bits;
  ++in_gop_;
  if (!frame.stand_in) model_.Learn(frame.kind, frame.qp, bits);
  if (low_delay_) return;  // its plan is fixed
  const double offset = frame.planned_qp - BaseQpAt(planned_crf_);
  offset_[frame.kind] += kFollowOffset * (offset - offset_[frame.kind]);
  if (frame.kind == 0) return;
  for (int kind = 1; kind < kFrameKinds; ++kind) {
    share_[kind] += kFollowShare * ((kind == frame.kind ? 1 : 0) - share_[kind]);
  }
}

RateControl::Ahead RateControl::FramesAhead() const {
  const double most = std::max(kMostAheadSeconds / frame_seconds_, 2.0);
  const double gop = gop_length_;
  Ahead ahead;
  ahead.intra = in_gop_ == 0 ? 1 : 0;
  ahead.inter = std::min(std::max(gop - in_gop_, 0.0) - ahead.intra, most);
  // Of GOPs too long to be looked at whole, key frames count in part.
  const double next = gop * std::ceil(kNextSeconds / (gop * frame_seconds_));
  const double more = std::clamp(most - ahead.inter, 0.0, next);
  ahead.intra += more / gop;
  ahead.inter += more * (1 - 1 / gop);
  return ahead;
}

double RateControl::Budget(const Ahead& ahead) const {
  const double seconds = (ahead.intra + ahead.inter) * frame_seconds_;
  const double mean = settings_.bits_per_second * seconds;
  const double budget =
      std::clamp(mean - kHaste * (debt_ - WantedDebt()), kLeastOfRate * mean, kMostOfRate * mean);
  const double bucket =
      settings_.most_per_second * seconds + kMostFull * settings_.buffer_bits - level_;
  return std::max(std::min(budget, bucket), 1.0);
}

double RateControl::WantedDebt() const {
  const double above = settings_.most_per_second / settings_.bits_per_second - 1;
  const double near = std::max(1 - above / kNear, 0.0);
  return near *
         std::min(kKeptFull * settings_.buffer_bits, kMostKeptSeconds * settings_.bits_per_second);
}

double RateControl::Expected(const Ahead& ahead, double crf) const {
  const double base = BaseQpAt(crf);
  double bits = 0;
  for (int kind = 0; kind < kFrameKinds; ++kind) {
    const double frames = kind == 0 ? ahead.intra : ahead.inter * share_[kind];
    bits += frames * model_.Bits(kind, base + offset_[kind]);
  }
  return bits;
}

double RateControl::Solve() const {
  const Ahead ahead = FramesAhead();
  const double budget = Budget(ahead);
  double low = kMinCrf;
  double high = kMaxCrf;
  for (int i = 0; i < 14; ++i) {
    const double middle = (low + high) / 2;
    (Expected(ahead, middle) > budget ? low : high) = middle;
  }
  return high;
}

double RateControl::BaseQpAt(double crf) const { return BaseQp(crf, gop_length_, low_delay_); }

}  // namespace furl
