#include "media/sei/user_data_sei.h"

#include <algorithm>

#include "bitstream/user_data.h"

namespace furl::media {
namespace {

constexpr uint32_t kUnregistered = 5;  // the type of the message, in both standards
constexpr uint8_t kAvcSeiHead = 6;     // a NAL unit's first byte: never a reference
constexpr uint8_t kHevcSeiHead = 39 << 1;
constexpr uint8_t kHevcPlain = 1;  // the second byte: layer 0, temporal layer 0
constexpr uint8_t kLast = 0x80;    // behind the last message of a unit

size_t HeadSize(const NalForm& form) { return form.hevc ? 2 : 1; }

// `picture` is the unit that follows, of whose temporal layer the SEI is.
std::vector<uint8_t> MakeSei(const NalForm& form, std::span<const uint8_t> picture,
                             std::span<const uint8_t> message) {
  std::vector<uint8_t> nal = {form.hevc ? kHevcSeiHead : kAvcSeiHead};
  if (form.hevc) {
    nal.push_back(static_cast<uint8_t>(picture.size() > 1 ? picture[1] & 7 : kHevcPlain));
  }
  std::vector<uint8_t> payload = {kUnregistered};
  payload.insert(payload.end(), message.size() / 255, 255);
  payload.push_back(static_cast<uint8_t>(message.size() % 255));
  payload.insert(payload.end(), message.begin(), message.end());
  payload.push_back(kLast);
  AppendEscaped(payload, &nal);
  return nal;
}

// A number of the SEI syntax: bytes of 255 that add up, and a last one that is less.
bool ReadNumber(std::span<const uint8_t>* bytes, size_t* value) {
  for (*value = 0; !bytes->empty();) {
    const uint8_t byte = bytes->front();
    *bytes = bytes->subspan(1);
    *value += byte;
    if (byte != 255) return true;
  }
  return false;
}

// Appends furl's messages of an SEI unit; whether it has no others.
bool TakeMessages(const NalForm& form, std::span<const uint8_t> nal,
                  std::vector<std::vector<uint8_t>>* messages) {
  if (nal.size() <= HeadSize(form)) return false;
  const std::vector<uint8_t> payload = Unescaped(nal.subspan(HeadSize(form)));
  std::span<const uint8_t> left = payload;
  bool alone = true;
  while (left.size() > 1) {
    size_t type = 0;
    size_t size = 0;
    if (!ReadNumber(&left, &type) || !ReadNumber(&left, &size) || size > left.size()) return false;
    const auto message = left.first(size);
    left = left.subspan(size);
    if (type == kUnregistered && IsUserData(message)) {
      messages->emplace_back(message.begin(), message.end());
    } else {
      alone = false;
    }
  }
  return alone;
}

}  // namespace

Result<std::vector<uint8_t>> InsertUserData(const NalForm& form, std::span<const uint8_t> packet,
                                            std::span<const std::vector<uint8_t>> messages) {
  const auto nals = SplitNals(form, packet);
  const auto picture = std::find_if(nals.begin(), nals.end(),
                                    [&form](const auto nal) { return IsPicture(form, nal); });
  if (picture == nals.end()) return Unsupported("a packet of the base has no picture");
  const auto at = static_cast<ptrdiff_t>(BeginOf(form, packet, *picture));
  std::vector<uint8_t> out(packet.begin(), packet.begin() + at);
  for (const auto& message : messages) {
    if (!AppendNal(form, MakeSei(form, *picture, message), &out)) {
      return Unsupported("the base's lengths of NAL units are too short for furl's packets");
    }
  }
  out.insert(out.end(), packet.begin() + at, packet.end());
  return out;
}

UserDataSplit SplitUserData(const NalForm& form, std::span<const uint8_t> packet) {
  UserDataSplit split;
  std::vector<uint8_t> rest;
  size_t kept = 0;  // up to where the packet has been copied or left out
  for (const auto nal : SplitNals(form, packet)) {
    const size_t before = split.messages.size();
    const bool drop = IsSei(form, nal) && TakeMessages(form, nal, &split.messages) &&
                      split.messages.size() > before;
    if (!drop) continue;
    const size_t begin = BeginOf(form, packet, nal);
    rest.insert(rest.end(), packet.begin() + static_cast<ptrdiff_t>(kept),
                packet.begin() + static_cast<ptrdiff_t>(begin));
    kept = static_cast<size_t>(nal.data() - packet.data()) + nal.size();
  }
  if (split.messages.empty()) return split;
  rest.insert(rest.end(), packet.begin() + static_cast<ptrdiff_t>(kept), packet.end());
  split.rest = std::move(rest);
  return split;
}

}  // namespace furl::media
