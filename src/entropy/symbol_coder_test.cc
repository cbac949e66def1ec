#include "entropy/symbol_coder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

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
  const SymbolParts parts = SplitSymbol(s, q);
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
  encoder.AddBatch(source.s, source.q.data());
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
    decoder.DecodeBatch(std::span(s).subspan(begin, end - begin), q->data() + begin);
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
  for (size_t i : {0u, 31u, 1000u, 2047u}) {
    std::vector<uint16_t> bad = good;
    ++bad[i];
    EXPECT_EQ(code(bad), StatusCode::kInvalidStream) << i;
    bad = good;
    bad[i ^ 1] = static_cast<uint16_t>(bad[i ^ 1] + bad[i]);
    bad[i] = 0;
    EXPECT_EQ(code(bad), StatusCode::kInvalidStream) << i;
  }
  std::vector<uint16_t> huge(32, 1);
  huge[3] = 65535;  // the sum must not wrap
  EXPECT_EQ(code(huge), StatusCode::kInvalidStream);
}

TEST(SymbolTables, CostIsTheIdealLength) {
  const SymbolTables& tables = *LaplaceTables();
  for (int s = 1; s < 64; ++s) {
    for (int q : {0, 1, -1, 2, 14, 15, 16, -15, -16, -17, 32, -32, 100, -5000, 32767, -32767}) {
      EXPECT_NEAR(tables.Cost(s, q), 256 * IdealBits(tables, s, q), 2) << s << " " << q;
      if (std::abs(q) <= SymbolTables::kCostReach) {
        EXPECT_EQ(tables.CostRow(s)[q], tables.Cost(s, q));
      }
    }
  }
  EXPECT_EQ(tables.CostRow(0)[0], 0);
  EXPECT_EQ(tables.CostRow(0)[1], 0xffff);
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
  encoder.AddBatch(source.s, source.q.data());
  EXPECT_TRUE(encoder.Finish(&side).empty());
  const std::vector<uint8_t> bytes = side.Finish();

  RangeDecoder reader(bytes);
  AdaptiveBit same;
  for (int i = 0; i < 100; ++i) ASSERT_EQ(reader.DecodeBit(&same), i % 3 == 0);
  SymbolDecoder decoder(LaplaceTables(), &reader, {});
  std::vector<int16_t> q(source.q.size());
  decoder.DecodeBatch(source.s, q.data());
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
