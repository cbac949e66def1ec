// Decoding and encoding speed of latent symbols, one thread.
//
//   entropy_bench --benchmark_min_time=0.5
//
// Items are coded symbols; the argument is the scale index (64: all of them
// mixed, 65: a picture at a low rate, where nine entries in ten are skipped and
// items are the others).

#include <benchmark/benchmark.h>

#include <random>

#include "entropy/symbol_coder.h"
#include "entropy/symbol_test_util.h"

namespace furl {
namespace {

constexpr size_t kCount = 1 << 20;
constexpr int kMixed = 64;
constexpr int kSparse = 65;

struct Data {
  SymbolTablesPtr tables;
  std::vector<uint8_t> s;
  std::vector<int16_t> q;
  int64_t coded = 0;
};

Data MakeData(int kind, bool dependent) {
  Data data;
  data.tables =
      SymbolTables::Create(dependent ? DependentFrequencies() : LaplaceFrequencies()).value();
  std::mt19937 rng(1);
  for (size_t i = 0; i < kCount; ++i) {
    int s = kind;
    if (kind == kMixed) s = 1 + static_cast<int>(rng() % 63);
    if (kind == kSparse) s = rng() % 10 == 0 ? 1 + static_cast<int>(rng() % 25) : 0;
    data.s.push_back(static_cast<uint8_t>(s));
    data.q.push_back(static_cast<int16_t>(s == 0 ? 0 : RandomSymbol(rng, SymbolSigma(s))));
    data.coded += s != 0;
  }
  return data;
}

void Decode(benchmark::State& state, uint64_t section_bytes, bool dependent) {
  const Data data = MakeData(static_cast<int>(state.range(0)), dependent);
  SymbolEncoder encoder(data.tables);
  encoder.AddBatch(data.s, kRun, data.q.data());
  RangeEncoder side;
  const std::vector<uint8_t> section = encoder.Finish(&side, section_bytes);
  const std::vector<uint8_t> side_bytes = side.Finish();
  std::vector<int16_t> q(kCount);
  for (auto _ : state) {
    RangeDecoder reader(side_bytes);
    SymbolDecoder decoder(data.tables, &reader, section);
    decoder.DecodeBatch(data.s, kRun, q.data());
    if (!decoder.Close().ok()) state.SkipWithError("decoding failed");
    benchmark::DoNotOptimize(q.data());
  }
  if (q != data.q) state.SkipWithError("symbols differ");
  state.SetItemsProcessed(state.iterations() * data.coded);
}

void DecodeRans(benchmark::State& state) { Decode(state, 0, false); }
void DecodeRansDependent(benchmark::State& state) { Decode(state, 0, true); }
void DecodeRange(benchmark::State& state) { Decode(state, uint64_t{1} << 32, false); }
BENCHMARK(DecodeRans)->Arg(5)->Arg(15)->Arg(25)->Arg(40)->Arg(kMixed)->Arg(kSparse);
BENCHMARK(DecodeRansDependent)->Arg(5)->Arg(15)->Arg(25)->Arg(40)->Arg(kMixed)->Arg(kSparse);
BENCHMARK(DecodeRange)->Arg(5)->Arg(15)->Arg(25)->Arg(40)->Arg(kMixed)->Arg(kSparse);

void EncodeRans(benchmark::State& state) {
  const Data data = MakeData(static_cast<int>(state.range(0)), false);
  for (auto _ : state) {
    SymbolEncoder encoder(data.tables);
    encoder.AddBatch(data.s, kRun, data.q.data());
    RangeEncoder side;
    benchmark::DoNotOptimize(encoder.Finish(&side, 0).size());
  }
  state.SetItemsProcessed(state.iterations() * data.coded);
}
BENCHMARK(EncodeRans)->Arg(kMixed)->Arg(kSparse);

}  // namespace
}  // namespace furl

BENCHMARK_MAIN();
