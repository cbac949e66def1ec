// Coding through the C interface, for its tests.

#ifndef FURL_TESTS_API_CODING_H_
#define FURL_TESTS_API_CODING_H_

#include <furl/furl.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <furl/furl.hpp>
#include <vector>

#include "image/frame.h"
#include "support/dct_model.h"

namespace furl::test {

inline const std::vector<uint8_t>& ModelFile() {
  static const std::vector<uint8_t> file = test::MakeDctModelFile(1);
  return file;
}

inline api::Model OpenModel() {
  api::Model model;
  EXPECT_EQ(api::Model::FromMemory(ModelFile(), &model), FURL_OK) << furl_last_error();
  return model;
}

inline furl_encoder_settings Settings(int width, int height, int bit_depth) {
  furl_encoder_settings s;
  EXPECT_EQ(furl_encoder_settings_init(&s, sizeof(s)), FURL_OK);
  s.width = width;
  s.height = height;
  s.bit_depth = bit_depth;
  s.crf = 20;
  s.threads = 1;
  return s;
}

struct Packet {
  std::vector<uint8_t> data;
  int64_t pts;
  int64_t duration;
  bool key;
};

struct Stream {
  std::vector<uint8_t> header;
  std::vector<Packet> packets;
};

inline furl_image ImageOf(const Frame& frame) {
  furl_image image{};
  image.struct_size = sizeof(image);
  image.bytes_per_sample = 2;
  for (int p = 0; p < 3; ++p) {
    image.planes[p] = frame.plane(p).data;
    image.strides[p] = frame.plane(p).stride * 2;
  }
  image.pts = frame.pts;
  image.duration = frame.duration;
  return image;
}

inline void Collect(api::Encoder& encoder, Stream* stream, furl_status end) {
  furl_packet packet;
  furl_status status;
  while ((status = encoder.Receive(&packet)) == FURL_OK) {
    stream->packets.push_back(
        {{packet.data, packet.data + packet.size}, packet.pts, packet.duration, packet.key != 0});
  }
  EXPECT_EQ(status, end) << furl_last_error();
}

inline Stream Encode(const std::vector<ConstFramePtr>& video,
                     const furl_encoder_settings& settings) {
  api::Encoder encoder;
  EXPECT_EQ(api::Encoder::Open(settings, OpenModel(), &encoder), FURL_OK) << furl_last_error();
  Stream stream;
  const api::Bytes header = encoder.sequence_header();
  const auto* bytes = static_cast<const uint8_t*>(header.data);
  stream.header.assign(bytes, bytes + header.size);
  for (const ConstFramePtr& frame : video) {
    EXPECT_EQ(encoder.Send(ImageOf(*frame)), FURL_OK) << furl_last_error();
    Collect(encoder, &stream, FURL_TRY_AGAIN);
  }
  EXPECT_EQ(encoder.Flush(), FURL_OK);
  Collect(encoder, &stream, FURL_END_OF_STREAM);
  return stream;
}

}  // namespace furl::test

#endif  // FURL_TESTS_API_CODING_H_
