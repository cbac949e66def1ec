// The architecture of the tiny model: the least networks that have all ports of the family.

#ifndef FURL_TESTS_SUPPORT_TINY_GRAPHS_H_
#define FURL_TESTS_SUPPORT_TINY_GRAPHS_H_

#include <array>
#include <string>

namespace furl::test {

inline constexpr const char* kTinyFamily = "transform";

// First latent of each of the nine passes.
inline constexpr std::array<int, 9> kTinyFirstChannel = {0, 0, 0, 16, 16, 48, 48, 112, 240};

// JSON as in recipes/, without numbers.
std::string TinyArchitecture();

}  // namespace furl::test

#endif  // FURL_TESTS_SUPPORT_TINY_GRAPHS_H_
