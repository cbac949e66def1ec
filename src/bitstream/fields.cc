#include "bitstream/fields.h"

#include <bit>

namespace furl {

int BitsOf(std::span<const FieldDigit> digits) {
  uint32_t values = 1;
  for (const FieldDigit& digit : digits) values *= static_cast<uint32_t>(digit.radix);
  return std::bit_width(values - 1);
}

std::string FieldRangeMessage(const char* name, uint64_t value, uint64_t min, uint64_t max) {
  return std::string(name) + " is " + std::to_string(static_cast<int64_t>(value)) + ", must be " +
         std::to_string(min) + " to " + std::to_string(max);
}

Status MalformedField(const char* name) {
  return InvalidStream(std::string(name) + " is truncated or malformed");
}

Status ReadExtensions(const char* name, BitReader* reader, KnownExtension* known) {
  const uint64_t total = reader->Varint();
  if (reader->failed() || total > reader->remaining()) return MalformedField(name);
  BitReader extensions(reader->Bytes(static_cast<size_t>(total)));
  bool found = false;
  while (extensions.remaining() > 0) {
    const uint64_t number = extensions.Varint();
    const uint64_t size = extensions.Varint();
    if (extensions.failed() || size > extensions.remaining()) return MalformedField(name);
    const std::span<const uint8_t> bytes = extensions.Bytes(static_cast<size_t>(size));
    if (known != nullptr && number == known->first) {
      if (found || bytes.empty()) return MalformedField(name);
      found = true;
      known->second = bytes;
    } else if (number % 2 != 0) {
      return Unsupported("extension " + std::to_string(number) +
                         " must be understood, but is not known to this decoder");
    }
  }
  return OkStatus();
}

void WriteExtensions(const KnownExtension* known, BitWriter* writer) {
  BitWriter extensions;
  if (known != nullptr) {
    extensions.Varint(known->first);
    extensions.Varint(known->second.size());
    extensions.Bytes(known->second);
  }
  writer->Varint(extensions.bytes().size());
  writer->Bytes(extensions.bytes());
}

}  // namespace furl
