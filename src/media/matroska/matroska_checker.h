// MatroskaChecker: whether a Matroska file is as its writer left it.
//
// libavformat goes on behind damage without a word, which is right for players
// and wrong for `furl verify`. This reads the same bytes, looks at structure,
// CRC-32 elements and index only, and says where something is hurt. What has no
// CRC-32 element (editors leave them out) is judged by structure alone.

#ifndef FURL_MEDIA_MATROSKA_MATROSKA_CHECKER_H_
#define FURL_MEDIA_MATROSKA_MATROSKA_CHECKER_H_

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "media/matroska/ebml_cursor.h"
#include "media/matroska/matroska_index.h"

namespace furl::media {

struct MatroskaDamage {
  int64_t offset = 0;    // in the file, of the hurt element
  int64_t time_ns = -1;  // of its first picture; -1: unknown
  std::string message;   // with the time, if that is known
};

// Takes a file in pieces of any size.
class MatroskaChecker {
 public:
  void Append(std::span<const uint8_t> bytes);
  // There are no more bytes.
  void End();

  // All damage before this offset has been found.
  int64_t checked() const { return offset_; }
  bool ended() const { return ended_; }

  // What was found so far, in order of discovery; the caller takes from the
  // front.
  std::deque<MatroskaDamage>& damage() { return damage_; }

 private:
  enum class State { kStart, kElements, kSkip, kResync };

  std::span<const uint8_t> rest() const { return std::span(buffer_).subspan(begin_); }
  void Consume(size_t bytes);
  bool Step();
  bool TakeStart();
  bool TakeElement();
  bool Skip();
  bool Resync();
  bool TakeWhole(const EbmlHead& head);
  bool Wary() const;
  bool ElementFollows(size_t at) const;
  std::string Check(uint32_t id, std::span<const uint8_t> content, int64_t* time_ns);
  bool CheckCluster(std::span<const uint8_t> content, int64_t* time_ns);
  bool CheckInfo(std::span<const uint8_t> content);
  void Report(int64_t time_ns, const std::string& message, size_t ahead = 0);
  void CheckSize();
  void CheckIndex();

  State state_ = State::kStart;
  bool ended_ = false;
  std::vector<uint8_t> buffer_;
  size_t begin_ = 0;           // of what has not been consumed
  int64_t offset_ = 0;         // of that in the file
  uint64_t skip_ = 0;          // bytes left, in kSkip
  int64_t segment_begin_ = 0;  // of its content in the file
  int64_t segment_end_ = -1;   // -1: the file doesn't say
  int64_t scale_ns_ = 1000000;
  MatroskaIndex index_;
  bool hurt_ = false;  // damage was found, wherever it has gone since
  std::deque<MatroskaDamage> damage_;
  uint64_t vain_bytes_ = 0;  // of elements that were judged and then not passed over
};

}  // namespace furl::media

#endif  // FURL_MEDIA_MATROSKA_MATROSKA_CHECKER_H_
