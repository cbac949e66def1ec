// Whole-stream encode and decode for the codec tests.

#ifndef FURL_TESTS_CODEC_CODING_H_
#define FURL_TESTS_CODEC_CODING_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <map>
#include <set>
#include <vector>

#include "codec/dec/decode_packet.h"
#include "codec/enc/code_frame.h"
#include "codec/enc/encoders.h"
#include "support/test_video.h"

namespace furl::test {

struct CodedVideo {
  std::vector<uint8_t> header;
  std::vector<EncodedPacket> packets;
  std::vector<uint32_t> hashes;  // of the encoder's reconstructions, by display index
};

// What Encoder::Create takes of a model or family.
inline model::ModelPtr EncoderSide(const model::ModelPtr& model) { return model; }
inline FamilyEncoderPtr EncoderSide(const FamilyEncoderPtr& family) { return family; }
inline FamilyEncoderPtr EncoderSide(const FamilyPtr& family) {
  return CreateFamilyEncoder(family).value();
}

// `model`: a model::ModelPtr, or a FamilyPtr or FamilyEncoderPtr that others may use, too. `gops`:
// pictures that are to begin one. `crf_offsets`: of pictures that have one.
template <typename ModelOrFamily>
CodedVideo EncodeVideo(const std::vector<ConstFramePtr>& video, EncoderSettings settings,
                       const ModelOrFamily& model, const std::set<size_t>& gops = {},
                       const std::map<size_t, double>& crf_offsets = {}) {
  settings.width = video[0]->width();
  settings.height = video[0]->height();
  settings.bit_depth = video[0]->bit_depth();
  CodedVideo coded;
  coded.hashes.resize(video.size());
  auto encoder = Encoder::Create(settings, EncoderSide(model));
  EXPECT_TRUE(encoder.ok()) << encoder.status().message();
  if (!encoder.ok()) return coded;
  (*encoder)->SetObserver([&](const FrameReport& report) {
    coded.hashes[report.display_index] = FrameHash(*report.reconstruction);
  });
  const std::span<const uint8_t> header = (*encoder)->sequence_header();
  coded.header.assign(header.begin(), header.end());
  const auto take = [&](EncodedPacket packet) {
    coded.packets.push_back(std::move(packet));
    return OkStatus();
  };
  for (size_t i = 0; i <= video.size(); ++i) {
    const ConstFramePtr frame = i < video.size() ? video[i] : nullptr;
    const auto offset = crf_offsets.find(i);
    const Encoder::BaseInput input = {nullptr, gops.contains(i),
                                      offset == crf_offsets.end() ? 0 : offset->second};
    const Status status = CodeFrame(encoder->get(), frame, input, take);
    EXPECT_TRUE(status.ok()) << status.message();
  }
  return coded;
}

struct DecodedVideo {
  std::vector<ConstFramePtr> frames;
  std::vector<Status> errors;
  DecoderStatistics statistics;
};

template <typename ModelOrFamily>
DecodedVideo DecodeVideo(const CodedVideo& coded, const DecoderSettings& settings,
                         const ModelOrFamily& model) {
  DecodedVideo out;
  auto decoder = Decoder::Create(coded.header, model, settings);
  EXPECT_TRUE(decoder.ok()) << decoder.status().message();
  if (!decoder.ok()) return out;
  const auto take = [&](const Result<ConstFramePtr>& picture) {
    if (picture.ok()) {
      out.frames.push_back(*picture);
    } else {
      out.errors.push_back(picture.status());
    }
    return OkStatus();
  };
  for (const EncodedPacket& packet : coded.packets) {
    const Status status =
        DecodePacket(decoder->get(), packet.data, {packet.pts, packet.duration}, take);
    if (!status.ok()) out.errors.push_back(status);
  }
  EXPECT_TRUE(FlushDecoder(decoder->get(), take).ok());
  out.statistics = (*decoder)->statistics();
  return out;
}

// What the encoder writes any decoder shows as the encoder does, on one thread and on three.
inline void ExpectRoundTrip(const std::vector<ConstFramePtr>& video,
                            const EncoderSettings& settings, const FamilyPtr& family) {
  const CodedVideo coded = EncodeVideo(video, settings, family);
  ASSERT_EQ(coded.packets.size(), video.size());
  for (const int threads : {1, 3}) {
    const DecodedVideo decoded = DecodeVideo(coded, {.threads = threads}, family);
    EXPECT_TRUE(decoded.errors.empty());
    ASSERT_EQ(decoded.frames.size(), video.size());
    for (size_t i = 0; i < video.size(); ++i) {
      EXPECT_EQ(FrameHash(*decoded.frames[i]), coded.hashes[i]) << "frame " << i;
    }
    EXPECT_EQ(decoded.statistics.hashes_failed, 0);
  }
}

// From each of the crfs, which rise, to the next.
template <typename ModelOrFamily>
void ExpectHigherCrfIsSmallerAndWorse(const std::vector<ConstFramePtr>& video,
                                      std::initializer_list<int> crfs, const ModelOrFamily& model) {
  size_t last_bytes = SIZE_MAX;
  double last_mse = 0;
  for (const int crf : crfs) {
    EncoderSettings settings;
    settings.crf = crf;
    const CodedVideo coded = EncodeVideo(video, settings, model);
    const DecodedVideo decoded = DecodeVideo(coded, {}, model);
    ASSERT_EQ(decoded.frames.size(), video.size());
    size_t bytes = 0;
    double mse = 0;
    for (size_t i = 0; i < video.size(); ++i) {
      bytes += coded.packets[i].data.size();
      mse += MeanSquaredError(*decoded.frames[i], *video[i]);
    }
    EXPECT_LT(bytes, last_bytes) << "crf " << crf;
    EXPECT_GT(mse, last_mse) << "crf " << crf;
    last_bytes = bytes;
    last_mse = mse;
  }
}

}  // namespace furl::test

#endif  // FURL_TESTS_CODEC_CODING_H_
