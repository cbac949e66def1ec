// EncodePlan: an encode cut into chunks, which any number of machines code on their own and which
// join to the bytes that one encode of the whole would have made (docs/chunks.md).

#ifndef FURL_SESSION_CHUNKS_ENCODE_PLAN_H_
#define FURL_SESSION_CHUNKS_ENCODE_PLAN_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/rational.h"
#include "base/status.h"
#include "image/frame.h"
#include "rd/rate_tries.h"

namespace furl::session {

// A run of whole GOPs. Frames are counted from the video's first.
struct ChunkRange {
  int64_t first = 0;
  int64_t frames = 0;
  int64_t pts = 0;            // of the first frame, in ticks of the video
  std::vector<int64_t> gops;  // their first frames, that of the chunk among them
  uint32_t first_hash = 0;    // of the first frame: ChainFrame() from 0
  uint32_t hash = 0;          // the same of all its frames
};

// Adds a frame, its samples and times, to the hash of those before it.
uint32_t ChainFrame(uint32_t hash, const Frame& frame);

struct EncodePlan {
  std::string input;                 // as it was given
  int64_t input_bytes = -1;          // of a file; else -1
  std::vector<std::string> options;  // of furl encode, as words of a command line
  double crf = 0;                    // searched for or given
  // Where the options ask for a rate or size: what samples gave at each crf (its score isn't kept),
  // and what all chunks gave that were coded for earlier plans and joined; their crfs are whole.
  std::vector<QualityPoint> sampled;
  std::vector<RateTry> tries;
  std::string model_name;
  std::string model_id;  // hexadecimal
  int width = 0;
  int height = 0;
  int bit_depth = 8;
  Rational time_base;
  std::vector<ChunkRange> chunks;  // at least one; each begins where the one before ends

  int64_t frames() const { return chunks.back().first + chunks.back().frames; }
};

// Names a plan by all that it says: 32 hexadecimal digits.
std::string PlanId(const EncodePlan& plan);

// Complete or not there. kIo, and kInvalidArgument where a file is there and may not be replaced.
Status WritePlan(const EncodePlan& plan, const std::string& path, bool overwrite);

// What WritePlan wrote, and nobody has changed since: kInvalidStream names the file, the place and
// what is wrong there.
Result<EncodePlan> ReadPlan(const std::string& path);
Result<EncodePlan> ParsePlan(const nlohmann::json& root);

}  // namespace furl::session

#endif  // FURL_SESSION_CHUNKS_ENCODE_PLAN_H_
