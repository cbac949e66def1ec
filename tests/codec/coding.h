// Whole-stream encode and decode for the codec tests.

#ifndef FURL_TESTS_CODEC_CODING_H_
#define FURL_TESTS_CODEC_CODING_H_

#include <gtest/gtest.h>

#include <vector>

#include "codec/dec/decoder.h"
#include "codec/enc/encoder.h"
#include "codec/enc/encoders.h"

namespace furl::test {

struct CodedVideo {
  std::vector<uint8_t> header;
  std::vector<EncodedPacket> packets;
  std::vector<uint32_t> hashes;  // of the encoder's reconstructions, by display index
};

// What Encoder::Create takes of a model or family.
inline model::ModelPtr EncoderSide(const model::ModelPtr& model) { return model; }
inline FamilyEncoderPtr EncoderSide(const FamilyPtr& family) {
  return CreateFamilyEncoder(family).value();
}

// `model`: a model::ModelPtr, or a FamilyPtr that others may use, too.
template <typename ModelOrFamily>
CodedVideo EncodeVideo(const std::vector<ConstFramePtr>& video, EncoderSettings settings,
                       const ModelOrFamily& model) {
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
  for (size_t i = 0; i <= video.size(); ++i) {
    const Status sent = (*encoder)->SendFrame(i < video.size() ? video[i] : nullptr);
    EXPECT_TRUE(sent.ok()) << sent.message();
    for (;;) {
      Result<EncodedPacket> packet = (*encoder)->ReceivePacket();
      if (!packet.ok()) {
        EXPECT_EQ(packet.status().code(),
                  i < video.size() ? StatusCode::kTryAgain : StatusCode::kEndOfStream);
        break;
      }
      coded.packets.push_back(std::move(packet).value());
    }
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
  const auto drain = [&] {
    for (;;) {
      Result<ConstFramePtr> frame = (*decoder)->ReceiveFrame();
      if (frame.ok()) {
        out.frames.push_back(frame.value());
      } else if (frame.status().code() == StatusCode::kTryAgain ||
                 frame.status().code() == StatusCode::kEndOfStream) {
        return;
      } else {
        out.errors.push_back(frame.status());
      }
    }
  };
  for (const EncodedPacket& packet : coded.packets) {
    const Status sent = (*decoder)->SendPacket(packet.data, packet.pts, packet.duration);
    if (!sent.ok()) out.errors.push_back(sent);
    drain();
  }
  EXPECT_TRUE((*decoder)->Flush().ok());
  drain();
  out.statistics = (*decoder)->statistics();
  return out;
}

}  // namespace furl::test

#endif  // FURL_TESTS_CODEC_CODING_H_
