#include "cli/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdint>

namespace furl::cli {
namespace {

struct Character {
  uint32_t code = 0;
  size_t size = 0;  // in bytes; 0: no UTF-8
};

// The character at the front of `text`, which isn't empty.
Character FirstCharacter(std::string_view text) {
  const auto lead = static_cast<uint8_t>(text[0]);
  if (lead < 0x80) return {lead, 1};
  const auto size = static_cast<size_t>(std::countl_one(lead));
  if (size < 2 || size > 4 || size > text.size()) return {};
  uint32_t code = lead & (0x7fu >> size);
  for (size_t i = 1; i < size; ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if ((byte & 0xc0) != 0x80) return {};
    code = code << 6 | (byte & 0x3f);
  }
  // A longer form than it needs hides what it is.
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kLeast[size] || code > 0x10ffff) return {};
  return {code, size};
}

bool IsControl(uint32_t code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }

bool TurnsDirection(uint32_t code) {
  return code == 0x61c || code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character c = FirstCharacter(text);
    const size_t size = std::max<size_t>(c.size, 1);
    const bool obeyed =
        (IsControl(c.code) && c.code != '\n' && c.code != '\t') || TurnsDirection(c.code);
    if (c.size == 0) {
      out += fmt::format("\\x{:02x}", static_cast<uint8_t>(text[0]));
    } else if (!obeyed) {
      out += text.substr(0, size);
    } else {
      out += c.code < 0x100 ? fmt::format("\\x{:02x}", c.code) : fmt::format("\\u{:04x}", c.code);
    }
    text.remove_prefix(size);
  }
  return out;
}

std::string PrintableJson(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  while (!json.empty()) {
    const Character c = FirstCharacter(json);
    const size_t size = std::max<size_t>(c.size, 1);
    if (IsControl(c.code) && c.code >= 0x7f) {
      out += fmt::format("\\u{:04x}", c.code);
    } else {
      out += json.substr(0, size);
    }
    json.remove_prefix(size);
  }
  return out;
}

}  // namespace furl::cli
