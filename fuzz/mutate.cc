#include "fuzz/mutate.h"

#include <algorithm>
#include <utility>

#include "bitstream/bitstream_test_util.h"
#include "bitstream/packet.h"
#include "image/coding_scales.h"

namespace furl {
namespace {

constexpr size_t kPacketRoom = 64;  // how much one change adds to a packet

int Below(std::mt19937* random, int end) {
  return static_cast<int>((*random)() % static_cast<uint32_t>(end));
}

void MutateHeader(std::mt19937* random, FrameHeader* header) {
  switch (Below(random, 8)) {
    case 0: header->qp = kMinQp + Below(random, kQpRange); break;
    case 1:
      header->display_order = Below(random, Below(random, 4) ? 20 : FrameHeader::kMaxDisplayOrder);
      break;
    case 2:
      for (int& reference : header->references) reference = Below(random, kReferenceSlots);
      break;
    case 3: header->type = static_cast<FrameType>(Below(random, 3)); break;
    case 4: header->store_slot = Below(random, kReferenceSlots + 1) - 1; break;
    case 5: header->last_of_gop = !header->last_of_gop; break;
    case 6:
      header->gop_number = Below(random, FrameHeader::kMaxGopNumber + 1);
      header->frames_before = header->shown_later = Below(random, 8);
      break;
    default:
      header->has_hash = !header->has_hash;
      header->hash_pictures = 1 + Below(random, FrameHeader::kMaxHashPictures);
  }
  // What no writer accepts: I frames are stored and first, others tell nothing of other GOPs.
  if (header->key()) {
    header->display_order = header->shown_later = 0;
    header->store_slot = std::max(header->store_slot, 0);
  } else {
    header->gop_number = header->frames_before = 0;
    if (header->last_of_gop) header->store_slot = -1;
    if (!header->last_of_gop) header->shown_later = 0;
  }
}

}  // namespace

void Mutate(size_t room, Bytes* bytes) {
  const size_t size = bytes->size();
  bytes->resize(size + std::max<size_t>(room, 1));
  bytes->resize(LLVMFuzzerMutate(bytes->data(), size, bytes->size()));
}

Bytes MutatePacket(std::span<const uint8_t> packet, std::mt19937* random) {
  const Result<PacketView> parsed = ParsePacket(packet);
  if (!parsed.ok() || Below(random, 4) == 0) {
    const size_t checksum = std::min<size_t>(packet.size(), packet.size() < 512 ? 2 : 4);
    Bytes content(packet.begin(), packet.end() - static_cast<ptrdiff_t>(checksum));
    Mutate(kPacketRoom, &content);
    return SignPacket(std::move(content));
  }
  FrameHeader header = parsed->header;
  Bytes side(parsed->side.begin(), parsed->side.end());
  Bytes latents(parsed->latents.begin(), parsed->latents.end());
  const int what = Below(random, 8);
  if (what < 2) {
    MutateHeader(random, &header);
  } else if (what < 5 || latents.empty()) {
    Mutate(kPacketRoom, &side);
  } else if (what < 7) {
    Mutate(kPacketRoom, &latents);
  } else {
    std::swap(side, latents);
  }
  header.hash = 0;
  const Result<Bytes> written = WritePacket(header, side, latents);
  return written.ok() ? *written : Bytes(packet.begin(), packet.end());
}

void MutatePackets(std::mt19937* random, std::vector<Bytes>* packets) {
  if (packets->empty()) packets->emplace_back();
  const auto any = [&] {
    return packets->begin() + Below(random, static_cast<int>(packets->size()));
  };
  switch (Below(random, 10)) {
    case 0: std::swap(*any(), *any()); break;
    case 1: {
      const Bytes copy = *any();
      packets->insert(any(), copy);
      break;
    }
    case 2: packets->erase(any()); break;
    default: {
      Bytes& packet = *any();
      packet = MutatePacket(packet, random);
    }
  }
}

size_t GiveBack(const Bytes& bytes, uint8_t* data, size_t max_size) {
  const size_t size = std::min(bytes.size(), max_size);
  std::copy_n(bytes.begin(), size, data);
  return size;
}

}  // namespace furl
