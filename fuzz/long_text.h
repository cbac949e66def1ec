// Texts of up to a few hundred kilobytes from inputs of a few bytes: only in long ones does it show
// that time grows faster than length, or that recursion is as deep as a text says.

#ifndef FURL_FUZZ_LONG_TEXT_H_
#define FURL_FUZZ_LONG_TEXT_H_

#include <algorithm>
#include <cstdint>
#include <string>

#include "fuzz/fuzz_util.h"

namespace furl {

inline constexpr size_t kMaxLongText = size_t{256} << 10;

// The whole input as it is, if its first byte is even. Else pieces, each behind its length and how
// often it comes (4 to the power of a number below 10). '#' in a piece stands for the count so far,
// so that names can differ.
inline std::string LongText(FuzzInput* input) {
  std::string text;
  if (input->Byte() % 2 == 0) {
    text.assign(input->rest().begin(), input->rest().end());
    return text;
  }
  while (!input->empty() && text.size() < kMaxLongText) {
    const auto piece = input->Take(input->Byte() % 64);
    const int times = 1 << 2 * (input->Byte() % 10);
    for (int i = 0; i < times && text.size() < kMaxLongText; ++i) {
      for (const uint8_t c : piece) {
        if (c == '#') {
          text += std::to_string(i);
        } else {
          text += static_cast<char>(c);
        }
      }
    }
  }
  return text;
}

}  // namespace furl

#endif  // FURL_FUZZ_LONG_TEXT_H_
