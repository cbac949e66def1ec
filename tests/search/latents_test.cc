// What is read of packets without pictures is what decoders make pictures of, and tells shots
// from each other.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "../codec/coding.h"
#include "analysis/shots.h"
#include "analysis/vector_scan.h"
#include "codec/families/decoders.h"
#include "model/default_model.h"
#include "support/family_models.h"

namespace furl::test {
namespace {

using analysis::LatentFrame;
using analysis::LatentReader;
using analysis::Sketch;
using analysis::SketchMaker;

class Collector : public DecodeObserver {
 public:
  void Take(FrameAnalysis analysis) override { frames.push_back(std::move(analysis)); }
  std::vector<FrameAnalysis> frames;
};

const FamilyPtr& DefaultFamily() {
  static const FamilyPtr family = CreateFamily(model::DefaultModel().value()).value();
  return family;
}

std::unique_ptr<LatentReader> ReaderOf(const CodedVideo& coded, const FamilyPtr& family) {
  return LatentReader::Create(ParseSequenceHeader(coded.header).value(), family, {.threads = 1})
      .value();
}

Result<LatentFrame> ReadPacket(LatentReader* reader, const EncodedPacket& packet) {
  FURL_ASSIGN_OR_RETURN(const PacketView view, ParsePacket(packet.data));
  return reader->Read(view, {packet.pts, packet.duration});
}

std::vector<analysis::Shot> ShotsOf(const CodedVideo& coded) {
  static const SketchMaker sketches = SketchMaker::Create(*DefaultFamily()).value();
  const SequenceHeader header = ParseSequenceHeader(coded.header).value();
  analysis::ShotMaker maker(
      sketches, {header.time_base.value(), header.frame_rate.value(), header.gop_length});
  const auto reader = ReaderOf(coded, DefaultFamily());
  for (const EncodedPacket& packet : coded.packets) {
    const auto frame = ReadPacket(reader.get(), packet);
    EXPECT_TRUE(frame.ok()) << frame.status().message();
    if (frame.ok()) maker.Add(*frame);
  }
  return maker.Finish();
}

CodedVideo EncodeDefault(const std::vector<ConstFramePtr>& video, double crf) {
  EncoderSettings settings;
  settings.crf = crf;
  settings.preset = Preset::kFast;
  return EncodeVideo(video, settings, DefaultFamily());
}

double ScoreOf(const analysis::Shot& a, const analysis::Shot& b) {
  const analysis::Vector u = analysis::VectorOf(a.look);
  const analysis::Vector v = analysis::VectorOf(b.look);
  return analysis::SimilarityOf(analysis::ScoreScalar(u.data(), v.data()),
                                analysis::LengthOf(u.data()), analysis::LengthOf(v.data()));
}

class LatentReaderTest : public ::testing::TestWithParam<FamilyModel> {};

TEST_P(LatentReaderTest, MotionIsTheDecoders) {
  const FamilyPtr family = CreateFamily(GetParam().make().value()).value();
  EncoderSettings settings;
  settings.crf = 20;
  const CodedVideo coded = EncodeVideo(MakeVideo(208, 144, 8, 9), settings, family);
  const auto collector = std::make_shared<Collector>();
  (void)DecodeVideo(coded, {.threads = 1, .observer = collector}, family);
  ASSERT_EQ(collector->frames.size(), coded.packets.size());
  const auto reader = ReaderOf(coded, family);
  int keys = 0;
  for (const EncodedPacket& packet : coded.packets) {
    const auto frame = ReadPacket(reader.get(), packet);
    if (frame.status().code() == StatusCode::kUnsupported) GTEST_SKIP() << "it has no latents";
    ASSERT_TRUE(frame.ok()) << frame.status().message();
    const auto same =
        std::find_if(collector->frames.begin(), collector->frames.end(),
                     [&](const FrameAnalysis& decoded) { return decoded.tag.pts == packet.pts; });
    ASSERT_NE(same, collector->frames.end());
    ASSERT_EQ(frame->motion == nullptr, same->motion == nullptr);
    ASSERT_EQ(frame->latents != nullptr, packet.key);
    keys += packet.key ? 1 : 0;
    if (frame->motion == nullptr) continue;
    for (int row = 0; row < frame->motion->rows(); ++row) {
      for (int col = 0; col < frame->motion->cols(); ++col) {
        ASSERT_EQ(frame->motion->at(col, row), same->motion->at(col, row));
      }
    }
  }
  EXPECT_GE(keys, 1);
}

INSTANTIATE_TEST_SUITE_P(Families, LatentReaderTest, ::testing::ValuesIn(kFamilyModels));

TEST(LatentReader, DamageAndGapsAreErrors) {
  const CodedVideo coded = EncodeDefault(MakeVideo(208, 144, 8, 5), 0);
  const auto reader = ReaderOf(coded, DefaultFamily());
  EXPECT_EQ(ReadPacket(reader.get(), coded.packets[1]).status().code(), StatusCode::kInvalidStream);
  ASSERT_TRUE(ReadPacket(reader.get(), coded.packets[0]).ok());
  ASSERT_TRUE(ReadPacket(reader.get(), coded.packets[1]).ok());
  PacketView view = ParsePacket(coded.packets[0].data).value();
  ASSERT_FALSE(view.latents.empty());
  view.latents = view.latents.first(view.latents.size() / 2);
  EXPECT_EQ(reader->Read(view, {}).status().code(), StatusCode::kInvalidStream);
  // Nothing can refer to it.
  EXPECT_EQ(ReadPacket(reader.get(), coded.packets[1]).status().code(), StatusCode::kInvalidStream);
}

TEST(LatentReader, RefusesWhatItCanNotDo) {
  const CodedVideo coded = EncodeDefault(MakeVideo(96, 64, 8, 1), 20);
  SequenceHeader header = ParseSequenceHeader(coded.header).value();
  EXPECT_EQ(LatentReader::Create(header, DefaultFamily(), {.max_memory = 1000}).status().code(),
            StatusCode::kLimitExceeded);
  EXPECT_EQ(
      LatentReader::Create(header, DefaultFamily(), {.max_macs_per_pixel = 1}).status().code(),
      StatusCode::kLimitExceeded);
  header.base = BaseFormat{96, 64, 8};
  EXPECT_EQ(LatentReader::Create(header, DefaultFamily(), {}).status().code(),
            StatusCode::kUnsupported);
}

// Mean distance of the sketch's cells from the means of the decoded picture's 8x8 samples.
double DistanceOf(const Sketch& sketch, const Frame& picture, int p) {
  const ConstPlane plane = picture.plane(p);
  double distance = 0;
  int cells = 0;
  for (int y = 0; y < plane.height / 8; ++y) {
    for (int x = 0; x < plane.width / 8; ++x) {
      double sum = 0;
      for (int i = 0; i < 64; ++i) sum += plane.row(8 * y + i / 8)[8 * x + i % 8];
      distance += std::abs(sum / 64 - sketch.planes[p].At(x, y));
      ++cells;
    }
  }
  return distance / cells;
}

TEST(Sketch, IsThePictureAtAnEighth) {
  const SketchMaker sketches = SketchMaker::Create(*DefaultFamily()).value();
  for (const bool pages : {false, true}) {  // pages have blocks in samples
    const auto video = pages ? MakePages(208, 144, 8, 1) : MakeVideo(208, 144, 8, 1);
    const CodedVideo coded = EncodeDefault(video, 25);
    const DecodedVideo decoded = DecodeVideo(coded, {.threads = 1}, DefaultFamily());
    const auto reader = ReaderOf(coded, DefaultFamily());
    const LatentFrame frame = ReadPacket(reader.get(), coded.packets[0]).value();
    EXPECT_EQ(frame.samples != nullptr, pages);
    const Sketch sketch = sketches.Make(frame);
    for (int p = 0; p < 3; ++p) {
      EXPECT_LT(DistanceOf(sketch, *decoded.frames[0], p), 1.5) << "plane " << p << " " << pages;
    }
    const FramePtr picture = sketch.Picture().value();
    EXPECT_EQ(picture->width(), 26);
    EXPECT_EQ(picture->height(), 18);
  }
}

TEST(Sketch, NeedsLatentsThatMakePictures) {
  const FamilyPtr family = CreateFamily(MakeVqModel().value()).value();
  EXPECT_EQ(SketchMaker::Create(*family).status().code(), StatusCode::kUnsupported);
}

std::vector<ConstFramePtr> InMirror(const std::vector<ConstFramePtr>& video) {
  std::vector<ConstFramePtr> mirrored;
  for (const ConstFramePtr& frame : video) {
    const FramePtr copy = frame->Copy().value();
    for (int p = 0; p < 3; ++p) {
      const Plane plane = copy->plane(p);
      for (int y = 0; y < plane.height; ++y) {
        std::reverse(plane.row(y), plane.row(y) + plane.width);
      }
    }
    mirrored.push_back(copy);
  }
  return mirrored;
}

TEST(Shots, BeginAtCutsAndAreKnownAgain) {
  const auto video = MakeVideo(176, 144, 8, 24, /*cut_at=*/12);
  const auto shots = ShotsOf(EncodeDefault(video, 25));
  ASSERT_EQ(shots.size(), 2u);
  EXPECT_DOUBLE_EQ(shots[0].begin, 0);
  EXPECT_DOUBLE_EQ(shots[0].end, 12 / 25.0);
  EXPECT_DOUBLE_EQ(shots[1].begin, 12 / 25.0);
  EXPECT_DOUBLE_EQ(shots[1].end, 24 / 25.0);
  const double other = ScoreOf(shots[0], shots[1]);
  EXPECT_LT(other, 0.7);
  const auto poorer = ShotsOf(EncodeDefault(video, 45));
  const auto mirrored = ShotsOf(EncodeDefault(InMirror(video), 30));
  ASSERT_EQ(poorer.size(), 2u);
  ASSERT_EQ(mirrored.size(), 2u);
  for (int i = 0; i < 2; ++i) {
    EXPECT_GT(ScoreOf(shots[i], poorer[i]), 0.9) << i;
    EXPECT_GT(ScoreOf(shots[i], mirrored[i]), 0.85) << i;
  }
}

}  // namespace
}  // namespace furl::test
