#include "bitstream/packet.h"

#include "base/crc32c.h"
#include "bitstream/checksum.h"
#include "bitstream/fields.h"

namespace furl {
namespace {

// Packets of this size and above end in CRC-32C, others in CRC-16.
constexpr size_t kLongPacket = 512;

constexpr int kSlotBits = 3;

// The first three bits: what kind of frame, and (because I frames always are
// and B frames mostly are not) whether it is stored.
enum Kind : uint8_t { kIntra, kPStored, kPUnstored, kBStored, kBUnstored };

Kind KindOf(const FrameHeader& h) {
  if (h.type == FrameType::kI) return kIntra;
  if (h.type == FrameType::kP) return h.store_slot >= 0 ? kPStored : kPUnstored;
  return h.store_slot >= 0 ? kBStored : kBUnstored;
}

FrameType TypeOf(Kind kind) {
  if (kind == kIntra) return FrameType::kI;
  return kind == kPStored || kind == kPUnstored ? FrameType::kP : FrameType::kB;
}

template <typename Visitor>
void VisitFields(Visitor& v, FrameHeader& h, bool& has_latents) {
  uint8_t kind = KindOf(h);
  v.Bits("frame type", kind, 3, 0, kBUnstored);
  if (!v.status().ok()) return;
  h.type = TypeOf(static_cast<Kind>(kind));
  v.Bits("QP", h.qp, 6);
  if (h.type != FrameType::kI)
    v.Groups("display order", h.display_order, FrameHeader::kMaxDisplayOrder);
  for (int i = 0; i < h.reference_count(); ++i) {
    v.Bits("reference", h.references[i], kSlotBits, 0, kReferenceSlots - 1);
  }
  if (kind == kIntra || kind == kPStored || kind == kBStored) {
    v.Bits("stored slot", h.store_slot, kSlotBits, 0, kReferenceSlots - 1);
  }
  v.Bits("latents flag", has_latents, 1);
  v.Bits("hash flag", h.has_hash, 1);
  v.Align("header padding");
  if (h.has_hash) v.Uint32("frame hash", h.hash);
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
