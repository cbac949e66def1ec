// Field visitors: a header is described once, as
//
//   template <typename Visitor>
//   void VisitFields(Visitor& v, Header& h) {
//     v.Bits("quality", h.qp, 6);
//     v.Varint("width", h.width, 1, 16384);
//     if (h.stored) v.Bits("slot", h.slot, 2);
//   }
//
// and read, written and (in tests) filled with random legal values by that one
// description. A field that is not visited keeps the default of its struct.
// The first failure is kept; what is visited after it does nothing.

#ifndef FURL_BITSTREAM_FIELDS_H_
#define FURL_BITSTREAM_FIELDS_H_

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/status.h"
#include "bitstream/bits.h"

namespace furl {

// The largest value of a field's type, 1 for bool.
template <typename T>
constexpr uint64_t LargestOf() {
  return static_cast<uint64_t>(std::numeric_limits<T>::max());
}

// "width is 0, must be 1 to 16384".
std::string FieldRangeMessage(const char* name, uint64_t value, uint64_t min, uint64_t max);

// kInvalidStream: "width is truncated or malformed".
Status MalformedField(const char* name);

// An extension that is known: its number and its bytes.
using KnownExtension = std::pair<uint64_t, std::span<const uint8_t>>;

// Reads what later versions add: a size in bytes (varint), then as many bytes of extensions.
// Each is a number (varint), a size in bytes (varint) and its bytes. The one with the number of
// `known` (may be null) gives its bytes to it; where it comes twice: kInvalidStream. Others with
// even numbers are skipped; those with odd ones must be understood: kUnsupported.
Status ReadExtensions(const char* name, BitReader* reader, KnownExtension* known);

// Writes them, of which there is at most one.
void WriteExtensions(const KnownExtension* known, BitWriter* writer);

// One of several whole numbers that are written as one, in a mixed radix.
struct FieldDigit {
  const char* name;
  int* value;
  int radix;  // the value is 0..radix - 1
};

// How many bits the largest number of such digits has; at most 32.
int BitsOf(std::span<const FieldDigit> digits);

class FieldReader {
 public:
  explicit FieldReader(BitReader* reader) : reader_(reader) {}

  // A number of `count` (1..32) bits within [min, max].
  template <typename T>
  void Bits(const char* name, T& value, int count, uint64_t min = 0, uint64_t max = UINT64_MAX) {
    if (status_.ok()) Set(name, value, reader_->Bits(count), min, max);
  }
  template <typename T>
  void Varint(const char* name, T& value, uint64_t min = 0, uint64_t max = UINT64_MAX) {
    if (status_.ok()) Set(name, value, reader_->Varint(), min, max);
  }
  // Groups of 6 bits, low ones first, each behind a bit that says if another
  // follows; at most 3 groups, 18 bits.
  template <typename T>
  void Groups(const char* name, T& value, uint64_t max) {
    if (!status_.ok()) return;
    uint32_t number = 0;
    uint32_t group = 0;
    bool more = true;
    int i = 0;
    for (; i < 3 && more; ++i) {
      more = reader_->Bits(1);
      group = reader_->Bits(6);
      number |= group << (6 * i);
    }
    if (more || (i > 1 && group == 0)) return Fail(name);  // too long, or longer than needed
    Set(name, value, number, 0, max);
  }
  // The first digit counts most.
  void Digits(std::span<const FieldDigit> digits) {
    if (!status_.ok()) return;
    uint32_t number = reader_->Bits(BitsOf(digits));
    for (size_t i = digits.size(); i-- > 0;) {
      const uint32_t radix = i > 0 ? static_cast<uint32_t>(digits[i].radix) : UINT32_MAX;
      Set(digits[i].name, *digits[i].value, number % radix, 0, digits[i].radix - 1);
      number /= radix;
    }
  }
  void Uint32(const char* name, uint32_t& value) {
    if (status_.ok()) Set(name, value, reader_->Uint32(), 0, UINT32_MAX);
  }
  void Bytes(const char* name, std::span<uint8_t> value) {
    if (!status_.ok()) return;
    const std::span<const uint8_t> bytes = reader_->Bytes(value.size());
    if (bytes.size() != value.size()) return Fail(name);
    std::copy(bytes.begin(), bytes.end(), value.begin());
  }
  void Extensions(const char* name) {
    if (status_.ok()) status_ = ReadExtensions(name, reader_, nullptr);
  }
  // With one that is known, of the fields that visit(visitor, value) visits.
  template <typename T, typename Visit>
  void Extensions(const char* name, uint64_t number, std::optional<T>& value, const Visit& visit) {
    KnownExtension known = {number, {}};
    if (status_.ok()) status_ = ReadExtensions(name, reader_, &known);
    if (!status_.ok() || known.second.empty()) return;
    BitReader bytes(known.second);
    FieldReader fields(&bytes);
    visit(fields, value.emplace());
    fields.Align(name);
    status_ = fields.status();
    if (status_.ok() && bytes.remaining() != 0) Fail(name);
  }
  // Reserved bits.
  void Zero(const char* name, int count) {
    uint32_t bits = 0;
    Bits(name, bits, count, 0, 0);
  }
  void Align(const char* name) {
    if (!status_.ok()) return;
    reader_->Align();
    if (reader_->failed()) Fail(name);
  }

  const Status& status() const { return status_; }

 private:
  template <typename T>
  void Set(const char* name, T& value, uint64_t number, uint64_t min, uint64_t max) {
    if (reader_->failed()) return Fail(name);
    max = std::min(max, LargestOf<T>());
    if (number < min || number > max) {
      status_ = InvalidStream(FieldRangeMessage(name, number, min, max));
      return;
    }
    value = static_cast<T>(number);
  }
  void Fail(const char* name) { status_ = MalformedField(name); }

  BitReader* reader_;
  Status status_;
};

class FieldWriter {
 public:
  explicit FieldWriter(BitWriter* writer) : writer_(writer) {}

  template <typename T>
  void Bits(const char* name, T& value, int count, uint64_t min = 0, uint64_t max = UINT64_MAX) {
    const uint64_t largest = (uint64_t{1} << count) - 1;
    if (Check(name, value, min, max < largest ? max : largest)) {
      writer_->Bits(static_cast<uint32_t>(value), count);
    }
  }
  template <typename T>
  void Varint(const char* name, T& value, uint64_t min = 0, uint64_t max = UINT64_MAX) {
    if (Check(name, value, min, max)) writer_->Varint(static_cast<uint64_t>(value));
  }
  template <typename T>
  void Groups(const char* name, T& value, uint64_t max) {
    if (!Check(name, value, 0, max)) return;
    uint32_t rest = static_cast<uint32_t>(value);
    do {
      writer_->Bits(rest >> 6 ? 1 : 0, 1);
      writer_->Bits(rest & 63, 6);
      rest >>= 6;
    } while (rest != 0);
  }
  void Digits(std::span<const FieldDigit> digits) {
    uint32_t number = 0;
    for (const FieldDigit& digit : digits) {
      if (!Check(digit.name, *digit.value, 0, digit.radix - 1)) return;
      number = number * digit.radix + static_cast<uint32_t>(*digit.value);
    }
    writer_->Bits(number, BitsOf(digits));
  }
  void Uint32(const char*, uint32_t& value) { writer_->Uint32(value); }
  void Bytes(const char*, std::span<uint8_t> value) { writer_->Bytes(value); }
  void Extensions(const char*) { WriteExtensions(nullptr, writer_); }
  template <typename T, typename Visit>
  void Extensions(const char* name, uint64_t number, std::optional<T>& value, const Visit& visit) {
    if (!value.has_value()) return Extensions(name);
    BitWriter bytes;
    FieldWriter fields(&bytes);
    visit(fields, *value);
    bytes.Align();
    if (status_.ok()) status_ = fields.status();
    const KnownExtension known = {number, bytes.bytes()};
    WriteExtensions(&known, writer_);
  }
  void Zero(const char*, int count) { writer_->Bits(0, count); }
  void Align(const char*) { writer_->Align(); }

  const Status& status() const { return status_; }

 private:
  template <typename T>
  bool Check(const char* name, T value, uint64_t min, uint64_t max) {
    if (!status_.ok()) return false;
    const uint64_t number = static_cast<uint64_t>(value);  // negative ones are huge
    max = std::min(max, LargestOf<T>());
    if (number >= min && number <= max) return true;
    status_ = InvalidArgument(FieldRangeMessage(name, number, min, max));
    return false;
  }

  BitWriter* writer_;
  Status status_;
};

}  // namespace furl

#endif  // FURL_BITSTREAM_FIELDS_H_
