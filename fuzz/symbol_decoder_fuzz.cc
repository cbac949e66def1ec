// Latent symbols: any bytes as rANS section or as range coder data, any scale
// indices, any tables; and any symbols coded and decoded again.
//
// Input: mode, number of symbols (2 bytes), scale indices, the rest coded data
// or symbols. Bit 0 of the mode: section or range coder; bit 1: round trip;
// bit 2: tables from the input, bit 3: of
// two quantizers.

#include <algorithm>
#include <vector>

#include "entropy/symbol_coder.h"
#include "entropy/symbol_test_util.h"
#include "fuzz/fuzz_util.h"

namespace furl {
namespace {

SymbolTablesPtr Tables(bool dependent) {
  static const SymbolTablesPtr tables[2] = {SymbolTables::Create(LaplaceFrequencies()).value(),
                                            SymbolTables::Create(DependentFrequencies()).value()};
  return tables[dependent];
}

// Whatever Create accepts must be safe to decode with.
SymbolTablesPtr TablesFrom(FuzzInput* input) {
  std::vector<uint16_t> frequencies(32);
  int sum = 0;
  for (int i = 0; i < 31; ++i) {
    frequencies[i] = static_cast<uint16_t>(input->Number(2) & 0x1ff);
    sum += frequencies[i];
  }
  frequencies[31] = static_cast<uint16_t>(4096 - sum);
  auto tables = SymbolTables::Create(frequencies);
  return tables.ok() ? *tables : nullptr;
}

void Decode(const SymbolTablesPtr& tables, bool in_section, std::span<const uint8_t> scales,
            std::span<const uint8_t> coded) {
  const std::span<const uint8_t> none;
  RangeDecoder side(in_section ? none : coded);
  SymbolDecoder decoder(tables, &side, in_section ? coded : none);
  std::vector<int16_t> q(scales.size());
  const size_t half = scales.size() / 3 / kRun * kRun;
  decoder.DecodeBatch(scales.first(half), kRun, q.data());
  decoder.DecodeBatch(scales.subspan(half), kRun, q.data() + half);
  for (size_t i = 0; i < q.size(); ++i) {
    FUZZ_CHECK(q[i] >= -SymbolTables::kMaxSymbol && (scales[i] != 0 || q[i] == 0));
  }
  if (decoder.Close().ok()) FUZZ_CHECK(!decoder.overrun());
}

void RoundTrip(const SymbolTablesPtr& tables, bool in_section, std::span<const uint8_t> scales,
               FuzzInput input) {
  std::vector<int16_t> q(scales.size());
  for (size_t i = 0; i < q.size(); ++i) {
    const uint8_t wide = input.Byte();
    const int value = wide < 200 ? wide % 9 - 4 : static_cast<int16_t>(input.Number(2));
    if (scales[i] != 0) q[i] = static_cast<int16_t>(std::clamp(value, -32767, 32767));
  }
  SymbolEncoder encoder(tables);
  encoder.AddBatch(scales, kRun, q.data());
  RangeEncoder side;
  const std::vector<uint8_t> section = encoder.Finish(&side, in_section ? 0 : UINT64_MAX / 4096);
  const std::vector<uint8_t> side_bytes = side.Finish();
  RangeDecoder reader(side_bytes);
  SymbolDecoder decoder(tables, &reader, section);
  std::vector<int16_t> decoded(q.size());
  decoder.DecodeBatch(scales, kRun, decoded.data());
  FUZZ_CHECK(decoded == q);
  FUZZ_CHECK(decoder.Close().ok() && reader.Close().ok());
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  furl::FuzzInput input(data, size);
  const uint8_t mode = input.Byte();
  furl::SymbolTablesPtr tables = furl::Tables((mode & 8) != 0);
  if (mode & 4) tables = furl::TablesFrom(&input);
  if (tables == nullptr) return 0;
  const auto taken = input.Take(input.Number(2));
  std::vector<uint8_t> scales(taken.begin(), taken.end());
  for (uint8_t& s : scales) s &= 63;
  if (mode & 2) {
    furl::RoundTrip(tables, mode & 1, scales, input);
  } else {
    furl::Decode(tables, mode & 1, scales, input.rest());
  }
  return 0;
}
