// The wide set of conformance streams: some hundred cases between those of cases.h, drawn by a
// fixed rule over sizes, depths, structures, qualities, contents, families and models. They are too
// many to be kept with the source: furl_make_streams --wide writes them, and wide.csv has the
// hashes that everyone must get (scripts/test_conformance.sh).

#ifndef FURL_TESTS_CONFORMANCE_WIDE_CASES_H_
#define FURL_TESTS_CONFORMANCE_WIDE_CASES_H_

#include <vector>

#include "codec/enc/encoder_settings.h"
#include "conformance/cases.h"

namespace furl::test {

struct WideCase {
  ConformanceCase stream;  // its name lives as long as the program
  Preset preset;
};

std::vector<WideCase> WideCases();

}  // namespace furl::test

#endif  // FURL_TESTS_CONFORMANCE_WIDE_CASES_H_
