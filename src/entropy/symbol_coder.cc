#include "entropy/symbol_coder.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace furl {
namespace {

constexpr int kPrecision = SymbolTables::kPrecision;
constexpr uint32_t kSlotMask = (1u << kPrecision) - 1;

// States lie in [2^16, 2^32) between symbols; 16 bits move at a time, so that
// one move always brings a state back into its interval.
constexpr uint32_t kMinState = 1u << 16;

// The most bytes that one group of symbols (one per lane) can read: a symbol
// takes at most 12 + 15 + 15 + 8 bits.
constexpr ptrdiff_t kGroupBytes = 64;

// ---- Encoding -------------------------------------------------------------

// Writes words from the last to the first.
class RansWriter {
 public:
  void Put(uint32_t* state, uint32_t start, uint32_t size) {
    if (*state >> (32 - kPrecision) >= size) Move(state);
    *state = ((*state / size) << kPrecision) + *state % size + start;
  }

  // `bits` in 0..16.
  void PutRaw(uint32_t* state, uint32_t value, int bits) {
    if (bits > 0 && *state >> (32 - bits) != 0) Move(state);
    *state = (*state << bits) | value;
  }

  std::vector<uint8_t> Finish(const std::array<uint32_t, kRansLanes>& states) && {
    std::vector<uint8_t> bytes;
    bytes.reserve(4 * states.size() + 2 * words_.size());
    for (const uint32_t x : states) {
      for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<uint8_t>(x >> shift));
    }
    for (size_t i = words_.size(); i-- > 0;) {
      bytes.push_back(static_cast<uint8_t>(words_[i]));
      bytes.push_back(static_cast<uint8_t>(words_[i] >> 8));
    }
    return bytes;
  }

 private:
  void Move(uint32_t* state) {
    words_.push_back(static_cast<uint16_t>(*state));
    *state >>= 16;
  }

  std::vector<uint16_t> words_;
};

// ---- Decoding -------------------------------------------------------------

// One source of parts and raw bits per way of coding; DecodeSymbol is the same.
struct RangeSource {
  RangeDecoder& decoder;
  const SymbolTables& tables;

  int Slot(int s) {
    const int slot = tables.slot_at(s, decoder.DecodeTarget(kPrecision));
    const SymbolTables::Part part = tables.part(s, slot);
    decoder.ConsumePart(part.start, part.size);
    return slot;
  }
  uint32_t Raw(int bits) { return decoder.DecodeRaw(bits); }
};

template <bool kChecked>
struct LaneSource {
  const SymbolTables& tables;
  const uint8_t*& next;
  const uint8_t* end;
  uint32_t& state;
  bool& damaged;

  int Slot(int s) {
    const uint32_t position = state & kSlotMask;
    const int slot = tables.slot_at(s, position);
    const SymbolTables::Part part = tables.part(s, slot);
    state = part.size * (state >> kPrecision) + position - part.start;
    Refill();
    return slot;
  }
  uint32_t Raw(int bits) {
    const uint32_t value = state & ((1u << bits) - 1);
    state >>= bits;
    Refill();
    return value;
  }
  void Refill() {
    if constexpr (kChecked) {
      if (state >= kMinState) return;
      uint32_t word = 0;
      if (end - next >= 2) {
        word = next[0] | (uint32_t{next[1]} << 8);
        next += 2;
      } else {
        damaged = true;
      }
      state = (state << 16) | word;
    } else {  // without a branch that could be mispredicted
      const uint32_t word = next[0] | (uint32_t{next[1]} << 8);
      const bool refill = state < kMinState;
      state = refill ? (state << 16) | word : state;
      next += refill ? 2 : 0;
    }
  }
};

// |hi| beyond the table. Ends after a bounded number of bits whatever they are.
template <typename Source>
int DecodeEscape(Source& source, bool* damaged) {
  int bits = 0;
  while (source.Raw(1) == 0) {
    if (++bits > SymbolTables::kMaxEscapeBits) {
      *damaged = true;
      return 0;
    }
  }
  const uint32_t rest = source.Raw(bits + 1);
  const int magnitude = SymbolTables::kMaxHi + static_cast<int>((1u << bits) | (rest >> 1));
  return rest & 1 ? -magnitude : magnitude;
}

template <typename Source>
inline int16_t DecodeSymbol(Source&& source, int s, bool* damaged) {
  const int slot = source.Slot(s);
  int q = SymbolTables::HiOfSlot(slot);
  if (slot == SymbolTables::kEscape) [[unlikely]]
    q = DecodeEscape(source, damaged);
  const int raw_bits = SymbolTables::RawBits(s);
  if (raw_bits > 0) q = q * (1 << raw_bits) + static_cast<int>(source.Raw(raw_bits));
  if (q < -SymbolTables::kMaxSymbol || q > SymbolTables::kMaxSymbol) [[unlikely]] {
    *damaged = true;
    q = 0;
  }
  return static_cast<int16_t>(q);
}

// Writes the indices of the entries that are coded (not 0), returns how many.
int FindCoded(const uint8_t* scale_index, int count, uint16_t* coded) {
  int found = 0;
  int i = 0;
  for (; i + 8 <= count; i += 8) {
    uint64_t eight;
    std::memcpy(&eight, scale_index + i, 8);
    if (eight == 0) continue;
    for (int k = 0; k < 8; ++k) {
      coded[found] = static_cast<uint16_t>(i + k);
      found += scale_index[i + k] != 0;
    }
  }
  for (; i < count; ++i) {
    coded[found] = static_cast<uint16_t>(i);
    found += scale_index[i] != 0;
  }
  return found;
}

}  // namespace

void SymbolEncoder::AddBatch(std::span<const uint8_t> scale_index, const int16_t* q) {
  for (size_t i = 0; i < scale_index.size(); ++i) {
    const uint8_t s = scale_index[i];
    FURL_DASSERT(s < SymbolTables::kRows && (s != 0 || q[i] == 0));
    if (s == 0) continue;
    symbols_.push_back({q[i], s});
    cost_ += tables_->Cost(s, q[i]);
  }
}

std::vector<uint8_t> SymbolEncoder::Finish(RangeEncoder* side, uint64_t section_bytes) {
  std::vector<uint8_t> section;
  if (!symbols_.empty()) {
    if (cost_ < section_bytes * 8 * 256) {
      WriteTo(side);
    } else {
      section = WriteSection();
    }
  }
  symbols_.clear();
  cost_ = 0;
  return section;
}

void SymbolEncoder::WriteTo(RangeEncoder* side) const {
  for (const Symbol symbol : symbols_) {
    const SymbolParts parts = SplitSymbol(symbol.s, symbol.q);
    const SymbolTables::Part part = tables_->part(symbol.s, parts.slot);
    side->EncodePart(part.start, part.size, kPrecision);
    if (parts.slot == SymbolTables::kEscape) {
      for (int k = 0; k < parts.escape_bits; ++k) side->EncodeRaw(0, 1);
      side->EncodeRaw(1, 1);
      side->EncodeRaw(parts.escape, parts.escape_bits + 1);
    }
    side->EncodeRaw(parts.low, SymbolTables::RawBits(symbol.s));
  }
}

// Last symbol first, and within it the last part first.
std::vector<uint8_t> SymbolEncoder::WriteSection() const {
  RansWriter writer;
  std::array<uint32_t, kRansLanes> states;
  states.fill(kMinState);
  for (size_t i = symbols_.size(); i-- > 0;) {
    const Symbol symbol = symbols_[i];
    uint32_t* state = &states[i % kRansLanes];
    const SymbolParts parts = SplitSymbol(symbol.s, symbol.q);
    writer.PutRaw(state, parts.low, SymbolTables::RawBits(symbol.s));
    if (parts.slot == SymbolTables::kEscape) {
      writer.PutRaw(state, parts.escape, parts.escape_bits + 1);
      writer.PutRaw(state, 1, 1);
      for (int k = 0; k < parts.escape_bits; ++k) writer.PutRaw(state, 0, 1);
    }
    const SymbolTables::Part part = tables_->part(symbol.s, parts.slot);
    writer.Put(state, part.start, part.size);
  }
  return std::move(writer).Finish(states);
}

SymbolDecoder::SymbolDecoder(SymbolTablesPtr tables, RangeDecoder* side,
                             std::span<const uint8_t> section)
    : tables_(std::move(tables)), side_(side), in_section_(!section.empty()) {
  if (!in_section_) return;
  next_ = section.data();
  end_ = next_ + section.size();
  if (section.size() < 4 * kRansLanes || section.size() % 2 != 0) {
    damaged_ = true;
    next_ = end_;
    return;
  }
  for (uint32_t& x : state_) {
    x = next_[0] | (uint32_t{next_[1]} << 8) | (uint32_t{next_[2]} << 16) |
        (uint32_t{next_[3]} << 24);
    next_ += 4;
    damaged_ |= x < kMinState;
  }
}

void SymbolDecoder::DecodeBatch(std::span<const uint8_t> scale_index, int16_t* q) {
  constexpr int kChunk = 1024;
  std::array<uint16_t, kChunk + 1> coded;
  while (!scale_index.empty()) {
    const int size = static_cast<int>(std::min<size_t>(scale_index.size(), kChunk));
    std::memset(q, 0, size * sizeof(*q));
    const int count = FindCoded(scale_index.data(), size, coded.data());
    if (in_section_) {
      DecodeFromLanes(scale_index.data(), q, coded.data(), count);
    } else {
      DecodeFromSide(scale_index.data(), q, coded.data(), count);
    }
    scale_index = scale_index.subspan(size);
    q += size;
  }
}

void SymbolDecoder::DecodeFromSide(const uint8_t* scale_index, int16_t* q, const uint16_t* coded,
                                   int count) {
  for (int k = 0; k < count; ++k) {
    const int i = coded[k];
    q[i] = DecodeSymbol(RangeSource{*side_, *tables_}, scale_index[i] & 63, &damaged_);
  }
}

void SymbolDecoder::DecodeFromLanes(const uint8_t* scale_index, int16_t* q, const uint16_t* coded,
                                    int count) {
  // Copies that the compiler can keep in registers.
  const SymbolTables& tables = *tables_;
  std::array<uint32_t, kRansLanes> x = state_;
  const uint8_t* next = next_;
  bool damaged = damaged_;
  int k = 0;
  auto one = [&](int lane, auto checked) __attribute__((always_inline)) {
    const int i = coded[k++];
    LaneSource<decltype(checked)::value> source{tables, next, end_, x[lane], damaged};
    q[i] = DecodeSymbol(source, scale_index[i] & 63, &damaged);
  };
  while (k < count) {
    if (lane_ == 0) {
      while (count - k >= kRansLanes && end_ - next >= kGroupBytes) {
        for (int lane = 0; lane < kRansLanes; ++lane) one(lane, std::false_type());
      }
      if (k == count) break;
    }
    one(lane_, std::true_type());
    lane_ = (lane_ + 1) % kRansLanes;
  }
  state_ = x;
  next_ = next;
  damaged_ = damaged;
}

Status SymbolDecoder::Close() const {
  if (overrun()) return InvalidStream("latent data is too short or damaged");
  if (!in_section_) return OkStatus();
  if (next_ != end_) return InvalidStream("latent data is longer than its content");
  for (const uint32_t x : state_) {
    if (x != kMinState) return InvalidStream("latent data is damaged");
  }
  return OkStatus();
}

}  // namespace furl
