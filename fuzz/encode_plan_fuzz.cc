// Plans of encodes and the records of their chunks: any JSON. A plan that is accepted covers its
// frames without gaps, and is named by what it says.
//
// Input: a text (long_text.h).

#include "fuzz/fuzz_util.h"
#include "fuzz/long_text.h"
#include "model/foreign_json.h"
#include "session/chunks/chunk_store.h"
#include "session/chunks/encode_plan.h"

namespace furl {
namespace {

void Plan(const nlohmann::json& root) {
  const auto plan = session::ParsePlan(root);
  if (!plan.ok()) return;
  int64_t frames = 0;
  for (const session::ChunkRange& chunk : plan->chunks) {
    FUZZ_CHECK(chunk.first == frames && chunk.frames > 0);
    FUZZ_CHECK(!chunk.gops.empty() && chunk.gops.front() == frames);
    frames += chunk.frames;
    FUZZ_CHECK(chunk.gops.back() < frames);
  }
  FUZZ_CHECK(plan->frames() == frames && plan->time_base.den > 0);
  FUZZ_CHECK(session::PlanId(*plan) == root.value("id", ""));
}

void Record(const nlohmann::json& root) {
  const auto record = session::ParseChunkRecord(root);
  if (!record.ok()) return;
  int64_t before = 0;
  for (const int64_t taken : record->taken) {
    FUZZ_CHECK(taken >= before);
    before = taken;
  }
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  furl::FuzzInput input(data, size);
  const auto root = furl::model::ParseForeignJson(furl::LongText(&input));
  if (!root.ok()) return 0;
  furl::Plan(*root);
  furl::Record(*root);
  return 0;
}
