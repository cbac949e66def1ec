#include "cli/chunks/chunk_report.h"

#include <fmt/format.h>

namespace furl::cli {

using session::ChunkState;

ChunkStates LookAtAll(const session::ChunkStore& store) {
  ChunkStates states;
  for (size_t chunk = 0; chunk < store.plan().chunks.size(); ++chunk) {
    switch (store.Look(chunk)) {
      case ChunkState::kDone: states.done.push_back(chunk); break;
      case ChunkState::kMissing: states.missing.push_back(chunk); break;
      case ChunkState::kDamaged: states.damaged.push_back(chunk); break;
    }
  }
  return states;
}

std::string RangesText(const std::vector<size_t>& numbers) {
  std::string text;
  for (size_t i = 0; i < numbers.size();) {
    size_t end = i + 1;
    while (end < numbers.size() && numbers[end] == numbers[end - 1] + 1) ++end;
    if (!text.empty()) text += ", ";
    text += std::to_string(numbers[i]);
    if (end - i > 1) text += (end - i > 2 ? "-" : ", ") + std::to_string(numbers[end - 1]);
    i = end;
  }
  return text;
}

void ReportStatus(const ChunkStates& states, const session::EncodePlan& plan, Console& console,
                  Details* details) {
  int64_t frames = 0;
  for (const size_t chunk : states.done) frames += plan.chunks[chunk].frames;
  (*details)["chunks"] = plan.chunks.size();
  (*details)["frames"] = plan.frames();
  (*details)["done"] = states.done.size();
  (*details)["frames_done"] = frames;
  (*details)["missing"] = states.missing;
  (*details)["damaged"] = states.damaged;
  console.Print(fmt::format("{} of {} chunks done ({} of {} frames)\n", states.done.size(),
                            plan.chunks.size(), frames, plan.frames()));
  if (!states.missing.empty()) {
    console.Print("missing: " + RangesText(states.missing) + "\n");
  }
  if (!states.damaged.empty()) {
    console.Print("damaged, or of another plan: " + RangesText(states.damaged) + "\n");
  }
}

Status CheckAll(const session::ChunkStore& store, const media::CancelFn& cancelled) {
  ChunkStates states = LookAtAll(store);
  std::string cause;
  for (const size_t chunk : states.done) {
    if (cancelled()) return Status(StatusCode::kCancelled, "interrupted; nothing was written");
    const Status status = store.Check(chunk);
    if (status.ok()) continue;
    states.damaged.push_back(chunk);
    if (cause.empty()) cause = " (" + status.message() + ")";
  }
  std::string text;
  if (!states.missing.empty()) text += "; missing: " + RangesText(states.missing);
  if (!states.damaged.empty()) text += "; damaged: " + RangesText(states.damaged) + cause;
  if (text.empty()) return OkStatus();
  return InvalidStream(store.folder() + ": not all chunks of the plan can be joined" + text);
}

}  // namespace furl::cli
