// MatroskaChecker: a file in pieces of any size. It finds the same damage whatever the pieces, and
// comes to the end of the file. Its mutator (ebml_mutator.cc) keeps sizes and CRC-32 elements
// right, mostly.
//
// Input: size of the pieces, the file.

#include <algorithm>

#include "fuzz/fuzz_util.h"
#include "media/matroska/matroska_checker.h"

namespace furl {
namespace {

std::deque<media::MatroskaDamage> Check(std::span<const uint8_t> file, size_t piece) {
  media::MatroskaChecker checker;
  for (size_t at = 0; at < file.size(); at += piece) {
    checker.Append(file.subspan(at, std::min(piece, file.size() - at)));
  }
  checker.End();
  FUZZ_CHECK(checker.ended() && checker.checked() == static_cast<int64_t>(file.size()));
  return checker.damage();
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  furl::FuzzInput input(data, size);
  const size_t piece = 1 + 8 * size_t{input.Byte()};
  const auto damage = furl::Check(input.rest(), piece);
  const auto whole = furl::Check(input.rest(), size + 1);
  FUZZ_CHECK(damage.size() == whole.size());
  for (size_t i = 0; i < damage.size(); ++i) {
    FUZZ_CHECK(damage[i].offset == whole[i].offset && damage[i].time_ns == whole[i].time_ns);
    FUZZ_CHECK(damage[i].message == whole[i].message);
  }
  return 0;
}
