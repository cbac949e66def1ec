#include <gtest/gtest.h>

#include <initializer_list>
#include <random>

#include "base/crc32c.h"
#include "bitstream/bits.h"
#include "bitstream/bitstream_test_util.h"
#include "bitstream/packet.h"
#include "bitstream/sequence_header.h"

namespace furl {
namespace {

SequenceHeader RandomSequence(std::mt19937& rng) {
  SequenceHeader h;
  auto number = [&](uint64_t max) { return static_cast<int64_t>(RandomOfAnySize(rng, max)); };
  auto rational = [&] { return Rational{1 + number(0x7ffffffe), 1 + number(0x7ffffffe)}; };
  h.family = static_cast<uint8_t>(rng());
  for (uint8_t& b : h.model_id) b = static_cast<uint8_t>(rng());
  h.width = 1 + static_cast<int>(rng() % 16384);
  h.height = 1 + static_cast<int>(rng() % 4096);
  h.bit_depth = rng() % 2 ? 8 : 10;
  h.low_delay = rng() % 2;
  h.frame_rate = rational();
  h.time_base = rational();
  h.sample_aspect = rational();
  h.color = {static_cast<uint8_t>(rng()), static_cast<uint8_t>(rng()), static_cast<uint8_t>(rng()),
             rng() % 2 == 0, static_cast<uint8_t>(rng())};
  h.gop_length = 1 + static_cast<int>(rng() % 65536);
  h.macs_per_pixel = static_cast<int>(number(64000));
  if (rng() % 2) {
    const int scale = 1 + static_cast<int>(rng() % 4);
    h.base = {(h.width + scale - 1) / scale, (h.height + scale - 1) / scale, rng() % 2 ? 8 : 10};
  }
  return h;
}

void ExpectEqual(const SequenceHeader& a, const SequenceHeader& b) {
  EXPECT_EQ(a.family, b.family);
  EXPECT_EQ(a.model_id, b.model_id);
  EXPECT_EQ(a.format(), b.format());
  EXPECT_EQ(a.low_delay, b.low_delay);
  EXPECT_EQ(a.gop_length, b.gop_length);
  EXPECT_EQ(a.macs_per_pixel, b.macs_per_pixel);
  EXPECT_EQ(a.base, b.base);
}

FrameHeader RandomFrameHeader(std::mt19937& rng) {
  FrameHeader h;
  h.type = static_cast<FrameType>(rng() % 3);
  h.qp = kMinQp + static_cast<int>(rng() % kQpRange);
  h.store_slot = static_cast<int>(rng() % kReferenceSlots);
  h.has_hash = rng() % 2;
  if (h.has_hash) {
    h.hash = HashBits(rng());
    h.hash_pictures = 1 + static_cast<int>(rng() % FrameHeader::kMaxHashPictures);
  }
  h.last_of_gop = rng() % 4 == 0;
  if (h.key()) {
    h.gop_number = static_cast<int>(rng() % (FrameHeader::kMaxGopNumber + 1));
    if (rng() % 2) {
      h.frames_before = 1 + static_cast<int>(RandomOfAnySize(rng, FrameHeader::kMaxDisplayOrder));
    }
    return h;
  }
  if (h.last_of_gop) {
    h.shown_later = static_cast<int>(RandomOfAnySize(rng, FrameHeader::kMaxDisplayOrder));
  }
  if (h.last_of_gop || rng() % 2) h.store_slot = -1;
  h.display_order = static_cast<int>(RandomOfAnySize(rng, FrameHeader::kMaxDisplayOrder));
  for (int i = 0; i < h.reference_count(); ++i)
    h.references[i] = static_cast<int>(rng() % kReferenceSlots);
  return h;
}

StatusCode SequenceCode(std::span<const uint8_t> data) {
  return ParseSequenceHeader(data).status().code();
}

TEST(SequenceHeader, RoundTrip) {
  std::mt19937 rng(1);
  for (int i = 0; i < 2000; ++i) {
    const SequenceHeader header = RandomSequence(rng);
    std::vector<uint8_t> bytes = WriteSequenceHeader(header).value();
    const auto parsed = ParseSequenceHeader(bytes);
    ASSERT_TRUE(parsed.ok()) << parsed.status().message();
    ExpectEqual(*parsed, header);
    // In a stream something follows.
    const size_t size = bytes.size();
    bytes.push_back(7);
    size_t read = 0;
    EXPECT_TRUE(ReadSequenceHeader(bytes, {}, &read).ok());
    EXPECT_EQ(read, size);
    EXPECT_EQ(SequenceCode(bytes), StatusCode::kInvalidStream);
  }
}

TEST(SequenceHeader, EveryTruncationAndBitFlipIsRefused) {
  std::mt19937 rng(2);
  for (int round = 0; round < 10; ++round) {
    const std::vector<uint8_t> bytes = WriteSequenceHeader(RandomSequence(rng)).value();
    for (size_t n = 0; n < bytes.size(); ++n) {
      const auto part = std::span(bytes).first(n);
      EXPECT_EQ(SequenceCode(part), StatusCode::kInvalidStream);
      EXPECT_EQ(ReadSequenceHeader(part, {}, nullptr).status().code(), StatusCode::kNeedMoreData);
    }
    for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      std::vector<uint8_t> damaged = bytes;
      damaged[bit / 8] ^= 1 << (bit % 8);
      EXPECT_FALSE(ParseSequenceHeader(damaged).ok()) << bit;
    }
  }
}

// A body that ends before its extensions or inside them, says a size in more bytes than it
// needs, or has an extension that must be understood.
TEST(SequenceHeader, ExtensionsAreSkippedIfTheyMayBe) {
  const std::vector<uint8_t> bytes = WriteSequenceHeader(SmallSequence()).value();
  const size_t size_at = 5;  // behind magic and version; one byte here
  ASSERT_EQ(bytes.size(), size_at + 1 + bytes[size_at] + 4);
  const auto code = [&](std::initializer_list<uint8_t> extensions) {
    BitWriter writer;
    writer.Bytes(std::span(bytes).first(bytes.size() - 5));
    for (const uint8_t b : extensions) writer.Bits(b, 8);
    std::vector<uint8_t> changed = writer.Take();
    changed[size_at] = static_cast<uint8_t>(changed.size() - size_at - 1);
    BitWriter signer;
    signer.Bytes(changed);
    signer.Uint32(Crc32c(changed));
    return SequenceCode(signer.bytes());
  };
  EXPECT_EQ(code({0}), StatusCode::kOk);
  EXPECT_EQ(code({3, 6, 1, 7}), StatusCode::kOk);
  EXPECT_EQ(code({2, 6, 0}), StatusCode::kOk);
  EXPECT_EQ(code({7, 6, 1, 7, 0x80, 1, 1, 7}), StatusCode::kOk);  // numbers 6 and 128
  EXPECT_EQ(code({3, 7, 1, 7}), StatusCode::kUnsupported);
  EXPECT_EQ(code({2, 3, 0}), StatusCode::kUnsupported);
  EXPECT_EQ(code({7, 6, 1, 7, 0x81, 1, 1, 7}), StatusCode::kUnsupported);
  EXPECT_EQ(code({3, 6, 2, 7}), StatusCode::kInvalidStream);
  EXPECT_EQ(code({1, 6}), StatusCode::kInvalidStream);
  EXPECT_EQ(code({4, 6, 0x81, 0, 7}), StatusCode::kInvalidStream);
  EXPECT_EQ(code({}), StatusCode::kInvalidStream);
  EXPECT_EQ(code({2, 7}), StatusCode::kInvalidStream);
  EXPECT_EQ(code({0x80, 0}), StatusCode::kInvalidStream);
  // The base of 16x16 pictures: width, height, depth. Empty, larger, too small, at 9 bits, with a
  // byte too much or too little, twice.
  EXPECT_EQ(code({5, 1, 3, 8, 16, 8}), StatusCode::kOk);
  EXPECT_EQ(code({2, 1, 0}), StatusCode::kInvalidStream);
  EXPECT_EQ(code({5, 1, 3, 17, 16, 8}), StatusCode::kInvalidStream);
  EXPECT_EQ(code({5, 1, 3, 8, 3, 8}), StatusCode::kInvalidStream);
  EXPECT_EQ(code({5, 1, 3, 8, 16, 9}), StatusCode::kInvalidStream);
  EXPECT_EQ(code({6, 1, 4, 8, 16, 8, 0}), StatusCode::kInvalidStream);
  EXPECT_EQ(code({4, 1, 2, 8, 16}), StatusCode::kInvalidStream);
  EXPECT_EQ(code({10, 1, 3, 8, 16, 8, 1, 3, 8, 16, 8}), StatusCode::kInvalidStream);
  EXPECT_EQ(code({0x80}), StatusCode::kInvalidStream);
}

TEST(SequenceHeader, NamesWhatItRefuses) {
  SequenceHeader h = SmallSequence();
  h.macs_per_pixel = 9000;
  const std::vector<uint8_t> bytes = WriteSequenceHeader(h).value();
  EXPECT_EQ(ParseSequenceHeader(bytes, {.max_macs_per_pixel = 8999}).status().code(),
            StatusCode::kLimitExceeded);
  EXPECT_EQ(ParseSequenceHeader(bytes, {.max_pixels = 255}).status().code(),
            StatusCode::kLimitExceeded);
  EXPECT_TRUE(ParseSequenceHeader(bytes, {.max_pixels = 256}).ok());

  std::vector<uint8_t> newer = bytes;
  newer[4] = kBitstreamVersion + 1;
  // This version's checksum says that only the version's byte is wrong.
  EXPECT_EQ(SequenceCode(newer), StatusCode::kInvalidStream);
  const uint32_t crc = Crc32c(std::span(newer).first(newer.size() - 4));
  for (int i = 0; i < 4; ++i) newer[newer.size() - 4 + i] = static_cast<uint8_t>(crc >> (8 * i));
  const Status status = ParseSequenceHeader(newer).status();
  EXPECT_EQ(status.code(), StatusCode::kUnsupported);
  EXPECT_NE(status.message().find(std::to_string(kBitstreamVersion + 1)), std::string::npos);

  const std::string text = "not furl at all";
  EXPECT_EQ(SequenceCode({reinterpret_cast<const uint8_t*>(text.data()), text.size()}),
            StatusCode::kInvalidStream);
}

TEST(SequenceHeader, WriterRefusesWhatReadersWould) {
  auto code = [](auto change) {
    SequenceHeader h = SmallSequence();
    change(h);
    return WriteSequenceHeader(h).status().code();
  };
  EXPECT_EQ(code([](auto&) {}), StatusCode::kOk);
  EXPECT_EQ(code([](auto& h) { h.width = 16384, h.height = 4096; }), StatusCode::kOk);
  EXPECT_EQ(code([](auto& h) { h.width = 0; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(code([](auto& h) { h.height = -1; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(code([](auto& h) { h.width = 16385; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(code([](auto& h) { h.width = h.height = 16384; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(code([](auto& h) { h.bit_depth = 9; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(code([](auto& h) { h.bit_depth = 12; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(code([](auto& h) { h.time_base.den = 0; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(code([](auto& h) { h.frame_rate.num = int64_t{1} << 31; }),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(code([](auto& h) { h.gop_length = 0; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(code([](auto& h) { h.macs_per_pixel = -1; }), StatusCode::kInvalidArgument);
}

TEST(Packet, RoundTrip) {
  std::mt19937 rng(3);
  for (int i = 0; i < 5000; ++i) {
    const FrameHeader header = RandomFrameHeader(rng);
    const std::vector<uint8_t> side = RandomBytes(rng, rng() % 300);
    const std::vector<uint8_t> latents = RandomBytes(rng, rng() % 2 ? 0 : rng() % 600);
    const std::vector<uint8_t> bytes = WritePacket(header, side, latents).value();
    const auto packet = ParsePacket(bytes);
    ASSERT_TRUE(packet.ok()) << packet.status().message();
    EXPECT_EQ(packet->header, header);
    EXPECT_TRUE(std::equal(side.begin(), side.end(), packet->side.begin(), packet->side.end()));
    EXPECT_TRUE(
        std::equal(latents.begin(), latents.end(), packet->latents.begin(), packet->latents.end()));
    EXPECT_EQ(PeekFrameHeader(bytes).value(), header);
  }
}

TEST(Packet, SmallFramesHaveSmallPackets) {
  FrameHeader header;
  header.store_slot = 0;
  EXPECT_EQ(WritePacket(header, {}, {}).value().size(), 5u);  // 3 bytes header, CRC-16
  header.frames_before = 4;
  EXPECT_EQ(WritePacket(header, {}, {}).value().size(), 6u);
  header.frames_before = 0;
  header.type = FrameType::kP;
  header.display_order = 63;
  EXPECT_EQ(WritePacket(header, {}, {}).value().size(), 5u);
  header.type = FrameType::kB;
  EXPECT_EQ(WritePacket(header, {}, {}).value().size(), 6u);
  header.store_slot = -1;
  EXPECT_EQ(WritePacket(header, {}, {}).value().size(), 5u);
  header.has_hash = true;
  EXPECT_EQ(WritePacket(header, {}, {}).value().size(), 9u);
  header.last_of_gop = true;
  EXPECT_EQ(WritePacket(header, {}, {}).value().size(), 10u);
}

TEST(Packet, ExtensionsAreSkippedIfTheyMayBe) {
  std::mt19937 rng(6);
  for (const size_t size : {0u, 40u, 490u, 600u}) {
    const FrameHeader header = RandomFrameHeader(rng);
    const std::vector<uint8_t> side = RandomBytes(rng, size);
    const std::vector<uint8_t> bytes = WritePacket(header, side, {}).value();
    const auto code = [&](std::initializer_list<uint8_t> list) {
      const std::vector<uint8_t> extensions(list);
      const std::vector<uint8_t> extended = WithExtensions(bytes, extensions);
      const auto packet = ParsePacket(extended);
      const auto peeked = PeekFrameHeader(extended);
      EXPECT_EQ(peeked.status().code(), packet.status().code());
      if (!packet.ok()) return packet.status().code();
      EXPECT_EQ(packet->header, header);
      EXPECT_EQ(*peeked, header);
      EXPECT_TRUE(std::equal(side.begin(), side.end(), packet->side.begin(), packet->side.end()));
      return StatusCode::kOk;
    };
    EXPECT_EQ(code({}), StatusCode::kOk);
    EXPECT_EQ(code({0, 0}), StatusCode::kOk);
    EXPECT_EQ(code({4, 3, 1, 2, 3, 2, 1, 9}), StatusCode::kOk);
    EXPECT_EQ(code({5, 3, 1, 2, 3}), StatusCode::kUnsupported);
    EXPECT_EQ(code({4, 0, 1, 0}), StatusCode::kUnsupported);
    EXPECT_EQ(code({4, 3, 1, 2}), StatusCode::kInvalidStream);
  }
}

// Of both kinds of checksum, on both sides of the size where it changes.
TEST(Packet, EveryTruncationAndBitFlipIsRefused) {
  std::mt19937 rng(4);
  for (size_t side_size : {0u, 1u, 80u, 500u, 506u, 507u, 508u, 900u}) {
    FrameHeader header = RandomFrameHeader(rng);
    header.has_hash = false;
    const std::vector<uint8_t> side = RandomBytes(rng, side_size);
    const std::vector<uint8_t> latents = RandomBytes(rng, rng() % 2 * 40);
    const std::vector<uint8_t> bytes = WritePacket(header, side, latents).value();
    EXPECT_TRUE(ParsePacket(bytes).ok());
    for (size_t n = 0; n < bytes.size(); ++n) {
      EXPECT_FALSE(ParsePacket(std::span(bytes).first(n)).ok()) << n;
    }
    for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      std::vector<uint8_t> damaged = bytes;
      damaged[bit / 8] ^= 1 << (bit % 8);
      EXPECT_EQ(ParsePacket(damaged).status().code(), StatusCode::kInvalidStream) << bit;
    }
  }
}

TEST(Packet, WriterRefusesWhatCantBeSaid) {
  auto code = [](FrameHeader h) { return WritePacket(h, {}, {}).status().code(); };
  FrameHeader h;
  EXPECT_EQ(code(h), StatusCode::kInvalidArgument);  // a key frame is always stored
  h.store_slot = kReferenceSlots;
  EXPECT_EQ(code(h), StatusCode::kInvalidArgument);
  h.store_slot = kReferenceSlots - 1;
  EXPECT_EQ(code(h), StatusCode::kOk);
  h.qp = kMaxQp + 1;
  EXPECT_EQ(code(h), StatusCode::kInvalidArgument);
  h.qp = kMinQp - 1;
  EXPECT_EQ(code(h), StatusCode::kInvalidArgument);
  h.qp = 0;
  h.type = FrameType::kB;
  h.references = {0, kReferenceSlots};
  EXPECT_EQ(code(h), StatusCode::kInvalidArgument);
  h.references = {0, kReferenceSlots - 1};
  h.display_order = FrameHeader::kMaxDisplayOrder;
  EXPECT_EQ(code(h), StatusCode::kOk);
  ++h.display_order;
  EXPECT_EQ(code(h), StatusCode::kInvalidArgument);
  h.display_order = 1;
  h.last_of_gop = true;
  EXPECT_EQ(code(h), StatusCode::kInvalidArgument);  // it is stored
  h.store_slot = -1;
  EXPECT_EQ(code(h), StatusCode::kOk);
  h = {};
  h.store_slot = 0;
  h.gop_number = FrameHeader::kMaxGopNumber + 1;
  EXPECT_EQ(code(h), StatusCode::kInvalidArgument);
  h.gop_number = 0;
  h.has_hash = true;
  h.hash_pictures = FrameHeader::kMaxHashPictures + 1;
  EXPECT_EQ(code(h), StatusCode::kInvalidArgument);
  h.hash_pictures = 1;
  h.hash = 1u << 28;
  EXPECT_EQ(code(h), StatusCode::kInvalidArgument);
}

// Well-signed nonsense: whatever the bytes, sizes are checked and what is
// accepted can be written again to the same bytes.
TEST(Packet, RandomBytesWithGoodChecksums) {
  std::mt19937 rng(5);
  int accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::vector<uint8_t> bytes = SignPacket(RandomBytes(rng, rng() % 30));
    const auto packet = ParsePacket(bytes);
    if (!packet.ok()) continue;
    if (bytes[0] == 0xe0) continue;  // extensions are not written
    ++accepted;
    EXPECT_EQ(WritePacket(packet->header, packet->side, packet->latents).value(), bytes);
  }
  EXPECT_GT(accepted, 1000);
}

}  // namespace
}  // namespace furl
