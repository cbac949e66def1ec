#include "bitstream/raw_stream.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/checked_math.h"
#include "bitstream/bits.h"
#include "bitstream/checksum.h"
#include "bitstream/packet.h"

namespace furl {
namespace {

constexpr std::array<uint8_t, 4> kMarkerSync = {0, 'G', 'O', 'P'};
constexpr std::array<uint8_t, 4> kEndSync = {0, 'E', 'N', 'D'};

// The longest head of a unit.
constexpr size_t kMaxUnitHead = 3 * kMaxVarintBytes + 1;

// Packets above this are not believed: a latent per pixel, each as long as can be.
constexpr uint64_t MaxPacketBytes(const SequenceHeader& h) {
  return 4096 + 8 * static_cast<uint64_t>(h.width) * static_cast<uint64_t>(h.height);
}

// How much may be read of packets whose checksum then is wrong, for each byte that was passed
// and beside that, before a reader takes care. Damage stays far below it.
constexpr uint64_t kVainBytesPerByte = 4;
constexpr uint64_t kVainBytesAtFirst = uint64_t{16} << 20;

// Of a record's head and its place in the GOP, so that a lost record shows.
uint8_t RecordChecksum(std::span<const uint8_t> head, uint64_t place) {
  std::array<uint8_t, 3 * kMaxVarintBytes + 1> bytes;
  *std::copy(head.begin(), head.end(), bytes.begin()) = static_cast<uint8_t>(place);
  return Crc8(std::span(bytes).first(head.size() + 1));
}

bool StartsWith(std::span<const uint8_t> bytes, const std::array<uint8_t, 4>& sync) {
  return bytes.size() >= sync.size() && std::equal(sync.begin(), sync.end(), bytes.begin());
}

}  // namespace

// ---- Writing --------------------------------------------------------------

Status RawStreamWriter::WriteHeader(std::span<const uint8_t> sequence_header) {
  if (started_) return InvalidArgument("stream header is already written");
  const auto header = ParseSequenceHeader(sequence_header, {.max_macs_per_pixel = INT64_MAX});
  if (!header.ok()) return InvalidArgument(header.status().message());
  started_ = true;
  max_packet_ = MaxPacketBytes(*header);
  return sink_(sequence_header);
}

Status RawStreamWriter::WritePacket(std::span<const uint8_t> data, int64_t pts, int64_t duration,
                                    bool key) {
  if (!started_ || finished_) return InvalidArgument("stream is not open for packets");
  if (data.empty()) return InvalidArgument("packet is empty");
  if (data.size() > max_packet_) return InvalidArgument("packet is larger than readers accept");
  if (!key && packets_ == 0) return InvalidArgument("first packet is not a key packet");
  BitWriter writer;
  if (key) {
    writer.Bytes(kMarkerSync);
    writer.Varint(static_cast<uint64_t>(gops_++));
    writer.Varint(ZigZag(pts));
    writer.Uint16(Crc16(writer.bytes()));
    last_pts_ = pts;
    last_duration_ = 0;
  }
  const auto pts_step = CheckedSub(pts, last_pts_);
  const auto duration_step = CheckedSub(duration, last_duration_);
  if (!pts_step.has_value() || !duration_step.has_value()) {
    return InvalidArgument("timestamps are too far apart");
  }
  const size_t head = writer.bytes().size();
  writer.Varint(data.size());
  writer.Varint(ZigZag(*pts_step));
  writer.Varint(ZigZag(*duration_step));
  if (key) place_ = 0;
  writer.Bits(RecordChecksum(writer.bytes().subspan(head), place_++), 8);
  last_pts_ = pts;
  last_duration_ = duration;
  ++packets_;
  FURL_RETURN_IF_ERROR(sink_(writer.bytes()));
  return sink_(data);
}

Status RawStreamWriter::Finish() {
  if (!started_ || finished_) return InvalidArgument("stream is not open");
  finished_ = true;
  BitWriter writer;
  writer.Bytes(kEndSync);
  writer.Varint(static_cast<uint64_t>(packets_));
  writer.Uint16(Crc16(writer.bytes()));
  return sink_(writer.bytes());
}

// ---- Reading --------------------------------------------------------------

void RawStreamReader::Append(std::span<const uint8_t> bytes) {
  if (begin_ >= buffer_.size() / 2) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<ptrdiff_t>(begin_));
    begin_ = 0;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

void RawStreamReader::Restart(uint64_t offset) {
  buffer_.clear();
  begin_ = 0;
  offset_ = offset;
  ended_ = false;
  if (state_ == State::kHeader || state_ == State::kFailed) return;
  state_ = State::kResync;
  in_gop_ = false;
  damaged_ = true;  // whoever jumps knows that packets are missing
}

void RawStreamReader::Consume(size_t bytes) {
  begin_ += bytes;
  offset_ += bytes;
}

Result<RawPacket> RawStreamReader::Next() {
  while (true) {
    if (state_ == State::kFailed) return failure_;
    if (state_ == State::kHeader) {
      FURL_RETURN_IF_ERROR(ReadHeader());
      continue;
    }
    if (state_ == State::kEnd) return FinishStream();
    if (state_ == State::kResync) {
      FURL_RETURN_IF_ERROR(Resync());
      continue;
    }
    const Unit unit = ReadUnit(0, place_);
    switch (unit.kind) {
      case UnitKind::kIncomplete:
        if (!ended_) return Status(StatusCode::kNeedMoreData, "more of the stream is needed");
        return Damage("stream is truncated");
      case UnitKind::kBad: return Damage("stream is damaged");
      case UnitKind::kMarker: FURL_RETURN_IF_ERROR(TakeMarker(unit)); break;
      case UnitKind::kEnd: FURL_RETURN_IF_ERROR(TakeEnd(unit)); break;
      case UnitKind::kRecord: return TakeRecord(unit);
    }
  }
}

Status RawStreamReader::ReadHeader() {
  size_t size = 0;
  Result<SequenceHeader> header = ReadSequenceHeader(rest(), limits_, &size);
  if (!header.ok()) {
    if (header.status().code() == StatusCode::kNeedMoreData) {
      if (!ended_) return header.status();
      failure_ = InvalidStream("stream header is truncated");
    } else {
      failure_ = header.status();
    }
    state_ = State::kFailed;
    return failure_;
  }
  header_ = *header;
  header_bytes_.assign(rest().begin(), rest().begin() + static_cast<ptrdiff_t>(size));
  max_packet_ = MaxPacketBytes(header_);
  state_ = State::kUnits;
  Consume(size);
  return OkStatus();
}

// What starts `offset` bytes into the rest, if that is record `place` of its
// GOP or something else.
RawStreamReader::Unit RawStreamReader::ReadUnit(size_t offset, uint64_t place) const {
  const std::span<const uint8_t> data = rest().subspan(std::min(offset, rest().size()));
  Unit unit;
  unit.kind = data.size() < kMaxUnitHead ? UnitKind::kIncomplete : UnitKind::kBad;
  if (data.empty()) return unit;
  BitReader reader(data);
  if (data[0] == 0) {
    const bool marker = StartsWith(data, kMarkerSync);
    if (!marker && !StartsWith(data, kEndSync)) {
      if (data.size() >= kMarkerSync.size()) unit.kind = UnitKind::kBad;
      return unit;
    }
    reader.Bytes(kMarkerSync.size());
    unit.number = reader.Varint();
    if (marker) unit.pts = UnZigZag(reader.Varint());
    if (reader.failed()) return unit;
    const uint16_t crc = Crc16(data.first(reader.byte_position()));
    const bool same = ChecksumMatches(reader.Uint16(), crc);
    if (reader.failed()) return unit;
    unit.kind = !same ? UnitKind::kBad : marker ? UnitKind::kMarker : UnitKind::kEnd;
  } else {
    unit.number = reader.Varint();
    unit.pts = UnZigZag(reader.Varint());
    unit.duration = UnZigZag(reader.Varint());
    if (reader.failed()) return unit;
    const uint8_t crc = RecordChecksum(data.first(reader.byte_position()), place);
    const bool same = ChecksumMatches(reader.Bits(8), crc);
    if (reader.failed()) return unit;
    unit.kind = same && unit.number <= max_packet_ ? UnitKind::kRecord : UnitKind::kBad;
  }
  unit.size = reader.byte_position();
  return unit;
}

Status RawStreamReader::TakeMarker(const Unit& marker) {
  Consume(marker.size);
  const bool missing = in_gop_ ? marker.number != next_gop_ : !damaged_ && marker.number != 0;
  const bool empty = in_gop_ && place_ == 0;
  next_gop_ = marker.number + 1;
  last_pts_ = marker.pts;
  last_duration_ = 0;
  in_gop_ = true;
  place_ = 0;
  if (!missing && !empty) return OkStatus();
  damaged_ = true;
  return InvalidStream("stream is damaged: GOPs are missing before number " +
                       std::to_string(marker.number));
}

Status RawStreamReader::TakeEnd(const Unit& end) {
  Consume(end.size);
  state_ = State::kEnd;
  if (damaged_ || (end.number == packets_ && !(in_gop_ && place_ == 0))) return OkStatus();
  damaged_ = true;
  return InvalidStream("stream is damaged: " + std::to_string(packets_) + " packets of " +
                       std::to_string(end.number));
}

Result<RawPacket> RawStreamReader::TakeRecord(const Unit& record) {
  if (!in_gop_) return Damage("stream is damaged: packet outside of a GOP");
  const size_t size = static_cast<size_t>(record.number);
  const size_t end = record.size + size;
  if (rest().size() < end) {
    if (!ended_) return Status(StatusCode::kNeedMoreData, "more of the stream is needed");
    return Damage("stream is truncated");
  }
  // Every record of a forged stream may claim all that follows. Where much has been read in vain,
  // those that hold the marker at which reading will go on are not read to their end.
  const bool wary = vain_bytes_ > kVainBytesAtFirst + kVainBytesPerByte * offset_;
  if (wary && HoldsMarker(record.size, end)) return Damage("stream is damaged");
  const std::span<const uint8_t> data = rest().subspan(record.size, size);
  if (!PacketChecksumMatches(data)) {
    vain_bytes_ += size;
    // Wrong bytes, or missing ones? The latter would make it swallow what follows.
    const Unit next = ReadUnit(end, place_ + 1);
    if (next.kind == UnitKind::kIncomplete && !ended_) {
      return Status(StatusCode::kNeedMoreData, "more of the stream is needed");
    }
    const bool in_place = next.kind != UnitKind::kIncomplete && next.kind != UnitKind::kBad;
    if (!in_place || HoldsMarker(record.size, end)) return Damage("stream is damaged");
  }
  const auto pts = CheckedAdd(last_pts_, record.pts);
  const auto duration = CheckedAdd(last_duration_, record.duration);
  if (!pts || !duration) return Damage("stream is damaged: timestamp overflows");
  RawPacket packet;
  packet.data.assign(data.begin(), data.end());
  packet.pts = last_pts_ = *pts;
  packet.duration = last_duration_ = *duration;
  packet.key = place_ == 0;
  ++place_;
  ++packets_;
  Consume(end);
  return packet;
}

// Whether a marker starts among these bytes of the rest.
bool RawStreamReader::HoldsMarker(size_t begin, size_t end) const {
  for (size_t i = begin; i < end; ++i) {
    if (rest()[i] == 0 && ReadUnit(i, 0).kind == UnitKind::kMarker) return true;
  }
  return false;
}

// Looks for the next marker, or the end, from the next byte on.
Status RawStreamReader::Resync() {
  while (!rest().empty()) {
    const std::span<const uint8_t> data = rest();
    const auto zero = std::find(data.begin(), data.end(), 0);
    Consume(static_cast<size_t>(zero - data.begin()));
    if (rest().empty()) break;
    const Unit unit = ReadUnit(0, 0);
    if (unit.kind == UnitKind::kMarker || unit.kind == UnitKind::kEnd) {
      state_ = State::kUnits;
      return OkStatus();
    }
    if (unit.kind == UnitKind::kIncomplete && !ended_) break;
    Consume(1);
  }
  if (!ended_) return Status(StatusCode::kNeedMoreData, "more of the stream is needed");
  state_ = State::kEnd;
  return OkStatus();
}

// Reports damage at the present byte and skips it.
Status RawStreamReader::Damage(const std::string& what) {
  Status status = InvalidStream(what + " at byte " + std::to_string(offset_));
  state_ = State::kResync;
  damaged_ = true;
  in_gop_ = false;
  if (!rest().empty()) Consume(1);
  return status;
}

Status RawStreamReader::FinishStream() {
  if (!rest().empty() && !damaged_) {
    damaged_ = true;
    return InvalidStream("stream goes on behind its end");
  }
  return Status(StatusCode::kEndOfStream, "end of stream");
}

}  // namespace furl
