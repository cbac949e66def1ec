#include "session/chunks/chunk_store.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <utility>

#include "base/crc32c.h"
#include "media/coded_io.h"
#include "media/output_file.h"
#include "model/foreign_json.h"
#include "model/json_fields.h"

namespace furl::session {
namespace {

using model::JsonFields;
using nlohmann::json;
using nlohmann::ordered_json;

constexpr size_t kMostBytes = size_t{64} << 20;
constexpr size_t kMostPackets = 100000000;
constexpr size_t kLongestName = 256;
constexpr double kMostSize = 9e15;
constexpr double kMostSeconds = 1e12;

Status TakeTaken(const JsonFields& fields, ChunkRecord* record) {
  int64_t before = 0;
  return fields.ForEach("taken", kMostPackets, [&](const json& value, const std::string& place) {
    const bool is_count = value.is_number_unsigned() && value.get<uint64_t>() <= kMostPackets;
    if (!is_count || value.get<int64_t>() < before) {
      return InvalidStream(place + ": is no number, or below the one before");
    }
    before = value.get<int64_t>();
    record->taken.push_back(before);
    return OkStatus();
  });
}

int64_t FileBytes(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) ? info.st_size : -1;
}

}  // namespace

uint32_t ChainPacket(uint32_t crc, const media::MediaPacket& packet) {
  const uint64_t numbers[] = {packet.data.size(), static_cast<uint64_t>(packet.pts),
                              static_cast<uint64_t>(packet.duration)};
  uint8_t bytes[sizeof(numbers)];
  for (size_t i = 0; i < sizeof(bytes); ++i) {
    bytes[i] = static_cast<uint8_t>(numbers[i / 8] >> (8 * (i % 8)));
  }
  return Crc32c(packet.data, Crc32c(bytes, crc));
}

Result<ChunkRecord> ParseChunkRecord(const json& root) {
  FURL_ASSIGN_OR_RETURN(const auto fields,
                        JsonFields::Of(root, "", {"plan", "bytes", "crc", "seconds", "taken"}));
  ChunkRecord record;
  FURL_ASSIGN_OR_RETURN(record.plan, fields.Text("plan", kLongestName));
  FURL_ASSIGN_OR_RETURN(const double bytes, fields.Number("bytes", 1, kMostSize));
  record.bytes = static_cast<int64_t>(bytes);
  FURL_ASSIGN_OR_RETURN(const double crc, fields.Number("crc", 0, UINT32_MAX));
  record.crc = static_cast<uint32_t>(crc);
  FURL_ASSIGN_OR_RETURN(record.seconds, fields.Number("seconds", 0, kMostSeconds));
  FURL_RETURN_IF_ERROR(TakeTaken(fields, &record));
  return record;
}

ChunkStore::ChunkStore(const EncodePlan& plan, std::string folder)
    : plan_(plan), id_(PlanId(plan)), folder_(std::move(folder)) {}

std::string ChunkStore::PathOf(size_t chunk, const char* suffix) const {
  return fmt::format("{}/{:05}{}", folder_, chunk, suffix);
}

std::string ChunkStore::StreamPath(size_t chunk) const { return PathOf(chunk, ".furl"); }

std::string ChunkStore::RecordPath(size_t chunk) const { return PathOf(chunk, ".json"); }

Status ChunkStore::WriteRecord(size_t chunk, const ChunkRecord& record) const {
  const ordered_json root = {{"plan", record.plan},
                             {"bytes", record.bytes},
                             {"crc", record.crc},
                             {"seconds", record.seconds},
                             {"taken", record.taken}};
  FURL_ASSIGN_OR_RETURN(const auto file, media::OutputFile::Open(RecordPath(chunk), true));
  FURL_RETURN_IF_ERROR(file->Write(root.dump() + "\n"));
  return file->Commit();
}

Result<ChunkRecord> ChunkStore::ReadRecord(size_t chunk) const {
  const std::string path = RecordPath(chunk);
  FURL_ASSIGN_OR_RETURN(const json root, model::ReadForeignJson(path, kMostBytes));
  auto record = ParseChunkRecord(root);
  if (!record.ok()) return InvalidStream(path + ": " + record.status().message());
  if (record->plan != id_) return InvalidStream(path + ": is of another plan");
  const auto frames = static_cast<size_t>(plan_.chunks[chunk].frames);
  const bool complete =
      record->taken.size() == frames && record->taken.back() <= plan_.chunks[chunk].frames + 1;
  if (!complete) return InvalidStream(path + ": doesn't tell of as many packets as there are");
  return record;
}

ChunkState ChunkStore::Look(size_t chunk) const {
  if (FileBytes(RecordPath(chunk)) < 0) return ChunkState::kMissing;
  const auto record = ReadRecord(chunk);
  const bool right = record.ok() && FileBytes(StreamPath(chunk)) == record->bytes;
  return right ? ChunkState::kDone : ChunkState::kDamaged;
}

Status ChunkStore::Check(size_t chunk) const {
  FURL_ASSIGN_OR_RETURN(const ChunkRecord record, ReadRecord(chunk));
  const std::string path = StreamPath(chunk);
  FURL_ASSIGN_OR_RETURN(auto reader, media::OpenCoded(path, {}));
  uint32_t crc = 0;
  size_t packets = 0;
  for (;; ++packets) {
    const auto packet = reader->Next();
    if (!packet.ok() && packet.status().code() == StatusCode::kEndOfStream) break;
    if (!packet.ok()) return packet.status();
    crc = ChainPacket(crc, *packet);
  }
  if (packets == record.taken.size() && crc == record.crc) return OkStatus();
  return InvalidStream(path + ": is not what was written there");
}

}  // namespace furl::session
