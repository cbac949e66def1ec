// Coding of latent symbols with SymbolTables.
//
// A frame's symbols are coded in one of two ways, whichever suits their number:
//   - few: by the range coder, right behind the side information, so that there
//     is only one stream to end;
//   - many: as a section of their own with four interleaved rANS states
//     (J. Duda, "Asymmetric numeral systems", 2013; F. Giesen, "Interleaved
//     entropy coders", 2014), which decodes 1.4 to 2.6 times as fast. See
//     docs/bitstream.md for the layout.
// An empty section means the first way.

#ifndef FURL_ENTROPY_SYMBOL_CODER_H_
#define FURL_ENTROPY_SYMBOL_CODER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/status.h"
#include "entropy/range_coder.h"
#include "entropy/symbol_tables.h"

namespace furl {

using SymbolTablesPtr = std::shared_ptr<const SymbolTables>;

inline constexpr int kRansLanes = 4;

// Longest run of symbols that are quantized dependently.
inline constexpr int kMaxRun = 1024;

// Collects symbols in coding order and writes them at the end.
//
//   SymbolEncoder encoder(tables);
//   encoder.AddBatch(scale_index, run, q);               // as often as there are steps
//   std::vector<uint8_t> section = encoder.Finish(&side);
//   std::vector<uint8_t> side_section = side.Finish();
class SymbolEncoder {
 public:
  explicit SymbolEncoder(SymbolTablesPtr tables) : tables_(std::move(tables)) {}

  // Adds q[i] with scale index scale_index[i] (0..63), |q[i]| <= 32767. Where it
  // is 0 nothing is coded and q must be 0. `q` has as many entries. With two
  // quantizers, `run` (1..kMaxRun) entries after each other are quantized
  // dependently.
  void AddBatch(std::span<const uint8_t> scale_index, int run, const int16_t* q);

  // What has been added so far, in 1/256 bit.
  uint64_t cost() const { return cost_; }

  // Below this many bytes symbols go to the range coder. A rANS section has
  // about 14 bytes more, 0.2 % of this.
  static constexpr uint64_t kSectionBytes = 8192;

  // Writes everything, either behind what `side` holds (then the result is
  // empty) or as a section. `section_bytes` replaces kSectionBytes in tests.
  // The encoder is then empty.
  std::vector<uint8_t> Finish(RangeEncoder* side, uint64_t section_bytes = kSectionBytes);

 private:
  struct Symbol {
    int16_t q;
    uint8_t s;  // row
  };

  template <bool kDependent>
  void Add(std::span<const uint8_t> scale_index, int run, const int16_t* q);
  void WriteTo(RangeEncoder* side) const;
  std::vector<uint8_t> WriteSection() const;

  SymbolTablesPtr tables_;
  std::vector<Symbol> symbols_;
  uint64_t cost_ = 0;
};

class SymbolDecoder {
 public:
  // Reads from `section`, or, where that is empty, from `side` when everything
  // before has been decoded from it (`side` is never null). Both are kept and
  // must outlive the decoder.
  SymbolDecoder(SymbolTablesPtr tables, RangeDecoder* side, std::span<const uint8_t> section);

  // Decodes one symbol per entry of `scale_index` (0..63) into q; index 0 gives 0
  // without reading. `run` is that of AddBatch. May be called again and again: the
  // coder's state goes on.
  void DecodeBatch(std::span<const uint8_t> scale_index, int run, int16_t* q);

  // Sticky: the data was too short or held what no encoder writes. Symbols from
  // there on mean nothing (their range still holds).
  bool overrun() const { return damaged_ || side_->overrun(); }

  // To be asked after the last batch: OK if the section held exactly what was
  // decoded. The range coder's own Close() is still the caller's.
  Status Close() const;

 private:
  // What a call of DecodeBatch decodes at once: whole runs.
  struct Chunk {
    const uint8_t* scale_index;
    int16_t* q;
    const uint16_t* coded;  // entries whose index is not 0
    int count;              // of these
    int run;
  };
  template <bool kDependent>
  void DecodeFromSide(const Chunk& chunk);
  template <bool kDependent>
  void DecodeFromLanes(const Chunk& chunk);

  SymbolTablesPtr tables_;
  RangeDecoder* side_;
  bool in_section_;
  const uint8_t* next_ = nullptr;  // within the section
  const uint8_t* end_ = nullptr;
  std::array<uint32_t, kRansLanes> state_ = {};
  int lane_ = 0;  // of the next symbol
  bool damaged_ = false;
};

}  // namespace furl

#endif  // FURL_ENTROPY_SYMBOL_CODER_H_
