// How far the chunks of a plan are, for people and programs.

#ifndef FURL_CLI_CHUNKS_CHUNK_REPORT_H_
#define FURL_CLI_CHUNKS_CHUNK_REPORT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "session/chunks/chunk_store.h"

namespace furl::cli {

struct ChunkStates {
  std::vector<size_t> done;
  std::vector<size_t> missing;
  std::vector<size_t> damaged;
};

// By ChunkStore::Look.
ChunkStates LookAtAll(const session::ChunkStore& store);

// "0, 3-7, 9"
std::string RangesText(const std::vector<size_t>& numbers);

void ReportStatus(const ChunkStates& states, const session::EncodePlan& plan, Console& console,
                  Details* details);

// kInvalidStream names those that are missing or damaged, by all that is in them.
Status CheckAll(const session::ChunkStore& store, const media::CancelFn& cancelled);

}  // namespace furl::cli

#endif  // FURL_CLI_CHUNKS_CHUNK_REPORT_H_
