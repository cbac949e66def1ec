// The rate control against made-up videos: frames whose bits follow laws that the model doesn't
// know, with noise, cuts and changes. What real frames do is tests/codec/rate_test.cc.

#include "codec/enc/rate_control.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "codec/common/quality_scale.h"
#include "image/coding_scales.h"

namespace furl {
namespace {

constexpr double kFps = 25;
constexpr int kGop = 50;

EncoderSettings Settings(bool low_delay, double rate, double most, double seconds) {
  EncoderSettings s;
  s.width = 320;
  s.height = 180;
  s.frame_rate = {25, 1};
  s.low_delay = low_delay;
  s.rate = {std::llround(rate), std::llround(most), std::llround(most * seconds)};
  return s;
}

// How a video behaves: doublings of bits at QP 0 by kind, of which each scene has others.
struct Law {
  double slope = 0.14;  // of intra frames 0.8 of it
  double intra = 18.7;
  double inter = 17.8;
  double noise = 0.15;  // standard deviation in doublings
  int scene = 1 << 30;  // frames until the next
};

struct Coding {
  std::vector<double> bits;  // by packet
  double highest = 0;        // the bucket, as a share of the buffer
  int again = 0;             // frames coded more than once
  double MeanRate(size_t from, size_t count) const {
    double sum = 0;
    for (size_t i = from; i < from + count; ++i) sum += bits[i];
    return sum / (static_cast<double>(count) / kFps);
  }
};

// Plays encoder: plans as the look-ahead does and codes frames until they fit.
class Simulation {
 public:
  Simulation(const EncoderSettings& settings, const Law& law)
      : settings_(settings),
        law_(law),
        rate_(settings, kGop),
        planner_(settings.low_delay ? 1 : 16) {}

  Coding Code(int frames) {
    for (int i = 0, in_gop = kGop; i < frames;) {
      const int to_cut = law_.scene - i % law_.scene;
      if (i > 0 && to_cut == law_.scene) scene_ = normal_(random_);
      if (in_gop == kGop || to_cut == law_.scene) in_gop = 0;
      if (in_gop == 0) rate_.BeginGop();
      const double crf = rate_.PlanCrf();
      const int count = std::min({settings_.low_delay ? 1 : 16, kGop - in_gop, to_cut});
      const std::vector<FramePlan> plans =
          in_gop == 0 ? std::vector<FramePlan>{planner_.Intra()} : planner_.MiniGop(count);
      for (const FramePlan& plan : plans) CodeFrame(plan, crf);
      i += static_cast<int>(plans.size());
      in_gop += static_cast<int>(plans.size());
    }
    return run_;
  }

 private:
  void CodeFrame(const FramePlan& plan, double crf) {
    const int kind = FrameKind(plan, settings_.low_delay);
    const int planned = FrameQp(BaseQp(crf, kGop, settings_.low_delay), plan, settings_.low_delay);
    const double at_qp0 = (kind == 0 ? law_.intra : law_.inter - 0.7 * (kind - 1)) + scene_ +
                          law_.noise * normal_(random_);
    if (!run_.bits.empty()) rate_.Wait(1 / kFps);
    int qp = rate_.Adjusted(kind, planned);
    bool stand_in = false;
    const auto bytes = [&] {
      return stand_in ? size_t{20}
                      : static_cast<size_t>(
                            8 + std::exp2(at_qp0 - (kind == 0 ? 0.8 : 1.0) * law_.slope * qp) / 8);
    };
    for (int tries = 0; !rate_.Fits(bytes()) && qp < kMaxQp; ++tries) {
      const int next = rate_.Coarser(kind, qp, bytes());
      EXPECT_GT(next, qp);
      EXPECT_LT(tries, 4);
      qp = next;
      run_.again += tries == 0;
    }
    stand_in = !rate_.Fits(bytes());
    rate_.Coded({kind, planned, qp, stand_in}, bytes());
    run_.bits.push_back(8.0 * static_cast<double>(bytes()));
    run_.highest =
        std::max(run_.highest, rate_.level() / static_cast<double>(settings_.rate.buffer_bits));
  }

  const EncoderSettings settings_;
  const Law law_;
  RateControl rate_;
  GopPlanner planner_;
  std::mt19937 random_{7};
  std::normal_distribution<double> normal_;
  double scene_ = 0;
  Coding run_;
};

// The law of the bucket from the sizes alone.
double HighestOf(const Coding& run, const RateSettings& rate) {
  double level = 0;
  double highest = 0;
  for (size_t i = 0; i < run.bits.size(); ++i) {
    if (i > 0) level = std::max(level - static_cast<double>(rate.most_per_second) / kFps, 0.0);
    level += run.bits[i];
    highest = std::max(highest, level);
  }
  return highest / static_cast<double>(rate.buffer_bits);
}

TEST(RateControl, TheMeanIsHeldOverTenSeconds) {
  for (const bool low_delay : {true, false}) {
    for (const double rate : {60e3, 200e3, 500e3}) {
      for (const double slope : {0.11, 0.14, 0.18}) {
        Law law;
        law.slope = slope;
        const EncoderSettings settings = Settings(low_delay, rate, 1.5 * rate, 2);
        const Coding run = Simulation(settings, law).Code(500);
        for (const size_t from : {size_t{0}, size_t{100}, size_t{250}}) {
          EXPECT_NEAR(run.MeanRate(from, 250) / rate, 1, slope == 0.14 ? 0.03 : 0.045)
              << low_delay << " " << rate << " slope " << slope << " from " << from;
        }
        EXPECT_LE(HighestOf(run, settings.rate), 1.0);
        EXPECT_LE(run.again, 3);
      }
    }
  }
}

TEST(RateControl, TheBucketNeverOverflowsWhateverComes) {
  for (const bool low_delay : {true, false}) {
    for (const double seconds : {0.15, 0.5, 1.0, 3.0}) {
      for (const int scene : {17, 60, 1 << 30}) {
        Law law;
        law.noise = 0.8;
        law.scene = scene;
        const EncoderSettings settings = Settings(low_delay, 150e3, 150e3, seconds);
        const Coding run = Simulation(settings, law).Code(400);
        EXPECT_LE(HighestOf(run, settings.rate), 1.0);
        EXPECT_NEAR(HighestOf(run, settings.rate), run.highest, 1e-9);
      }
    }
  }
}

TEST(RateControl, ScenesThatDifferAreHeldTogether) {
  for (const bool low_delay : {true, false}) {
    Law law;
    law.scene = 75;
    const EncoderSettings settings = Settings(low_delay, 200e3, 300e3, 2);
    const Coding run = Simulation(settings, law).Code(450);
    EXPECT_NEAR(run.MeanRate(0, 300) / 200e3, 1, 0.08) << low_delay;
    EXPECT_NEAR(run.MeanRate(0, 450) / 200e3, 1, 0.08) << low_delay;
    EXPECT_LE(HighestOf(run, settings.rate), 1.0);
  }
}

TEST(RateModel, LearnsKindsAndMovesThoseNotSeen) {
  RateModel model(320 * 180, true);
  const double other = model.Bits(2, 40);
  model.Learn(0, 30, 4 * model.Bits(0, 30));
  EXPECT_NEAR(model.Bits(2, 40) / other, 2, 1e-6);  // half of the doublings
  model.Learn(2, 40, 5000);
  EXPECT_NEAR(model.Bits(2, 40), 5000, 1);
  EXPECT_LT(model.Bits(2, 41), 5000);
  for (int i = 0; i < 20; ++i) model.Learn(2, 40, 10000);
  EXPECT_NEAR(model.Bits(2, 40), 10000, 100);
  // From one QP to another and back.
  const double qp = RateModel::QpFor(2, 40, 10000, 2500);
  EXPECT_NEAR(model.Bits(2, qp) / model.Bits(2, 40), 0.25, 1e-6);
}

TEST(RateModel, KindsFollowThePlan) {
  FramePlan plan;
  EXPECT_EQ(FrameKind(plan, false), 0);
  plan.type = FrameType::kP;
  for (int display = 1; display < 9; ++display) {
    plan.display = display;
    EXPECT_EQ(FrameKind(plan, true), 1 + display % 4);
  }
  EXPECT_EQ(FrameKind(plan, false), 1);
  plan.type = FrameType::kB;
  plan.level = 4;
  EXPECT_EQ(FrameKind(plan, false), 5);
}

}  // namespace
}  // namespace furl
