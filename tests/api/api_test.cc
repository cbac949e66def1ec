#include <furl/furl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <furl/furl.hpp>
#include <string>
#include <thread>
#include <vector>

#include "api/coding.h"
#include "support/dct_model.h"
#include "support/test_video.h"

namespace furl {
namespace {

using test::Collect;
using test::Encode;
using test::ImageOf;
using test::ModelFile;
using test::OpenModel;
using test::Packet;
using test::Settings;
using test::Stream;

TEST(CApi, Versions) {
  EXPECT_STREQ(furl_version(), "0.1.0");
  EXPECT_EQ(furl_api_version(), FURL_API_VERSION);
  EXPECT_GE(furl_bitstream_version(), 1);
  EXPECT_GE(furl_model_format_version(), 1);
  EXPECT_STREQ(furl_status_name(FURL_OK), "ok");
  EXPECT_STREQ(furl_status_name(FURL_ERROR_WRONG_MODEL), "wrong_model");
  EXPECT_STREQ(furl_status_name(static_cast<furl_status>(77)), "unknown");
}

TEST(CApi, RoundTripAtOddSizesAndBothDepths) {
  for (const int bit_depth : {8, 10}) {
    const auto video = test::MakeVideo(83, 61, bit_depth, 11);
    const Stream stream = Encode(video, Settings(83, 61, bit_depth));
    ASSERT_EQ(stream.packets.size(), video.size());
    EXPECT_TRUE(stream.packets[0].key);

    furl_stream_info info{};
    info.struct_size = sizeof(info);
    ASSERT_EQ(furl_read_stream_info(stream.header.data(), stream.header.size(), &info), FURL_OK);
    EXPECT_EQ(info.width, 83);
    EXPECT_EQ(info.height, 61);
    EXPECT_EQ(info.bit_depth, bit_depth);
    EXPECT_EQ(info.time_base.den, 25);

    api::Decoder decoder;
    ASSERT_EQ(api::Decoder::Open(nullptr, OpenModel(), stream.header, &decoder), FURL_OK)
        << furl_last_error();
    size_t shown = 0;
    const auto show = [&](const api::FrameHandle& frame) {
      const furl_picture picture = frame.picture();
      ASSERT_LT(shown, video.size());
      EXPECT_EQ(picture.width, 83);
      EXPECT_EQ(picture.height, 61);
      EXPECT_EQ(picture.bit_depth, bit_depth);
      EXPECT_EQ(picture.pts, video[shown]->pts);
      EXPECT_EQ(picture.duration, video[shown]->duration);
      double error = 0;
      for (int y = 0; y < 61; ++y) {
        for (int x = 0; x < 83; ++x) {
          const double d = picture.data[0][y * picture.stride[0] + x] -
                           static_cast<double>(video[shown]->plane(0).row(y)[x]);
          error += d * d;
        }
      }
      const double peak = (1 << bit_depth) - 1;
      EXPECT_LT(error / (83 * 61), peak * peak * 0.005);  // 23 dB
      ++shown;
    };
    api::FrameHandle frame;
    for (const Packet& packet : stream.packets) {
      ASSERT_EQ(decoder.Send(packet.data, packet.pts, packet.duration), FURL_OK);
      while (decoder.Receive(&frame) == FURL_OK) show(frame);
    }
    ASSERT_EQ(decoder.Flush(), FURL_OK);
    furl_status status;
    while ((status = decoder.Receive(&frame)) == FURL_OK) show(frame);
    EXPECT_EQ(status, FURL_END_OF_STREAM);
    EXPECT_EQ(shown, video.size());

    furl_decoder_statistics statistics{};
    statistics.struct_size = sizeof(statistics);
    ASSERT_EQ(furl_decoder_get_statistics(decoder.get(), &statistics), FURL_OK);
    EXPECT_EQ(statistics.frames, 11);
    EXPECT_GT(statistics.hashes_checked, 0);
    EXPECT_EQ(statistics.hashes_failed, 0);
  }
}

// Whoever only sends is told to receive, and loses nothing.
TEST(CApi, AFullDecoderSaysTryAgain) {
  constexpr int kFrames = 40;
  const Stream stream = Encode(test::MakeVideo(32, 32, 8, kFrames), Settings(32, 32, 8));
  api::Decoder decoder;
  ASSERT_EQ(api::Decoder::Open(nullptr, OpenModel(), stream.header, &decoder), FURL_OK);
  api::FrameHandle frame;
  int refused = 0;
  int shown = 0;
  for (const Packet& packet : stream.packets) {
    furl_status status = decoder.Send(packet.data, packet.pts, packet.duration);
    if (status == FURL_TRY_AGAIN) {
      ++refused;
      ASSERT_EQ(decoder.Receive(&frame), FURL_OK) << furl_last_error();
      EXPECT_EQ(frame.picture().pts, shown++);
      status = decoder.Send(packet.data, packet.pts, packet.duration);
    }
    ASSERT_EQ(status, FURL_OK) << furl_last_error();
  }
  EXPECT_EQ(refused, kFrames - FURL_MAX_HELD_PICTURES);
  ASSERT_EQ(decoder.Flush(), FURL_OK);
  while (decoder.Receive(&frame) == FURL_OK) EXPECT_EQ(frame.picture().pts, shown++);
  EXPECT_EQ(shown, kFrames);
}

TEST(CApi, EightBitBytesEqualSixteenBitSamples) {
  const auto video = test::MakeVideo(48, 32, 8, 1);
  const Stream expected = Encode(video, Settings(48, 32, 8));

  std::vector<uint8_t> bytes[3];
  furl_image image = ImageOf(*video[0]);
  image.bytes_per_sample = 1;
  for (int p = 0; p < 3; ++p) {
    const ConstPlane plane = video[0]->plane(p);
    // Bottom up, with a negative stride.
    bytes[p].resize(static_cast<size_t>(plane.width) * plane.height);
    for (int y = 0; y < plane.height; ++y) {
      std::copy_n(plane.row(y), plane.width,
                  bytes[p].begin() + ptrdiff_t{plane.height - 1 - y} * plane.width);
    }
    image.planes[p] = bytes[p].data() + ptrdiff_t{plane.height - 1} * plane.width;
    image.strides[p] = -plane.width;
  }
  api::Encoder encoder;
  ASSERT_EQ(api::Encoder::Open(Settings(48, 32, 8), OpenModel(), &encoder), FURL_OK);
  ASSERT_EQ(encoder.Send(image), FURL_OK) << furl_last_error();
  ASSERT_EQ(encoder.Flush(), FURL_OK);
  Stream stream;
  Collect(encoder, &stream, FURL_END_OF_STREAM);
  ASSERT_EQ(stream.packets.size(), 1u);
  EXPECT_EQ(stream.packets[0].data, expected.packets[0].data);

  // And out again, as bytes.
  api::Decoder decoder;
  ASSERT_EQ(api::Decoder::Open(nullptr, OpenModel(), expected.header, &decoder), FURL_OK);
  ASSERT_EQ(decoder.Send(expected.packets[0].data, 0, 1), FURL_OK);
  ASSERT_EQ(decoder.Flush(), FURL_OK);
  api::FrameHandle frame;
  ASSERT_EQ(decoder.Receive(&frame), FURL_OK);
  void* const planes[3] = {bytes[0].data(), bytes[1].data(), bytes[2].data()};
  const ptrdiff_t strides[3] = {48, 24, 24};
  ASSERT_EQ(furl_frame_copy(frame.get(), 1, planes, strides), FURL_OK);
  const furl_picture picture = frame.picture();
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 24; ++x) {
      EXPECT_EQ(bytes[2][y * 24 + x], picture.data[2][y * picture.stride[2] + x]);
    }
  }
  const ptrdiff_t short_strides[3] = {48, 23, 24};
  EXPECT_EQ(furl_frame_copy(frame.get(), 1, planes, short_strides), FURL_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(furl_frame_copy(frame.get(), 3, planes, strides), FURL_ERROR_INVALID_ARGUMENT);
}

TEST(CApi, AGopBeginsWhereItIsWanted) {
  const auto video = test::MakeVideo(64, 48, 8, 12);
  api::Encoder encoder;
  ASSERT_EQ(api::Encoder::Open(Settings(64, 48, 8), OpenModel(), &encoder), FURL_OK);
  Stream stream;
  for (size_t i = 0; i < video.size(); ++i) {
    furl_image image = ImageOf(*video[i]);
    image.key = i == 5 ? 1 : 0;
    ASSERT_EQ(encoder.Send(image), FURL_OK) << furl_last_error();
    Collect(encoder, &stream, FURL_TRY_AGAIN);
  }
  EXPECT_EQ(encoder.Flush(), FURL_OK);
  Collect(encoder, &stream, FURL_END_OF_STREAM);
  std::vector<int64_t> keys;
  for (const auto& packet : stream.packets) {
    if (packet.key) keys.push_back(packet.pts);
  }
  EXPECT_EQ(keys, (std::vector<int64_t>{video[0]->tag().pts, video[5]->tag().pts}));
}

TEST(CApi, NullIsRefusedEverywhere) {
  const api::Model model = OpenModel();
  furl_model* m = nullptr;
  furl_decoder* d = nullptr;
  furl_encoder* e = nullptr;
  furl_frame* f = nullptr;
  furl_packet packet;
  const furl_encoder_settings settings = Settings(32, 32, 8);
  const uint8_t* bytes = nullptr;
  size_t size = 0;
  const furl_status bad = FURL_ERROR_INVALID_ARGUMENT;
  EXPECT_EQ(furl_model_default(nullptr), bad);
  EXPECT_EQ(furl_model_from_file(nullptr, "x"), bad);
  EXPECT_EQ(furl_model_from_file(&m, nullptr), bad);
  EXPECT_EQ(furl_model_from_memory(&m, nullptr, 5), bad);
  EXPECT_EQ(furl_model_get_info(nullptr, nullptr), bad);
  EXPECT_EQ(furl_read_stream_info(nullptr, 0, nullptr), bad);
  EXPECT_EQ(furl_decoder_settings_init(nullptr, 8), bad);
  EXPECT_EQ(furl_decoder_open(nullptr, nullptr, model.get(), "x", 1), bad);
  EXPECT_EQ(furl_decoder_open(&d, nullptr, nullptr, "x", 1), bad);
  EXPECT_EQ(furl_decoder_open(&d, nullptr, model.get(), nullptr, 1), bad);
  EXPECT_EQ(furl_decoder_send(nullptr, nullptr), bad);
  EXPECT_EQ(furl_decoder_flush(nullptr), bad);
  EXPECT_EQ(furl_decoder_receive(nullptr, &f), bad);
  EXPECT_EQ(furl_decoder_receive(nullptr, nullptr), bad);
  EXPECT_EQ(furl_decoder_get_statistics(nullptr, nullptr), bad);
  EXPECT_EQ(furl_encoder_settings_init(nullptr, 8), bad);
  EXPECT_EQ(furl_encoder_open(nullptr, &settings, model.get()), bad);
  EXPECT_EQ(furl_encoder_open(&e, nullptr, model.get()), bad);
  EXPECT_EQ(furl_encoder_open(&e, &settings, nullptr), bad);
  EXPECT_EQ(furl_encoder_sequence_header(nullptr, &bytes, &size), bad);
  EXPECT_EQ(furl_encoder_send(nullptr, nullptr), bad);
  EXPECT_EQ(furl_encoder_flush(nullptr), bad);
  EXPECT_EQ(furl_encoder_receive(nullptr, &packet), bad);
  EXPECT_EQ(furl_frame_get_picture(nullptr, nullptr), bad);
  EXPECT_EQ(furl_frame_copy(nullptr, 1, nullptr, nullptr), bad);
  EXPECT_STRNE(furl_last_error(), "");
  furl_model_free(nullptr);
  furl_decoder_close(nullptr);
  furl_encoder_close(nullptr);
  furl_frame_free(nullptr);
}

TEST(CApi, BadSettingsAreNamed) {
  const api::Model model = OpenModel();
  const auto refuse = [&](auto change, const char* word) {
    furl_encoder_settings s = Settings(64, 64, 8);
    change(s);
    furl_encoder* e = reinterpret_cast<furl_encoder*>(1);
    EXPECT_LT(furl_encoder_open(&e, &s, model.get()), 0) << word;
    EXPECT_EQ(e, nullptr);
    EXPECT_NE(std::string(furl_last_error()).find(word), std::string::npos) << furl_last_error();
  };
  refuse([](auto& s) { s.struct_size = 0; }, "settings_init");
  refuse([](auto& s) { s.struct_size = size_t{1} << 40; }, "settings_init");
  refuse([](auto& s) { s.crf = 64; }, "crf");
  refuse([](auto& s) { s.width = 0; }, "16x16");
  refuse([](auto& s) { s.height = 20000; }, "16384");
  refuse([](auto& s) { s.bit_depth = 12; }, "bit depth");
  refuse([](auto& s) { s.preset = 9; }, "preset");
  refuse([](auto& s) { s.threads = -1; }, "threads");
  refuse([](auto& s) { s.threads = 1025; }, "threads");
  refuse([](auto& s) { s.frame_rate.den = 0; }, "frame rate");
  refuse([](auto& s) { s.low_delay = 7; }, "low_delay");
  refuse([](auto& s) { s.bitrate = -5; }, "bit rate");
  refuse([](auto& s) { s.bitrate = 1000, s.max_bitrate = 500; }, "largest bit rate");
  refuse([](auto& s) { s.bitrate = 1000, s.buffer_bits = 10; }, "buffer");
}

TEST(CApi, ARateTakesThePlaceOfTheCrf) {
  const auto bytes = [](int64_t bitrate) {
    furl_encoder_settings settings = Settings(64, 48, 8);
    settings.bitrate = bitrate;
    size_t sum = 0;
    for (const auto& packet : Encode(test::MakeVideo(64, 48, 8, 30), settings).packets) {
      sum += packet.data.size();
    }
    return sum;
  };
  const size_t low = bytes(120000);
  const size_t high = bytes(360000);
  // A bucket of one second, and what flows out between the first packet and the last.
  EXPECT_LE(low, 120000u / 8 * (25 + 29) / 25);
  EXPECT_GT(high, low);
}

TEST(CApi, SettingsOfOtherVersions) {
  // A caller with fewer fields than required is refused, one from the future
  // whose new fields are unset is served.
  struct Later {
    furl_decoder_settings known;
    uint64_t added[2];
  } later{};
  ASSERT_EQ(furl_decoder_settings_init(&later.known, sizeof(later)), FURL_OK);
  EXPECT_EQ(later.known.struct_size, sizeof(later));
  const Stream stream = Encode(test::MakeVideo(32, 32, 8, 1), Settings(32, 32, 8));
  furl_decoder* decoder = nullptr;
  const api::Model model = OpenModel();
  ASSERT_EQ(furl_decoder_open(&decoder, &later.known, model.get(), stream.header.data(),
                              stream.header.size()),
            FURL_OK);
  furl_decoder_close(decoder);
  later.added[1] = 1;
  EXPECT_EQ(furl_decoder_open(&decoder, &later.known, model.get(), stream.header.data(),
                              stream.header.size()),
            FURL_ERROR_INVALID_ARGUMENT);
  furl_decoder_settings small;
  EXPECT_EQ(furl_decoder_settings_init(&small, 8), FURL_ERROR_INVALID_ARGUMENT);
}

TEST(CApi, ModelErrorsAndInfo) {
  furl_model* model = nullptr;
  EXPECT_EQ(furl_model_from_file(&model, "/nonexistent/model"), FURL_ERROR_IO);
  EXPECT_NE(std::string(furl_last_error()).find("/nonexistent/model"), std::string::npos);
  std::vector<uint8_t> bytes = ModelFile();
  bytes.resize(bytes.size() / 2);
  EXPECT_LT(furl_model_from_memory(&model, bytes.data(), bytes.size()), 0);
  EXPECT_LT(furl_model_from_memory(&model, bytes.data(), 0), 0);
  EXPECT_EQ(model, nullptr);

  const api::Model good = OpenModel();
  furl_model_info info{};
  EXPECT_EQ(furl_model_get_info(good.get(), &info), FURL_ERROR_INVALID_ARGUMENT);
  info.struct_size = sizeof(info);
  ASSERT_EQ(furl_model_get_info(good.get(), &info), FURL_OK);
  EXPECT_EQ(std::strlen(info.id), 32u);
  EXPECT_STREQ(info.family, "transform");
  EXPECT_EQ(info.bytes, ModelFile().size());
}

TEST(CApi, DefaultModelIsThereOrSaidToBeMissing) {
  api::Model model;
  const furl_status status = api::Model::Default(&model);
  if (status == FURL_OK) {
    furl_model_info info{};
    info.struct_size = sizeof(info);
    ASSERT_EQ(furl_model_get_info(model.get(), &info), FURL_OK);
    EXPECT_GT(info.bytes, 0u);
  } else {
    EXPECT_EQ(status, FURL_ERROR_UNSUPPORTED) << furl_last_error();
    EXPECT_EQ(model.get(), nullptr);
  }
}

TEST(CApi, WrongModelAndDamageAreReported) {
  const auto video = test::MakeVideo(64, 48, 8, 3);
  const Stream stream = Encode(video, Settings(64, 48, 8));
  api::Model other;
  ASSERT_EQ(api::Model::FromMemory(test::MakeDctModelFile(2), &other), FURL_OK);
  api::Decoder decoder;
  EXPECT_EQ(api::Decoder::Open(nullptr, other, stream.header, &decoder), FURL_ERROR_WRONG_MODEL);

  ASSERT_EQ(api::Decoder::Open(nullptr, OpenModel(), stream.header, &decoder), FURL_OK);
  std::vector<uint8_t> damaged = stream.packets[0].data;
  damaged[damaged.size() / 2] ^= 0x40;
  api::FrameHandle frame;
  furl_status worst = decoder.Send(damaged, 0, 1);
  worst = std::min(worst, decoder.Flush());
  worst = std::min(worst, decoder.Receive(&frame));
  EXPECT_EQ(worst, FURL_ERROR_INVALID_STREAM);
  EXPECT_STRNE(furl_last_error(), "");

  for (size_t n = 0; n < stream.header.size(); ++n) {
    furl_stream_info info{};
    info.struct_size = sizeof(info);
    EXPECT_NE(furl_read_stream_info(stream.header.data(), n, &info), FURL_OK) << n;
  }
  furl_decoder_settings limits;
  furl_decoder_settings_init(&limits, sizeof(limits));
  EXPECT_EQ(limits.max_memory, int64_t{1} << 31);
  limits.max_pixels = 64 * 47;
  EXPECT_EQ(api::Decoder::Open(&limits, OpenModel(), stream.header, &decoder),
            FURL_ERROR_LIMIT_EXCEEDED);
}

TEST(CApi, MemoryIsLimitedWhereTheCallerKnowsTheField) {
  const Stream stream = Encode(test::MakeVideo(64, 48, 8, 1), Settings(64, 48, 8));
  furl_decoder_settings settings;
  ASSERT_EQ(furl_decoder_settings_init(&settings, sizeof(settings)), FURL_OK);
  settings.max_memory = 1000;
  api::Decoder decoder;
  EXPECT_EQ(api::Decoder::Open(&settings, OpenModel(), stream.header, &decoder),
            FURL_ERROR_LIMIT_EXCEEDED);
  EXPECT_NE(std::string(furl_last_error()).find("64x48"), std::string::npos) << furl_last_error();
  settings.max_memory = 0;
  EXPECT_EQ(api::Decoder::Open(&settings, OpenModel(), stream.header, &decoder),
            FURL_ERROR_INVALID_ARGUMENT);
  // A program that was compiled before there was the field.
  settings.struct_size = offsetof(furl_decoder_settings, max_memory);
  EXPECT_EQ(api::Decoder::Open(&settings, OpenModel(), stream.header, &decoder), FURL_OK);
}

// Decodes the only packet; the picture's first row.
std::vector<uint16_t> FirstRow(const api::Model& model, const Stream& stream) {
  api::Decoder decoder;
  EXPECT_EQ(api::Decoder::Open(nullptr, model, stream.header, &decoder), FURL_OK);
  EXPECT_EQ(decoder.Send(stream.packets[0].data, 0, 1), FURL_OK);
  EXPECT_EQ(decoder.Flush(), FURL_OK);
  api::FrameHandle frame;
  EXPECT_EQ(decoder.Receive(&frame), FURL_OK) << furl_last_error();
  if (!frame) return {};
  const furl_picture picture = frame.picture();
  return {picture.data[0], picture.data[0] + picture.width};
}

TEST(CApi, ThreadsShareOneModelFromItsFirstUseOn) {
  const Stream stream = Encode(test::MakeVideo(48, 32, 8, 1), Settings(48, 32, 8));
  const std::vector<uint16_t> expected = FirstRow(OpenModel(), stream);
  ASSERT_EQ(expected.size(), 48u);
  const api::Model model = OpenModel();  // not prepared yet
  std::vector<uint16_t> rows[3];
  std::thread threads[3];
  for (int i = 0; i < 3; ++i) {
    threads[i] = std::thread([&, i] { rows[i] = FirstRow(model, stream); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::vector<uint16_t>& row : rows) EXPECT_EQ(row, expected);
}

TEST(CApi, ImagesAreChecked) {
  const auto video = test::MakeVideo(32, 32, 10, 1);
  api::Encoder encoder;
  ASSERT_EQ(api::Encoder::Open(Settings(32, 32, 10), OpenModel(), &encoder), FURL_OK);
  const furl_status bad = FURL_ERROR_INVALID_ARGUMENT;
  furl_image image = ImageOf(*video[0]);
  image.bytes_per_sample = 1;
  EXPECT_EQ(encoder.Send(image), bad);
  image = ImageOf(*video[0]);
  image.planes[1] = nullptr;
  EXPECT_EQ(encoder.Send(image), bad);
  image = ImageOf(*video[0]);
  image.strides[2] = 31;
  EXPECT_EQ(encoder.Send(image), bad);
  image = ImageOf(*video[0]);
  image.struct_size = 0;
  EXPECT_EQ(encoder.Send(image), bad);
  std::vector<uint16_t> large(32 * 32, 1024);
  image = ImageOf(*video[0]);
  image.planes[0] = large.data();
  image.strides[0] = 64;
  EXPECT_EQ(encoder.Send(image), bad);
  EXPECT_NE(std::string(furl_last_error()).find("bit depth"), std::string::npos);
  EXPECT_EQ(encoder.Send(ImageOf(*video[0])), FURL_OK);
  EXPECT_EQ(encoder.Flush(), FURL_OK);
  EXPECT_EQ(encoder.Send(ImageOf(*video[0])), bad);
}

TEST(CApi, TimesMustRise) {
  const auto video = test::MakeVideo(32, 32, 8, 3);
  api::Encoder encoder;
  ASSERT_EQ(api::Encoder::Open(Settings(32, 32, 8), OpenModel(), &encoder), FURL_OK);
  furl_image image = ImageOf(*video[0]);
  image.pts = 5;
  EXPECT_EQ(encoder.Send(image), FURL_OK);
  for (const int64_t pts : {int64_t{5}, int64_t{4}, INT64_MIN}) {
    image.pts = pts;
    EXPECT_EQ(encoder.Send(image), FURL_ERROR_INVALID_ARGUMENT);
    EXPECT_NE(std::string(furl_last_error()).find("does not rise"), std::string::npos);
  }
  image.pts = 6;  // the refused ones left no trace
  EXPECT_EQ(encoder.Send(image), FURL_OK);
  EXPECT_EQ(encoder.Flush(), FURL_OK);
}

// A struct_size that was never set may hold anything: what lies behind the struct is not read.
TEST(CApi, GarbageSizesReadNothingBehindTheStruct) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  auto* pages = static_cast<uint8_t*>(
      mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(pages, MAP_FAILED);
  ASSERT_EQ(mprotect(pages + page, page, PROT_NONE), 0);
  auto* settings =
      reinterpret_cast<furl_decoder_settings*>(pages + page - sizeof(furl_decoder_settings));
  const api::Model model = OpenModel();
  const Stream stream = Encode(test::MakeVideo(32, 32, 8, 1), Settings(32, 32, 8));
  for (const size_t size : {SIZE_MAX, size_t{0xABABABABABABABAB}, 4 * sizeof(*settings)}) {
    settings->struct_size = size;
    furl_decoder* decoder = nullptr;
    EXPECT_EQ(furl_decoder_open(&decoder, settings, model.get(), stream.header.data(),
                                stream.header.size()),
              FURL_ERROR_INVALID_ARGUMENT);
  }
  munmap(pages, 2 * page);
}

TEST(CApi, LastErrorBelongsToTheThread) {
  EXPECT_LT(furl_model_from_file(nullptr, nullptr), 0);
  const std::string mine = furl_last_error();
  std::string theirs = "unset";
  std::thread([&] { theirs = furl_last_error(); }).join();
  EXPECT_NE(mine, "");
  EXPECT_EQ(theirs, "");
}

}  // namespace
}  // namespace furl
