#include "gstreamer/handles.h"

namespace furl::gstreamer {

std::vector<uint8_t> BytesOf(GstBuffer* buffer) {
  std::vector<uint8_t> bytes;
  if (buffer == nullptr) return bytes;
  bytes.resize(gst_buffer_get_size(buffer));
  gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
  return bytes;
}

std::string SourceOf(GstPad* pad) {
  std::string source = "the stream";
  GstQuery* query = gst_query_new_uri();
  if (gst_pad_peer_query(pad, query)) {
    gchar* uri = nullptr;
    gst_query_parse_uri(query, &uri);
    if (uri != nullptr) source = uri;
    g_free(uri);
  }
  gst_query_unref(query);
  return source;
}

}  // namespace furl::gstreamer
