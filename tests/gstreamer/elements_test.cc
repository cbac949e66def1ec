// The elements one by one, fed through harnesses: formats, order, drain, flush, late frames, times.

#include <gst/check/gstharness.h>
#include <gst/gst.h>
#include <gst/video/video.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "coded_clip.h"

namespace furl::gstreamer {
namespace {

using test::CodedClip;
using test::CodedPacket;
using test::MakeCodedClip;
using test::ModelPath;

constexpr GstClockTime kFrame = GST_SECOND / 25;

struct Teardown {
  void operator()(GstHarness* harness) const { gst_harness_teardown(harness); }
};
using HarnessPtr = std::unique_ptr<GstHarness, Teardown>;

struct Unref {
  void operator()(GstBuffer* buffer) const { gst_buffer_unref(buffer); }
};
using BufferPtr = std::unique_ptr<GstBuffer, Unref>;

HarnessPtr Harness(const std::string& element) {
  gst_init(nullptr, nullptr);
  return HarnessPtr(gst_harness_new_parse((element + " model=" + ModelPath()).c_str()));
}

HarnessPtr DecoderFor(const CodedClip& clip, const std::string& options = "",
                      const std::string& more_caps = "") {
  HarnessPtr harness = Harness("furldec " + options);
  GstCaps* caps =
      gst_caps_from_string(("video/x-furl, stream-format=(string)packet" + more_caps).c_str());
  GstBuffer* data = NewBuffer(clip.header.data(), clip.header.size());
  gst_caps_set_simple(caps, "codec_data", GST_TYPE_BUFFER, data, nullptr);
  gst_buffer_unref(data);
  gst_harness_set_src_caps(harness.get(), caps);
  return harness;
}

GstBuffer* BufferOf(const CodedPacket& packet) {
  GstBuffer* buffer = NewBuffer(packet.data.data(), packet.data.size());
  GST_BUFFER_PTS(buffer) = static_cast<guint64>(packet.pts) * kFrame;
  GST_BUFFER_DURATION(buffer) = kFrame;
  if (!packet.key) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  return buffer;
}

// What has come out so far.
std::vector<BufferPtr> Pull(GstHarness* harness) {
  std::vector<BufferPtr> buffers;
  while (GstBuffer* buffer = gst_harness_try_pull(harness)) buffers.emplace_back(buffer);
  return buffers;
}

// Samples without the padding that GStreamer puts at the ends of rows.
std::vector<uint8_t> SamplesOf(GstBuffer* buffer, const CodedClip& clip) {
  GstVideoInfo info;
  gst_video_info_set_format(&info,
                            clip.bit_depth > 8 ? GST_VIDEO_FORMAT_I420_10LE : GST_VIDEO_FORMAT_I420,
                            static_cast<guint>(clip.width), static_cast<guint>(clip.height));
  GstVideoFrame frame;
  std::vector<uint8_t> samples;
  if (!gst_video_frame_map(&frame, &info, buffer, GST_MAP_READ)) return samples;
  for (int p = 0; p < 3; ++p) {
    const auto* row = static_cast<const uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, p));
    const int size = GST_VIDEO_FRAME_COMP_WIDTH(&frame, p) * (clip.bit_depth > 8 ? 2 : 1);
    for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT(&frame, p); ++y) {
      samples.insert(samples.end(), row, row + size);
      row += GST_VIDEO_FRAME_PLANE_STRIDE(&frame, p);
    }
  }
  gst_video_frame_unmap(&frame);
  return samples;
}

void ExpectPictures(const std::vector<BufferPtr>& buffers, const CodedClip& clip, int64_t first) {
  for (size_t i = 0; i < buffers.size(); ++i) {
    const int64_t pts = first + static_cast<int64_t>(i);
    EXPECT_EQ(GST_BUFFER_PTS(buffers[i].get()), static_cast<guint64>(pts) * kFrame);
    EXPECT_EQ(SamplesOf(buffers[i].get(), clip), clip.pictures.at(pts)) << "picture " << pts;
  }
}

std::string OutputField(GstHarness* harness, const char* field) {
  GstCaps* caps = gst_pad_get_current_caps(harness->sinkpad);
  if (caps == nullptr) return "no caps";
  const GValue* value = gst_structure_get_value(gst_caps_get_structure(caps, 0), field);
  gchar* text = value == nullptr ? g_strdup("") : gst_value_serialize(value);
  std::string result = text;
  g_free(text);
  gst_caps_unref(caps);
  return result;
}

TEST(FurlDec, AllPicturesInOrderAtBothDepthsAndOddSizes) {
  for (const int bit_depth : {8, 10}) {
    for (const bool low_delay : {false, true}) {
      const CodedClip clip = MakeCodedClip(97, 65, bit_depth, 20, low_delay);
      const HarnessPtr harness = DecoderFor(clip);
      for (const CodedPacket& packet : clip.packets) {
        ASSERT_EQ(gst_harness_push(harness.get(), BufferOf(packet)), GST_FLOW_OK);
      }
      ASSERT_TRUE(gst_harness_push_event(harness.get(), gst_event_new_eos()));
      const auto buffers = Pull(harness.get());
      ASSERT_EQ(buffers.size(), 20u);
      ExpectPictures(buffers, clip, 0);
      EXPECT_EQ(OutputField(harness.get(), "format"), bit_depth == 8 ? "I420" : "I420_10LE");
      EXPECT_EQ(OutputField(harness.get(), "width"), "97");
      EXPECT_EQ(OutputField(harness.get(), "height"), "65");
      EXPECT_EQ(OutputField(harness.get(), "framerate"), "25/1");
      EXPECT_EQ(OutputField(harness.get(), "colorimetry"), "bt709");
      EXPECT_EQ(OutputField(harness.get(), "chroma-site"), "mpeg2");
    }
  }
}

TEST(FurlDec, TheContainersColoursAndRateWin) {
  const CodedClip clip = MakeCodedClip(64, 48, 8, 2);
  const HarnessPtr harness =
      DecoderFor(clip, "", ", colorimetry=bt601, framerate=30/1, pixel-aspect-ratio=4/3");
  ASSERT_EQ(gst_harness_push(harness.get(), BufferOf(clip.packets[0])), GST_FLOW_OK);
  gst_harness_push_event(harness.get(), gst_event_new_eos());
  EXPECT_EQ(Pull(harness.get()).size(), 1u);
  EXPECT_EQ(OutputField(harness.get(), "colorimetry"), "bt601");
  EXPECT_EQ(OutputField(harness.get(), "framerate"), "30/1");
  EXPECT_EQ(OutputField(harness.get(), "pixel-aspect-ratio"), "4/3");
}

TEST(FurlDec, AFlushForgetsAndDecodingGoesOnAtAKeyFrame) {
  const CodedClip clip = MakeCodedClip(64, 48, 8, 24);
  const HarnessPtr harness = DecoderFor(clip);
  for (int i = 0; i < 5; ++i) gst_harness_push(harness.get(), BufferOf(clip.packets[i]));
  Pull(harness.get());
  ASSERT_TRUE(gst_harness_push_event(harness.get(), gst_event_new_flush_start()));
  ASSERT_TRUE(gst_harness_push_event(harness.get(), gst_event_new_flush_stop(TRUE)));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(harness.get(), gst_event_new_segment(&segment));
  Pull(harness.get());
  // From the middle of a GOP on: what depends on the packets before can't be shown.
  for (size_t i = 11; i < clip.packets.size(); ++i) {
    ASSERT_EQ(gst_harness_push(harness.get(), BufferOf(clip.packets[i])), GST_FLOW_OK);
  }
  gst_harness_push_event(harness.get(), gst_event_new_eos());
  const auto buffers = Pull(harness.get());
  ASSERT_EQ(buffers.size(), 8u);
  ExpectPictures(buffers, clip, 16);
}

TEST(FurlDec, WhoIsLateGetsFewerButExactPictures) {
  const CodedClip clip = MakeCodedClip(64, 48, 8, 24);
  const HarnessPtr harness = DecoderFor(clip);
  gst_harness_push(harness.get(), BufferOf(clip.packets[0]));
  // "A picture of time 0 was ten seconds late."
  gst_harness_push_upstream_event(
      harness.get(), gst_event_new_qos(GST_QOS_TYPE_UNDERFLOW, 2.0,
                                       static_cast<GstClockTimeDiff>(10 * GST_SECOND), kFrame));
  for (size_t i = 1; i < clip.packets.size(); ++i) {
    ASSERT_EQ(gst_harness_push(harness.get(), BufferOf(clip.packets[i])), GST_FLOW_OK);
  }
  gst_harness_push_event(harness.get(), gst_event_new_eos());
  const auto buffers = Pull(harness.get());
  EXPECT_LT(buffers.size(), 24u);
  EXPECT_GE(buffers.size(), 6u);
  for (const BufferPtr& buffer : buffers) {
    const auto pts = static_cast<int64_t>(GST_BUFFER_PTS(buffer.get()) / kFrame);
    EXPECT_EQ(SamplesOf(buffer.get(), clip), clip.pictures.at(pts)) << "picture " << pts;
  }
}

TEST(FurlDec, DamageIsSkippedAndConcealedPicturesSaySo) {
  const CodedClip clip = MakeCodedClip(64, 48, 8, 16, true);
  const HarnessPtr harness = DecoderFor(clip);
  for (size_t i = 0; i < clip.packets.size(); ++i) {
    CodedPacket packet = clip.packets[i];
    if (i == 4) packet.data[packet.data.size() / 2] ^= 0x10;
    ASSERT_EQ(gst_harness_push(harness.get(), BufferOf(packet)), GST_FLOW_OK);
  }
  gst_harness_push_event(harness.get(), gst_event_new_eos());
  const auto buffers = Pull(harness.get());
  ASSERT_EQ(buffers.size(), 16u);
  for (size_t i = 0; i < buffers.size(); ++i) {
    const bool corrupted = GST_BUFFER_FLAG_IS_SET(buffers[i].get(), GST_BUFFER_FLAG_CORRUPTED);
    if (i == 4) {
      EXPECT_TRUE(corrupted);
    }
    if (i < 4 || i >= 8) {
      EXPECT_FALSE(corrupted) << i;
      EXPECT_EQ(SamplesOf(buffers[i].get(), clip), clip.pictures.at(static_cast<int64_t>(i)));
    }
  }
}

TEST(FurlParse, PiecesOfAnySizeBecomePackets) {
  const CodedClip clip = MakeCodedClip(64, 48, 8, 20);
  for (const size_t piece : {size_t{5}, size_t{1000}, clip.bare.size()}) {
    gst_init(nullptr, nullptr);
    const HarnessPtr harness(gst_harness_new("furlparse"));
    gst_harness_set_src_caps_str(harness.get(), "video/x-furl, stream-format=(string)bare");
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_BYTES);
    gst_harness_push_event(harness.get(), gst_event_new_segment(&segment));
    for (size_t i = 0; i < clip.bare.size(); i += piece) {
      const size_t size = std::min(piece, clip.bare.size() - i);
      ASSERT_EQ(gst_harness_push(harness.get(), NewBuffer(clip.bare.data() + i, size)),
                GST_FLOW_OK);
    }
    gst_harness_push_event(harness.get(), gst_event_new_eos());
    const auto buffers = Pull(harness.get());
    ASSERT_EQ(buffers.size(), clip.packets.size()) << "pieces of " << piece;
    for (size_t i = 0; i < buffers.size(); ++i) {
      EXPECT_EQ(BytesOf(buffers[i].get()), clip.packets[i].data);
      EXPECT_EQ(GST_BUFFER_PTS(buffers[i].get()),
                static_cast<guint64>(clip.packets[i].pts) * kFrame);
      EXPECT_EQ(GST_BUFFER_DURATION(buffers[i].get()), kFrame);
      EXPECT_EQ(GST_BUFFER_FLAG_IS_SET(buffers[i].get(), GST_BUFFER_FLAG_DELTA_UNIT) == FALSE,
                clip.packets[i].key);
    }
  }
}

// Gray pictures that get lighter.
GstBuffer* Gray(int index, size_t size) {
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, size, nullptr);
  gst_buffer_memset(buffer, 0, static_cast<guint8>(60 + 2 * index), size);
  GST_BUFFER_PTS(buffer) = static_cast<guint64>(index) * kFrame;
  GST_BUFFER_DURATION(buffer) = kFrame;
  return buffer;
}

constexpr char kRaw[] = "video/x-raw, format=I420, width=64, height=48, framerate=25/1";
constexpr size_t kRawSize = 64 * 48 * 3 / 2;

TEST(FurlEnc, PacketsKeepTimesAndLatencyIsWhatItSays) {
  for (const bool low_delay : {false, true}) {
    const HarnessPtr harness = Harness(std::string("furlenc preset=fast threads=1 low-delay=") +
                                       (low_delay ? "true" : "false"));
    gst_harness_set_caps_str(harness.get(), kRaw, "video/x-furl, stream-format=(string)packet");
    guint out = 0;
    guint most_held = 0;
    GstClockTime last_decoded = 0;
    std::vector<GstClockTime> times;
    for (int i = 0; i < 80; ++i) {
      ASSERT_EQ(gst_harness_push(harness.get(), Gray(i, kRawSize)), GST_FLOW_OK);
      for (const BufferPtr& buffer : Pull(harness.get())) {
        ++out;
        times.push_back(GST_BUFFER_PTS(buffer.get()));
        EXPECT_LE(GST_BUFFER_DTS(buffer.get()), GST_BUFFER_PTS(buffer.get()));
        EXPECT_GE(GST_BUFFER_DTS(buffer.get()), last_decoded);
        last_decoded = GST_BUFFER_DTS(buffer.get());
      }
      most_held = std::max(most_held, static_cast<guint>(i + 1) - out);
    }
    const GstClockTime latency = gst_harness_query_latency(harness.get());
    EXPECT_LE(most_held * kFrame, latency == 0 ? 0 : latency + 17 * kFrame);
    EXPECT_EQ(latency == 0, low_delay);
    gst_harness_push_event(harness.get(), gst_event_new_eos());
    for (const BufferPtr& buffer : Pull(harness.get())) {
      times.push_back(GST_BUFFER_PTS(buffer.get()));
    }
    ASSERT_EQ(times.size(), 80u);
    std::sort(times.begin(), times.end());
    for (size_t i = 0; i < times.size(); ++i) EXPECT_EQ(times[i], i * kFrame);
  }
}

TEST(FurlEnc, KeyFramesComeOnDemand) {
  for (const bool low_delay : {false, true}) {
    const HarnessPtr harness = Harness(std::string("furlenc preset=fast threads=1 low-delay=") +
                                       (low_delay ? "true" : "false"));
    gst_harness_set_caps_str(harness.get(), kRaw, "video/x-furl, stream-format=(string)packet");
    for (int i = 0; i < 40; ++i) {
      if (i == 7 || i == 30) {
        gst_harness_push_upstream_event(harness.get(), gst_video_event_new_upstream_force_key_unit(
                                                           GST_CLOCK_TIME_NONE, TRUE, 1));
      }
      ASSERT_EQ(gst_harness_push(harness.get(), Gray(i, kRawSize)), GST_FLOW_OK);
    }
    gst_harness_push_event(harness.get(), gst_event_new_eos());
    std::vector<GstClockTime> keys;
    for (const BufferPtr& buffer : Pull(harness.get())) {
      if (!GST_BUFFER_FLAG_IS_SET(buffer.get(), GST_BUFFER_FLAG_DELTA_UNIT)) {
        keys.push_back(GST_BUFFER_PTS(buffer.get()) / kFrame);
      }
    }
    EXPECT_EQ(keys, (std::vector<GstClockTime>{0, 7, 30}));
  }
}

// Bits of each packet of pictures of noise.
std::vector<double> BitsOf(const std::string& options, int pictures) {
  const HarnessPtr harness = Harness("furlenc preset=fast threads=1 " + options);
  gst_harness_set_caps_str(harness.get(), kRaw, "video/x-furl, stream-format=(string)packet");
  std::minstd_rand random(1);
  for (int i = 0; i < pictures; ++i) {
    GstBuffer* picture = Gray(i, kRawSize);
    GstMapInfo map;
    gst_buffer_map(picture, &map, GST_MAP_WRITE);
    for (size_t k = 0; k < map.size; ++k)
      map.data[k] = static_cast<guint8>(112 + random() % 32 + k % 64);
    gst_buffer_unmap(picture, &map);
    EXPECT_EQ(gst_harness_push(harness.get(), picture), GST_FLOW_OK);
  }
  gst_harness_push_event(harness.get(), gst_event_new_eos());
  std::vector<double> bits;
  for (const BufferPtr& b : Pull(harness.get())) bits.push_back(8.0 * gst_buffer_get_size(b.get()));
  return bits;
}

double Sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

TEST(FurlEnc, HoldsItsBitRateAndItsBuffer) {
  constexpr int kPictures = 250;
  const double all = Sum(BitsOf("crf=20", kPictures)) * 25 / kPictures;
  for (const double rate : {100e3, 200e3}) {
    EXPECT_GT(all, 1.5 * rate) << "no test of " << rate;
    const auto number = [](double value) { return std::to_string(static_cast<int>(value)); };
    const std::vector<double> bits = BitsOf(
        "low-delay=true bitrate=" + number(rate) + " buffer-bits=" + number(rate / 2), kPictures);
    EXPECT_NEAR(Sum(bits) * 25 / kPictures, rate, 0.05 * rate);
    double held = 0;
    for (const double packet : bits) {
      held += packet;
      EXPECT_LE(held, rate / 2);
      held = std::max(held - rate / 25, 0.0);
    }
  }
}

TEST(FurlEnc, WritesABareStreamWhereNothingElseIsWanted) {
  const HarnessPtr harness = Harness("furlenc preset=fast threads=1");
  gst_harness_set_caps_str(harness.get(), kRaw, "video/x-furl, stream-format=(string)bare");
  for (int i = 0; i < 10; ++i) gst_harness_push(harness.get(), Gray(i, kRawSize));
  gst_harness_push_event(harness.get(), gst_event_new_eos());
  furl_reader* raw = nullptr;
  ASSERT_EQ(furl_reader_open(&raw, 0, 0), FURL_OK);
  const ReaderPtr reader(raw);
  for (const BufferPtr& buffer : Pull(harness.get())) {
    const std::vector<uint8_t> bytes = BytesOf(buffer.get());
    furl_reader_append(raw, bytes.data(), bytes.size());
  }
  furl_reader_finish(raw);
  furl_packet packet{};
  packet.struct_size = sizeof(packet);
  int packets = 0;
  furl_status status;
  while ((status = furl_reader_receive(raw, &packet)) == FURL_OK) ++packets;
  EXPECT_EQ(status, FURL_END_OF_STREAM) << furl_last_error();
  EXPECT_EQ(packets, 10);
}

TEST(FurlEnc, TenBitAndColoursReachTheHeader) {
  const HarnessPtr harness = Harness("furlenc preset=fast threads=1 low-delay=true");
  gst_harness_set_caps_str(harness.get(),
                           "video/x-raw, format=I420_10LE, width=64, height=48, framerate=30/1, "
                           "colorimetry=bt2100-pq, chroma-site=cosited, pixel-aspect-ratio=8/9",
                           "video/x-furl, stream-format=(string)packet");
  GstBuffer* picture = gst_buffer_new_allocate(nullptr, 2 * kRawSize, nullptr);
  gst_buffer_memset(picture, 0, 1, 2 * kRawSize);
  GST_BUFFER_PTS(picture) = 0;
  ASSERT_EQ(gst_harness_push(harness.get(), picture), GST_FLOW_OK);
  EXPECT_EQ(Pull(harness.get()).size(), 1u);
  GstCaps* caps = gst_pad_get_current_caps(harness->sinkpad);
  ASSERT_NE(caps, nullptr);
  GstBuffer* data = nullptr;
  ASSERT_TRUE(gst_structure_get(gst_caps_get_structure(caps, 0), "codec_data", GST_TYPE_BUFFER,
                                &data, nullptr));
  const std::vector<uint8_t> header = BytesOf(data);
  gst_buffer_unref(data);
  gst_caps_unref(caps);
  furl_stream_info info{};
  info.struct_size = sizeof(info);
  ASSERT_EQ(furl_read_stream_info(header.data(), header.size(), &info), FURL_OK);
  EXPECT_EQ(info.bit_depth, 10);
  EXPECT_EQ(info.color.primaries, 9);
  EXPECT_EQ(info.color.transfer, 16);
  EXPECT_EQ(info.color.matrix, 9);
  EXPECT_EQ(info.color.full_range, 0);
  EXPECT_EQ(info.color.chroma_location, 2);
  EXPECT_EQ(info.sample_aspect.num, 8);
  EXPECT_EQ(info.sample_aspect.den, 9);
  EXPECT_EQ(info.frame_rate.num, 30);
}

}  // namespace
}  // namespace furl::gstreamer
