// Range coder, two ways: any bytes decoded by any script of operations, and any
// script of values coded and decoded again.
//
// Input: 1 byte length n of the script, n bytes script, the rest coded data.

#include <vector>

#include "entropy/adaptive_symbols.h"
#include "fuzz/fuzz_util.h"

namespace furl {
namespace {

struct Models {
  AdaptiveBit bit;
  UnaryModel<5> unary;
  TreeModel<11> tree;
  ExpGolombModel<15> number;
  SignedModel<14> vector;
};

// One operation in either direction; the values are within the range it has
// whatever was decoded.
template <typename Coder>
int64_t Step(Coder& coder, Models& models, uint8_t op, uint32_t value) {
  switch (op % 6) {
    case 0: return CodeBit(coder, models.bit, value & 1);
    case 1: return CodeRaw(coder, value & ((uint64_t{1} << op % 33) - 1), op % 33);
    case 2: return CodeUnary(coder, models.unary, static_cast<int>(value % 6));
    case 3: {
      const int symbol = CodeTree(coder, models.tree, static_cast<int>(value % 11));
      FUZZ_CHECK(symbol >= 0 && symbol < 11);
      return symbol;
    }
    case 4: {
      const uint32_t number = CodeExpGolomb(coder, models.number, value % 65535);
      FUZZ_CHECK(number < 65535);
      return number;
    }
    default: {
      const int32_t v =
          CodeSigned(coder, models.vector, static_cast<int32_t>(value % 65535) - 32767);
      FUZZ_CHECK(v >= -32767 && v <= 32767);
      return v;
    }
  }
}

void Decode(std::span<const uint8_t> script, std::span<const uint8_t> coded) {
  RangeDecoder decoder(coded);
  Models models;
  for (const uint8_t op : script) Step(decoder, models, op, 0);
  if (decoder.Close().ok()) FUZZ_CHECK(!decoder.overrun());
}

void RoundTrip(std::span<const uint8_t> script, std::span<const uint8_t> values) {
  RangeEncoder encoder;
  Models models;
  std::vector<int64_t> coded;
  FuzzInput input(values.data(), values.size());
  for (const uint8_t op : script) coded.push_back(Step(encoder, models, op, input.Number(4)));
  const std::vector<uint8_t> bytes = encoder.Finish();
  RangeDecoder decoder(bytes);
  Models same;
  for (size_t i = 0; i < script.size(); ++i) {
    FUZZ_CHECK(Step(decoder, same, script[i], 0) == coded[i]);
  }
  FUZZ_CHECK(decoder.Close().ok());
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  furl::FuzzInput input(data, size);
  const auto script = input.Take(input.Byte());
  furl::Decode(script, input.rest());
  furl::RoundTrip(script, input.rest());
  return 0;
}
