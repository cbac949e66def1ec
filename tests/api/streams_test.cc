// Bare streams of the C interface: what a writer wrote comes back, from pieces, behind damage and
// from the middle; and which packets may be left out.

#include <furl/furl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "api/coding.h"
#include "support/test_video.h"

namespace furl {
namespace {

using test::Encode;
using test::OpenModel;
using test::Packet;
using test::Settings;
using test::Stream;

// Three GOPs of four pictures.
const Stream& MakeStream() {
  static const Stream stream = [] {
    furl_encoder_settings settings = Settings(64, 48, 8);
    settings.gop_seconds = 0.16;
    return Encode(test::MakeVideo(64, 48, 8, 12), settings);
  }();
  return stream;
}

furl_packet ToC(const Packet& from) {
  furl_packet packet{};
  packet.struct_size = sizeof(packet);
  packet.data = from.data.data();
  packet.size = from.data.size();
  packet.pts = from.pts;
  packet.duration = from.duration;
  packet.key = from.key;
  return packet;
}

furl_status AppendTo(void* opaque, const uint8_t* data, size_t size) {
  auto* bytes = static_cast<std::vector<uint8_t>*>(opaque);
  bytes->insert(bytes->end(), data, data + size);
  return FURL_OK;
}

std::vector<uint8_t> Write(const Stream& stream) {
  std::vector<uint8_t> bytes;
  furl_writer* writer = nullptr;
  EXPECT_EQ(furl_writer_open(&writer, AppendTo, &bytes, stream.header.data(), stream.header.size()),
            FURL_OK);
  for (const Packet& packet : stream.packets) {
    const furl_packet p = ToC(packet);
    EXPECT_EQ(furl_writer_send(writer, &p), FURL_OK) << furl_last_error();
  }
  EXPECT_EQ(furl_writer_finish(writer), FURL_OK);
  furl_writer_close(writer);
  return bytes;
}

struct Reading {
  Stream stream;
  std::vector<furl_status> errors;
};

// Takes what the reader has ready; the answer that ended it.
furl_status Take(furl_reader* reader, Reading* out) {
  furl_packet packet{};
  packet.struct_size = sizeof(packet);
  for (;;) {
    const furl_status status = furl_reader_receive(reader, &packet);
    if (status == FURL_OK) {
      out->stream.packets.push_back(
          {{packet.data, packet.data + packet.size}, packet.pts, packet.duration, packet.key != 0});
    } else if (status == FURL_ERROR_INVALID_STREAM) {
      out->errors.push_back(status);
    } else {
      return status;
    }
  }
}

// Reads `bytes` in pieces of `piece`.
Reading Read(const std::vector<uint8_t>& bytes, size_t piece) {
  Reading out;
  furl_reader* reader = nullptr;
  EXPECT_EQ(furl_reader_open(&reader, 0, 0), FURL_OK);
  const uint8_t* header = nullptr;
  size_t header_size = 0;
  EXPECT_EQ(furl_reader_sequence_header(reader, &header, &header_size), FURL_NEED_MORE_DATA);
  for (size_t i = 0; i < bytes.size(); i += piece) {
    const size_t size = std::min(piece, bytes.size() - i);
    EXPECT_EQ(furl_reader_append(reader, bytes.data() + i, size), FURL_OK);
    const furl_status status = Take(reader, &out);
    EXPECT_TRUE(status == FURL_NEED_MORE_DATA || status == FURL_END_OF_STREAM);
  }
  EXPECT_EQ(furl_reader_finish(reader), FURL_OK);
  EXPECT_EQ(Take(reader, &out), FURL_END_OF_STREAM);
  EXPECT_EQ(furl_reader_position(reader), static_cast<int64_t>(bytes.size()));
  EXPECT_EQ(furl_reader_sequence_header(reader, &header, &header_size), FURL_OK);
  out.stream.header.assign(header, header + header_size);
  furl_reader_close(reader);
  return out;
}

void ExpectSame(const Packet& a, const Packet& b) {
  EXPECT_EQ(a.data, b.data);
  EXPECT_EQ(a.pts, b.pts);
  EXPECT_EQ(a.duration, b.duration);
  EXPECT_EQ(a.key, b.key);
}

TEST(Streams, RoundTripInPiecesOfAnySize) {
  const std::vector<uint8_t> bytes = Write(MakeStream());
  for (const size_t piece : {size_t{1}, size_t{100}, bytes.size()}) {
    const Reading read = Read(bytes, piece);
    EXPECT_TRUE(read.errors.empty());
    EXPECT_EQ(read.stream.header, MakeStream().header);
    ASSERT_EQ(read.stream.packets.size(), MakeStream().packets.size());
    for (size_t i = 0; i < read.stream.packets.size(); ++i) {
      ExpectSame(read.stream.packets[i], MakeStream().packets[i]);
    }
  }
}

TEST(Streams, DamageAndAMissingEndAreErrorsThatReadingSurvives) {
  std::vector<uint8_t> bytes = Write(MakeStream());
  bytes.resize(bytes.size() - 3);
  EXPECT_EQ(Read(bytes, 64).errors.size(), 1u);
  EXPECT_EQ(Read(bytes, 64).stream.packets.size(), MakeStream().packets.size());
  bytes[MakeStream().header.size() + 1] ^= 1;  // the first marker
  const Reading read = Read(bytes, 64);
  EXPECT_FALSE(read.errors.empty());
  EXPECT_EQ(read.stream.packets.size(), MakeStream().packets.size() - 4);
}

TEST(Streams, ReadingGoesOnAtTheNextKeyPacketFromAnyPosition) {
  const std::vector<uint8_t> bytes = Write(MakeStream());
  const auto& packets = MakeStream().packets;
  furl_reader* reader = nullptr;
  ASSERT_EQ(furl_reader_open(&reader, 0, 0), FURL_OK);
  Reading whole;
  furl_reader_append(reader, bytes.data(), bytes.size());
  furl_reader_finish(reader);
  ASSERT_EQ(Take(reader, &whole), FURL_END_OF_STREAM);
  for (size_t from = 0; from < bytes.size(); from += 7) {
    ASSERT_EQ(furl_reader_seek(reader, static_cast<int64_t>(from)), FURL_OK);
    EXPECT_EQ(furl_reader_position(reader), static_cast<int64_t>(from));
    furl_reader_append(reader, bytes.data() + from, bytes.size() - from);
    furl_reader_finish(reader);
    Reading rest;
    EXPECT_EQ(Take(reader, &rest), FURL_END_OF_STREAM);
    EXPECT_TRUE(rest.errors.empty()) << "from " << from;
    if (rest.stream.packets.empty()) continue;
    EXPECT_TRUE(rest.stream.packets.front().key);
    const size_t skipped = packets.size() - rest.stream.packets.size();
    for (size_t i = 0; i < rest.stream.packets.size(); ++i) {
      ExpectSame(rest.stream.packets[i], packets[skipped + i]);
    }
  }
  furl_reader_close(reader);
}

TEST(Streams, AnswersOfTheCallersFunctionComeBack) {
  const auto refuse = [](void*, const uint8_t*, size_t) { return FURL_ERROR_CANCELLED; };
  const Stream& stream = MakeStream();
  furl_writer* writer = nullptr;
  EXPECT_EQ(furl_writer_open(&writer, refuse, nullptr, stream.header.data(), stream.header.size()),
            FURL_ERROR_CANCELLED);
  EXPECT_EQ(writer, nullptr);
  struct Limit {
    int calls = 0;
  } limit;
  const auto later = [](void* opaque, const uint8_t*, size_t) {
    return ++static_cast<Limit*>(opaque)->calls > 1 ? FURL_ERROR_IO : FURL_OK;
  };
  ASSERT_EQ(furl_writer_open(&writer, later, &limit, stream.header.data(), stream.header.size()),
            FURL_OK);
  const furl_packet packet = ToC(stream.packets[0]);
  EXPECT_EQ(furl_writer_send(writer, &packet), FURL_ERROR_IO);
  furl_writer_close(writer);
}

TEST(Streams, MisuseIsRefused) {
  furl_reader* reader = nullptr;
  EXPECT_EQ(furl_reader_open(nullptr, 0, 0), FURL_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(furl_reader_open(&reader, -1, 0), FURL_ERROR_INVALID_ARGUMENT);
  ASSERT_EQ(furl_reader_open(&reader, 0, 0), FURL_OK);
  EXPECT_EQ(furl_reader_append(reader, nullptr, 1), FURL_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(furl_reader_seek(reader, -1), FURL_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(furl_reader_receive(reader, nullptr), FURL_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(furl_reader_finish(nullptr), FURL_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(furl_reader_position(nullptr), 0);
  furl_reader_close(reader);
  furl_reader_close(nullptr);

  std::vector<uint8_t> bytes;
  furl_writer* writer = nullptr;
  EXPECT_EQ(furl_writer_open(&writer, nullptr, nullptr, "x", 1), FURL_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(furl_writer_open(&writer, AppendTo, &bytes, "no header", 9),
            FURL_ERROR_INVALID_ARGUMENT);
  const Stream& stream = MakeStream();
  ASSERT_EQ(furl_writer_open(&writer, AppendTo, &bytes, stream.header.data(), stream.header.size()),
            FURL_OK);
  const furl_packet second = ToC(stream.packets[1]);
  EXPECT_EQ(furl_writer_send(writer, &second), FURL_ERROR_INVALID_ARGUMENT);  // no key packet
  EXPECT_EQ(furl_writer_send(nullptr, &second), FURL_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(furl_writer_finish(nullptr), FURL_ERROR_INVALID_ARGUMENT);
  furl_writer_close(writer);
  furl_writer_close(nullptr);
}

// The hash and pixels of each picture that is decoded when some packets are left out.
std::vector<std::pair<int64_t, uint16_t>> DecodeWithout(bool disposable) {
  furl_decoder_settings settings;
  furl_decoder_settings_init(&settings, sizeof(settings));
  settings.threads = 1;
  const Stream& stream = MakeStream();
  api::Decoder decoder;
  EXPECT_EQ(api::Decoder::Open(&settings, OpenModel(), stream.header, &decoder), FURL_OK);
  std::vector<std::pair<int64_t, uint16_t>> out;
  const auto receive = [&] {
    api::FrameHandle frame;
    furl_status status;
    while ((status = decoder.Receive(&frame)) == FURL_OK) {
      const furl_picture p = frame.picture();
      uint16_t sum = 0;
      for (int y = 0; y < p.height; ++y) {
        for (int x = 0; x < p.width; ++x) sum += (x + 1) * p.data[0][y * p.stride[0] + x];
      }
      out.emplace_back(p.pts, sum);
    }
    EXPECT_GE(status, 0) << furl_last_error();
  };
  for (const Packet& packet : stream.packets) {
    if (disposable && furl_packet_is_disposable(packet.data.data(), packet.data.size())) continue;
    EXPECT_EQ(decoder.Send(packet.data, packet.pts, packet.duration), FURL_OK);
    receive();
  }
  EXPECT_EQ(decoder.Flush(), FURL_OK);
  receive();
  return out;
}

TEST(Streams, WithoutDisposablePacketsAllOthersStayExact) {
  const auto all = DecodeWithout(false);
  const auto some = DecodeWithout(true);
  EXPECT_EQ(all.size(), 12u);
  EXPECT_LT(some.size(), all.size());
  EXPECT_GE(some.size(), 6u);  // key frames and anchors at least
  for (const auto& picture : some) {
    EXPECT_NE(std::find(all.begin(), all.end(), picture), all.end()) << picture.first;
  }
  EXPECT_EQ(furl_packet_is_disposable(nullptr, 3), 0);
  EXPECT_EQ(furl_packet_is_disposable("", 0), 0);
  const auto& key = MakeStream().packets[0].data;
  EXPECT_EQ(furl_packet_is_disposable(key.data(), key.size()), 0);
}

}  // namespace
}  // namespace furl
