// What a decoder tells an observer: bits that add up to the packets, places that they belong to,
// and pictures that are unchanged by being watched. Of every family.

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "coding.h"
#include "support/family_models.h"

namespace furl::test {
namespace {

class Collector : public DecodeObserver {
 public:
  void Take(FrameAnalysis analysis) override { frames.push_back(std::move(analysis)); }
  std::vector<FrameAnalysis> frames;
};

struct Watched {
  DecodedVideo video;
  std::vector<FrameAnalysis> frames;
};

Watched Watch(const CodedVideo& coded, const model::ModelPtr& model, int threads = 2) {
  const auto collector = std::make_shared<Collector>();
  DecoderSettings settings;
  settings.threads = threads;
  settings.observer = collector;
  Watched watched;
  watched.video = DecodeVideo(coded, settings, model);
  watched.frames = std::move(collector->frames);
  return watched;
}

uint64_t BitsOf(const FrameAnalysis& frame) {
  uint64_t sum = 0;
  for (const FrameAccount& account : frame.accounts) sum += account.bits.total();
  return sum;
}

class Analysis : public ::testing::TestWithParam<FamilyModel> {};

// Of a section of symbols the states of its coder are not counted (16 bytes); a range coder ends
// within 4 bytes of its information. Costs of symbols are rounded to 1/256 bit.
TEST_P(Analysis, BitsAddUpToThePacket) {
  const model::ModelPtr model = GetParam().make().value();
  for (const int crf : {5, 40}) {
    EncoderSettings settings;
    settings.crf = crf;
    const CodedVideo coded = EncodeVideo(MakeVideo(208, 144, 8, 6), settings, model);
    const Watched watched = Watch(coded, model);
    ASSERT_EQ(watched.frames.size(), 6u);
    for (const FrameAnalysis& frame : watched.frames) {
      const double sections = 8.0 * static_cast<double>(frame.side_bytes + frame.latent_bytes);
      const double counted = static_cast<double>(BitsOf(frame)) / 256;
      EXPECT_NEAR(counted, sections, 8 * 16 + 0.002 * sections)
          << "display " << frame.header.display_order << ", crf " << crf;
    }
  }
}

TEST_P(Analysis, WatchingChangesNoPicture) {
  const model::ModelPtr model = GetParam().make().value();
  const CodedVideo coded = EncodeVideo(MakeVideo(96, 80, 8, 5), {}, model);
  for (const int threads : {1, 3}) {
    const Watched watched = Watch(coded, model, threads);
    ASSERT_EQ(watched.video.frames.size(), 5u);
    EXPECT_EQ(watched.frames.size(), 5u);
    for (size_t i = 0; i < 5; ++i) {
      EXPECT_EQ(FrameHash(*watched.video.frames[i]), coded.hashes[i]) << i;
    }
    for (const FrameAnalysis& frame : watched.frames) {
      EXPECT_EQ(FrameHash(*frame.picture), coded.hashes[frame.header.display_order]);
      EXPECT_EQ(frame.qps.size(), size_t{6 * 5});
      for (const FiredLatent& fired : frame.fired) {
        EXPECT_GE(fired.block, 0);
        EXPECT_LT(fired.block, frame.cols * frame.rows);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Families, Analysis, ::testing::ValuesIn(kFamilyModels),
                         [](const auto& model) {
                           const std::string_view prefix = model.param.prefix;
                           return prefix.empty() ? std::string("transform")
                                                 : std::string(prefix.substr(0, prefix.size() - 1));
                         });

// Noise in the left half alone: its blocks have nearly all bits of latents.
TEST(FrameAnalysisTest, BitsLieWhereTheContentIs) {
  const model::ModelPtr model = MakeTinyModel().value();
  auto frame = Frame::Create(128, 64, 8).value();
  std::mt19937 random(3);
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        const bool noisy = p == 0 && x < 48;
        plane.row(y)[x] = static_cast<uint16_t>(noisy ? 64 + random() % 128 : 128);
      }
    }
  }
  EncoderSettings settings;
  settings.crf = 10;
  const Watched watched = Watch(EncodeVideo({frame}, settings, model), model);
  ASSERT_EQ(watched.frames.size(), 1u);
  uint64_t left = 0, right = 0;
  for (const FrameAccount& account : watched.frames[0].accounts) {
    if (account.kind == BitKind::kMotion) ADD_FAILURE() << "motion in a key frame";
    if (account.kind != BitKind::kLatents && account.kind != BitKind::kSamples) continue;
    for (int row = 0; row < account.bits.rows(); ++row) {
      for (int col = 0; col < account.bits.cols(); ++col) {
        (col < 4 ? left : right) += account.bits.At(col, row);
      }
    }
  }
  EXPECT_GT(left, 10 * right);
  EXPECT_EQ(watched.frames[0].prediction, nullptr);
}

}  // namespace
}  // namespace furl::test
