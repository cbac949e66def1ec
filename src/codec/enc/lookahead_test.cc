#include "codec/enc/lookahead.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <set>

#include "codec/enc/propagation.h"

namespace furl {
namespace {

constexpr int kWidth = 192;
constexpr int kHeight = 128;
constexpr int kCrf = 28;

FramePtr MakeFrame(const std::function<int(int, int)>& sample, int width = kWidth,
                   int height = kHeight, int depth = 8) {
  FramePtr frame = std::move(Frame::Create(width, height, depth)).value();
  const Plane luma = frame->plane(0);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) luma.row(y)[x] = static_cast<uint16_t>(sample(x, y));
  }
  return frame;
}

// Reproducible noise over the whole plane, smooth over `scale` samples.
int Texture(int x, int y, unsigned seed, int scale) {
  const auto corner = [&](int cx, int cy) {
    uint32_t h = seed * 0x9E3779B1u + static_cast<uint32_t>(cx) * 0x85EBCA77u +
                 static_cast<uint32_t>(cy) * 0xC2B2AE3Du;
    h = (h ^ h >> 15) * 0x2C1B3C6Du;
    h = (h ^ h >> 12) * 0x297A2D39u;
    return static_cast<int>((h ^ h >> 15) & 255);
  };
  const int cx = x / scale;
  const int cy = y / scale;
  const int fx = x % scale;
  const int fy = y % scale;
  const int top = corner(cx, cy) * (scale - fx) + corner(cx + 1, cy) * fx;
  const int low = corner(cx, cy + 1) * (scale - fx) + corner(cx + 1, cy + 1) * fx;
  return (top * (scale - fy) + low * fy) / (scale * scale);
}

using Video = std::function<FramePtr(int)>;

FramePtr Still(int) {
  return MakeFrame([](int x, int y) { return Texture(x, y, 1, 4); });
}
FramePtr Noise(int t) {
  return MakeFrame([t](int x, int y) { return Texture(x, y, 10 + t, 1); });
}
// A pan so fast that eight frames take it beyond the search.
FramePtr Rolling(int t) {
  return MakeFrame([t](int x, int y) { return Texture(x + 20 * t, y, 3, 6); }, 320, 96);
}
// A cut before frame 13.
FramePtr Cut(int t) {
  return MakeFrame([t](int x, int y) { return Texture(x, y, t < 13 ? 1 : 2, 4); });
}

constexpr StepLaw kStepLaw = {.at_qp0 = 2.0, .qps_per_doubling = 10.0};

LookaheadSettings Settings() {
  LookaheadSettings settings;
  settings.step_law = kStepLaw;
  settings.base_qp = [](int) { return kCrf; };
  settings.gop_length = 50;
  return settings;
}

// Everything the look-ahead gives for a GOP of `count` frames, in coding order.
std::vector<std::vector<PlannedFrame>> Drain(const Video& video, int count,
                                             const LookaheadSettings& settings,
                                             ThreadPool* pool = nullptr) {
  Lookahead lookahead(settings, pool);
  lookahead.BeginGop();
  std::vector<std::vector<PlannedFrame>> groups;
  for (int t = 0; t < count; ++t) {
    EXPECT_TRUE(lookahead.Push(video(t)).ok());
    const bool closed = t + 1 == count;
    while (lookahead.Ready(closed)) {
      auto group = lookahead.Next(closed);
      EXPECT_TRUE(group.ok());
      if (!group.ok()) return groups;
      groups.push_back(std::move(group).value());
    }
  }
  return groups;
}

std::vector<size_t> Sizes(const std::vector<std::vector<PlannedFrame>>& groups) {
  std::vector<size_t> sizes;
  for (const auto& group : groups) sizes.push_back(group.size());
  return sizes;
}

TEST(Lookahead, GopsThatEndEarlyArePlannedAsWhatTheyAre) {
  LookaheadSettings settings = Settings();
  settings.base_qp = [](int frames) { return frames < 50 ? kCrf - 5 : kCrf; };
  const auto whole = Drain(Noise, 50, settings);
  const auto cut = Drain(Noise, 1, settings);
  EXPECT_EQ(cut[0][0].qp, Drain(Noise, 1, Settings())[0][0].qp - 5);
  EXPECT_EQ(whole[0][0].qp, Drain(Noise, 50, Settings())[0][0].qp);
}

TEST(Lookahead, StillVideoHasLongMiniGopsAndAGoodFirstFrame) {
  const auto groups = Drain(Still, 33, Settings());
  EXPECT_EQ(Sizes(groups), (std::vector<size_t>{1, 16, 16}));
  EXPECT_LE(groups[0][0].qp, kCrf);
  for (size_t g = 1; g < groups.size(); ++g) {
    EXPECT_GE(groups[g][0].qp, groups[g - 1][0].qp) << "anchors matter less and less";
    EXPECT_GT(groups[g].back().qp, groups[g].front().qp);
    EXPECT_EQ(groups[g].back().qp, groups[1].back().qp) << "leaves are all alike";
  }
}

TEST(Lookahead, NoiseIsCodedFlat) {
  const auto groups = Drain(Noise, 25, Settings());
  const auto still = Drain(Still, 25, Settings());
  for (const auto& group : groups) {
    for (const PlannedFrame& frame : group) {
      EXPECT_LE(std::abs(frame.qp - groups[0][0].qp), 4) << frame.plan.display;
      EXPECT_GE(frame.qp, groups[0][0].qp);
    }
  }
  EXPECT_GT(groups[0][0].qp, still[0][0].qp + 6);
}

TEST(Lookahead, MotionOutOfReachMakesShortMiniGops) {
  const auto groups = Drain(Rolling, 17, Settings());
  size_t longest = 0;
  for (size_t size : Sizes(groups)) longest = std::max(longest, size);
  EXPECT_LT(longest, 8u);
}

TEST(Lookahead, NothingIsOwedAcrossACut) {
  const auto cut = Drain(Cut, 25, Settings());
  const auto still = Drain(Still, 25, Settings());
  EXPECT_GT(cut[0][0].qp, still[0][0].qp);
  std::set<int> seen;
  for (const auto& group : cut) {
    for (const PlannedFrame& frame : group) seen.insert(frame.plan.display);
  }
  EXPECT_EQ(seen.size(), 25u);
}

TEST(Lookahead, EveryLengthComesOutWhole) {
  for (const Video& video : {Video(Still), Video(Rolling)}) {
    for (int count = 1; count <= 18; ++count) {
      std::set<int> done;
      for (const auto& group : Drain(video, count, Settings())) {
        for (const PlannedFrame& frame : group) {
          ASSERT_NE(frame.frame, nullptr);
          EXPECT_EQ(FrameHash(*frame.frame), FrameHash(*video(frame.plan.display)));
          for (int ref : frame.plan.ref_display) {
            EXPECT_TRUE(ref < 0 || done.count(ref) != 0) << ref;
          }
          EXPECT_TRUE(done.insert(frame.plan.display).second);
          EXPECT_GE(frame.qp, kMinQp);
          EXPECT_EQ(frame.worth.size(), frame.costs->error.size());
        }
      }
      EXPECT_EQ(static_cast<int>(done.size()), count);
    }
  }
}

TEST(Lookahead, WaitsNoLongerThanItMay) {
  for (const int frames : {3, 12, 16, 20}) {
    LookaheadSettings settings = Settings();
    settings.frames = frames;
    Lookahead lookahead(settings, nullptr);
    lookahead.BeginGop();
    int waiting = 0;
    size_t longest = 0;
    for (int t = 0; t < 40; ++t) {
      ASSERT_TRUE(lookahead.Push(Still(t)).ok());
      ++waiting;
      while (lookahead.Ready(false)) {
        const size_t taken = lookahead.Next(false).value().size();
        waiting -= static_cast<int>(taken);
        longest = std::max(longest, taken);
      }
      EXPECT_LE(waiting, std::max(frames, kTypicalMiniGop));
    }
    EXPECT_EQ(longest, static_cast<size_t>(frames < 16 ? 8 : 16)) << frames;
  }
}

// So the encoder knows which frame is the last of its GOP when it codes it.
TEST(Lookahead, AFrameStaysBehindUntilTheGopIsClosed) {
  for (const int frames : {0, 3, 8, 16, 20}) {
    LookaheadSettings settings = Settings();
    settings.frames = frames;
    Lookahead lookahead(settings, nullptr);
    lookahead.BeginGop();
    for (int t = 0; t < 40; ++t) {
      ASSERT_TRUE(lookahead.Push(Still(t)).ok());
      while (lookahead.Ready(false)) ASSERT_TRUE(lookahead.Next(false).ok());
      EXPECT_FALSE(lookahead.Empty()) << frames << " " << t;
    }
  }
}

TEST(Lookahead, LowDelayAndNoLookaheadAreFixed) {
  for (const bool low_delay : {true, false}) {
    LookaheadSettings settings = Settings();
    settings.low_delay = low_delay;
    settings.frames = low_delay ? 24 : 0;
    const auto groups = Drain(Noise, 10, settings);
    EXPECT_EQ(Sizes(groups),
              low_delay ? std::vector<size_t>(10, 1) : (std::vector<size_t>{1, 8, 1}));
    for (const auto& group : groups) {
      for (const PlannedFrame& frame : group) {
        EXPECT_EQ(frame.qp, FrameQp(kCrf, frame.plan, low_delay));
        EXPECT_EQ(frame.costs, nullptr);
      }
    }
  }
}

TEST(Lookahead, ThreadsChangeNothing) {
  ThreadPool pool(3);
  const auto one = Drain(Rolling, 14, Settings());
  const auto many = Drain(Rolling, 14, Settings(), &pool);
  ASSERT_EQ(Sizes(one), Sizes(many));
  for (size_t g = 0; g < one.size(); ++g) {
    for (size_t i = 0; i < one[g].size(); ++i) {
      EXPECT_EQ(one[g][i].qp, many[g][i].qp);
      EXPECT_EQ(one[g][i].worth, many[g][i].worth);
      EXPECT_EQ(one[g][i].costs->error, many[g][i].costs->error);
    }
  }
}

TEST(Lookahead, LargePicturesWaitForFewerFrames) {
  EXPECT_EQ(LookaheadFrames(1920, 1080), 32);
  EXPECT_EQ(LookaheadFrames(3840, 2160), 8);
  EXPECT_EQ(LookaheadFrames(16384, 4096), 8);
}

TEST(HalfPicture, MeansOfFour) {
  for (const int depth : {8, 10}) {
    const auto source =
        MakeFrame([&](int x, int y) { return (x * 7 + y * 13) << (depth - 8); }, 17, 9, depth);
    const auto half = HalfPicture(*source);
    ASSERT_TRUE(half.ok());
    EXPECT_EQ((*half)->width(), 9);
    EXPECT_EQ((*half)->height(), 5);
    EXPECT_EQ((*half)->plane(0).row(1)[2], (4 * 7 + 5 * 7 + 4 * 7 + 5 * 7 + 26 * 2 + 39 * 2) / 4);
    // Beyond an odd edge the last samples go on.
    EXPECT_EQ((*half)->plane(0).row(4)[8], 16 * 7 + 8 * 13);
  }
}

// A chain of frames, each predicted from the one before with that error.
std::vector<PropagationFrame> Chain(int count, float error, std::vector<FrameCosts>* costs) {
  costs->clear();
  std::vector<PropagationFrame> frames(count);
  costs->resize(count);
  for (int t = 0; t < count; ++t) {
    FrameCosts& c = (*costs)[t];
    c.cols = c.rows = 2;
    c.error.assign(4, t == 0 ? 1000 : error);
    if (t > 0) c.field = std::move(motion::MotionField::Create(16, 16)).value();
    frames[t].plan.type = t == 0 ? FrameType::kI : FrameType::kP;
    frames[t].plan.display = t;
    frames[t].plan.ref_display[0] = t - 1;
    frames[t].costs = &c;
  }
  return frames;
}

TEST(Propagation, PerfectPredictionHandsEverythingOn) {
  std::vector<FrameCosts> costs;
  auto frames = Chain(5, 0, &costs);
  Propagate(kStepLaw, kCrf, 0, &frames);
  for (int t = 0; t < 5; ++t) {
    for (float w : frames[t].worth) EXPECT_NEAR(w, 5 - t, 1e-5);
    EXPECT_GE(frames[t].qp, frames[std::max(t - 1, 0)].qp);
  }
  const int first = frames[0].qp;
  Propagate(kStepLaw, kCrf, 1, &frames);
  EXPECT_LT(frames[0].qp, first) << "more frames follow";
}

TEST(Propagation, BadPredictionHandsNothingOn) {
  std::vector<FrameCosts> costs;
  auto frames = Chain(5, 1e6F, &costs);
  Propagate(kStepLaw, kCrf, 0, &frames);
  for (const PropagationFrame& frame : frames) {
    for (float w : frame.worth) EXPECT_NEAR(w, 1, 1e-3);
    EXPECT_EQ(frame.qp, frames[0].qp);
  }
}

TEST(Propagation, WorthFollowsTheMotion) {
  std::vector<FrameCosts> costs;
  auto frames = Chain(2, 0, &costs);
  auto field = std::move(motion::MotionField::Create(16, 16)).value();
  motion::BlockMotion block;
  block.mv[0] = {32, 0};  // one block to the right
  for (int i = 0; i < 4; ++i) field->SetBlock(i & 1, i >> 1, block);
  costs[1].field = field;
  Propagate(kStepLaw, kCrf, 0, &frames);
  EXPECT_EQ(frames[0].worth, (std::vector<float>{1, 2, 1, 2}));
}

TEST(Propagation, BlocksThatMatterMoreGetLowerQps) {
  std::vector<FrameCosts> costs(2);
  for (FrameCosts& c : costs) {
    c.cols = c.rows = 4;  // 64x64 samples: a map of 2x2
    c.error.assign(16, 1e6F);
  }
  for (int row : {0, 1}) costs[1].error[row * 4] = costs[1].error[row * 4 + 1] = 0;
  costs[1].field = std::move(motion::MotionField::Create(32, 32)).value();
  std::vector<PropagationFrame> frames(2);
  for (int t = 0; t < 2; ++t) {
    frames[t].plan.type = t == 0 ? FrameType::kI : FrameType::kP;
    frames[t].plan.display = t;
    frames[t].plan.ref_display[0] = t - 1;
    frames[t].costs = &costs[t];
  }
  Propagate(kStepLaw, kCrf, 0, &frames);
  const QpMap& map = frames[0].qp_map;
  ASSERT_EQ(map.cols(), 2);
  ASSERT_EQ(map.rows(), 2);
  EXPECT_LT(map.At(0, 0), map.At(1, 1));
  EXPECT_EQ(map.At(1, 0), map.At(1, 1));
  EXPECT_TRUE(frames[1].qp_map.AllZero());
}

TEST(Propagation, WhereSimilarityCountsFlatBlocksGetLowerQps) {
  // Of 64x32 samples the left half is flat.
  const FramePtr half = Frame::Create(32, 16, 8, motion::kReferenceBorder).value();
  const Plane luma = half->plane(0);
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 32; ++x) {
      luma.row(y)[x] = static_cast<uint16_t>(x < 16 ? 128 : 64 + (7 * x + 13 * y) % 5 * 32);
    }
  }
  half->ExtendBorder();
  const CostRequest request = {half, {nullptr, nullptr}, {1, 1}};
  EXPECT_TRUE(CostAnalyzer(8).Measure(request, nullptr).value().weight.empty());
  const FrameCosts costs = CostAnalyzer(8, 0.5).Measure(request, nullptr).value();
  std::vector<PropagationFrame> frames(1);
  frames[0].plan.type = FrameType::kI;
  frames[0].costs = &costs;
  Propagate(kStepLaw, kCrf, 0, &frames);
  ASSERT_EQ(costs.weight.size(), 8u);
  EXPECT_GT(costs.weight[0], 1);
  EXPECT_LT(costs.weight[3], 1);
  EXPECT_LT(frames[0].qp_map.At(0, 0), frames[0].qp_map.At(1, 0));
}

TEST(Propagation, ExtremeQpsStayInRange) {
  for (const double base_qp : {-30.0, 80.0}) {
    std::vector<FrameCosts> costs;
    auto frames = Chain(64, 0, &costs);
    Propagate(kStepLaw, base_qp, 1, &frames);
    for (const PropagationFrame& frame : frames) {
      EXPECT_GE(frame.qp, kMinQp);
      EXPECT_LE(frame.qp, kMaxQp);
    }
  }
}

}  // namespace
}  // namespace furl
