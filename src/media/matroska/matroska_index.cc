#include "media/matroska/matroska_index.h"

#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "base/checked_math.h"
#include "media/matroska/ebml_cursor.h"
#include "media/matroska/matroska_ids.h"

namespace furl::media {
namespace {

// What a block begins with.
struct BlockHead {
  uint64_t track = 0;
  int16_t time = 0;  // since the cluster's
};

std::optional<BlockHead> ReadBlockHead(std::span<const uint8_t> block) {
  if (block.empty() || block[0] == 0) return std::nullopt;
  const auto size = static_cast<size_t>(std::countl_zero(block[0])) + 1;  // of the track's number
  if (block.size() < size + 2) return std::nullopt;
  BlockHead head;
  head.track = ReadEbmlUint(block.first(size)) & ((uint64_t{1} << (7 * size)) - 1);
  head.time = static_cast<int16_t>(ReadEbmlUint(block.subspan(size, 2)));
  return head;
}

// Of a SimpleBlock or of the Block in a BlockGroup; other elements have none.
std::optional<BlockHead> BlockHeadOf(const EbmlCursor& element) {
  if (element.id() == mkv::kSimpleBlock) return ReadBlockHead(element.content());
  if (element.id() != mkv::kBlockGroup) return std::nullopt;
  EbmlCursor group(element.content());
  while (group.Next()) {
    if (group.id() == mkv::kBlock) return ReadBlockHead(group.content());
  }
  return std::nullopt;
}

}  // namespace

void MatroskaIndex::AddCluster(int64_t position, int64_t time, std::span<const uint8_t> content) {
  std::map<uint64_t, std::pair<int64_t, int64_t>> times;  // by track
  EbmlCursor elements(content);
  while (elements.Next()) {
    const auto head = BlockHeadOf(elements);
    if (!head) continue;
    const int64_t at = CheckedAdd(time, int64_t{head->time}).value_or(time);
    const auto [known, added] = times.try_emplace(head->track, at, at);
    auto& [first, last] = known->second;
    first = std::min(first, at);
    last = std::max(last, at);
  }
  for (const auto& [track, span] : times) {
    spans_.push_back({track, position, span.first, span.second});
  }
}

bool MatroskaIndex::AddCues(std::span<const uint8_t> content, int64_t latest) {
  EbmlCursor points(content);
  while (points.Next()) {
    if (points.id() == mkv::kCuePoint && !AddCuePoint(points.content(), latest)) return false;
  }
  return !points.broken();
}

bool MatroskaIndex::AddCuePoint(std::span<const uint8_t> content, int64_t latest) {
  uint64_t time = 0;
  bool leads = false;  // anywhere
  EbmlCursor point(content);
  while (point.Next()) {
    if (point.id() == mkv::kCueTime && point.content().size() <= 8) {
      time = ReadEbmlUint(point.content());
      if (time > static_cast<uint64_t>(latest)) return false;
    }
    if (point.id() != mkv::kCueTrackPositions) continue;
    leads = true;
    Cue cue;
    cue.time = static_cast<int64_t>(time);
    EbmlCursor positions(point.content());
    while (positions.Next()) {
      if (positions.content().size() > 8) continue;
      const uint64_t value = ReadEbmlUint(positions.content());
      if (positions.id() == mkv::kCueTrack) cue.track = value;
      if (positions.id() == mkv::kCueClusterPosition && value <= INT64_MAX) {
        cue.position = static_cast<int64_t>(value);
      }
    }
    cues_.push_back(cue);
    if (positions.broken()) return false;
  }
  return leads && !point.broken();
}

std::vector<int64_t> MatroskaIndex::Lost(bool positions) {
  // The last span that begins at or before a time is the one that would hold it: a track's blocks
  // are in one cluster after the other.
  const auto by_time = [](const Span& a, const Span& b) {
    return std::tie(a.track, a.first) < std::tie(b.track, b.first);
  };
  const auto by_position = [](const Span& a, const Span& b) {
    return std::tie(a.track, a.position) < std::tie(b.track, b.position);
  };
  const auto find = [this](const Cue& cue, auto less) -> const Span* {
    const Span wanted = {cue.track, cue.position, cue.time, cue.time};
    const auto behind = std::upper_bound(spans_.begin(), spans_.end(), wanted, less);
    if (behind == spans_.begin()) return nullptr;
    const Span& span = *(behind - 1);
    const bool holds = span.track == cue.track && span.first <= cue.time && cue.time <= span.last;
    return holds ? &span : nullptr;
  };
  std::vector<int64_t> lost;
  std::stable_sort(spans_.begin(), spans_.end(), by_time);
  for (Cue& cue : cues_) {
    if (find(cue, by_time) != nullptr) continue;
    lost.push_back(cue.time);
    cue.position = -1;  // said
  }
  if (!positions) return lost;
  std::stable_sort(spans_.begin(), spans_.end(), by_position);
  for (const Cue& cue : cues_) {
    if (cue.position < 0) continue;
    const Span* span = find(cue, by_position);
    if (span == nullptr || span->position != cue.position) lost.push_back(cue.time);
  }
  return lost;
}

}  // namespace furl::media
