// What the fuzz targets share.

#ifndef FURL_FUZZ_FUZZ_UTIL_H_
#define FURL_FUZZ_FUZZ_UTIL_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

namespace furl {

using Bytes = std::vector<uint8_t>;

// Stops the fuzzer with a finding.
#define FUZZ_CHECK(cond)                                                        \
  do {                                                                          \
    if (!(cond)) {                                                              \
      std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #cond); \
      std::abort();                                                             \
    }                                                                           \
  } while (false)

// Takes choices from the front of the input; zeros when it is used up.
class FuzzInput {
 public:
  FuzzInput(const uint8_t* data, size_t size) : rest_(data, size) {}

  uint8_t Byte() {
    if (rest_.empty()) return 0;
    const uint8_t b = rest_.front();
    rest_ = rest_.subspan(1);
    return b;
  }
  uint32_t Number(int bytes) {
    uint32_t n = 0;
    for (int i = 0; i < bytes; ++i) n = (n << 8) | Byte();
    return n;
  }
  // The next `size` bytes, or what there is of them.
  std::span<const uint8_t> Take(size_t size) {
    const auto part = rest_.first(size < rest_.size() ? size : rest_.size());
    rest_ = rest_.subspan(part.size());
    return part;
  }
  std::span<const uint8_t> rest() const { return rest_; }
  bool empty() const { return rest_.empty(); }

 private:
  std::span<const uint8_t> rest_;
};

}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

#endif  // FURL_FUZZ_FUZZ_UTIL_H_
