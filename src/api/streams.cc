// Bare streams of the C interface: their reader and writer, and what packets say of themselves.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "api/handles.h"
#include "bitstream/packet.h"
#include "bitstream/raw_stream.h"

struct furl_reader {
  std::unique_ptr<furl::RawStreamReader> reader;
  furl::RawPacket packet;  // the one given out last
  int64_t packets = 0;     // given out
};

struct furl_writer {
  std::unique_ptr<furl::RawStreamWriter> writer;
  furl_status refused = FURL_OK;  // what the caller's function answered last
};

using furl::Status;
using furl::api_internal::Guard;
using furl::api_internal::Open;
using furl::api_internal::ReadSized;
using furl::api_internal::Refuse;
using furl::api_internal::WriteSized;

namespace {

std::span<const uint8_t> Bytes(const void* data, size_t size) {
  return {static_cast<const uint8_t*>(data), size};
}

// Runs `write`, which writes with the handle's writer and returns a Status. Where the caller's
// function has failed its answer is the result, not what the writer makes of it.
template <typename Write>
furl_status Writing(furl_writer* writer, Write&& write) {
  writer->refused = FURL_OK;
  const furl_status status = Guard(std::forward<Write>(write));
  return writer->refused != FURL_OK ? writer->refused : status;
}

}  // namespace

int furl_packet_is_disposable(const void* data, size_t size) {
  if (data == nullptr) return 0;
  const auto header = furl::PeekFrameHeader(Bytes(data, size));
  return header.ok() && !header->key() && header->store_slot < 0 ? 1 : 0;
}

furl_status furl_reader_open(furl_reader** reader, int64_t max_pixels, int64_t max_macs_per_pixel) {
  return Open(reader, "reader", [&](furl_reader& handle) -> Status {
    if (max_pixels < 0 || max_macs_per_pixel < 0)
      return furl::InvalidArgument("a limit is negative");
    furl::SequenceLimits limits;
    if (max_pixels > 0) limits.max_pixels = max_pixels;
    if (max_macs_per_pixel > 0) limits.max_macs_per_pixel = max_macs_per_pixel;
    handle.reader = std::make_unique<furl::RawStreamReader>(limits);
    return furl::OkStatus();
  });
}

furl_status furl_reader_append(furl_reader* reader, const void* data, size_t size) {
  if (reader == nullptr || (data == nullptr && size > 0)) return Refuse("reader or data is NULL");
  return Guard([&]() -> Status {
    reader->reader->Append(Bytes(data, size));
    return furl::OkStatus();
  });
}

furl_status furl_reader_finish(furl_reader* reader) {
  if (reader == nullptr) return Refuse("reader is NULL");
  reader->reader->End();
  return FURL_OK;
}

furl_status furl_reader_receive(furl_reader* reader, furl_packet* packet) {
  if (reader == nullptr || packet == nullptr) return Refuse("reader or packet is NULL");
  if (!WriteSized(furl_packet{}, packet->struct_size, packet)) {
    return Refuse("struct_size of furl_packet is not set");
  }
  return Guard([&]() -> Status {
    FURL_ASSIGN_OR_RETURN(reader->packet, reader->reader->Next());
    const furl::RawPacket& p = reader->packet;
    const furl_packet value = {0,          p.data.data(),     p.data.size(), p.pts,
                               p.duration, reader->packets++, p.key,         nullptr};
    WriteSized(value, packet->struct_size, packet);
    return furl::OkStatus();
  });
}

furl_status furl_reader_sequence_header(const furl_reader* reader, const uint8_t** data,
                                        size_t* size) {
  if (reader == nullptr || data == nullptr || size == nullptr) {
    return Refuse("reader, data or size is NULL");
  }
  const std::span<const uint8_t> header = reader->reader->sequence_header();
  *data = header.data();
  *size = header.size();
  return header.empty() ? FURL_NEED_MORE_DATA : FURL_OK;
}

int64_t furl_reader_position(const furl_reader* reader) {
  return reader == nullptr ? 0 : static_cast<int64_t>(reader->reader->offset());
}

furl_status furl_reader_seek(furl_reader* reader, int64_t position) {
  if (reader == nullptr || position < 0) return Refuse("reader is NULL or position is negative");
  reader->reader->Restart(static_cast<uint64_t>(position));
  return FURL_OK;
}

void furl_reader_close(furl_reader* reader) { delete reader; }

furl_status furl_writer_open(furl_writer** writer, furl_write_callback write, void* opaque,
                             const void* header, size_t header_size) {
  furl_status refused = FURL_OK;
  const furl_status status = Open(writer, "writer", [&](furl_writer& handle) -> Status {
    if (write == nullptr || header == nullptr) {
      return furl::InvalidArgument("write or header is NULL");
    }
    handle.writer = std::make_unique<furl::RawStreamWriter>(
        [&handle, write, opaque](std::span<const uint8_t> bytes) {
          handle.refused = write(opaque, bytes.data(), bytes.size());
          return handle.refused == FURL_OK
                     ? furl::OkStatus()
                     : Status(furl::StatusCode::kIo, "the caller's function failed");
        });
    const Status written = handle.writer->WriteHeader(Bytes(header, header_size));
    refused = handle.refused;
    return written;
  });
  return refused != FURL_OK ? refused : status;
}

furl_status furl_writer_send(furl_writer* writer, const furl_packet* packet) {
  if (writer == nullptr || packet == nullptr) return Refuse("writer or packet is NULL");
  furl_packet p{};
  if (!ReadSized(packet, &p)) return Refuse("struct_size of furl_packet is not set");
  if (p.data == nullptr) return Refuse("data of furl_packet is NULL");
  return Writing(writer, [&] {
    return writer->writer->WritePacket({p.data, p.size}, p.pts, p.duration, p.key != 0);
  });
}

furl_status furl_writer_finish(furl_writer* writer) {
  if (writer == nullptr) return Refuse("writer is NULL");
  return Writing(writer, [&] { return writer->writer->Finish(); });
}

void furl_writer_close(furl_writer* writer) { delete writer; }
