// The library's handles and errors as the elements use them.

#ifndef FURL_GSTREAMER_HANDLES_H_
#define FURL_GSTREAMER_HANDLES_H_

#include <furl/furl.h>
#include <gst/gst.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace furl::gstreamer {

// Each releases itself with the function of its own.
template <auto kRelease>
struct Release {
  template <typename Handle>
  void operator()(Handle* handle) const {
    kRelease(handle);
  }
};
using ModelPtr = std::unique_ptr<furl_model, Release<furl_model_free>>;
using DecoderPtr = std::unique_ptr<furl_decoder, Release<furl_decoder_close>>;
using EncoderPtr = std::unique_ptr<furl_encoder, Release<furl_encoder_close>>;
using FramePtr = std::unique_ptr<furl_frame, Release<furl_frame_free>>;
using ReaderPtr = std::unique_ptr<furl_reader, Release<furl_reader_close>>;
using WriterPtr = std::unique_ptr<furl_writer, Release<furl_writer_close>>;

// A buffer with a copy of these bytes.
inline GstBuffer* NewBuffer(const void* data, size_t size) {
  return gst_buffer_new_memdup(data, size);
}

// The bytes of a buffer; none for null.
std::vector<uint8_t> BytesOf(GstBuffer* buffer);

// What is being played, as far as the elements before `pad` know: an address, or "the stream". For
// messages of errors.
std::string SourceOf(GstPad* pad);

}  // namespace furl::gstreamer

#endif  // FURL_GSTREAMER_HANDLES_H_
