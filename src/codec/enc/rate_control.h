// RateControl: the quality with which a stream keeps a rate, chosen while it is coded.
//
// Two things are held. The bucket of RateSettings never overflows: frames are planned coarser where
// it has little room, and coded again, still coarser, where they don't fit. And the mean rate comes
// close to the wanted one: after each frame the crf is found that spends, by a model of bits per
// kind of frame, what is left for this GOP and the next (decision 24).
//
//   lookahead plans with rate.PlanCrf();
//   rate.Wait(seconds);                                   // since the packet before
//   int qp = rate.Adjusted(kind, planned_qp);
//   while (!rate.Fits(bytes = Code(qp))) qp = rate.Coarser(kind, qp, bytes);
//   rate.Coded({kind, planned_qp, qp}, bytes);
//
// All decisions follow from sizes and times alone, never from the number of threads.

#ifndef FURL_CODEC_ENC_RATE_CONTROL_H_
#define FURL_CODEC_ENC_RATE_CONTROL_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "codec/common/gop.h"
#include "codec/enc/encoder_settings.h"

namespace furl {

// Frames that cost alike: 0 intra, then by level in the hierarchy or, with low delay, by the place
// among four frames.
inline constexpr int kFrameKinds = 6;
int FrameKind(const FramePlan& plan, bool low_delay);

// What is expected of frames: bits fall exponentially with the QP, and each kind has a factor of
// its own, which follows what was seen.
class RateModel {
 public:
  // For pictures of so many luma samples.
  RateModel(double pixels, bool low_delay);

  double Bits(int kind, double qp) const;
  void Learn(int kind, double qp, double bits);

  // The QP at which `bits` at `qp` become `wanted`, by how that kind falls.
  static double QpFor(int kind, double qp, double bits, double wanted);

 private:
  std::array<double, kFrameKinds> at_qp0_{};
  std::array<bool, kFrameKinds> seen_{};
};

class RateControl {
 public:
  // The settings must want a rate.
  RateControl(const EncoderSettings& settings, int gop_length);

  // The crf that the next frames are to be planned with.
  double PlanCrf();
  // A GOP begins with the next frame.
  void BeginGop() { in_gop_ = 0; }

  // So much time lies between the packet before and the next one.
  void Wait(double seconds);

  // The QP to code a frame of that kind with: the planned one after what was seen since, and so
  // coarse that it should fit.
  int Adjusted(int kind, int planned_qp) const;
  bool Fits(size_t bytes) const { return 8.0 * static_cast<double>(bytes) <= room(); }
  // The QP to try next where a frame took too many bytes. Above kMaxQp there is none.
  int Coarser(int kind, int qp, size_t bytes) const;

  struct Frame {
    int kind = 0;
    int planned_qp = 0;     // by the look-ahead
    int qp = 0;             // coded with
    bool stand_in = false;  // another picture in its place, of which nothing is learnt
  };
  void Coded(const Frame& frame, size_t bytes);

  double room() const { return settings_.buffer_bits - level_; }
  double level() const { return level_; }

 private:
  // Frames that are looked ahead to; parts of them count.
  struct Ahead {
    double intra = 0;
    double inter = 0;
  };
  Ahead FramesAhead() const;
  // Bits that may be spent on them, what of a debt is to be left by that, and the bits that they
  // should take at a crf.
  double Budget(const Ahead& ahead) const;
  double WantedDebt() const;
  double Expected(const Ahead& ahead, double crf) const;
  // The crf that spends the budget.
  double Solve() const;
  double BaseQpAt(double crf) const;

  struct Rate {
    double bits_per_second;
    double most_per_second;
    double buffer_bits;
  };
  const Rate settings_;
  const bool low_delay_;
  const int gop_length_;
  const double frame_seconds_;
  RateModel model_;

  double planned_crf_ = -1;  // of the frames planned last; below 0: none
  double level_ = 0;         // bits in the bucket
  double debt_ = 0;          // bits spent above the mean rate
  int in_gop_ = 0;           // frames coded of the open GOP
  // By kind: QPs above the base of the plan, and the shares of frames that aren't intra.
  std::array<double, kFrameKinds> offset_;
  std::array<double, kFrameKinds> share_;
};

}  // namespace furl

#endif  // FURL_CODEC_ENC_RATE_CONTROL_H_
