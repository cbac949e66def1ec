#include "entropy/symbol_coder.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "entropy/dependent_quantizer.h"

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

// hi beyond the row's reach. Ends after a bounded number of bits whatever they are.
template <typename Source>
int DecodeEscape(Source& source, int reach, bool* damaged) {
  int bits = 0;
  while (source.Raw(1) == 0) {
    if (++bits > SymbolTables::kMaxEscapeBits) {
      *damaged = true;
      return 0;
    }
  }
  const uint32_t rest = source.Raw(bits + 1);
  const int magnitude = reach + static_cast<int>((1u << bits) | (rest >> 1));
  return rest & 1 ? -magnitude : magnitude;
}

template <typename Source>
inline int16_t DecodeSymbol(Source&& source, int s, bool* damaged) {
  const int slot = source.Slot(s);
  int q = SymbolTables::HiOfSlot(slot);
  if (slot == SymbolTables::kEscape) [[unlikely]]
    q = DecodeEscape(source, source.tables.reach(s), damaged);
  const int raw_bits = SymbolTables::RawBits(s);
  if (raw_bits > 0) q = q * (1 << raw_bits) + static_cast<int>(source.Raw(raw_bits));
  if (q < -SymbolTables::kMaxSymbol || q > SymbolTables::kMaxSymbol) [[unlikely]] {
    *damaged = true;
    q = 0;
  }
  return static_cast<int16_t>(q);
}

// The row of each coded symbol: its scale index, and with dependent quantization
// the quantizer that follows from the symbols before it in the run.
template <bool kDependent>
class RowTracker {
 public:
  explicit RowTracker(int run) : run_(run), end_(run) {}

  // For increasing entries i.
  int RowOf(size_t i, uint8_t scale_index) {
    const int s = scale_index % SymbolTables::kScales;
    if constexpr (!kDependent) return s;
    if (i >= end_) {
      end_ = (i / run_ + 1) * run_;
      state_ = QuantizerState();
    }
    return SymbolTables::Row(state_.quantizer(), s);
  }
  void Advance(int q) {
    if constexpr (kDependent) state_ = state_.After(q);
  }

 private:
  size_t run_;
  size_t end_;  // of the current run
  QuantizerState state_;
};

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

template <bool kDependent>
void SymbolEncoder::Add(std::span<const uint8_t> scale_index, int run, const int16_t* q) {
  RowTracker<kDependent> tracker(run);
  for (size_t i = 0; i < scale_index.size(); ++i) {
    FURL_DASSERT(scale_index[i] < SymbolTables::kScales && (scale_index[i] != 0 || q[i] == 0));
    if (scale_index[i] == 0) continue;
    const int row = tracker.RowOf(i, scale_index[i]);
    tracker.Advance(q[i]);
    symbols_.push_back({q[i], static_cast<uint8_t>(row)});
    cost_ += tables_->Cost(row, q[i]);
  }
}

void SymbolEncoder::AddBatch(std::span<const uint8_t> scale_index, int run, const int16_t* q) {
  FURL_DASSERT(run >= 1 && run <= kMaxRun);
  if (tables_->quantizers() > 1) {
    Add<true>(scale_index, run, q);
  } else {
    Add<false>(scale_index, run, q);
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
    const SymbolParts parts = tables_->Split(symbol.s, symbol.q);
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
    const SymbolParts parts = tables_->Split(symbol.s, symbol.q);
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
  // Only from states in their interval does a group read no more than kGroupBytes.
  if (damaged_) next_ = end_;
}

void SymbolDecoder::DecodeBatch(std::span<const uint8_t> scale_index, int run, int16_t* q) {
  FURL_DASSERT(run >= 1 && run <= kMaxRun);
  const size_t most = static_cast<size_t>(kMaxRun / run * run);
  const bool dependent = tables_->quantizers() > 1;
  std::array<uint16_t, kMaxRun + 1> coded;
  while (!scale_index.empty()) {
    const int size = static_cast<int>(std::min(scale_index.size(), most));
    std::memset(q, 0, size * sizeof(*q));
    const int count = FindCoded(scale_index.data(), size, coded.data());
    const Chunk chunk = {scale_index.data(), q, coded.data(), count, run};
    if (in_section_) {
      dependent ? DecodeFromLanes<true>(chunk) : DecodeFromLanes<false>(chunk);
    } else {
      dependent ? DecodeFromSide<true>(chunk) : DecodeFromSide<false>(chunk);
    }
    scale_index = scale_index.subspan(size);
    q += size;
  }
}

template <bool kDependent>
void SymbolDecoder::DecodeFromSide(const Chunk& chunk) {
  RowTracker<kDependent> tracker(chunk.run);
  for (int k = 0; k < chunk.count; ++k) {
    const int i = chunk.coded[k];
    const int row = tracker.RowOf(i, chunk.scale_index[i]);
    chunk.q[i] = DecodeSymbol(RangeSource{*side_, *tables_}, row, &damaged_);
    tracker.Advance(chunk.q[i]);
  }
}

template <bool kDependent>
void SymbolDecoder::DecodeFromLanes(const Chunk& chunk) {
  // Copies that the compiler can keep in registers.
  const SymbolTables& tables = *tables_;
  std::array<uint32_t, kRansLanes> x = state_;
  const uint8_t* next = next_;
  bool damaged = damaged_;
  int k = 0;
  RowTracker<kDependent> tracker(chunk.run);
  auto one = [&](int lane, auto checked) __attribute__((always_inline)) {
    const int i = chunk.coded[k++];
    LaneSource<decltype(checked)::value> source{tables, next, end_, x[lane], damaged};
    const int16_t q = DecodeSymbol(source, tracker.RowOf(i, chunk.scale_index[i]), &damaged);
    chunk.q[i] = q;
    tracker.Advance(q);
  };
  while (k < chunk.count) {
    if (lane_ == 0) {
      while (chunk.count - k >= kRansLanes && end_ - next >= kGroupBytes) {
        for (int lane = 0; lane < kRansLanes; ++lane) one(lane, std::false_type());
      }
      if (k == chunk.count) break;
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
