// The C interface of include/furl/furl_sense.h.

#include "furl/furl_sense.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "codec/families/sense/device/picture_encoder.h"

using furl::Result;
using furl::SequenceHeader;
using furl::Status;
using furl::StatusCode;
using furl::sense::BlockRow;
using furl::sense::PictureEncoder;

struct furl_sense_encoder {
  explicit furl_sense_encoder(PictureEncoder from) : encoder(std::move(from)) {}

  PictureEncoder encoder;
  std::vector<uint8_t> packet;
};

namespace {

furl_sense_status CodeOf(const Status& status) {
  if (status.ok()) return FURL_SENSE_OK;
  return status.code() == StatusCode::kOutOfMemory ? FURL_SENSE_OUT_OF_MEMORY
                                                   : FURL_SENSE_INVALID_ARGUMENT;
}

// Runs `body`, which returns a furl_sense_status; nothing that it throws leaves.
template <typename Body>
furl_sense_status Guarded(const Body& body) noexcept {
  try {
    return body();
  } catch (...) {
    return FURL_SENSE_OUT_OF_MEMORY;
  }
}

SequenceHeader HeaderOf(const furl_sense_settings& settings) {
  SequenceHeader header;
  furl::VideoFormat& format = header.format();
  format.width = settings.width;
  format.height = settings.height;
  format.bit_depth = settings.bit_depth;
  format.frame_rate = {settings.frame_rate_num, settings.frame_rate_den};
  format.time_base = {settings.frame_rate_den, settings.frame_rate_num};
  format.color.primaries = settings.primaries;
  format.color.transfer = settings.transfer;
  format.color.matrix = settings.matrix;
  format.color.full_range = settings.full_range != 0;
  std::copy_n(settings.model_id, header.model_id.size(), header.model_id.begin());
  header.gop_length = settings.gop_length;
  header.macs_per_pixel = settings.macs_per_pixel;
  return header;
}

template <typename Sample>
Status Push(const furl_sense_rows& rows, PictureEncoder* encoder) {
  BlockRow<Sample> row;
  for (int p = 0; p < 3; ++p) {
    row.planes[p] = static_cast<const Sample*>(rows.planes[p]);
    row.strides[p] = rows.strides[p];
  }
  return encoder->PushRow(row);
}

}  // namespace

void furl_sense_settings_init(furl_sense_settings* settings, size_t struct_size) {
  if (settings == nullptr) return;
  furl_sense_settings defaults = {};
  defaults.struct_size = struct_size;
  defaults.bit_depth = 8;
  defaults.crf = 40;
  defaults.gop_length = 50;
  defaults.frame_rate_num = 25;
  defaults.frame_rate_den = 1;
  defaults.primaries = defaults.transfer = defaults.matrix = 2;
  std::memcpy(settings, &defaults, std::min(struct_size, sizeof(defaults)));
}

furl_sense_status furl_sense_open(furl_sense_encoder** encoder,
                                  const furl_sense_settings* settings) {
  if (encoder == nullptr) return FURL_SENSE_INVALID_ARGUMENT;
  *encoder = nullptr;
  if (settings == nullptr || settings->struct_size < sizeof(settings->struct_size)) {
    return FURL_SENSE_INVALID_ARGUMENT;
  }
  furl_sense_settings known;
  furl_sense_settings_init(&known, sizeof(known));
  std::memcpy(&known, settings, std::min(settings->struct_size, sizeof(known)));
  return Guarded([&] {
    Result<PictureEncoder> made = PictureEncoder::Create(HeaderOf(known), known.crf);
    if (!made.ok()) return CodeOf(made.status());
    *encoder = new furl_sense_encoder(std::move(*made));
    return FURL_SENSE_OK;
  });
}

void furl_sense_close(furl_sense_encoder* encoder) { delete encoder; }

furl_sense_status furl_sense_sequence_header(const furl_sense_encoder* encoder,
                                             const uint8_t** data, size_t* size) {
  if (encoder == nullptr || data == nullptr || size == nullptr) return FURL_SENSE_INVALID_ARGUMENT;
  *data = encoder->encoder.sequence_header().data();
  *size = encoder->encoder.sequence_header().size();
  return FURL_SENSE_OK;
}

furl_sense_status furl_sense_begin_picture(furl_sense_encoder* encoder) {
  if (encoder == nullptr) return FURL_SENSE_INVALID_ARGUMENT;
  return Guarded([&] {
    encoder->encoder.BeginPicture();
    return FURL_SENSE_OK;
  });
}

furl_sense_status furl_sense_push_rows(furl_sense_encoder* encoder, const furl_sense_rows* rows) {
  if (encoder == nullptr || rows == nullptr ||
      std::any_of(rows->planes, rows->planes + 3, [](const void* p) { return p == nullptr; })) {
    return FURL_SENSE_INVALID_ARGUMENT;
  }
  return Guarded([&] {
    const bool wide = encoder->encoder.format().bit_depth > 8;
    return CodeOf(wide ? Push<uint16_t>(*rows, &encoder->encoder)
                       : Push<uint8_t>(*rows, &encoder->encoder));
  });
}

furl_sense_status furl_sense_end_picture(furl_sense_encoder* encoder, int last,
                                         furl_sense_packet* packet) {
  if (encoder == nullptr || packet == nullptr) return FURL_SENSE_INVALID_ARGUMENT;
  return Guarded([&] {
    const bool key = encoder->encoder.key();
    auto data = encoder->encoder.EndPicture(last != 0);
    if (!data.ok()) return CodeOf(data.status());
    encoder->packet = std::move(*data);
    packet->data = encoder->packet.data();
    packet->size = encoder->packet.size();
    packet->key = key;
    return FURL_SENSE_OK;
  });
}
