// The bare .furl stream: packets with their times, readable from a pipe.
//
//   stream  = sequence header, GOP*, end
//   GOP     = marker, packet record+
//   marker  = 00 "GOP" | GOP number, varint | pts of its first packet, zigzag varint | CRC-16
//   record  = size, varint >= 1 | pts - previous pts, zigzag varint
//             | duration - previous duration, zigzag varint | CRC-8 | packet
//   end     = 00 "END" | number of packets, varint | CRC-16
//
// Checksums are of all bytes of the marker, end, or record head before them; a
// record's also of one more byte, its place in the GOP (0, 1, ... modulo 256). At
// a marker the previous pts becomes the marker's and the previous duration 0. A
// reader that meets damage goes on at the next marker.

#ifndef FURL_BITSTREAM_RAW_STREAM_H_
#define FURL_BITSTREAM_RAW_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "bitstream/sequence_header.h"

namespace furl {

// Writes a stream through `sink`, which gets its bytes in order and whose
// failures are passed on.
//
//   RawStreamWriter writer(sink);
//   writer.WriteHeader(encoder->sequence_header());
//   for (packets) writer.WritePacket(data, pts, duration, key);
//   writer.Finish();
class RawStreamWriter {
 public:
  using Sink = std::function<Status(std::span<const uint8_t>)>;

  explicit RawStreamWriter(Sink sink) : sink_(std::move(sink)) {}

  // First, once. kInvalidArgument if that is no sequence header.
  Status WriteHeader(std::span<const uint8_t> sequence_header);

  // One packet in coding order; the first must be a key packet.
  Status WritePacket(std::span<const uint8_t> data, int64_t pts, int64_t duration, bool key);

  // Last, once. Without it readers report a truncated stream.
  Status Finish();

 private:
  Sink sink_;
  bool started_ = false;
  bool finished_ = false;
  uint64_t max_packet_ = 0;
  int64_t gops_ = 0;
  uint64_t place_ = 0;  // of the next packet in its GOP
  int64_t packets_ = 0;
  int64_t last_pts_ = 0;
  int64_t last_duration_ = 0;
};

struct RawPacket {
  std::vector<uint8_t> data;
  int64_t pts = 0;
  int64_t duration = 0;
  bool key = false;  // first of a GOP
};

// Takes a stream in pieces of any size and gives its packets.
//
//   while (reading) {
//     reader.Append(bytes);            // or reader.End() when there are no more
//     while (true) {
//       Result<RawPacket> packet = reader.Next();
//       if (packet.ok()) { use(*packet); continue; }
//       if (kNeedMoreData) break;
//       if (kEndOfStream) return;
//       report(packet.status());       // damage: go on, or stop
//     }
//   }
class RawStreamReader {
 public:
  explicit RawStreamReader(const SequenceLimits& limits = {}) : limits_(limits) {}

  void Append(std::span<const uint8_t> bytes);
  void End() { ended_ = true; }

  // Forgets what was appended: the next bytes are those at `offset` of the same stream. Reading
  // goes on at the next GOP, where packets are no longer missed; before the header has been read,
  // with it.
  void Restart(uint64_t offset);

  // Of the first byte that Next() has not passed.
  uint64_t offset() const { return offset_; }

  // The next packet. Its bytes may be damaged (ParsePacket finds that) where
  // the records around it are not. Otherwise
  //   kNeedMoreData   Append or End first
  //   kEndOfStream    that was all
  //   kInvalidStream  damage between packets, which have been lost: call again
  //                   to go on at the next GOP. A truncated stream ends so too.
  // A header that can't be used (any code of ReadSequenceHeader) is final.
  Result<RawPacket> Next();

  // The header's bytes, empty until Next() has seen them all.
  std::span<const uint8_t> sequence_header() const { return header_bytes_; }
  const SequenceHeader& header() const { return header_; }

 private:
  enum class UnitKind { kIncomplete, kBad, kMarker, kRecord, kEnd };
  // The head of a unit: all of a marker or end, a record without its packet.
  struct Unit {
    UnitKind kind = UnitKind::kBad;
    size_t size = 0;
    uint64_t number = 0;  // of the GOP, of packets, or the size of the packet
    int64_t pts = 0;      // of the marker, or difference
    int64_t duration = 0;
  };
  enum class State { kHeader, kUnits, kResync, kEnd, kFailed };

  std::span<const uint8_t> rest() const { return std::span(buffer_).subspan(begin_); }
  void Consume(size_t bytes);
  Unit ReadUnit(size_t offset, uint64_t place) const;
  Status ReadHeader();
  Status Resync();
  Status TakeMarker(const Unit& marker);
  Status TakeEnd(const Unit& end);
  Result<RawPacket> TakeRecord(const Unit& record);
  bool HoldsMarker(size_t begin, size_t end) const;
  Status Damage(const std::string& what);
  Status FinishStream();

  SequenceLimits limits_;
  State state_ = State::kHeader;
  Status failure_;  // in state kFailed
  std::vector<uint8_t> buffer_;
  size_t begin_ = 0;     // of what has not been consumed
  uint64_t offset_ = 0;  // of that in the stream
  bool ended_ = false;

  std::vector<uint8_t> header_bytes_;
  SequenceHeader header_;
  uint64_t max_packet_ = 0;

  bool in_gop_ = false;      // a marker has been seen since the last damage
  uint64_t place_ = 0;       // of the next record in its GOP
  bool damaged_ = false;     // damage has been reported
  uint64_t vain_bytes_ = 0;  // read of packets whose checksum was wrong
  uint64_t next_gop_ = 0;
  uint64_t packets_ = 0;
  int64_t last_pts_ = 0;
  int64_t last_duration_ = 0;
};

}  // namespace furl

#endif  // FURL_BITSTREAM_RAW_STREAM_H_
