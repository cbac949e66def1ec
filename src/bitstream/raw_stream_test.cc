#include "bitstream/raw_stream.h"

#include <gtest/gtest.h>

#include <ctime>
#include <random>

#include "bitstream/bitstream_test_util.h"
#include "bitstream/checksum.h"
#include "bitstream/packet.h"

namespace furl {
namespace {

struct Stream {
  std::vector<uint8_t> bytes;
  std::vector<RawPacket> packets;
  std::vector<int> gop;           // of each packet
  std::vector<size_t> gop_start;  // offsets of the markers, then of the end
};

// GOPs of real packets (their checksums hold) with irregular times.
Stream MakeStream(uint32_t seed, int gops, int max_packets = 5, size_t max_side = 60) {
  std::mt19937 rng(seed);
  Stream stream;
  RawStreamWriter writer([&](std::span<const uint8_t> bytes) {
    stream.bytes.insert(stream.bytes.end(), bytes.begin(), bytes.end());
    return OkStatus();
  });
  SequenceHeader sequence;
  sequence.width = 320;
  sequence.height = 180;
  EXPECT_TRUE(writer.WriteHeader(WriteSequenceHeader(sequence).value()).ok());
  int64_t pts = -3;
  for (int g = 0; g < gops; ++g) {
    stream.gop_start.push_back(stream.bytes.size());
    const int count = 1 + static_cast<int>(rng() % max_packets);
    for (int i = 0; i < count; ++i) {
      FrameHeader header;
      header.type = i == 0 ? FrameType::kI : FrameType::kP;
      header.store_slot = 0;
      RawPacket packet;
      packet.data = WritePacket(header, RandomBytes(rng, rng() % (max_side + 1)), {}).value();
      packet.pts = pts += static_cast<int>(rng() % 2000) - 300;
      packet.duration = static_cast<int>(rng() % 1000);
      packet.key = i == 0;
      EXPECT_TRUE(writer.WritePacket(packet.data, packet.pts, packet.duration, packet.key).ok());
      stream.packets.push_back(packet);
      stream.gop.push_back(g);
    }
  }
  stream.gop_start.push_back(stream.bytes.size());
  EXPECT_TRUE(writer.Finish().ok());
  return stream;
}

struct Reading {
  std::vector<RawPacket> packets;
  std::vector<Status> errors;
};

// Reads all of it, in pieces of `piece` bytes.
Reading Read(std::span<const uint8_t> bytes, size_t piece = SIZE_MAX) {
  RawStreamReader reader;
  Reading reading;
  for (int calls = 0; calls < 1000000; ++calls) {
    Result<RawPacket> packet = reader.Next();
    if (packet.ok()) {
      reading.packets.push_back(std::move(*packet));
      continue;
    }
    if (packet.status().code() == StatusCode::kEndOfStream) return reading;
    if (packet.status().code() == StatusCode::kNeedMoreData) {
      const size_t n = std::min(piece, bytes.size());
      if (n == 0) reader.End();
      reader.Append(bytes.first(n));
      bytes = bytes.subspan(n);
      continue;
    }
    reading.errors.push_back(packet.status());
    if (reader.sequence_header().empty()) return reading;  // final
  }
  ADD_FAILURE() << "the reader does not come to an end";
  return reading;
}

bool Same(const RawPacket& a, const RawPacket& b) {
  return a.data == b.data && a.pts == b.pts && a.duration == b.duration && a.key == b.key;
}

// Expects that every packet of the GOPs that `is_hurt` does not name is there,
// in order. Returns how many others came that look undamaged.
template <typename IsHurt>
int ExpectOthersIntact(const Stream& stream, const Reading& reading, IsHurt is_hurt) {
  size_t next = 0;
  int wrong = 0;
  for (size_t i = 0; i < stream.packets.size(); ++i) {
    size_t found = next;
    while (found < reading.packets.size() && !Same(reading.packets[found], stream.packets[i])) {
      ++found;
    }
    if (found == reading.packets.size()) {
      EXPECT_TRUE(is_hurt(stream.gop[i])) << "packet " << i << " of GOP " << stream.gop[i];
      continue;
    }
    for (; next < found; ++next) wrong += PacketChecksumMatches(reading.packets[next].data);
    ++next;
  }
  for (; next < reading.packets.size(); ++next) {
    wrong += PacketChecksumMatches(reading.packets[next].data);
  }
  return wrong;
}

TEST(RawStream, RoundTripInPiecesOfAnySize) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    const Stream stream = MakeStream(seed, static_cast<int>(seed % 7), 9, seed == 3 ? 90000 : 700);
    for (size_t piece : {size_t{1}, size_t{2}, size_t{31}, size_t{4096}, SIZE_MAX}) {
      if (piece < 31 && stream.bytes.size() > 50000) continue;
      const Reading reading = Read(stream.bytes, piece);
      EXPECT_TRUE(reading.errors.empty());
      ASSERT_EQ(reading.packets.size(), stream.packets.size());
      for (size_t i = 0; i < reading.packets.size(); ++i) {
        EXPECT_TRUE(Same(reading.packets[i], stream.packets[i]));
      }
    }
  }
}

TEST(RawStream, RecordsAreSmall) {
  const Stream stream = MakeStream(1, 1, 1, 20);
  size_t payload = 0;
  for (const RawPacket& packet : stream.packets) payload += packet.data.size();
  EXPECT_LE(stream.gop_start[1] - stream.gop_start[0], payload + 9 + 5);
}

TEST(RawStream, EveryTruncationIsReported) {
  const Stream stream = MakeStream(2, 4);
  for (size_t n = 0; n < stream.bytes.size(); ++n) {
    const Reading reading = Read(std::span(stream.bytes).first(n));
    ASSERT_EQ(reading.errors.size(), 1u) << n;
    EXPECT_EQ(reading.errors[0].code(), StatusCode::kInvalidStream);
    for (size_t i = 0; i < reading.packets.size(); ++i) {
      EXPECT_TRUE(Same(reading.packets[i], stream.packets[i])) << n;
    }
  }
}

TEST(RawStream, EveryBitFlipStaysInsideItsGop) {
  if (kZeroChecksumFits) GTEST_SKIP() << "damage that makes a checksum 0 is not seen";
  const Stream stream = MakeStream(3, 6);
  for (size_t bit = 0; bit < stream.bytes.size() * 8; ++bit) {
    std::vector<uint8_t> damaged = stream.bytes;
    damaged[bit / 8] ^= 1 << (bit % 8);
    const Reading reading = Read(damaged);
    bool noticed = !reading.errors.empty();
    for (const RawPacket& packet : reading.packets) noticed |= !ParsePacket(packet.data).ok();
    EXPECT_TRUE(noticed) << bit;
    if (bit / 8 < stream.gop_start[0]) {
      EXPECT_TRUE(reading.packets.empty());
      continue;
    }
    const int wrong = ExpectOthersIntact(stream, reading, [&](int gop) {
      return bit / 8 >= stream.gop_start[gop] && bit / 8 < stream.gop_start[gop + 1];
    });
    EXPECT_EQ(wrong, 0) << bit;
  }
}

// Bytes lost or added anywhere: the next GOP is found again.
TEST(RawStream, MissingAndAddedBytesStayInsideTheirGop) {
  if (kZeroChecksumFits) GTEST_SKIP() << "damage that makes a checksum 0 is not seen";
  const Stream stream = MakeStream(4, 8);
  std::mt19937 rng(4);
  int wrong = 0;
  for (int round = 0; round < 3000; ++round) {
    const size_t from = stream.gop_start[0];
    const size_t at = from + rng() % (stream.bytes.size() - from);
    std::vector<uint8_t> damaged(stream.bytes.begin(), stream.bytes.begin() + at);
    size_t lost = 0;
    if (round % 2) {
      lost = std::min<size_t>(1 + rng() % 40, stream.bytes.size() - at);
    } else {
      const std::vector<uint8_t> added = RandomBytes(rng, 1 + rng() % 40);
      damaged.insert(damaged.end(), added.begin(), added.end());
    }
    damaged.insert(damaged.end(), stream.bytes.begin() + at + lost, stream.bytes.end());
    const Reading reading = Read(damaged, 1 + rng() % 100);
    EXPECT_FALSE(reading.errors.empty());
    wrong += ExpectOthersIntact(stream, reading, [&](int gop) {
      return at + lost >= stream.gop_start[gop] && at <= stream.gop_start[gop + 1];
    });
  }
  // Where the loss joins two record heads, CRC-8 misses one in 256.
  EXPECT_LE(wrong, 6);
}

TEST(RawStream, MissingGopsAndPacketsAreNoticed) {
  const Stream stream = MakeStream(5, 5);
  for (int gop = 0; gop < 5; ++gop) {
    std::vector<uint8_t> cut = stream.bytes;
    cut.erase(cut.begin() + stream.gop_start[gop], cut.begin() + stream.gop_start[gop + 1]);
    const Reading reading = Read(cut);
    EXPECT_EQ(reading.errors.size(), 1u) << gop;
    EXPECT_EQ(ExpectOthersIntact(stream, reading, [&](int g) { return g == gop; }), 0);
  }
  std::vector<uint8_t> longer = stream.bytes;
  longer.push_back(1);
  EXPECT_EQ(Read(longer).errors.size(), 1u);
}

TEST(RawStream, RandomBytesBehindAHeader) {
  std::mt19937 rng(6);
  const std::vector<uint8_t> header = WriteSequenceHeader(SmallSequence()).value();
  for (int round = 0; round < 2000; ++round) {
    std::vector<uint8_t> bytes = header;
    std::vector<uint8_t> tail = RandomBytes(rng, rng() % 300);
    for (uint8_t& b : tail) b = round % 2 ? b : "\0GOP\0END\x01\x02"[b % 11];
    bytes.insert(bytes.end(), tail.begin(), tail.end());
    const Reading reading = Read(bytes, 1 + rng() % 50);
    EXPECT_TRUE(reading.packets.empty());
    EXPECT_FALSE(reading.errors.empty());
  }
}

// Markers, each with a record that claims 400 kB of the markers behind it. All of them were read
// for each checksum: minutes.
TEST(RawStream, RecordsThatClaimTheRestTakeNoLongTime) {
  std::vector<uint8_t> stream;
  RawStreamWriter writer([&](std::span<const uint8_t> bytes) {
    stream.insert(stream.end(), bytes.begin(), bytes.end());
    return OkStatus();
  });
  SequenceHeader sequence;
  sequence.width = 320;
  sequence.height = 180;
  ASSERT_TRUE(writer.WriteHeader(WriteSequenceHeader(sequence).value()).ok());
  const size_t header_size = stream.size();
  const std::vector<uint8_t> packet(400'000, 1);
  ASSERT_TRUE(writer.WritePacket(packet, 0, 0, true).ok());
  stream.resize(stream.size() - packet.size());
  const std::vector<uint8_t> claim(stream.begin() + static_cast<ptrdiff_t>(header_size),
                                   stream.end());
  while (stream.size() < 1'000'000) stream.insert(stream.end(), claim.begin(), claim.end());
  const std::clock_t start = std::clock();
  const Reading reading = Read(stream);
  EXPECT_LT(double(std::clock() - start) / CLOCKS_PER_SEC, 2);
  EXPECT_TRUE(reading.packets.empty());
  EXPECT_GT(reading.errors.size(), 1000u);
}

TEST(RawStream, WriterRefusesMisuse) {
  const std::vector<uint8_t> header = WriteSequenceHeader(SmallSequence()).value();
  const std::vector<uint8_t> data = {1, 2, 3};
  RawStreamWriter writer([](std::span<const uint8_t>) { return OkStatus(); });
  EXPECT_EQ(writer.WritePacket(data, 0, 1, true).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(writer.WriteHeader(data).code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(writer.WriteHeader(header).ok());
  EXPECT_EQ(writer.WriteHeader(header).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(writer.WritePacket(data, 0, 1, false).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(writer.WritePacket({}, 0, 1, true).code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(writer.WritePacket(data, INT64_MIN, 1, true).ok());
  EXPECT_EQ(writer.WritePacket(data, INT64_MAX, 1, false).code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(writer.Finish().ok());
  EXPECT_EQ(writer.Finish().code(), StatusCode::kInvalidArgument);
  RawStreamWriter full([](std::span<const uint8_t>) { return IoError("disk full"); });
  EXPECT_EQ(full.WriteHeader(header).code(), StatusCode::kIo);
}

}  // namespace
}  // namespace furl
