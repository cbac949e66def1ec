// ChunkStore: the folder where the coded chunks of a plan gather.
//
// Each is a bare stream, 00012.furl, which decodes by itself, and a record of it, 00012.json, that
// is written last: a chunk without one isn't done.

#ifndef FURL_SESSION_CHUNKS_CHUNK_STORE_H_
#define FURL_SESSION_CHUNKS_CHUNK_STORE_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/status.h"
#include "media/media_info.h"
#include "session/chunks/encode_plan.h"

namespace furl::session {

struct ChunkRecord {
  std::string plan;            // its id
  int64_t bytes = 0;           // of the stream's file
  uint32_t crc = 0;            // ChainPacket() of all packets from 0
  double seconds = 0;          // that coding took
  std::vector<int64_t> taken;  // of each packet: so many frames had been given to the encoder when
                               // it gave the packet; one more than there are for "no more"
};

// Adds a packet, its bytes and times, to the checksum of those before it.
uint32_t ChainPacket(uint32_t crc, const media::MediaPacket& packet);

// kInvalidStream says what is wrong, and where.
Result<ChunkRecord> ParseChunkRecord(const nlohmann::json& root);

enum class ChunkState { kMissing, kDone, kDamaged };

class ChunkStore {
 public:
  ChunkStore(const EncodePlan& plan, std::string folder);

  // Where the chunks of the plan in the file `path` are, unless somebody says otherwise.
  static std::string FolderOf(const std::string& path) { return path + ".chunks"; }

  const EncodePlan& plan() const { return plan_; }
  const std::string& plan_id() const { return id_; }
  const std::string& folder() const { return folder_; }
  std::string StreamPath(size_t chunk) const;
  std::string RecordPath(size_t chunk) const;

  Status WriteRecord(size_t chunk, const ChunkRecord& record) const;
  // kInvalidStream where it isn't one of this plan's chunk; kIo where there is none.
  Result<ChunkRecord> ReadRecord(size_t chunk) const;

  // By its record and the size of its file; what is in the file isn't looked at.
  ChunkState Look(size_t chunk) const;
  // By all of its packets; kInvalidStream says what is wrong.
  Status Check(size_t chunk) const;

 private:
  std::string PathOf(size_t chunk, const char* suffix) const;

  const EncodePlan plan_;
  const std::string id_;
  const std::string folder_;
};

}  // namespace furl::session

#endif  // FURL_SESSION_CHUNKS_CHUNK_STORE_H_
