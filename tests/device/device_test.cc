// libfurlsense, through its C interface: any decoder with the model takes its packets, and they say
// what the encoder beside a decoder says.

#include <gtest/gtest.h>

#include <vector>

#include "bitstream/packet.h"
#include "bitstream/sequence_header.h"
#include "codec/coding.h"
#include "codec/families/decoders.h"
#include "furl/furl_sense.h"
#include "support/sense_model.h"
#include "support/test_video.h"

namespace furl::test {
namespace {

constexpr int kGop = 4;

FamilyPtr Shared() {
  static const FamilyPtr family = CreateFamily(MakeSenseModel().value()).value();
  return family;
}

furl_sense_settings SettingsFor(const Frame& frame) {
  furl_sense_settings settings;
  furl_sense_settings_init(&settings, sizeof(settings));
  settings.width = frame.width();
  settings.height = frame.height();
  settings.bit_depth = frame.bit_depth();
  settings.gop_length = kGop;
  const auto& id = Shared()->model().id();
  std::copy(id.begin(), id.end(), settings.model_id);
  settings.macs_per_pixel = static_cast<int>(Shared()->MacsPerPixel()) + 1;
  return settings;
}

// Codes a picture as a camera would hand it out; `narrow` holds the samples of 8-bit ones.
void PushPicture(const Frame& frame, furl_sense_encoder* encoder) {
  std::vector<uint8_t> narrow[3];
  for (int p = 0; p < 3 && frame.bit_depth() == 8; ++p) {
    const ConstPlane plane = frame.plane(p);
    for (int y = 0; y < plane.height; ++y) {
      narrow[p].insert(narrow[p].end(), plane.row(y), plane.row(y) + plane.width);
    }
  }
  for (int y = 0; y < frame.height(); y += 16) {
    furl_sense_rows rows = {};
    for (int p = 0; p < 3; ++p) {
      const ConstPlane plane = frame.plane(p);
      const int first = p == 0 ? y : y / 2;
      if (narrow[p].empty()) {
        rows.planes[p] = plane.row(first);
        rows.strides[p] = plane.stride;
      } else {
        rows.planes[p] = narrow[p].data() + static_cast<size_t>(first) * plane.width;
        rows.strides[p] = plane.width;
      }
    }
    ASSERT_EQ(furl_sense_push_rows(encoder, &rows), FURL_SENSE_OK);
  }
}

CodedVideo EncodeOnDevice(const std::vector<ConstFramePtr>& video) {
  CodedVideo coded;
  const furl_sense_settings settings = SettingsFor(*video[0]);
  furl_sense_encoder* encoder = nullptr;
  EXPECT_EQ(furl_sense_open(&encoder, &settings), FURL_SENSE_OK);
  if (encoder == nullptr) return coded;
  const uint8_t* header = nullptr;
  size_t size = 0;
  EXPECT_EQ(furl_sense_sequence_header(encoder, &header, &size), FURL_SENSE_OK);
  coded.header.assign(header, header + size);
  for (size_t i = 0; i < video.size(); ++i) {
    EXPECT_EQ(furl_sense_begin_picture(encoder), FURL_SENSE_OK);
    PushPicture(*video[i], encoder);
    furl_sense_packet packet;
    EXPECT_EQ(furl_sense_end_picture(encoder, i + 1 == video.size(), &packet), FURL_SENSE_OK);
    EncodedPacket out;
    out.data.assign(packet.data, packet.data + packet.size);
    out.pts = static_cast<int64_t>(i);
    out.key = packet.key != 0;
    coded.packets.push_back(std::move(out));
  }
  furl_sense_close(encoder);
  return coded;
}

void ExpectSameAsHost(const std::vector<ConstFramePtr>& video) {
  EncoderSettings host_settings;
  host_settings.gop_seconds = kGop / host_settings.frame_rate.value();
  const CodedVideo host = EncodeVideo(video, host_settings, Shared());
  const CodedVideo device = EncodeOnDevice(video);
  ASSERT_EQ(device.packets.size(), host.packets.size());
  for (size_t i = 0; i < host.packets.size(); ++i) {
    const PacketView a = ParsePacket(host.packets[i].data).value();
    const PacketView b = ParsePacket(device.packets[i].data).value();
    EXPECT_EQ(a.header.qp, b.header.qp) << i;
    EXPECT_EQ(a.header.key(), b.header.key()) << i;
    // Of the last picture only the device is told.
    const bool last = i + 1 == host.packets.size();
    EXPECT_EQ(a.header.last_of_gop || last, b.header.last_of_gop) << i;
    EXPECT_TRUE(std::ranges::equal(a.latents, b.latents)) << i;
  }
  const DecodedVideo decoded = DecodeVideo(device, {}, Shared());
  EXPECT_TRUE(decoded.errors.empty());
  EXPECT_EQ(decoded.statistics.missing_frames, 0);
  ASSERT_EQ(decoded.frames.size(), video.size());
  for (size_t i = 0; i < video.size(); ++i) {
    EXPECT_EQ(FrameHash(*decoded.frames[i]), host.hashes[i]) << "frame " << i;
  }
}

TEST(Device, DecodersShowWhatTheHostsEncoderShows) {
  ExpectSameAsHost(MakeVideo(80, 64, 8, 10));
  ExpectSameAsHost(MakeVideo(67, 35, 8, 3));
  ExpectSameAsHost(MakeVideo(49, 33, 10, 6));
}

TEST(Device, RefusesWhatItCantCode) {
  const ConstFramePtr frame = MakeVideo(32, 32, 8, 1)[0];
  const auto open = [&](auto change) {
    furl_sense_settings settings = SettingsFor(*frame);
    change(settings);
    furl_sense_encoder* encoder = nullptr;
    const furl_sense_status status = furl_sense_open(&encoder, &settings);
    EXPECT_EQ(encoder != nullptr, status == FURL_SENSE_OK);
    furl_sense_close(encoder);
    return status;
  };
  using Settings = furl_sense_settings;
  EXPECT_EQ(open([](Settings&) {}), FURL_SENSE_OK);
  EXPECT_EQ(open([](Settings& s) { s.width = 15; }), FURL_SENSE_INVALID_ARGUMENT);
  EXPECT_EQ(open([](Settings& s) { s.height = 20000; }), FURL_SENSE_INVALID_ARGUMENT);
  EXPECT_EQ(open([](Settings& s) { s.crf = 64; }), FURL_SENSE_INVALID_ARGUMENT);
  EXPECT_EQ(open([](Settings& s) { s.bit_depth = 12; }), FURL_SENSE_INVALID_ARGUMENT);
  EXPECT_EQ(open([](Settings& s) { s.gop_length = 0; }), FURL_SENSE_INVALID_ARGUMENT);
  EXPECT_EQ(open([](Settings& s) { s.frame_rate_den = 0; }), FURL_SENSE_INVALID_ARGUMENT);
  EXPECT_EQ(furl_sense_open(nullptr, nullptr), FURL_SENSE_INVALID_ARGUMENT);
}

TEST(Device, RefusesCallsOutOfOrder) {
  const ConstFramePtr frame = MakeVideo(32, 32, 8, 1)[0];
  const furl_sense_settings settings = SettingsFor(*frame);
  furl_sense_encoder* encoder = nullptr;
  ASSERT_EQ(furl_sense_open(&encoder, &settings), FURL_SENSE_OK);
  static const uint8_t gray[16 * 32] = {};
  const furl_sense_rows rows = {{gray, gray, gray}, {32, 16, 16}};
  furl_sense_packet packet;
  EXPECT_EQ(furl_sense_push_rows(encoder, &rows), FURL_SENSE_INVALID_ARGUMENT);
  EXPECT_EQ(furl_sense_end_picture(encoder, 0, &packet), FURL_SENSE_INVALID_ARGUMENT);
  EXPECT_EQ(furl_sense_begin_picture(encoder), FURL_SENSE_OK);
  EXPECT_EQ(furl_sense_push_rows(encoder, &rows), FURL_SENSE_OK);
  EXPECT_EQ(furl_sense_end_picture(encoder, 0, &packet), FURL_SENSE_INVALID_ARGUMENT);
  EXPECT_EQ(furl_sense_push_rows(encoder, &rows), FURL_SENSE_OK);
  EXPECT_EQ(furl_sense_push_rows(encoder, &rows), FURL_SENSE_INVALID_ARGUMENT);
  EXPECT_EQ(furl_sense_end_picture(encoder, 0, &packet), FURL_SENSE_OK);
  EXPECT_TRUE(packet.key);
  furl_sense_close(encoder);
}

}  // namespace
}  // namespace furl::test
