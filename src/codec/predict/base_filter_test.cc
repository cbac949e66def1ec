#include "codec/predict/base_filter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "codec/predict/base_reference.h"

namespace furl {
namespace {

BaseFilterTaps RandomTaps(std::mt19937* random) {
  constexpr int kMost = BaseFilterTaps::kMaxTap;
  BaseFilterTaps taps;
  taps.used = true;
  for (int c = 0; c < BaseFilterTaps::kClasses; ++c) {
    if (c > 0 && (*random)() % 2 == 0) {
      taps.of_class[c] = taps.of_class[c - 1];
      continue;
    }
    for (int16_t& tap : taps.of_class[c]) {
      tap = static_cast<int16_t>(static_cast<int>((*random)() % (2 * kMost + 1)) - kMost);
    }
  }
  return taps;
}

FramePtr Noise(int width, int height, int bits, std::mt19937* random) {
  FramePtr frame = Frame::Create(width, height, bits).value();
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        plane.row(y)[x] = static_cast<uint16_t>((*random)() & ((1u << bits) - 1));
      }
    }
  }
  return frame;
}

VideoFormat FormatOf(int width, int height, int bits) {
  VideoFormat format;
  format.width = width;
  format.height = height;
  format.bit_depth = bits;
  return format;
}

TEST(BaseFilter, WhatIsWrittenIsRead) {
  std::mt19937 random(1);
  for (int i = 0; i < 20; ++i) {
    BaseFilterData data;
    data.scale = static_cast<int>(random() % (BaseFilterData::kMaxScale + 1));
    if (i % 2 != 0) data.luma = RandomTaps(&random);
    if (i % 3 != 0) data.chroma = RandomTaps(&random);
    RangeEncoder encoder;
    CodeBaseFilter(encoder, data);
    const std::vector<uint8_t> bytes = encoder.Finish();
    RangeDecoder decoder(bytes);
    EXPECT_EQ(CodeBaseFilter(decoder, BaseFilterData{}), data);
  }
}

TEST(BaseFilter, IsOnlyInKeyFramesThatSaySo) {
  for (const bool alone : {false, true}) {
    RangeEncoder encoder;
    CodeBaseAlone(encoder, alone);
    CodeBaseFilter(encoder, BaseFilterData{});
    const std::vector<uint8_t> side = encoder.Finish();
    PacketView packet;
    packet.side = side;
    EXPECT_EQ(BaseFilter::Read(packet).value() != nullptr, alone);
    packet.header.type = FrameType::kP;
    EXPECT_EQ(BaseFilter::Read(packet).value(), nullptr);
  }
}

TEST(BaseFilter, RefusesWhatIsOutOfRange) {
  BaseFilterData data;
  data.scale = BaseFilterData::kMaxScale + 1;
  EXPECT_EQ(BaseFilter::Create(data).status().code(), StatusCode::kInvalidStream);
  data.scale = 0;
  data.chroma.used = true;
  data.chroma.of_class[70][5] = -BaseFilterTaps::kMaxTap - 1;
  EXPECT_EQ(BaseFilter::Create(data).status().code(), StatusCode::kInvalidStream);
}

TEST(BaseFilter, WithoutTapsIsTheReference) {
  std::mt19937 random(2);
  const BaseFilterPtr filter = BaseFilter::Create({}).value();
  for (const int bits : {8, 10}) {
    const VideoFormat format = FormatOf(70, 46, bits);
    const FramePtr base = Noise(35, 23, bits, &random);
    const auto filtered = filter->Apply(*base, format, nullptr, nullptr).value();
    EXPECT_EQ(FrameHash(*filtered), FrameHash(*MakeBaseReference(*base, format, nullptr).value()));
  }
}

// Noise, extreme taps: what comes out is in range and doesn't depend on threads.
TEST(BaseFilter, ClampsAndDoesNotDependOnThreads) {
  std::mt19937 random(3);
  ThreadPool pool(3);
  BaseFilterData data;
  data.scale = 20;
  data.luma = RandomTaps(&random);
  const BaseFilterPtr filter = BaseFilter::Create(data).value();
  const VideoFormat format = FormatOf(130, 98, 10);
  const FramePtr base = Noise(130, 98, 10, &random);
  const auto one = filter->Apply(*base, format, nullptr, nullptr).value();
  const auto many = filter->Apply(*base, format, &pool, nullptr).value();
  EXPECT_EQ(FrameHash(*one), FrameHash(*many));
  EXPECT_NE(FrameHash(*one), FrameHash(*MakeBaseReference(*base, format, nullptr).value()));
  for (int y = 0; y < 98; ++y) {
    const uint16_t* row = one->plane(0).row(y);
    EXPECT_LE(*std::max_element(row, row + 130), 1023);
  }
}

}  // namespace
}  // namespace furl
