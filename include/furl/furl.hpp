// Thin C++ wrapper of furl.h: handles that release themselves. Functions return
// furl_status like their C twins; nothing throws.
//
//   furl::api::Model model;
//   if (furl_status s = furl::api::Model::FromFile("other.furlmodel", &model); s != FURL_OK) ...
//   furl::api::Decoder decoder;
//   if (furl::api::Decoder::Open(nullptr, model, header, &decoder) != FURL_OK) ...
//   decoder.Send(bytes, pts, duration);
//   furl::api::FrameHandle frame;
//   while (decoder.Receive(&frame) == FURL_OK) Show(frame.picture());

#ifndef FURL_FURL_HPP_
#define FURL_FURL_HPP_

#include <furl/furl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

// Not plain `furl`: inside the library that namespace has classes of these names.
namespace furl::api {

// Bytes of somebody else. Made from anything with data() and size().
struct Bytes {
  const void* data = nullptr;
  std::size_t size = 0;

  Bytes() = default;
  Bytes(const void* d, std::size_t n) : data(d), size(n) {}
  template <typename Container>
  Bytes(const Container& c) : data(c.data()), size(c.size() * sizeof(*c.data())) {}  // NOLINT
};

class Model {
 public:
  static furl_status FromFile(const std::string& path, Model* model) {
    furl_model* raw = nullptr;
    const furl_status status = furl_model_from_file(&raw, path.c_str());
    model->handle_.reset(raw);
    return status;
  }
  static furl_status FromMemory(Bytes bytes, Model* model) {
    furl_model* raw = nullptr;
    const furl_status status = furl_model_from_memory(&raw, bytes.data, bytes.size);
    model->handle_.reset(raw);
    return status;
  }
  static furl_status Default(Model* model) {
    furl_model* raw = nullptr;
    const furl_status status = furl_model_default(&raw);
    model->handle_.reset(raw);
    return status;
  }
  const furl_model* get() const { return handle_.get(); }

 private:
  struct Free {
    void operator()(furl_model* m) const { furl_model_free(m); }
  };
  std::unique_ptr<furl_model, Free> handle_;
};

class FrameHandle {
 public:
  FrameHandle() = default;
  explicit FrameHandle(furl_frame* frame) : handle_(frame) {}
  // The samples; valid as long as this handle.
  furl_picture picture() const {
    furl_picture picture{};
    picture.struct_size = sizeof(picture);
    furl_frame_get_picture(handle_.get(), &picture);
    return picture;
  }
  furl_frame* get() const { return handle_.get(); }
  explicit operator bool() const { return handle_ != nullptr; }

 private:
  struct Free {
    void operator()(furl_frame* f) const { furl_frame_free(f); }
  };
  std::unique_ptr<furl_frame, Free> handle_;
};

class Decoder {
 public:
  // `settings` may be null.
  static furl_status Open(const furl_decoder_settings* settings, const Model& model, Bytes header,
                          Decoder* decoder) {
    furl_decoder* raw = nullptr;
    const furl_status status =
        furl_decoder_open(&raw, settings, model.get(), header.data, header.size);
    decoder->handle_.reset(raw);
    return status;
  }
  furl_status Send(const furl_packet& packet) { return furl_decoder_send(handle_.get(), &packet); }
  // `user_data` comes back with the packet's picture.
  furl_status Send(Bytes bytes, std::int64_t pts, std::int64_t duration,
                   void* user_data = nullptr) {
    furl_packet packet{};
    packet.struct_size = sizeof(packet);
    packet.data = static_cast<const std::uint8_t*>(bytes.data);
    packet.size = bytes.size;
    packet.pts = pts;
    packet.duration = duration;
    packet.user_data = user_data;
    return Send(packet);
  }
  furl_status SendBase(const furl_image& picture, bool begins_gop) {
    return furl_decoder_send_base(handle_.get(), &picture, begins_gop ? 1 : 0);
  }
  furl_status Flush() { return furl_decoder_flush(handle_.get()); }
  furl_status Receive(FrameHandle* frame) {
    furl_frame* raw = nullptr;
    const furl_status status = furl_decoder_receive(handle_.get(), &raw);
    *frame = FrameHandle(raw);
    return status;
  }
  furl_decoder* get() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(furl_decoder* d) const { furl_decoder_close(d); }
  };
  std::unique_ptr<furl_decoder, Close> handle_;
};

// Not in libfurldec.
class Encoder {
 public:
  static furl_status Open(const furl_encoder_settings& settings, const Model& model,
                          Encoder* encoder) {
    furl_encoder* raw = nullptr;
    const furl_status status = furl_encoder_open(&raw, &settings, model.get());
    encoder->handle_.reset(raw);
    return status;
  }
  Bytes sequence_header() const {
    const std::uint8_t* data = nullptr;
    std::size_t size = 0;
    furl_encoder_sequence_header(handle_.get(), &data, &size);
    return {data, size};
  }
  furl_status Send(const furl_image& image) { return furl_encoder_send(handle_.get(), &image); }
  furl_status Flush() { return furl_encoder_flush(handle_.get()); }
  // Sets the packet's struct_size, too.
  furl_status Receive(furl_packet* packet) {
    packet->struct_size = sizeof(*packet);
    return furl_encoder_receive(handle_.get(), packet);
  }
  furl_encoder* get() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(furl_encoder* e) const { furl_encoder_close(e); }
  };
  std::unique_ptr<furl_encoder, Close> handle_;
};

}  // namespace furl::api

#endif  // FURL_FURL_HPP_
