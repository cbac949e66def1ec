#include "bitstream/packet.h"

#include "base/crc32c.h"
#include "bitstream/checksum.h"
#include "bitstream/fields.h"
#include "image/coding_scales.h"

namespace furl {
namespace {

// Packets of this size and above end in CRC-32C, others in CRC-16.
constexpr size_t kLongPacket = 512;

// The first three bits: what kind of frame, and (because I frames always are, B frames mostly
// are not and what comes last never needs to be) whether it is stored, and whether it is the last
// of its GOP.
enum Kind : uint8_t { kIntra, kPStored, kPUnstored, kBStored, kBUnstored, kPLast, kBLast };

Kind KindOf(const FrameHeader& h) {
  if (h.type == FrameType::kI) return kIntra;
  const bool p = h.type == FrameType::kP;
  if (h.last_of_gop) return p ? kPLast : kBLast;
  if (h.store_slot >= 0) return p ? kPStored : kBStored;
  return p ? kPUnstored : kBUnstored;
}

FrameType TypeOf(Kind kind) {
  if (kind == kIntra) return FrameType::kI;
  return kind == kPStored || kind == kPUnstored || kind == kPLast ? FrameType::kP : FrameType::kB;
}

// What an I frame says about GOPs. One that is the last of its GOP is all of it.
template <typename Visitor>
void VisitGop(Visitor& v, FrameHeader& h) {
  v.Bits("last of its GOP", h.last_of_gop, 1);
  v.Bits("GOP number", h.gop_number, 6, 0, FrameHeader::kMaxGopNumber);
  bool says = h.frames_before != 0;
  v.Bits("GOP before flag", says, 1);
  if (!says) return;
  int more = h.frames_before - 1;  // than one
  v.Groups("frames of the GOP before", more, FrameHeader::kMaxDisplayOrder);
  h.frames_before = more + 1;
}

bool IsStored(uint8_t kind) { return kind == kIntra || kind == kPStored || kind == kBStored; }

// As the digits of one number, which saves a bit where there are two slots.
template <typename Visitor>
void VisitQpAndSlots(Visitor& v, bool stored, FrameHeader& h) {
  int qp = h.qp - kMinQp;
  std::array<FieldDigit, 4> digits = {{{"QP", &qp, kQpRange}}};
  size_t count = 1;
  for (int i = 0; i < h.reference_count(); ++i) {
    digits[count++] = {"reference", &h.references[i], kReferenceSlots};
  }
  if (stored) digits[count++] = {"stored slot", &h.store_slot, kReferenceSlots};
  v.Digits(std::span(digits).first(count));
  h.qp = qp + kMinQp;
}

template <typename Visitor>
void VisitFields(Visitor& v, FrameHeader& h, bool& has_latents) {
  uint8_t kind = KindOf(h);
  v.Bits("frame type", kind, 3, 0, kBLast);
  if (!v.status().ok()) return;
  h.type = TypeOf(static_cast<Kind>(kind));
  if (kind == kPLast || kind == kBLast) h.last_of_gop = true;
  VisitQpAndSlots(v, IsStored(kind), h);
  if (h.type != FrameType::kI)
    v.Groups("display order", h.display_order, FrameHeader::kMaxDisplayOrder);
  if (kind == kIntra) VisitGop(v, h);
  if (kind == kPLast || kind == kBLast) {
    v.Groups("frames shown later", h.shown_later, FrameHeader::kMaxDisplayOrder);
  }
  v.Bits("latents flag", has_latents, 1);
  v.Bits("hash flag", h.has_hash, 1);
  v.Align("header padding");
  if (h.has_hash) {
    v.Bits("hash", h.hash, 28);
    int more = h.hash_pictures - 1;
    v.Bits("pictures of the hash", more, 4, 0, FrameHeader::kMaxHashPictures - 1);
    h.hash_pictures = more + 1;
  }
}

// The first byte of a packet that begins with extensions: 3 bits of a kind that no frame has,
// and zeros.
constexpr uint8_t kExtensionsMark = 0xe0;

// Reads what stands before the side size. `reader` is at the start of `content`.
Result<FrameHeader> ReadHeader(std::span<const uint8_t> content, BitReader* reader,
                               bool* has_latents) {
  FieldReader visitor(reader);
  if (!content.empty() && content[0] == kExtensionsMark) {
    reader->Bits(8);
    visitor.Extensions("extensions");
  }
  FrameHeader header;
  VisitFields(visitor, header, *has_latents);
  if (!visitor.status().ok()) return visitor.status().WithContext("packet");
  return header;
}

size_t ChecksumBytes(size_t packet_size) { return packet_size < kLongPacket ? 2 : 4; }

}  // namespace

uint32_t ChainHash(uint32_t chain, uint32_t frame_hash) {
  uint8_t bytes[4];
  for (int i = 0; i < 4; ++i) bytes[i] = static_cast<uint8_t>(frame_hash >> (8 * i));
  return Crc32c(bytes, chain);
}

bool PacketChecksumMatches(std::span<const uint8_t> data) {
  const size_t crc_bytes = ChecksumBytes(data.size());
  if (data.size() < crc_bytes) return false;
  const std::span<const uint8_t> content = data.first(data.size() - crc_bytes);
  BitReader crc(data.last(crc_bytes));
  if (crc_bytes == 2) return ChecksumMatches(crc.Uint16(), Crc16(content));
  return ChecksumMatches(crc.Uint32(), Crc32c(content));
}

Result<PacketView> ParsePacket(std::span<const uint8_t> data) {
  if (!PacketChecksumMatches(data)) return InvalidStream("packet is damaged (checksum)");
  const std::span<const uint8_t> content = data.first(data.size() - ChecksumBytes(data.size()));
  BitReader reader(content);
  PacketView packet;
  bool has_latents = false;
  FURL_ASSIGN_OR_RETURN(packet.header, ReadHeader(content, &reader, &has_latents));
  if (!has_latents) {
    packet.side = reader.Bytes(reader.remaining());
    return packet;
  }
  const uint64_t side_size = reader.Varint();
  if (reader.failed() || side_size >= reader.remaining()) {
    return InvalidStream("packet: side size is larger than the packet");
  }
  packet.side = reader.Bytes(static_cast<size_t>(side_size));
  packet.latents = reader.Bytes(reader.remaining());
  return packet;
}

Result<FrameHeader> PeekFrameHeader(std::span<const uint8_t> data) {
  BitReader reader(data);
  bool has_latents = false;
  return ReadHeader(data, &reader, &has_latents);
}

Result<std::vector<uint8_t>> WritePacket(const FrameHeader& header, std::span<const uint8_t> side,
                                         std::span<const uint8_t> latents) {
  if (header.last_of_gop && !header.key() && header.store_slot >= 0) {
    return InvalidArgument("the last frame of a GOP is stored for nobody");
  }
  FrameHeader copy = header;
  BitWriter writer;
  FieldWriter visitor(&writer);
  bool has_latents = !latents.empty();
  VisitFields(visitor, copy, has_latents);
  if (!visitor.status().ok()) return visitor.status();
  if (has_latents) writer.Varint(side.size());
  writer.Bytes(side);
  writer.Bytes(latents);
  if (writer.bytes().size() + 2 < kLongPacket) {
    writer.Uint16(Crc16(writer.bytes()));
  } else {
    writer.Uint32(Crc32c(writer.bytes()));
  }
  return writer.Take();
}

}  // namespace furl
