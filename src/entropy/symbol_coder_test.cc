#include "entropy/symbol_coder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "entropy/adaptive_bit.h"
#include "entropy/dependent_quantizer.h"
#include "entropy/symbol_test_util.h"

namespace furl {
namespace {

SymbolTablesPtr LaplaceTables() {
  static const SymbolTablesPtr tables = SymbolTables::Create(LaplaceFrequencies()).value();
  return tables;
}

// The ideal length in bits by the tables themselves, in floating point.
double IdealBits(const SymbolTables& tables, int s, int q) {
  if (s == 0) return 0;
  const SymbolParts parts = tables.Split(s, q);
  double bits = 12 - std::log2(tables.part(s, parts.slot).size) + SymbolTables::RawBits(s);
  if (parts.slot == SymbolTables::kEscape) bits += 2 * parts.escape_bits + 2;
  return bits;
}

struct Source {
  std::vector<uint8_t> s;
  std::vector<int16_t> q;
};

Source RandomSource(uint32_t seed, size_t count, int low, int high) {
  std::mt19937 rng(seed);
  Source source;
  for (size_t i = 0; i < count; ++i) {
    const int s = low + static_cast<int>(rng() % (high - low + 1));
    source.s.push_back(static_cast<uint8_t>(s));
    source.q.push_back(static_cast<int16_t>(s == 0 ? 0 : RandomSymbol(rng, SymbolSigma(s))));
  }
  return source;
}

struct Coded {
  std::vector<uint8_t> side;
  std::vector<uint8_t> section;
};

Coded Encode(const Source& source, uint64_t section_bytes) {
  RangeEncoder side;
  SymbolEncoder encoder(LaplaceTables());
  encoder.AddBatch(source.s, kRun, source.q.data());
  Coded coded;
  coded.section = encoder.Finish(&side, section_bytes);
  coded.side = side.Finish();
  return coded;
}

// Decodes in `steps` batches; the status is of the sections' ends.
Status Decode(const Coded& coded, const std::vector<uint8_t>& s, std::vector<int16_t>* q,
              size_t steps = 1) {
  RangeDecoder side(coded.side);
  SymbolDecoder decoder(LaplaceTables(), &side, coded.section);
  q->assign(s.size(), 12345);
  size_t begin = 0;
  for (size_t k = 0; k < steps; ++k) {
    const size_t end = s.size() * (k + 1) / steps;
    decoder.DecodeBatch(std::span(s).subspan(begin, end - begin), kRun, q->data() + begin);
    begin = end;
  }
  FURL_RETURN_IF_ERROR(decoder.Close());
  return side.Close();
}

constexpr uint64_t kAlwaysSection = 0;
constexpr uint64_t kNeverSection = 1 << 30;

TEST(SymbolTables, RefusesBadTables) {
  std::vector<uint16_t> good = LaplaceFrequencies();
  EXPECT_TRUE(SymbolTables::Create(good).ok());
  EXPECT_TRUE(SymbolTables::Create(std::span(good).first(32)).ok());
  auto code = [](std::span<const uint16_t> f) { return SymbolTables::Create(f).status().code(); };
  EXPECT_EQ(code({}), StatusCode::kInvalidStream);
  EXPECT_EQ(code(std::span(good).first(33)), StatusCode::kInvalidStream);
  std::vector<uint16_t> longer = good;
  longer.insert(longer.end(), good.begin(), good.begin() + 32);
  EXPECT_EQ(code(longer), StatusCode::kInvalidStream);
  EXPECT_TRUE(SymbolTables::Create(DependentFrequencies()).ok());
  for (size_t i : {0u, 31u, 1000u, 2047u}) {
    std::vector<uint16_t> bad = good;
    ++bad[i];
    EXPECT_EQ(code(bad), StatusCode::kInvalidStream) << i;
    bad = good;
    bad[i ^ 1] = static_cast<uint16_t>(bad[i ^ 1] + bad[i]);
    bad[i] = 0;
    EXPECT_EQ(code(bad), StatusCode::kInvalidStream) << i << ": a zero on one side only";
  }
  std::vector<uint16_t> huge(32, 1);
  huge[3] = 65535;  // the sum must not wrap
  EXPECT_EQ(code(huge), StatusCode::kInvalidStream);
}

// Rows that give single frequencies to |hi| <= reach only.
std::vector<uint16_t> ShortRow(int reach) {
  std::vector<uint16_t> row(32, 0);
  int left = 4096;
  for (int hi = 1; hi <= reach; ++hi) {
    row[15 + hi] = row[15 - hi] = 2;
    left -= 4;
  }
  row[31] = 1;
  row[15] = static_cast<uint16_t>(left - 1);
  return row;
}

TEST(SymbolTables, HaveAReachPerRow) {
  for (int reach = 0; reach <= 15; ++reach) {
    const SymbolTablesPtr tables = SymbolTables::Create(ShortRow(reach)).value();
    EXPECT_EQ(tables->reach(5), reach);
    for (int q : {0, 1, -1, 2, -3, 7, 15, -15, 16, 40, 32767, -32767}) {
      EXPECT_NEAR(tables->Cost(5, q), 256 * IdealBits(*tables, 5, q), 2);
      EXPECT_EQ(tables->Split(5, q).slot == SymbolTables::kEscape, std::abs(q) > reach);
      for (const uint64_t section_bytes : {uint64_t{0}, uint64_t{1} << 30}) {
        SymbolEncoder encoder(tables);
        const uint8_t s[3] = {5, 9, 50};
        const int16_t symbols[3] = {static_cast<int16_t>(q), static_cast<int16_t>(-q), 300};
        encoder.AddBatch(s, kRun, symbols);
        RangeEncoder side;
        const std::vector<uint8_t> section = encoder.Finish(&side, section_bytes);
        const std::vector<uint8_t> bytes = side.Finish();
        RangeDecoder reader(bytes);
        SymbolDecoder decoder(tables, &reader, section);
        int16_t back[3];
        decoder.DecodeBatch(s, kRun, back);
        EXPECT_TRUE(std::equal(back, back + 3, symbols)) << reach << " " << q;
        EXPECT_TRUE(decoder.Close().ok());
      }
    }
  }
  EXPECT_LT(SymbolTables::Create(ShortRow(1)).value()->Cost(5, 0), 2u);
  for (const int hole : {1, 15, 17, 31}) {  // beyond, the zero itself, within, escape
    std::vector<uint16_t> bad = ShortRow(3);
    std::swap(bad[hole], bad[2]);
    EXPECT_EQ(SymbolTables::Create(bad).ok(), hole == 1) << hole;
  }
}

TEST(SymbolTables, CostIsTheIdealLength) {
  const SymbolTables& tables = *LaplaceTables();
  for (int s = 1; s < 64; ++s) {
    for (int q : {0, 1, -1, 2, 14, 15, 16, -15, -16, -17, 32, -32, 100, -5000, 32767, -32767}) {
      EXPECT_NEAR(tables.Cost(s, q), 256 * IdealBits(tables, s, q), 2) << s << " " << q;
    }
  }
}

// The cost by its definition; Cost() looks small symbols up.
uint32_t DefinedCost(const SymbolTables& tables, int row, int q) {
  if (!SymbolTables::IsCoded(row)) return q == 0 ? 0 : 0xffff;
  const SymbolParts parts = tables.Split(row, q);
  const uint32_t frequency = tables.part(row, parts.slot).size;
  uint32_t cost = 12 * 256 - Log2Times256(frequency) + 256 * SymbolTables::RawBits(row);
  if (parts.slot == SymbolTables::kEscape) cost += 256 * (2 * parts.escape_bits + 2);
  return cost;
}

TEST(SymbolTables, CostsLookedUpAreThoseOfTheDefinition) {
  for (const auto& frequencies : {LaplaceFrequencies(), DependentFrequencies(), ShortRow(0)}) {
    const SymbolTablesPtr tables = SymbolTables::Create(frequencies).value();
    for (int row = 0; row < tables->quantizers() * SymbolTables::kScales; ++row) {
      for (int q = -300; q <= 300; ++q) {
        ASSERT_EQ(tables->Cost(row, q), DefinedCost(*tables, row, q)) << row << " " << q;
      }
      for (const int q : {-SymbolTables::kMaxSymbol, SymbolTables::kMaxSymbol}) {
        ASSERT_EQ(tables->Cost(row, q), DefinedCost(*tables, row, q)) << row << " " << q;
      }
    }
  }
}

TEST(SymbolCoder, NothingCostsNothing) {
  for (uint64_t section_bytes : {kAlwaysSection, kNeverSection}) {
    Source skipped;
    skipped.s.assign(3000, 0);
    skipped.q.assign(3000, 0);
    for (const Source& source : {Source(), skipped}) {
      const Coded coded = Encode(source, section_bytes);
      EXPECT_TRUE(coded.side.empty());
      EXPECT_TRUE(coded.section.empty());
      std::vector<int16_t> q;
      EXPECT_TRUE(Decode(coded, source.s, &q).ok());
      EXPECT_EQ(q, source.q);
    }
  }
  // Neither do zeros, where the range coder has them.
  Source zeros;
  zeros.s.assign(500, 20);
  zeros.q.assign(500, 0);
  EXPECT_TRUE(Encode(zeros, kNeverSection).side.empty());
}

TEST(SymbolCoder, WithinHalfAPercentOfTheIdeal) {
  for (int s = 1; s < 64; ++s) {
    const Source source = RandomSource(s, 40000, s, s);
    double ideal = 0;
    for (int16_t q : source.q) ideal += IdealBits(*LaplaceTables(), s, q);
    std::vector<int16_t> q;
    const Coded lanes = Encode(source, kAlwaysSection);
    EXPECT_TRUE(lanes.side.empty());
    // 15 bytes: four states that start at 2^16.
    EXPECT_LT(lanes.section.size() * 8.0, ideal * 1.0005 + 15 * 8) << s;
    EXPECT_TRUE(Decode(lanes, source.s, &q).ok());
    EXPECT_EQ(q, source.q);
    const Coded range = Encode(source, kNeverSection);
    EXPECT_TRUE(range.section.empty());
    EXPECT_LT(range.side.size() * 8.0, ideal * 1.0005 + 9) << s;
    EXPECT_TRUE(Decode(range, source.s, &q).ok());
    EXPECT_EQ(q, source.q);
    // What the encoder chooses by itself.
    const Coded chosen = Encode(source, SymbolEncoder::kSectionBytes);
    EXPECT_LT((chosen.side.size() + chosen.section.size()) * 8.0, ideal * 1.003 + 9) << s;
  }
}

TEST(SymbolCoder, RoundTripOfMixedRowsInAnyBatches) {
  for (uint32_t seed = 0; seed < 300; ++seed) {
    std::mt19937 rng(seed);
    const int high = 1 + static_cast<int>(rng() % 63);
    Source source = RandomSource(seed, rng() % 5000, 0, high);
    for (uint8_t& s : source.s) {  // long runs of skipped ones
      if (seed % 2 && rng() % 16) s = 0;
    }
    for (size_t i = 0; i < source.s.size(); ++i) {
      if (source.s[i] == 0) source.q[i] = 0;
    }
    for (uint64_t section_bytes : {kAlwaysSection, kNeverSection}) {
      const Coded coded = Encode(source, section_bytes);
      std::vector<int16_t> q;
      const Status status = Decode(coded, source.s, &q, 1 + seed % 7);
      ASSERT_TRUE(status.ok()) << status.message();
      ASSERT_EQ(q, source.q) << seed;
    }
  }
}

// By hand: the quantizer of each symbol from those before it in its run.
uint64_t DependentCost(const SymbolTables& tables, const Source& source) {
  uint64_t cost = 0;
  QuantizerState state;
  for (size_t i = 0; i < source.s.size(); ++i) {
    if (i % kRun == 0) state = QuantizerState();
    if (source.s[i] == 0) continue;
    cost += tables.Cost(SymbolTables::Row(state.quantizer(), source.s[i]), source.q[i]);
    state = state.After(source.q[i]);
  }
  return cost;
}

TEST(SymbolCoder, DependentRunsComeBack) {
  const SymbolTablesPtr tables = SymbolTables::Create(DependentFrequencies()).value();
  ASSERT_EQ(tables->quantizers(), 2);
  for (uint32_t seed = 0; seed < 100; ++seed) {
    const Source source = RandomSource(seed, 100 + 37 * seed, 0, 1 + seed % 63);
    const size_t first = source.s.size() / 3 / kRun * kRun;
    for (uint64_t section_bytes : {kAlwaysSection, kNeverSection}) {
      SymbolEncoder encoder(tables);
      encoder.AddBatch(std::span(source.s).first(first), kRun, source.q.data());
      encoder.AddBatch(std::span(source.s).subspan(first), kRun, source.q.data() + first);
      EXPECT_EQ(encoder.cost(), DependentCost(*tables, source));
      RangeEncoder side;
      const std::vector<uint8_t> section = encoder.Finish(&side, section_bytes);
      const std::vector<uint8_t> bytes = side.Finish();
      RangeDecoder reader(bytes);
      SymbolDecoder decoder(tables, &reader, section);
      std::vector<int16_t> q(source.q.size());
      decoder.DecodeBatch(std::span(source.s).first(first), kRun, q.data());
      decoder.DecodeBatch(std::span(source.s).subspan(first), kRun, q.data() + first);
      EXPECT_TRUE(decoder.Close().ok());
      ASSERT_EQ(q, source.q) << seed;
    }
  }
}

TEST(QuantizerState, ParitiesChooseTheQuantizer) {
  // From the tables of H.266: 4 states, quantizer 1 in the last two.
  constexpr int kNext[4][2] = {{0, 2}, {2, 0}, {1, 3}, {3, 1}};
  for (int s = 0; s < 4; ++s) {
    EXPECT_EQ(QuantizerState(s).quantizer(), s / 2);
    for (int q : {-3, -2, -1, 0, 1, 2, 32767, -32767}) {
      EXPECT_EQ(QuantizerState(s).After(q).index(), kNext[s][std::abs(q) % 2]);
    }
  }
  EXPECT_EQ(QuantizerState::HalfSteps(0, 3), 6);
  EXPECT_EQ(QuantizerState::HalfSteps(1, 3), 5);
  EXPECT_EQ(QuantizerState::HalfSteps(1, 0), 0);
}

TEST(SymbolCoder, RoundTripOfExtremes) {
  Source source;
  for (int s = 1; s < 64; ++s) {
    for (int q : {32767, -32767, 0, 15, 16, -15, -16, 31, 32, 127, 128, -128, -129, 4095, -4096}) {
      source.s.push_back(static_cast<uint8_t>(s));
      source.q.push_back(static_cast<int16_t>(q));
    }
  }
  for (uint64_t section_bytes : {kAlwaysSection, kNeverSection}) {
    std::vector<int16_t> q;
    EXPECT_TRUE(Decode(Encode(source, section_bytes), source.s, &q).ok());
    EXPECT_EQ(q, source.q);
  }
}

TEST(SymbolCoder, ContinuesBehindSideInformation) {
  const Source source = RandomSource(7, 300, 0, 40);
  RangeEncoder side;
  AdaptiveBit model;
  for (int i = 0; i < 100; ++i) side.EncodeBit(&model, i % 3 == 0);
  SymbolEncoder encoder(LaplaceTables());
  encoder.AddBatch(source.s, kRun, source.q.data());
  EXPECT_TRUE(encoder.Finish(&side).empty());
  const std::vector<uint8_t> bytes = side.Finish();

  RangeDecoder reader(bytes);
  AdaptiveBit same;
  for (int i = 0; i < 100; ++i) ASSERT_EQ(reader.DecodeBit(&same), i % 3 == 0);
  SymbolDecoder decoder(LaplaceTables(), &reader, {});
  std::vector<int16_t> q(source.q.size());
  decoder.DecodeBatch(source.s, kRun, q.data());
  EXPECT_EQ(q, source.q);
  EXPECT_TRUE(decoder.Close().ok());
  EXPECT_TRUE(reader.Close().ok());
}

TEST(SymbolCoder, TruncationIsNoticed) {
  const Source source = RandomSource(8, 400, 1, 45);
  for (uint64_t section_bytes : {kAlwaysSection, kNeverSection}) {
    const Coded coded = Encode(source, section_bytes);
    const std::vector<uint8_t>& bytes = coded.section.empty() ? coded.side : coded.section;
    for (size_t n = 1; n + 1 < bytes.size(); ++n) {
      Coded cut = coded;
      (coded.section.empty() ? cut.side : cut.section).resize(n);
      std::vector<int16_t> q;
      // Bytes missing at the very end may read as symbols that need fewer bytes.
      const bool noticed = Decode(cut, source.s, &q).code() == StatusCode::kInvalidStream;
      EXPECT_TRUE(noticed || (coded.section.empty() && n + 4 >= bytes.size())) << n;
    }
    Coded longer = coded;
    (coded.section.empty() ? longer.side : longer.section).resize(bytes.size() + 2);
    std::vector<int16_t> q;
    EXPECT_EQ(Decode(longer, source.s, &q).code(), StatusCode::kInvalidStream);
  }
}

// States below 2^16 ask for a word with every bit: an escape of them would read further
// than the bytes that one symbol can need. (The address sanitizer sees it.)
TEST(SymbolCoder, StatesThatAreTooSmallReadNothing) {
  const SymbolTables::Part escape = LaplaceTables()->part(1, SymbolTables::kEscape);
  const std::vector<uint8_t> s(kRansLanes, 1);
  for (size_t words : {0, 32, 33, 64, 100}) {
    Coded coded;
    for (int lane = 0; lane < kRansLanes; ++lane) {
      for (int shift = 0; shift < 32; shift += 8) {
        coded.section.push_back(static_cast<uint8_t>(escape.start >> shift));
      }
    }
    coded.section.resize(coded.section.size() + 2 * words);
    coded.section.shrink_to_fit();
    std::vector<int16_t> q;
    EXPECT_EQ(Decode(coded, s, &q).code(), StatusCode::kInvalidStream) << words;
  }
}

TEST(SymbolCoder, RandomBytesNeverMisbehave) {
  std::mt19937 rng(10);
  for (int round = 0; round < 1500; ++round) {
    Source source = RandomSource(round, 700, 0, 63);
    Coded coded;
    std::vector<uint8_t>& bytes = round % 2 ? coded.section : coded.side;
    bytes.resize(rng() % 1200);
    const int kind = round / 2 % 4;  // all zeros make every escape as long as can be
    for (uint8_t& b : bytes) b = static_cast<uint8_t>(kind == 0 ? 0 : kind == 1 ? 0xff : rng());
    std::vector<int16_t> q;
    const Status status = Decode(coded, source.s, &q, 5);
    EXPECT_TRUE(bytes.empty() || !status.ok());
    for (size_t i = 0; i < q.size(); ++i) {
      ASSERT_GE(q[i], -32767);
      ASSERT_TRUE(source.s[i] != 0 || q[i] == 0);
    }
  }
}

}  // namespace
}  // namespace furl
