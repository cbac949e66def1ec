// Decoder and linear reconstruction are compared on what the codec really writes and shows.

#include <gtest/gtest.h>

#include "bitstream/packet.h"
#include "codec/coding.h"
#include "codec/families/decoders.h"
#include "codec/families/sense/encode/block_measurer.h"
#include "codec/families/sense/encode/sense_encoder.h"
#include "codec/families/sense/study/comparison.h"
#include "entropy/range_coder.h"
#include "metrics/metric.h"
#include "support/sense_model.h"
#include "support/test_video.h"

namespace furl::test {
namespace {

FamilyPtr Shared() {
  static const FamilyPtr family = CreateFamily(MakeSenseModel().value()).value();
  return family;
}

sense::BlockPrior PriorOf(const std::vector<ConstFramePtr>& video) {
  sense::PriorFit fit;
  for (size_t t = 1; t < video.size(); ++t) fit.Add(*video[t - 1], *video[t]);
  return fit.Finish().value();
}

double Psnr(const Frame& a, const Frame& b) {
  return MeasureFrame(*FindMetric("psnr"), a, b).value().scores.yuv;
}

// What an encoder writes at a QP, and what decoders show of that.
struct Shown {
  size_t bytes = 0;  // of the measurements
  double psnr = 0;   // mean of all frames
};

Shown CodeAt(int qp, const std::vector<ConstFramePtr>& video) {
  const auto encoder = sense::CreateEncoder(Shared()).value();
  const Frame& first = *video[0];
  const auto states = {encoder->CreateState(first.width(), first.height(), 8).value(),
                       Shared()->CreateState(first.width(), first.height(), 8).value()};
  FamilyMemoryPtr memories[2];
  Shown shown;
  for (const ConstFramePtr& frame : video) {
    const FramePtr picture = Frame::Create(first.width(), first.height(), 8).value();
    FrameTask tasks[2];
    for (int side = 0; side < 2; ++side) {
      tasks[side].qp = qp;
      tasks[side].memory[0] = memories[side].get();
    }
    FrameOutput outputs[2] = {{picture.get(), nullptr}, {picture.get(), nullptr}};
    RangeEncoder range;
    std::vector<uint8_t> latents;
    EXPECT_TRUE(
        encoder
            ->EncodeFrame(tasks[0], *frame, states.begin()[0].get(), &range, &latents, &outputs[0])
            .ok());
    const std::vector<uint8_t> nothing = range.Finish();
    RangeDecoder none(nothing);
    EXPECT_TRUE(
        Shared()->DecodeFrame(tasks[1], &none, latents, states.begin()[1].get(), &outputs[1]).ok());
    for (int side = 0; side < 2; ++side) memories[side] = outputs[side].memory;
    shown.bytes += latents.size();
    shown.psnr += Psnr(*frame, *picture) / static_cast<double>(video.size());
  }
  return shown;
}

TEST(SenseLinear, MeasuresTheCodecsOwnBitsAndPictures) {
  constexpr int kQp = 33;
  const auto video = MakeVideo(83, 50, 8, 4);
  const Shown shown = CodeAt(kQp, video);
  const auto encoder = sense::CreateEncoder(Shared()).value();
  const auto comparison = sense::Compare(video, kQp, *encoder, PriorOf(video), nullptr).value();
  EXPECT_EQ(comparison.frames, 4);
  EXPECT_EQ(comparison.luma_rows, sense::LumaCount(kQp));
  EXPECT_NEAR(comparison.psnr[sense::kDecoder], shown.psnr, 1e-9);
  EXPECT_GT(comparison.bytes, static_cast<int64_t>(shown.bytes));  // headers and checksums
  EXPECT_LT(comparison.bytes, static_cast<int64_t>(shown.bytes + 4 * 16));
}

// A stream of one frame is what a whole encoder writes.
TEST(SenseLinear, KeyFramesAreThoseOfStreams) {
  const auto video = MakeVideo(83, 50, 8, 1);
  const CodedVideo coded = EncodeVideo(video, {}, Shared());
  const DecodedVideo decoded = DecodeVideo(coded, {}, Shared());
  ASSERT_EQ(decoded.frames.size(), 1u);
  const int qp = ParsePacket(coded.packets[0].data).value().header.qp;
  const auto encoder = sense::CreateEncoder(Shared()).value();
  const auto comparison =
      sense::Compare(video, qp, *encoder, PriorOf(MakeVideo(83, 50, 8, 2)), nullptr).value();
  EXPECT_NEAR(comparison.key_psnr[sense::kDecoder], Psnr(*video[0], *decoded.frames[0]), 1e-9);
  EXPECT_EQ(comparison.key_psnr, comparison.psnr);
  EXPECT_NEAR(static_cast<double>(comparison.bytes),
              static_cast<double>(coded.packets[0].data.size()), 8);
}

// Linear reconstruction gets from packets what was measured, symbol for symbol.
TEST(SenseLinear, ReadsTheMeasurementsOfPackets) {
  const auto video = MakeVideo(48, 32, 8, 2);
  const CodedVideo coded = EncodeVideo(video, {}, Shared());
  for (int age = 0; age < 2; ++age) {
    const std::vector<uint8_t>& packet = coded.packets[age].data;
    const auto blocks = sense::ReadBlocks(packet, 48, 32, age).value();
    const auto plan = sense::PlanOf(ParsePacket(packet).value().header.qp, age);
    const sense::BlockMeasurer measurer(plan, 8);
    ASSERT_EQ(blocks.size(), 6u);
    for (int b = 0; b < 6; ++b) {
      sense::BlockRow<uint16_t> row;
      for (int p = 0; p < 3; ++p) {
        row.planes[p] = video[age]->plane(p).row(b / 3 * (p == 0 ? 16 : 8));
        row.strides[p] = video[age]->plane(p).stride;
      }
      row.width = 48;
      row.lines = 16;
      sense::BlockSymbols symbols;
      measurer.Measure(row, b % 3, &symbols);
      EXPECT_TRUE(std::ranges::equal(symbols.luma, blocks[b].luma)) << age << " " << b;
      EXPECT_TRUE(std::ranges::equal(symbols.chroma[1], blocks[b].chroma[1])) << age << " " << b;
    }
  }
}

TEST(SenseLinear, RefusesOtherPackets) {
  const auto video = MakeVideo(48, 32, 8, 1);
  std::vector<uint8_t> packet = EncodeVideo(video, {}, Shared()).packets[0].data;
  EXPECT_TRUE(sense::ReadBlocks(packet, 48, 32, 0).ok());
  EXPECT_EQ(sense::ReadBlocks(packet, 96, 64, 0).status().code(), StatusCode::kInvalidStream);
  packet[packet.size() / 2] ^= 1;
  EXPECT_EQ(sense::ReadBlocks(packet, 48, 32, 0).status().code(), StatusCode::kInvalidStream);
  const auto encoder = sense::CreateEncoder(Shared()).value();
  EXPECT_EQ(sense::Compare({}, 30, *encoder, sense::FlatPrior(), nullptr).status().code(),
            StatusCode::kInvalidArgument);
}

// Who knows more is closer, at every ratio.
TEST(SenseLinear, WhatIsKnownHelps) {
  const auto video = MakeVideo(96, 64, 8, 5);
  const auto encoder = sense::CreateEncoder(Shared()).value();
  const sense::BlockPrior prior = PriorOf(MakeVideo(160, 96, 8, 3));
  int64_t bytes = INT64_MAX;
  for (const int qp : {10, 22, 34, 46, 58}) {
    const auto c = sense::Compare(video, qp, *encoder, prior, nullptr).value();
    EXPECT_GT(c.psnr[sense::kDctPrior], c.psnr[sense::kPseudoInverse]) << qp;
    EXPECT_EQ(c.key_psnr[sense::kDctPriorOnBefore], c.key_psnr[sense::kDctPrior]) << qp;
    EXPECT_LT(c.bytes, bytes);
    bytes = c.bytes;
  }
}

// Where nothing moves, frames add to what is known, the first after a key frame too.
TEST(SenseLinear, TheFrameBeforeHelpsWhatStandsStill) {
  const auto encoder = sense::CreateEncoder(Shared()).value();
  const sense::BlockPrior prior = PriorOf(MakeVideo(160, 96, 8, 3));
  for (const int count : {2, 5}) {
    const std::vector<ConstFramePtr> still(count, MakeVideo(96, 64, 8, 1)[0]);
    for (const int qp : {34, 46, 58}) {
      const auto c = sense::Compare(still, qp, *encoder, prior, nullptr).value();
      EXPECT_GT(c.psnr[sense::kDctPriorOnBefore], c.key_psnr[sense::kDctPriorOnBefore])
          << qp << ", frames: " << count;
      EXPECT_GT(c.psnr[sense::kDctPriorOnBefore], c.psnr[sense::kDctPrior]) << qp;
    }
  }
}

}  // namespace
}  // namespace furl::test
