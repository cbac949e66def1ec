// What the packets of a base carry: SEI of H.264 and H.265 with furl's messages. Messages and rest
// are parts of the packet, and what is put in comes out again and leaves the packet as it was.
//
// Input: form (bit 0: H.265, bits 1 and 2: bytes of lengths, 3 is 4), the packet.

#include <algorithm>

#include "bitstream/user_data.h"
#include "fuzz/fuzz_util.h"
#include "media/sei/user_data_sei.h"

namespace furl {
namespace {

void CheckMessage(std::span<const uint8_t> message) {
  FUZZ_CHECK(IsUserData(message));
  const auto parsed = ParseUserData(message);
  if (!parsed.ok()) {
    FUZZ_CHECK(!parsed.status().message().empty());
    return;
  }
  const auto* packet = std::get_if<UserDataPacket>(&*parsed);
  if (packet == nullptr) return;
  FUZZ_CHECK(packet->duration >= 0 && !packet->data.empty());
  const Bytes again = WriteUserData(*packet);
  const auto same = std::get<UserDataPacket>(ParseUserData(again).value());
  FUZZ_CHECK(same.since_unit == packet->since_unit && same.duration == packet->duration);
  FUZZ_CHECK(same.key == packet->key && std::ranges::equal(same.data, packet->data));
}

void CheckPacket(const media::NalForm& form, std::span<const uint8_t> packet) {
  const media::UserDataSplit split = media::SplitUserData(form, packet);
  FUZZ_CHECK(split.rest.size() <= packet.size());
  size_t bytes = 0;  // units with others' messages stay in the rest, too
  for (const Bytes& message : split.messages) {
    CheckMessage(message);
    bytes += message.size();
  }
  FUZZ_CHECK(bytes <= packet.size());
  const Bytes header = {0, 0, 1, 0, 0, 3};
  const std::vector<Bytes> messages = {WriteUserData(UserDataHeader{header})};
  const auto with = media::InsertUserData(form, packet, messages);
  if (!with.ok()) return;  // it has no picture
  const media::UserDataSplit again = media::SplitUserData(form, *with);
  FUZZ_CHECK(again.messages.size() == split.messages.size() + 1);
  FUZZ_CHECK(std::ranges::count(again.messages, messages[0]) >= 1);
  FUZZ_CHECK(split.messages.empty() ? std::ranges::equal(again.rest, packet)
                                    : again.rest == split.rest);
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  furl::FuzzInput input(data, size);
  const uint8_t kind = input.Byte();
  const int length = kind >> 1 & 3;
  furl::CheckPacket({(kind & 1) != 0, length == 3 ? 4 : length}, input.rest());
  return 0;
}
