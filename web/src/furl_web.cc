#include "furl_web.h"

#include <algorithm>
#include <iterator>

namespace {

furl_stream_info EmptyStreamInfo() {
  furl_stream_info info{};
  info.struct_size = sizeof(info);
  return info;
}

// Places the planes of a picture behind each other; `Sample` is void or const void. Returns the
// bytes that they take.
template <typename Sample>
size_t LayOut(int width, int height, int bytes_per_sample, Sample* samples, Sample* planes[3],
              ptrdiff_t strides[3]) {
  size_t bytes = 0;
  for (int p = 0; p < 3; ++p) {
    const int half = p == 0 ? 0 : 1;
    planes[p] = const_cast<char*>(static_cast<const char*>(samples)) + bytes;
    strides[p] = ptrdiff_t{(width + half) >> half} * bytes_per_sample;
    bytes += static_cast<size_t>(strides[p]) * ((height + half) >> half);
  }
  return bytes;
}

furl_status CopyOut(const furl_frame* frame, void* samples, size_t capacity, web_picture* out) {
  furl_picture picture{};
  picture.struct_size = sizeof(picture);
  const furl_status status = furl_frame_get_picture(frame, &picture);
  if (status != FURL_OK) return status;
  const int bytes_per_sample = picture.bit_depth > 8 ? 2 : 1;
  void* planes[3];
  ptrdiff_t strides[3];
  const size_t bytes =
      LayOut(picture.width, picture.height, bytes_per_sample, samples, planes, strides);
  if (bytes > capacity) return FURL_ERROR_LIMIT_EXCEEDED;
  *out = {static_cast<double>(picture.pts),
          static_cast<double>(picture.duration),
          picture.width,
          picture.height,
          bytes_per_sample,
          picture.concealed};
  return furl_frame_copy(frame, bytes_per_sample, planes, strides);
}

}  // namespace

furl_model* web_model_open(const void* data, size_t size) {
  furl_model* model = nullptr;
  furl_model_from_memory(&model, data, size);
  return model;
}

const char* web_model_id(const furl_model* model) {
  static furl_model_info info;
  info = {};
  info.struct_size = sizeof(info);
  furl_model_get_info(model, &info);
  return info.id;
}

furl_status web_stream_info(const void* header, size_t size, double numbers[WEB_STREAM_NUMBERS]) {
  furl_stream_info info = EmptyStreamInfo();
  const furl_status status = furl_read_stream_info(header, size, &info);
  if (status != FURL_OK) return status;
  const auto put = [&numbers](auto... values) {
    ((*numbers++ = static_cast<double>(values)), ...);
  };
  put(info.width, info.height, info.bit_depth, info.low_delay, info.gop_length,
      info.macs_per_pixel);
  for (const furl_rational& r : {info.frame_rate, info.time_base, info.sample_aspect}) {
    put(r.num, r.den);
  }
  const furl_color& color = info.color;
  put(color.primaries, color.transfer, color.matrix, color.full_range, color.chroma_location);
  put(info.base_width, info.base_height, info.base_bit_depth);
  return FURL_OK;
}

const char* web_stream_model_id(const void* header, size_t size) {
  static furl_stream_info info;
  info = EmptyStreamInfo();
  furl_read_stream_info(header, size, &info);
  return info.model_id;
}

furl_decoder* web_decoder_open(const furl_model* model, const void* header, size_t size,
                               int threads, int conceal) {
  furl_decoder_settings settings;
  if (furl_decoder_settings_init(&settings, sizeof(settings)) != FURL_OK) return nullptr;
  settings.threads = threads;
  settings.conceal = conceal;
  furl_decoder* decoder = nullptr;
  furl_decoder_open(&decoder, &settings, model, header, size);
  return decoder;
}

furl_status web_decoder_send(furl_decoder* decoder, const void* data, size_t size, double pts,
                             double duration) {
  furl_packet packet{};
  packet.struct_size = sizeof(packet);
  packet.data = static_cast<const uint8_t*>(data);
  packet.size = size;
  packet.pts = static_cast<int64_t>(pts);
  packet.duration = static_cast<int64_t>(duration);
  return furl_decoder_send(decoder, &packet);
}

furl_status web_decoder_send_base(furl_decoder* decoder, const void* samples, int width, int height,
                                  int bytes_per_sample, double pts, double duration,
                                  int begins_gop) {
  furl_image image{};
  image.struct_size = sizeof(image);
  image.bytes_per_sample = bytes_per_sample;
  LayOut(width, height, bytes_per_sample, samples, image.planes, image.strides);
  image.pts = static_cast<int64_t>(pts);
  image.duration = static_cast<int64_t>(duration);
  return furl_decoder_send_base(decoder, &image, begins_gop);
}

furl_status web_decoder_receive(furl_decoder* decoder, void* samples, size_t capacity,
                                web_picture* picture) {
  furl_frame* frame = nullptr;
  furl_status status = furl_decoder_receive(decoder, &frame);
  if (status == FURL_OK) status = CopyOut(frame, samples, capacity, picture);
  furl_frame_free(frame);
  return status;
}

furl_status web_decoder_statistics(const furl_decoder* decoder,
                                   int32_t numbers[WEB_STATISTICS_NUMBERS]) {
  furl_decoder_statistics all{};
  all.struct_size = sizeof(all);
  const furl_status status = furl_decoder_get_statistics(decoder, &all);
  const int64_t values[WEB_STATISTICS_NUMBERS] = {all.frames,           all.damaged_frames,
                                                  all.concealed_frames, all.hashes_checked,
                                                  all.hashes_failed,    all.missing_frames};
  std::transform(std::begin(values), std::end(values), numbers,
                 [](int64_t value) { return static_cast<int32_t>(value); });
  return status;
}

furl_reader* web_reader_open(void) {
  furl_reader* reader = nullptr;
  furl_reader_open(&reader, 0, 0);
  return reader;
}

furl_status web_reader_next(furl_reader* reader, web_packet* out) {
  furl_packet packet{};
  packet.struct_size = sizeof(packet);
  const furl_status status = furl_reader_receive(reader, &packet);
  *out = {static_cast<double>(packet.pts), static_cast<double>(packet.duration), packet.data,
          static_cast<uint32_t>(packet.size), packet.key};
  return status;
}

const uint8_t* web_reader_header(const furl_reader* reader) {
  const uint8_t* data = nullptr;
  size_t size = 0;
  furl_reader_sequence_header(reader, &data, &size);
  return data;
}

size_t web_reader_header_size(const furl_reader* reader) {
  const uint8_t* data = nullptr;
  size_t size = 0;
  furl_reader_sequence_header(reader, &data, &size);
  return size;
}
