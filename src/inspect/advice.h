// What a file's numbers say to who made it: why it is large, and what would make it smaller.

#ifndef FURL_INSPECT_ADVICE_H_
#define FURL_INSPECT_ADVICE_H_

#include <string>
#include <vector>

#include "bitstream/sequence_header.h"
#include "inspect/totals.h"

namespace furl::inspect {

struct Advice {
  std::string id;       // a word for programs
  std::string finding;  // a sentence with the number that it follows from
  std::string advice;   // a sentence or two: what to try, and what it costs
  double share = 0;     // of all analysed bits that it is about
};

// Most bits first. Empty where nothing stands out, or too little was analysed to say.
std::vector<Advice> AdviceOf(const Totals& totals, const SequenceHeader& header);

}  // namespace furl::inspect

#endif  // FURL_INSPECT_ADVICE_H_
