// What callers attach to pictures and packets, what decoders tell of pictures, the callbacks,
// and structs of callers that were compiled for another version.

#include <furl/furl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "api/coding.h"
#include "bitstream/packet.h"
#include "support/test_video.h"

namespace furl {
namespace {

using test::Encode;
using test::ImageOf;
using test::OpenModel;
using test::Packet;
using test::Settings;
using test::Stream;

constexpr int kFrames = 12;

Stream MakeStream() { return Encode(test::MakeVideo(64, 48, 8, kFrames), Settings(64, 48, 8)); }

furl_decoder_settings DecoderDefaults() {
  furl_decoder_settings settings;
  EXPECT_EQ(furl_decoder_settings_init(&settings, sizeof(settings)), FURL_OK);
  settings.threads = 2;
  return settings;
}

// One tag per picture: the address of its number.
int* TagOf(int64_t pts) {
  static int numbers[kFrames];
  return &numbers[pts];
}

struct Decoded {
  std::vector<furl_picture> pictures;  // their samples are gone
  furl_status worst = FURL_OK;
  furl_decoder_statistics statistics{};
};

Decoded Decode(const Stream& stream, const furl_decoder_settings& settings) {
  Decoded out;
  api::Decoder decoder;
  EXPECT_EQ(api::Decoder::Open(&settings, OpenModel(), stream.header, &decoder), FURL_OK)
      << furl_last_error();
  const auto receive = [&](furl_status end) {
    for (;;) {
      api::FrameHandle frame;
      const furl_status status = decoder.Receive(&frame);
      if (status == end) return;
      out.worst = std::min(out.worst, status);
      if (status == FURL_OK) out.pictures.push_back(frame.picture());
    }
  };
  for (const Packet& packet : stream.packets) {
    furl_status status;
    while ((status = decoder.Send(packet.data, packet.pts, packet.duration, TagOf(packet.pts))) ==
           FURL_TRY_AGAIN) {
      receive(FURL_TRY_AGAIN);
    }
    out.worst = std::min(out.worst, status);
    receive(FURL_TRY_AGAIN);
  }
  EXPECT_EQ(decoder.Flush(), FURL_OK);
  receive(FURL_END_OF_STREAM);
  out.statistics.struct_size = sizeof(out.statistics);
  EXPECT_EQ(furl_decoder_get_statistics(decoder.get(), &out.statistics), FURL_OK);
  return out;
}

TEST(Carried, UserDataGoesFromImageToPacket) {
  api::Encoder encoder;
  ASSERT_EQ(api::Encoder::Open(Settings(64, 48, 8), OpenModel(), &encoder), FURL_OK);
  for (const ConstFramePtr& frame : test::MakeVideo(64, 48, 8, kFrames)) {
    furl_image image = ImageOf(*frame);
    image.user_data = TagOf(frame->pts);
    ASSERT_EQ(encoder.Send(image), FURL_OK);
  }
  ASSERT_EQ(encoder.Flush(), FURL_OK);
  furl_packet packet{};
  int packets = 0;
  int reordered = 0;
  while (encoder.Receive(&packet) == FURL_OK) {
    EXPECT_EQ(packet.user_data, TagOf(packet.pts));
    reordered += packet.pts != packets++;
  }
  EXPECT_EQ(packets, kFrames);
  EXPECT_GT(reordered, 0);
  EXPECT_EQ(packet.user_data, nullptr);  // that of the end
}

TEST(Carried, UserDataAndQpGoFromPacketToPicture) {
  const Stream stream = MakeStream();
  std::map<int64_t, int> qps;
  for (const Packet& packet : stream.packets) {
    qps[packet.pts] = PeekFrameHeader(packet.data).value().qp;
  }
  const Decoded decoded = Decode(stream, DecoderDefaults());
  EXPECT_EQ(decoded.worst, FURL_OK);
  ASSERT_EQ(decoded.pictures.size(), size_t{kFrames});
  for (int i = 0; i < kFrames; ++i) {
    const furl_picture& picture = decoded.pictures[i];
    EXPECT_EQ(picture.pts, i);
    EXPECT_EQ(picture.user_data, TagOf(i));
    EXPECT_EQ(picture.qp, qps[i]);
    EXPECT_EQ(picture.concealed, 0);
  }
}

using Events = std::vector<std::pair<furl_log_level, std::string>>;

void Remember(void* opaque, furl_log_level level, const char* message) {
  static_cast<Events*>(opaque)->emplace_back(level, message);
}

int Count(const Events& events, furl_log_level level, const std::string& word) {
  int n = 0;
  for (const auto& [l, text] : events) n += l == level && text.find(word) != std::string::npos;
  return n;
}

TEST(Carried, DamageKeepsTagsAndIsLoggedAsOftenAsItIsCounted) {
  Stream stream = MakeStream();
  stream.packets[2].data[stream.packets[2].data.size() / 2] ^= 0x40;
  Events events;
  furl_decoder_settings settings = DecoderDefaults();
  settings.conceal = 1;
  settings.log = Remember;
  settings.log_opaque = &events;
  const Decoded decoded = Decode(stream, settings);
  EXPECT_EQ(decoded.worst, FURL_OK);
  ASSERT_EQ(decoded.pictures.size(), size_t{kFrames});
  int concealed = 0;
  for (const furl_picture& picture : decoded.pictures) {
    EXPECT_EQ(picture.user_data, TagOf(picture.pts));
    EXPECT_EQ(picture.concealed != 0, picture.qp == FURL_NO_QP);
    concealed += picture.concealed;
  }
  EXPECT_GT(concealed, 0);
  EXPECT_LT(concealed, kFrames);
  EXPECT_EQ(concealed, decoded.statistics.concealed_frames);
  EXPECT_EQ(Count(events, FURL_LOG_WARNING, "is concealed"), concealed);
  EXPECT_EQ(Count(events, FURL_LOG_WARNING, "is damaged"), decoded.statistics.damaged_frames);
  EXPECT_EQ(Count(events, FURL_LOG_INFO, "decoder: model "), 1);
}

TEST(Carried, EncodersTellWhatTheyWorkWith) {
  Events events;
  furl_encoder_settings settings = Settings(64, 48, 8);
  settings.log = Remember;
  settings.log_opaque = &events;
  api::Encoder encoder;
  ASSERT_EQ(api::Encoder::Open(settings, OpenModel(), &encoder), FURL_OK);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(Count(events, FURL_LOG_INFO, "encoder: model "), 1);
  EXPECT_EQ(Count(events, FURL_LOG_INFO, "1 thread"), 1);
}

// Counts blocks, and gives only `limit` of them.
struct Memory {
  std::mutex mutex;
  std::map<void*, size_t> held;
  int allocated = 0;
  int limit = 1 << 20;
  bool aligned = true;
};

void* Allocate(void* opaque, size_t size, size_t alignment) {
  auto* memory = static_cast<Memory*>(opaque);
  const std::lock_guard<std::mutex> lock(memory->mutex);
  if (memory->allocated >= memory->limit) return nullptr;
  ++memory->allocated;
  size_t rounded = (size + alignment - 1) / alignment * alignment;
  if (!memory->aligned) rounded += alignment;
  auto* block = static_cast<char*>(std::aligned_alloc(alignment, rounded));
  std::memset(block, 0x5a, rounded);
  if (!memory->aligned) block += 2;
  memory->held[block] = size;
  return block;
}

void Release(void* opaque, void* block, size_t size) {
  auto* memory = static_cast<Memory*>(opaque);
  const std::lock_guard<std::mutex> lock(memory->mutex);
  EXPECT_EQ(memory->held[block], size);
  memory->held.erase(block);
  std::free(memory->aligned ? block : static_cast<char*>(block) - 2);
}

furl_decoder_settings SettingsWith(Memory* memory) {
  furl_decoder_settings settings = DecoderDefaults();
  settings.allocator = {Allocate, Release, memory};
  return settings;
}

TEST(Allocator, PicturesLiveInTheCallersMemoryUntilTheLastUser) {
  const Stream stream = Encode(test::MakeVideo(64, 48, 8, 1), Settings(64, 48, 8));
  Memory memory;
  api::FrameHandle frame;
  {
    const furl_decoder_settings settings = SettingsWith(&memory);
    api::Decoder decoder;
    ASSERT_EQ(api::Decoder::Open(&settings, OpenModel(), stream.header, &decoder), FURL_OK);
    ASSERT_EQ(decoder.Send(stream.packets[0].data, 0, 1), FURL_OK);
    ASSERT_EQ(decoder.Flush(), FURL_OK);
    ASSERT_EQ(decoder.Receive(&frame), FURL_OK);
  }
  ASSERT_EQ(memory.held.size(), 1u);  // the frame outlives its decoder
  const auto [block, size] = *memory.held.begin();
  const furl_picture picture = frame.picture();
  for (int p = 0; p < 3; ++p) {
    const auto* row = reinterpret_cast<const char*>(picture.data[p]);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(row) % 64, 0u);
    EXPECT_GE(row, static_cast<char*>(block));
    EXPECT_LT(row, static_cast<char*>(block) + size);
  }
  frame = {};
  EXPECT_TRUE(memory.held.empty());
}

TEST(Allocator, EveryBlockComesBack) {
  Stream stream = MakeStream();
  Memory memory;
  EXPECT_EQ(Decode(stream, SettingsWith(&memory)).pictures.size(), size_t{kFrames});
  EXPECT_EQ(memory.allocated, kFrames);
  EXPECT_TRUE(memory.held.empty());

  // What stands in for lost pictures, gray before the first one, is made there, too, and once.
  stream.packets[0].data[9] ^= 1;
  Memory concealing;
  furl_decoder_settings settings = SettingsWith(&concealing);
  settings.conceal = 1;
  EXPECT_EQ(Decode(stream, settings).pictures.size(), size_t{kFrames});
  EXPECT_EQ(concealing.allocated, 1);
  EXPECT_TRUE(concealing.held.empty());
}

TEST(Allocator, ItsFailuresAreErrorsOfThePicture) {
  const Stream stream = MakeStream();
  Memory scarce;
  scarce.limit = 3;
  const Decoded decoded = Decode(stream, SettingsWith(&scarce));
  EXPECT_EQ(decoded.worst, FURL_ERROR_OUT_OF_MEMORY);
  EXPECT_LE(decoded.pictures.size(), 3u);
  EXPECT_TRUE(scarce.held.empty());

  Memory crooked;
  crooked.aligned = false;
  const Stream single = Encode(test::MakeVideo(64, 48, 8, 1), Settings(64, 48, 8));
  EXPECT_EQ(Decode(single, SettingsWith(&crooked)).worst, FURL_ERROR_INVALID_ARGUMENT);
  EXPECT_TRUE(crooked.held.empty());

  furl_decoder_settings half = DecoderDefaults();
  half.allocator.allocate = Allocate;
  api::Decoder decoder;
  EXPECT_EQ(api::Decoder::Open(&half, OpenModel(), stream.header, &decoder),
            FURL_ERROR_INVALID_ARGUMENT);
}

// A struct as a caller of another version has it, between bytes that nobody may touch.
template <typename T>
struct Guarded {
  T known;
  unsigned char behind[64];

  explicit Guarded(size_t size) {
    std::memset(static_cast<void*>(this), 0xab, sizeof(*this));
    known.struct_size = size;
  }
  // Whether the bytes from `from` to `to` of the whole have the value.
  bool Is(size_t from, size_t to, unsigned char value) const {
    const auto* bytes = reinterpret_cast<const unsigned char*>(this);
    for (size_t i = from; i < to; ++i) {
      if (bytes[i] != value) return false;
    }
    return true;
  }
};

TEST(OtherVersions, PicturesAreFilledAsFarAsTheCallerKnowsThem) {
  const Stream stream = Encode(test::MakeVideo(64, 48, 8, 1), Settings(64, 48, 8));
  api::Decoder decoder;
  ASSERT_EQ(api::Decoder::Open(nullptr, OpenModel(), stream.header, &decoder), FURL_OK);
  ASSERT_EQ(decoder.Send(stream.packets[0].data, 0, 7, &decoder), FURL_OK);
  ASSERT_EQ(decoder.Flush(), FURL_OK);
  api::FrameHandle frame;
  ASSERT_EQ(decoder.Receive(&frame), FURL_OK);

  const size_t first = offsetof(furl_picture, user_data);
  Guarded<furl_picture> old(first);
  ASSERT_EQ(furl_frame_get_picture(frame.get(), &old.known), FURL_OK);
  EXPECT_EQ(old.known.struct_size, first);
  EXPECT_EQ(old.known.duration, 7);
  EXPECT_TRUE(old.Is(first, sizeof(old), 0xab));

  const size_t more = sizeof(furl_picture) + 16;
  Guarded<furl_picture> later(more);
  ASSERT_EQ(furl_frame_get_picture(frame.get(), &later.known), FURL_OK);
  EXPECT_EQ(later.known.user_data, &decoder);
  EXPECT_TRUE(later.Is(sizeof(furl_picture), more, 0));
  EXPECT_TRUE(later.Is(more, sizeof(later), 0xab));

  Guarded<furl_picture> unset(0);
  EXPECT_EQ(furl_frame_get_picture(frame.get(), &unset.known), FURL_ERROR_INVALID_ARGUMENT);
  EXPECT_TRUE(unset.Is(sizeof(size_t), sizeof(unset), 0xab));
}

TEST(OtherVersions, PacketsAreReadAndFilledAsFarAsTheCallerKnowsThem) {
  api::Encoder encoder;
  ASSERT_EQ(api::Encoder::Open(Settings(64, 48, 8), OpenModel(), &encoder), FURL_OK);
  const auto video = test::MakeVideo(64, 48, 8, 1);
  ASSERT_EQ(encoder.Send(ImageOf(*video[0])), FURL_OK);
  ASSERT_EQ(encoder.Flush(), FURL_OK);
  const size_t first = offsetof(furl_packet, user_data);
  Guarded<furl_packet> unset(first - 8);
  EXPECT_EQ(furl_encoder_receive(encoder.get(), &unset.known), FURL_ERROR_INVALID_ARGUMENT);
  Guarded<furl_packet> old(first);  // the refused call cost no packet
  ASSERT_EQ(furl_encoder_receive(encoder.get(), &old.known), FURL_OK);
  EXPECT_EQ(old.known.key, 1);
  EXPECT_TRUE(old.Is(first, sizeof(old), 0xab));

  // The same struct goes to a decoder, which reads no user data from behind it.
  const api::Bytes header = encoder.sequence_header();
  api::Decoder decoder;
  ASSERT_EQ(api::Decoder::Open(nullptr, OpenModel(), header, &decoder), FURL_OK);
  ASSERT_EQ(decoder.Send(old.known), FURL_OK) << furl_last_error();
  ASSERT_EQ(decoder.Flush(), FURL_OK);
  api::FrameHandle frame;
  ASSERT_EQ(decoder.Receive(&frame), FURL_OK);
  EXPECT_EQ(frame.picture().user_data, nullptr);

  EXPECT_EQ(furl_encoder_receive(encoder.get(), &old.known), FURL_END_OF_STREAM);
  EXPECT_EQ(old.known.data, nullptr);
  EXPECT_EQ(decoder.Send(unset.known), FURL_ERROR_INVALID_ARGUMENT);
}

TEST(OtherVersions, SettingsWithoutTheCallbacksAreServed) {
  const Stream stream = Encode(test::MakeVideo(64, 48, 8, 1), Settings(64, 48, 8));
  const size_t first = offsetof(furl_decoder_settings, log);
  Guarded<furl_decoder_settings> old(0);
  ASSERT_EQ(furl_decoder_settings_init(&old.known, first), FURL_OK);
  EXPECT_TRUE(old.Is(first, sizeof(old), 0xab));
  api::Decoder decoder;
  EXPECT_EQ(api::Decoder::Open(&old.known, OpenModel(), stream.header, &decoder), FURL_OK)
      << furl_last_error();
  EXPECT_EQ(furl_decoder_settings_init(&old.known, first - 1), FURL_ERROR_INVALID_ARGUMENT);
}

}  // namespace
}  // namespace furl
