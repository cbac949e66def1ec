#include "gstreamer/furl_dec.h"

#include <gst/video/video.h>

#include <string>
#include <vector>

#include "gstreamer/caps.h"
#include "gstreamer/color.h"
#include "gstreamer/handles.h"
#include "gstreamer/model_search.h"

GST_DEBUG_CATEGORY_STATIC(furl_dec_debug);
#define GST_CAT_DEFAULT furl_dec_debug

namespace {

using furl::gstreamer::DecoderPtr;
using furl::gstreamer::FramePtr;
using furl::gstreamer::ModelPtr;

// The most pictures that may come before one that is shown earlier (docs/bitstream.md, "Refused").
constexpr int kMostReordered = 16;

// What a decoder knows of its stream.
struct Stream {
  std::string model_path;  // the property
  ModelPtr model;
  std::vector<uint8_t> header;
  furl_stream_info info{};
  DecoderPtr decoder;    // null: opened with the next packet
  int64_t next_pts = 0;  // for packets without times, in ticks
  bool drained = false;  // the decoder has been told that nothing follows
};

}  // namespace

struct _FurlDec {
  GstVideoDecoder parent;
  Stream* stream;
  guint threads;
  gboolean conceal;
};

G_DEFINE_TYPE(FurlDec, furl_dec, GST_TYPE_VIDEO_DECODER)

enum { PROP_0, PROP_MODEL, PROP_THREADS, PROP_CONCEAL };

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE(
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(FURL_PACKET_CAPS));
static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS,
                            GST_STATIC_CAPS(GST_VIDEO_CAPS_MAKE("{ I420, I420_10LE }")));

namespace {

std::string SourceOf(FurlDec* self) {
  return furl::gstreamer::SourceOf(GST_VIDEO_DECODER_SINK_PAD(GST_VIDEO_DECODER(self)));
}

// Opens the decoder for the stream's header. False after an error message on the bus.
bool Open(FurlDec* self) {
  Stream& s = *self->stream;
  if (s.decoder != nullptr) return true;
  if (s.info.base_width > 0) {
    GST_ELEMENT_ERROR(self, STREAM, DECODE,
                      ("%s adds to a base, which this element can't; the base's track plays",
                       SourceOf(self).c_str()),
                      (nullptr));
    return false;
  }
  furl_decoder_settings settings;
  furl_decoder_settings_init(&settings, sizeof(settings));
  settings.threads = static_cast<int>(self->threads);
  settings.conceal = self->conceal ? 1 : 0;
  furl_decoder* decoder = nullptr;
  if (furl_decoder_open(&decoder, &settings, s.model.get(), s.header.data(), s.header.size()) !=
      FURL_OK) {
    GST_ELEMENT_ERROR(self, STREAM, DECODE,
                      ("%s can't be decoded: %s", SourceOf(self).c_str(), furl_last_error()),
                      (nullptr));
    return false;
  }
  s.decoder.reset(decoder);
  s.drained = false;
  return true;
}

// The size, times and colours of the pictures; what the container says of rate and aspect wins.
void SetOutput(FurlDec* self, GstVideoCodecState* input) {
  const furl_stream_info& info = self->stream->info;
  GstVideoDecoder* decoder = GST_VIDEO_DECODER(self);
  const GstVideoFormat format =
      info.bit_depth == 8 ? GST_VIDEO_FORMAT_I420 : GST_VIDEO_FORMAT_I420_10LE;
  GstVideoCodecState* output = gst_video_decoder_set_output_state(
      decoder, format, static_cast<guint>(info.width), static_cast<guint>(info.height), input);
  const GstStructure* caps = gst_caps_get_structure(input->caps, 0);
  if (!gst_structure_has_field(caps, "colorimetry")) {
    furl::gstreamer::ApplyColor(info.color, &output->info);
  }
  if (GST_VIDEO_INFO_FPS_N(&output->info) == 0) {
    GST_VIDEO_INFO_FPS_N(&output->info) = static_cast<gint>(info.frame_rate.num);
    GST_VIDEO_INFO_FPS_D(&output->info) = static_cast<gint>(info.frame_rate.den);
  }
  if (!gst_structure_has_field(caps, "pixel-aspect-ratio")) {
    GST_VIDEO_INFO_PAR_N(&output->info) = static_cast<gint>(info.sample_aspect.num);
    GST_VIDEO_INFO_PAR_D(&output->info) = static_cast<gint>(info.sample_aspect.den);
  }
  const guint64 reordered = info.low_delay ? 0 : kMostReordered;
  const GstClockTime latency =
      gst_util_uint64_scale(reordered * GST_SECOND, GST_VIDEO_INFO_FPS_D(&output->info),
                            GST_VIDEO_INFO_FPS_N(&output->info));
  gst_video_decoder_set_latency(decoder, latency, latency);
  gst_video_codec_state_unref(output);
}

// A tag that says what decodes it.
void SetTags(FurlDec* self) {
  GstTagList* tags = gst_tag_list_new(GST_TAG_VIDEO_CODEC, "furl", nullptr);
  gst_video_decoder_merge_tags(GST_VIDEO_DECODER(self), tags, GST_TAG_MERGE_REPLACE);
  gst_tag_list_unref(tags);
}

// Frames that will not come any more, because one that is shown later has come.
void ReleaseOlder(GstVideoDecoder* decoder, const GstVideoCodecFrame* than) {
  GList* frames = gst_video_decoder_get_frames(decoder);
  for (GList* i = frames; i != nullptr; i = i->next) {
    auto* frame = static_cast<GstVideoCodecFrame*>(i->data);
    if (frame != than && GST_CLOCK_TIME_IS_VALID(frame->pts) &&
        GST_CLOCK_TIME_IS_VALID(than->pts) && frame->pts < than->pts) {
      gst_video_decoder_release_frame(decoder, gst_video_codec_frame_ref(frame));
    }
  }
  g_list_free_full(frames, reinterpret_cast<GDestroyNotify>(gst_video_codec_frame_unref));
}

// Copies the samples into the frame's buffer.
bool Fill(FurlDec* self, const furl_frame* picture, GstVideoCodecFrame* frame) {
  GstVideoCodecState* state = gst_video_decoder_get_output_state(GST_VIDEO_DECODER(self));
  GstVideoFrame out;
  const bool mapped =
      gst_video_frame_map(&out, &state->info, frame->output_buffer, GST_MAP_WRITE) != FALSE;
  gst_video_codec_state_unref(state);
  if (!mapped) return false;
  void* planes[3];
  ptrdiff_t strides[3];
  for (int p = 0; p < 3; ++p) {
    planes[p] = GST_VIDEO_FRAME_PLANE_DATA(&out, p);
    strides[p] = GST_VIDEO_FRAME_PLANE_STRIDE(&out, p);
  }
  const int bytes = GST_VIDEO_FRAME_COMP_DEPTH(&out, 0) > 8 ? 2 : 1;
  const furl_status copied = furl_frame_copy(picture, bytes, planes, strides);
  gst_video_frame_unmap(&out);
  return copied == FURL_OK;
}

// Hands one picture on.
GstFlowReturn Show(FurlDec* self, const furl_frame* shown) {
  GstVideoDecoder* decoder = GST_VIDEO_DECODER(self);
  furl_picture picture{};
  picture.struct_size = sizeof(picture);
  furl_frame_get_picture(shown, &picture);
  const guint number = GPOINTER_TO_UINT(picture.user_data);
  GstVideoCodecFrame* frame =
      number == 0 ? nullptr : gst_video_decoder_get_frame(decoder, static_cast<int>(number - 1));
  if (frame == nullptr) return GST_FLOW_OK;  // nobody waits for it
  ReleaseOlder(decoder, frame);
  GstFlowReturn result = gst_video_decoder_allocate_output_frame(decoder, frame);
  if (result == GST_FLOW_OK && !Fill(self, shown, frame)) {
    GST_ELEMENT_ERROR(self, RESOURCE, WRITE, ("a picture's memory can't be written to"), (nullptr));
    result = GST_FLOW_ERROR;
  }
  if (result != GST_FLOW_OK) {
    gst_video_decoder_release_frame(decoder, frame);
    return result;
  }
  if (picture.concealed) GST_BUFFER_FLAG_SET(frame->output_buffer, GST_BUFFER_FLAG_CORRUPTED);
  return gst_video_decoder_finish_frame(decoder, frame);
}

// Damage in the stream: an error message only where there is too much of it.
GstFlowReturn Damaged(FurlDec* self) {
  GstFlowReturn result = GST_FLOW_OK;
  GST_VIDEO_DECODER_ERROR(self, 1, STREAM, DECODE,
                          ("%s is damaged: %s", SourceOf(self).c_str(), furl_last_error()),
                          (nullptr), result);
  return result;
}

// Shows what is ready, until the decoder wants packets or has ended.
GstFlowReturn Receive(FurlDec* self) {
  for (;;) {
    furl_frame* raw = nullptr;
    const furl_status status = furl_decoder_receive(self->stream->decoder.get(), &raw);
    const FramePtr frame(raw);
    if (status == FURL_TRY_AGAIN || status == FURL_END_OF_STREAM) return GST_FLOW_OK;
    const GstFlowReturn result = status == FURL_OK ? Show(self, frame.get()) : Damaged(self);
    if (result != GST_FLOW_OK) return result;
  }
}

int64_t ToTicks(GstClockTime time, const furl_rational& base) {
  return static_cast<int64_t>(gst_util_uint64_scale_round(
      time, static_cast<guint64>(base.den), static_cast<guint64>(base.num) * GST_SECOND));
}

// The frame's bytes and times as the library takes them. `map` stays mapped.
furl_packet PacketOf(Stream* s, const GstVideoCodecFrame& frame, const GstMapInfo& map) {
  furl_packet packet{};
  packet.struct_size = sizeof(packet);
  packet.data = map.data;
  packet.size = map.size;
  packet.pts =
      GST_CLOCK_TIME_IS_VALID(frame.pts) ? ToTicks(frame.pts, s->info.time_base) : s->next_pts;
  packet.duration =
      GST_CLOCK_TIME_IS_VALID(frame.duration) ? ToTicks(frame.duration, s->info.time_base) : 0;
  s->next_pts = packet.pts + MAX(packet.duration, 1);
  packet.user_data = GUINT_TO_POINTER(frame.system_frame_number + 1);  // 0 is nobody's
  return packet;
}

// Decodes one packet. Takes the frame.
GstFlowReturn Send(FurlDec* self, GstVideoCodecFrame* frame) {
  Stream& s = *self->stream;
  GstVideoDecoder* decoder = GST_VIDEO_DECODER(self);
  GstMapInfo map;
  if (!gst_buffer_map(frame->input_buffer, &map, GST_MAP_READ)) {
    gst_video_decoder_release_frame(decoder, frame);
    return GST_FLOW_ERROR;
  }
  const bool late = gst_video_decoder_get_max_decode_time(decoder, frame) < 0;
  if (late && furl_packet_is_disposable(map.data, map.size)) {
    gst_buffer_unmap(frame->input_buffer, &map);
    return gst_video_decoder_drop_frame(decoder, frame);
  }
  const furl_packet packet = PacketOf(&s, *frame, map);
  furl_status status;
  GstFlowReturn result = GST_FLOW_OK;
  while ((status = furl_decoder_send(s.decoder.get(), &packet)) == FURL_TRY_AGAIN &&
         result == GST_FLOW_OK) {
    result = Receive(self);
  }
  gst_buffer_unmap(frame->input_buffer, &map);
  if (result == GST_FLOW_OK && status < 0) {
    result = Damaged(self);
    gst_video_decoder_drop_frame(decoder, frame);
  } else {
    gst_video_codec_frame_unref(frame);  // the base class has its own
  }
  return result == GST_FLOW_OK ? Receive(self) : result;
}

bool TakeHeader(FurlDec* self, GstVideoCodecState* state) {
  Stream& s = *self->stream;
  s.header = furl::gstreamer::BytesOf(state->codec_data);
  s.decoder.reset();
  s.info = {};
  s.info.struct_size = sizeof(s.info);
  const furl_status status = furl_read_stream_info(s.header.data(), s.header.size(), &s.info);
  if (status != FURL_OK) {
    GST_ELEMENT_ERROR(self, STREAM, FORMAT,
                      ("%s has no usable furl header: %s", SourceOf(self).c_str(),
                       status < 0 ? furl_last_error() : "it is cut off"),
                      (nullptr));
    return false;
  }
  std::string error;
  s.model = furl::gstreamer::FindModel(s.model_path, s.info.model_id, &error);
  if (s.model == nullptr) {
    GST_ELEMENT_ERROR(self, STREAM, CODEC_NOT_FOUND,
                      ("%s can't be decoded: %s", SourceOf(self).c_str(), error.c_str()),
                      (nullptr));
  }
  return s.model != nullptr;
}

}  // namespace

static gboolean furl_dec_set_format(GstVideoDecoder* decoder, GstVideoCodecState* state) {
  FurlDec* self = FURL_DEC(decoder);
  if (state->codec_data == nullptr) {
    GST_ELEMENT_ERROR(self, STREAM, FORMAT,
                      ("%s comes without furl's header (codec_data)", SourceOf(self).c_str()),
                      (nullptr));
    return FALSE;
  }
  if (!TakeHeader(self, state) || !Open(self)) return FALSE;
  SetOutput(self, state);
  SetTags(self);
  return TRUE;
}

static GstFlowReturn furl_dec_handle_frame(GstVideoDecoder* decoder, GstVideoCodecFrame* frame) {
  FurlDec* self = FURL_DEC(decoder);
  if (self->stream->drained) self->stream->decoder.reset();
  if (!Open(self)) {
    gst_video_decoder_release_frame(decoder, frame);
    return GST_FLOW_ERROR;
  }
  return Send(self, frame);
}

// At the end and wherever all pictures are wanted before more packets come.
static GstFlowReturn furl_dec_drain(GstVideoDecoder* decoder) {
  FurlDec* self = FURL_DEC(decoder);
  Stream& s = *self->stream;
  if (s.decoder == nullptr || s.drained) return GST_FLOW_OK;
  s.drained = true;
  if (furl_decoder_flush(s.decoder.get()) < 0) return Damaged(self);
  return Receive(self);
}

// What was sent is not wanted any more.
static gboolean furl_dec_flush(GstVideoDecoder* decoder) {
  FURL_DEC(decoder)->stream->decoder.reset();
  return TRUE;
}

static gboolean furl_dec_stop(GstVideoDecoder* decoder) {
  Stream& s = *FURL_DEC(decoder)->stream;
  s.decoder.reset();
  s.model.reset();
  s.header.clear();
  return TRUE;
}

static void furl_dec_set_property(GObject* object, guint id, const GValue* value,
                                  GParamSpec* spec) {
  FurlDec* self = FURL_DEC(object);
  switch (id) {
    case PROP_MODEL: {
      const gchar* path = g_value_get_string(value);
      self->stream->model_path = path == nullptr ? "" : path;
      break;
    }
    case PROP_THREADS: self->threads = g_value_get_uint(value); break;
    case PROP_CONCEAL: self->conceal = g_value_get_boolean(value); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
}

static void furl_dec_get_property(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  FurlDec* self = FURL_DEC(object);
  switch (id) {
    case PROP_MODEL: g_value_set_string(value, self->stream->model_path.c_str()); break;
    case PROP_THREADS: g_value_set_uint(value, self->threads); break;
    case PROP_CONCEAL: g_value_set_boolean(value, self->conceal); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
}

static void furl_dec_finalize(GObject* object) {
  delete FURL_DEC(object)->stream;
  G_OBJECT_CLASS(furl_dec_parent_class)->finalize(object);
}

static void furl_dec_init(FurlDec* self) {
  self->stream = new Stream;
  self->conceal = TRUE;
  GstVideoDecoder* decoder = GST_VIDEO_DECODER(self);
  gst_video_decoder_set_packetized(decoder, TRUE);
  gst_video_decoder_set_needs_format(decoder, TRUE);
  gst_video_decoder_set_needs_sync_point(decoder, TRUE);
  gst_video_decoder_set_use_default_pad_acceptcaps(decoder, TRUE);
  GST_PAD_SET_ACCEPT_TEMPLATE(GST_VIDEO_DECODER_SINK_PAD(decoder));
}

static void furl_dec_class_init(FurlDecClass* klass) {
  GST_DEBUG_CATEGORY_INIT(furl_dec_debug, "furldec", 0, "furl decoder");
  GObjectClass* object = G_OBJECT_CLASS(klass);
  object->set_property = furl_dec_set_property;
  object->get_property = furl_dec_get_property;
  object->finalize = furl_dec_finalize;
  const auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property(
      object, PROP_MODEL,
      g_param_spec_string("model", "Model", "Model file, or folder with models, to look at first",
                          "", flags));
  g_object_class_install_property(
      object, PROP_THREADS,
      g_param_spec_uint("threads", "Threads", "Threads, 0: one per CPU", 0, 1024, 0, flags));
  g_object_class_install_property(
      object, PROP_CONCEAL,
      g_param_spec_boolean("conceal", "Conceal",
                           "Show the nearest picture in place of damaged ones", TRUE, flags));

  GstElementClass* element = GST_ELEMENT_CLASS(klass);
  gst_element_class_add_static_pad_template(element, &sink_template);
  gst_element_class_add_static_pad_template(element, &src_template);
  gst_element_class_set_static_metadata(element, "furl video decoder", "Codec/Decoder/Video",
                                        "Decodes furl video", "furl");
  GstVideoDecoderClass* decoder = GST_VIDEO_DECODER_CLASS(klass);
  decoder->set_format = furl_dec_set_format;
  decoder->handle_frame = furl_dec_handle_frame;
  decoder->drain = furl_dec_drain;
  decoder->finish = furl_dec_drain;
  decoder->flush = furl_dec_flush;
  decoder->stop = furl_dec_stop;
}
