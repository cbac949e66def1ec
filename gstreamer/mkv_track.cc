#include "gstreamer/mkv_track.h"

#include "gstreamer/caps.h"
#include "gstreamer/handles.h"

struct _FurlMkvTrack {
  GstElement parent;
  GstPad* sink;
  GstPad* src;
  GstCaps* caps;
};

G_DEFINE_TYPE(FurlMkvTrack, furl_mkv_track, GST_TYPE_ELEMENT)

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE(
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(FURL_UNKNOWN_CAPS));
static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(FURL_PACKET_CAPS));

static GstFlowReturn furl_mkv_track_chain(GstPad*, GstObject* parent, GstBuffer* buffer) {
  return gst_pad_push(FURL_MKV_TRACK(parent)->src, buffer);
}

static gboolean furl_mkv_track_event(GstPad* pad, GstObject* parent, GstEvent* event) {
  FurlMkvTrack* self = FURL_MKV_TRACK(parent);
  if (GST_EVENT_TYPE(event) == GST_EVENT_CAPS) {
    gst_event_unref(event);
    return gst_pad_push_event(self->src, gst_event_new_caps(self->caps));
  }
  return gst_pad_event_default(pad, parent, event);
}

static void furl_mkv_track_finalize(GObject* object) {
  gst_clear_caps(&FURL_MKV_TRACK(object)->caps);
  G_OBJECT_CLASS(furl_mkv_track_parent_class)->finalize(object);
}

static void furl_mkv_track_init(FurlMkvTrack* self) {
  self->sink = gst_pad_new_from_static_template(&sink_template, "sink");
  gst_pad_set_chain_function(self->sink, furl_mkv_track_chain);
  gst_pad_set_event_function(self->sink, furl_mkv_track_event);
  GST_PAD_SET_PROXY_ALLOCATION(self->sink);
  GST_PAD_SET_PROXY_SCHEDULING(self->sink);
  gst_element_add_pad(GST_ELEMENT(self), self->sink);
  self->src = gst_pad_new_from_static_template(&src_template, "src");
  gst_pad_use_fixed_caps(self->src);
  gst_element_add_pad(GST_ELEMENT(self), self->src);
}

static void furl_mkv_track_class_init(FurlMkvTrackClass* klass) {
  G_OBJECT_CLASS(klass)->finalize = furl_mkv_track_finalize;
  GstElementClass* element = GST_ELEMENT_CLASS(klass);
  gst_element_class_add_static_pad_template(element, &sink_template);
  gst_element_class_add_static_pad_template(element, &src_template);
  gst_element_class_set_static_metadata(element, "furl track of Matroska", "Codec/Parser/Video",
                                        "Names a furl track that a demuxer doesn't know", "furl");
}

namespace furl::gstreamer {

GstElement* NewMkvTrack(std::span<const uint8_t> header) {
  furl_stream_info info{};
  info.struct_size = sizeof(info);
  if (furl_read_stream_info(header.data(), header.size(), &info) != FURL_OK) return nullptr;
  auto* track = static_cast<FurlMkvTrack*>(g_object_new(FURL_TYPE_MKV_TRACK, nullptr));
  GstBuffer* data = NewBuffer(header.data(), header.size());
  track->caps = gst_caps_from_string(FURL_PACKET_CAPS);
  gst_caps_set_simple(
      track->caps, "width", G_TYPE_INT, info.width, "height", G_TYPE_INT, info.height, "framerate",
      GST_TYPE_FRACTION, static_cast<gint>(info.frame_rate.num),
      static_cast<gint>(info.frame_rate.den), "codec_data", GST_TYPE_BUFFER, data, nullptr);
  gst_buffer_unref(data);
  return GST_ELEMENT(track);
}

}  // namespace furl::gstreamer
