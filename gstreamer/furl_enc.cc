#include "gstreamer/furl_enc.h"

#include <gst/video/video.h>

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "gstreamer/caps.h"
#include "gstreamer/color.h"
#include "gstreamer/handles.h"
#include "gstreamer/model_search.h"

GST_DEBUG_CATEGORY_STATIC(furl_enc_debug);
#define GST_CAT_DEFAULT furl_enc_debug

namespace {

using furl::gstreamer::EncoderPtr;
using furl::gstreamer::ModelPtr;
using furl::gstreamer::WriterPtr;

// Ticks per second of coded times: whole numbers at all usual frame rates.
constexpr int kTicksPerSecond = 90000;

// Pictures that the encoder's look-ahead holds back, and those that come with the mini-GOP it then
// codes. None with low delay.
constexpr guint64 kHeldPictures = 33;
constexpr guint64 kMiniGop = 16;

// The most pictures that are coded before one that is shown earlier (docs/bitstream.md, "Refused").
constexpr size_t kMostReordered = 16;

struct Video {
  std::string model_path;  // the property
  ModelPtr model;
  GstVideoCodecState* input = nullptr;
  EncoderPtr encoder;               // null: opened with the next picture
  std::optional<int64_t> last_pts;  // in ticks
  std::deque<GstClockTime> times;   // of the pictures sent whose turn as a packet's has not come
  guint64 packets = 0;              // handed on
  bool bare = false;                // what is wanted: a bare stream, or packets
  WriterPtr writer;                 // of the former,
  std::vector<uint8_t> written;     // and what it wrote

  ~Video() {
    if (input != nullptr) gst_video_codec_state_unref(input);
  }
};

}  // namespace

struct _FurlEnc {
  GstVideoEncoder parent;
  Video* video;
  gdouble crf;
  gint64 bitrate;
  gint64 max_bitrate;
  gint64 buffer_bits;
  gdouble gop_seconds;
  gboolean low_delay;
  gint preset;
  guint threads;
};

G_DEFINE_TYPE(FurlEnc, furl_enc, GST_TYPE_VIDEO_ENCODER)

enum {
  PROP_0,
  PROP_MODEL,
  PROP_CRF,
  PROP_BITRATE,
  PROP_MAX_BITRATE,
  PROP_BUFFER_BITS,
  PROP_GOP_SECONDS,
  PROP_LOW_DELAY,
  PROP_PRESET,
  PROP_THREADS
};

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
                            GST_STATIC_CAPS("video/x-raw, format=(string){ I420, I420_10LE }, "
                                            "width=(int)[ 16, 16384 ], height=(int)[ 16, 16384 ], "
                                            "framerate=(fraction)[ 0, MAX ]"));
// The bare stream first: it is what can be written to a file as it is.
static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS,
                            GST_STATIC_CAPS("video/x-furl, stream-format=(string){ bare, packet }, "
                                            "width=(int)[ 16, 16384 ], height=(int)[ 16, 16384 ], "
                                            "framerate=(fraction)[ 0, MAX ]"));

static GType furl_enc_preset_get_type() {
  static const GEnumValue values[] = {{FURL_PRESET_FAST, "Fast", "fast"},
                                      {FURL_PRESET_MEDIUM, "Medium", "medium"},
                                      {FURL_PRESET_SLOW, "Slow", "slow"},
                                      {0, nullptr, nullptr}};
  static gsize type = 0;
  if (g_once_init_enter(&type)) {
    g_once_init_leave(&type, g_enum_register_static("FurlEncPreset", values));
  }
  return type;
}

namespace {

furl_encoder_settings SettingsOf(const FurlEnc* self) {
  const GstVideoInfo& info = self->video->input->info;
  furl_encoder_settings s;
  furl_encoder_settings_init(&s, sizeof(s));
  s.width = GST_VIDEO_INFO_WIDTH(&info);
  s.height = GST_VIDEO_INFO_HEIGHT(&info);
  s.bit_depth = GST_VIDEO_INFO_COMP_DEPTH(&info, 0);
  s.crf = self->crf;
  s.bitrate = self->bitrate;
  s.max_bitrate = self->max_bitrate;
  s.buffer_bits = self->buffer_bits;
  s.gop_seconds = self->gop_seconds;
  s.low_delay = self->low_delay ? 1 : 0;
  s.preset = self->preset;
  s.threads = static_cast<int>(self->threads);
  if (GST_VIDEO_INFO_FPS_N(&info) > 0) {  // 0: it varies, and the default is as good as any
    s.frame_rate = {GST_VIDEO_INFO_FPS_N(&info), GST_VIDEO_INFO_FPS_D(&info)};
  }
  s.time_base = {1, kTicksPerSecond};
  if (GST_VIDEO_INFO_PAR_N(&info) > 0 && GST_VIDEO_INFO_PAR_D(&info) > 0) {
    s.sample_aspect = {GST_VIDEO_INFO_PAR_N(&info), GST_VIDEO_INFO_PAR_D(&info)};
  }
  s.color = furl::gstreamer::ColorOf(info);
  return s;
}

bool Fail(FurlEnc* self, const char* what) {
  GST_ELEMENT_ERROR(self, STREAM, ENCODE, ("%s: %s", what, furl_last_error()), (nullptr));
  return false;
}

furl_status Keep(void* opaque, const uint8_t* data, size_t size) {
  auto* written = static_cast<std::vector<uint8_t>*>(opaque);
  written->insert(written->end(), data, data + size);
  return FURL_OK;
}

// Opens the encoder, and the writer where a bare stream is wanted. False after an error message on
// the bus.
bool Open(FurlEnc* self) {
  Video& v = *self->video;
  if (v.encoder != nullptr) return true;
  const furl_encoder_settings settings = SettingsOf(self);
  furl_encoder* encoder = nullptr;
  if (furl_encoder_open(&encoder, &settings, v.model.get()) != FURL_OK) {
    return Fail(self, "the encoder can't be opened");
  }
  v.encoder.reset(encoder);
  v.last_pts.reset();
  v.times.clear();
  v.packets = 0;
  v.written.clear();
  v.writer.reset();
  if (!v.bare) return true;
  const uint8_t* header = nullptr;
  size_t size = 0;
  furl_encoder_sequence_header(encoder, &header, &size);
  furl_writer* writer = nullptr;
  if (furl_writer_open(&writer, Keep, &v.written, header, size) != FURL_OK) {
    return Fail(self, "the stream can't be begun");
  }
  v.writer.reset(writer);
  return true;
}

// Whether the elements behind take a bare stream first.
bool WantsBare(GstVideoEncoder* encoder) {
  GstCaps* caps = gst_pad_get_allowed_caps(GST_VIDEO_ENCODER_SRC_PAD(encoder));
  bool bare = true;
  if (caps != nullptr && !gst_caps_is_empty(caps)) {
    caps = gst_caps_fixate(caps);
    const gchar* format =
        gst_structure_get_string(gst_caps_get_structure(caps, 0), "stream-format");
    bare = g_strcmp0(format, "packet") != 0;
  }
  gst_clear_caps(&caps);
  return bare;
}

void SetOutput(FurlEnc* self) {
  Video& v = *self->video;
  GstVideoEncoder* encoder = GST_VIDEO_ENCODER(self);
  GstCaps* caps = gst_caps_from_string(v.bare ? FURL_BARE_CAPS : FURL_PACKET_CAPS);
  if (!v.bare) {
    const uint8_t* header = nullptr;
    size_t size = 0;
    furl_encoder_sequence_header(v.encoder.get(), &header, &size);
    GstBuffer* data = furl::gstreamer::NewBuffer(header, size);
    gst_caps_set_simple(caps, "codec_data", GST_TYPE_BUFFER, data, nullptr);
    gst_buffer_unref(data);
  }
  gst_video_codec_state_unref(gst_video_encoder_set_output_state(encoder, caps, v.input));
  const GstVideoInfo& info = v.input->info;
  if (GST_VIDEO_INFO_FPS_N(&info) == 0) return;
  const auto time = [&](guint64 frames) {
    return gst_util_uint64_scale(frames * GST_SECOND, GST_VIDEO_INFO_FPS_D(&info),
                                 GST_VIDEO_INFO_FPS_N(&info));
  };
  if (self->low_delay) {
    gst_video_encoder_set_latency(encoder, 0, 0);
  } else {
    gst_video_encoder_set_latency(encoder, time(kHeldPictures), time(kHeldPictures + kMiniGop));
  }
}

// Of the next packet: the time of the picture that was sent as many before as can be reordered,
// which none that follows is earlier than.
GstClockTime DecodeTime(FurlEnc* self) {
  Video& v = *self->video;
  const GstClockTime time = v.times.front();
  if (self->low_delay || v.packets++ >= kMostReordered) v.times.pop_front();
  return time;
}

// Hands one packet on.
GstFlowReturn Emit(FurlEnc* self, const furl_packet& packet) {
  Video& v = *self->video;
  GstVideoEncoder* encoder = GST_VIDEO_ENCODER(self);
  GstVideoCodecFrame* frame = gst_video_encoder_get_frame(
      encoder, static_cast<int>(GPOINTER_TO_UINT(packet.user_data) - 1));
  if (frame == nullptr) return GST_FLOW_OK;  // nobody waits for it
  const void* data = packet.data;
  size_t size = packet.size;
  if (v.bare) {
    if (furl_writer_send(v.writer.get(), &packet) != FURL_OK) {
      gst_video_codec_frame_unref(frame);
      Fail(self, "a packet can't be written");
      return GST_FLOW_ERROR;
    }
    data = v.written.data();
    size = v.written.size();
  }
  frame->output_buffer = furl::gstreamer::NewBuffer(data, size);
  v.written.clear();
  if (packet.key) GST_VIDEO_CODEC_FRAME_SET_SYNC_POINT(frame);
  frame->dts = DecodeTime(self);
  return gst_video_encoder_finish_frame(encoder, frame);
}

// Hands on what is ready, until the encoder wants pictures or has ended.
GstFlowReturn Receive(FurlEnc* self) {
  furl_packet packet{};
  packet.struct_size = sizeof(packet);
  for (;;) {
    const furl_status status = furl_encoder_receive(self->video->encoder.get(), &packet);
    if (status == FURL_TRY_AGAIN || status == FURL_END_OF_STREAM) return GST_FLOW_OK;
    if (status != FURL_OK) {
      Fail(self, "coding failed");
      return GST_FLOW_ERROR;
    }
    const GstFlowReturn result = Emit(self, packet);
    if (result != GST_FLOW_OK) return result;
  }
}

int64_t ToTicks(GstClockTime time) {
  return static_cast<int64_t>(gst_util_uint64_scale_round(time, kTicksPerSecond, GST_SECOND));
}

// The picture as the library takes it; borrows from `mapped`. Its time is later than the last.
furl_image ImageOf(Video* v, const GstVideoCodecFrame& frame, const GstVideoFrame& mapped) {
  furl_image image{};
  image.struct_size = sizeof(image);
  image.bytes_per_sample = GST_VIDEO_FRAME_COMP_DEPTH(&mapped, 0) > 8 ? 2 : 1;
  for (int p = 0; p < 3; ++p) {
    image.planes[p] = GST_VIDEO_FRAME_PLANE_DATA(&mapped, p);
    image.strides[p] = GST_VIDEO_FRAME_PLANE_STRIDE(&mapped, p);
  }
  image.pts = GST_CLOCK_TIME_IS_VALID(frame.pts) ? ToTicks(frame.pts) : 0;
  if (v->last_pts.has_value()) image.pts = MAX(image.pts, *v->last_pts + 1);
  v->last_pts = image.pts;
  image.duration = GST_CLOCK_TIME_IS_VALID(frame.duration) ? ToTicks(frame.duration) : 0;
  image.user_data = GUINT_TO_POINTER(frame.system_frame_number + 1);  // 0 is nobody's
  image.key = GST_VIDEO_CODEC_FRAME_IS_FORCE_KEYFRAME(&frame) ? 1 : 0;
  return image;
}

}  // namespace

static gboolean furl_enc_set_format(GstVideoEncoder* encoder, GstVideoCodecState* state) {
  FurlEnc* self = FURL_ENC(encoder);
  Video& v = *self->video;
  if (v.encoder != nullptr && !v.bare) {  // another format begins a stream of its own
    if (furl_encoder_flush(v.encoder.get()) < 0 || Receive(self) != GST_FLOW_OK) return FALSE;
  } else if (v.encoder != nullptr) {
    GST_ELEMENT_ERROR(self, STREAM, FORMAT, ("a bare stream has one format from start to end"),
                      (nullptr));
    return FALSE;
  }
  if (v.input != nullptr) gst_video_codec_state_unref(v.input);
  v.input = gst_video_codec_state_ref(state);
  v.encoder.reset();
  std::string error;
  if (v.model == nullptr) v.model = furl::gstreamer::DefaultModel(v.model_path, &error);
  if (v.model == nullptr) {
    GST_ELEMENT_ERROR(self, RESOURCE, NOT_FOUND, ("no model to encode with: %s", error.c_str()),
                      (nullptr));
    return FALSE;
  }
  v.bare = WantsBare(encoder);
  if (!Open(self)) return FALSE;
  SetOutput(self);
  return TRUE;
}

static GstFlowReturn furl_enc_handle_frame(GstVideoEncoder* encoder, GstVideoCodecFrame* frame) {
  FurlEnc* self = FURL_ENC(encoder);
  Video& v = *self->video;
  GstVideoFrame mapped;
  furl_status status = FURL_ERROR_INVALID_ARGUMENT;
  bool readable = false;
  if (Open(self)) {
    readable = gst_video_frame_map(&mapped, &v.input->info, frame->input_buffer, GST_MAP_READ);
  }
  if (readable) {
    const furl_image image = ImageOf(&v, *frame, mapped);
    v.times.push_back(frame->pts);
    status = furl_encoder_send(v.encoder.get(), &image);
    gst_video_frame_unmap(&mapped);
    if (status < 0) Fail(self, "a picture can't be coded");
  }
  if (status < 0) {
    gst_video_encoder_finish_frame(encoder, frame);  // without a buffer: dropped
    return GST_FLOW_ERROR;
  }
  gst_video_codec_frame_unref(frame);  // the base class has its own
  return Receive(self);
}

static GstFlowReturn furl_enc_finish(GstVideoEncoder* encoder) {
  FurlEnc* self = FURL_ENC(encoder);
  Video& v = *self->video;
  if (v.encoder == nullptr) return GST_FLOW_OK;
  if (furl_encoder_flush(v.encoder.get()) < 0) {
    Fail(self, "coding failed");
    return GST_FLOW_ERROR;
  }
  GstFlowReturn result = Receive(self);
  if (result == GST_FLOW_OK && v.bare && furl_writer_finish(v.writer.get()) == FURL_OK) {
    result = gst_pad_push(GST_VIDEO_ENCODER_SRC_PAD(encoder),
                          furl::gstreamer::NewBuffer(v.written.data(), v.written.size()));
  }
  v.encoder.reset();
  return result;
}

static gboolean furl_enc_flush(GstVideoEncoder* encoder) {
  FURL_ENC(encoder)->video->encoder.reset();
  return TRUE;
}

static gboolean furl_enc_stop(GstVideoEncoder* encoder) {
  Video& v = *FURL_ENC(encoder)->video;
  v.encoder.reset();
  v.model.reset();
  return TRUE;
}

static void furl_enc_set_property(GObject* object, guint id, const GValue* value,
                                  GParamSpec* spec) {
  FurlEnc* self = FURL_ENC(object);
  switch (id) {
    case PROP_MODEL: {
      const gchar* path = g_value_get_string(value);
      self->video->model_path = path == nullptr ? "" : path;
      break;
    }
    case PROP_CRF: self->crf = g_value_get_double(value); break;
    case PROP_BITRATE: self->bitrate = g_value_get_int64(value); break;
    case PROP_MAX_BITRATE: self->max_bitrate = g_value_get_int64(value); break;
    case PROP_BUFFER_BITS: self->buffer_bits = g_value_get_int64(value); break;
    case PROP_GOP_SECONDS: self->gop_seconds = g_value_get_double(value); break;
    case PROP_LOW_DELAY: self->low_delay = g_value_get_boolean(value); break;
    case PROP_PRESET: self->preset = g_value_get_enum(value); break;
    case PROP_THREADS: self->threads = g_value_get_uint(value); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
}

static void furl_enc_get_property(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  const FurlEnc* self = FURL_ENC(object);
  switch (id) {
    case PROP_MODEL: g_value_set_string(value, self->video->model_path.c_str()); break;
    case PROP_CRF: g_value_set_double(value, self->crf); break;
    case PROP_BITRATE: g_value_set_int64(value, self->bitrate); break;
    case PROP_MAX_BITRATE: g_value_set_int64(value, self->max_bitrate); break;
    case PROP_BUFFER_BITS: g_value_set_int64(value, self->buffer_bits); break;
    case PROP_GOP_SECONDS: g_value_set_double(value, self->gop_seconds); break;
    case PROP_LOW_DELAY: g_value_set_boolean(value, self->low_delay); break;
    case PROP_PRESET: g_value_set_enum(value, self->preset); break;
    case PROP_THREADS: g_value_set_uint(value, self->threads); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
}

static void furl_enc_finalize(GObject* object) {
  delete FURL_ENC(object)->video;
  G_OBJECT_CLASS(furl_enc_parent_class)->finalize(object);
}

static void furl_enc_init(FurlEnc* self) {
  self->video = new Video;
  furl_encoder_settings defaults;
  furl_encoder_settings_init(&defaults, sizeof(defaults));
  self->crf = defaults.crf;
  self->gop_seconds = defaults.gop_seconds;
  self->low_delay = defaults.low_delay;
  self->preset = defaults.preset;
  self->threads = static_cast<guint>(defaults.threads);
}

static void InstallProperties(GObjectClass* object) {
  furl_encoder_settings defaults;
  furl_encoder_settings_init(&defaults, sizeof(defaults));
  const auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  const auto install = [object](guint id, GParamSpec* spec) {
    g_object_class_install_property(object, id, spec);
  };
  install(PROP_MODEL,
          g_param_spec_string("model", "Model", "Model file, instead of the default", "", flags));
  install(PROP_CRF,
          g_param_spec_double("crf", "CRF", "Quality, 0 (best) to 63", 0, 63, defaults.crf, flags));
  constexpr gint64 kMost = gint64{1} << 50;
  install(PROP_BITRATE, g_param_spec_int64("bitrate", "Bit rate",
                                           "Mean bits per second, in one pass; 0: the crf decides",
                                           0, kMost, 0, flags));
  install(PROP_MAX_BITRATE, g_param_spec_int64("max-bitrate", "Largest bit rate",
                                               "Bits per second that leave the buffer; 0: the mean",
                                               0, kMost, 0, flags));
  install(PROP_BUFFER_BITS,
          g_param_spec_int64("buffer-bits", "Buffer", "Bits; 0: a second of the largest rate", 0,
                             kMost, 0, flags));
  install(PROP_GOP_SECONDS,
          g_param_spec_double("gop-seconds", "GOP seconds", "Longest distance between key frames",
                              0.01, 3600, defaults.gop_seconds, flags));
  install(PROP_LOW_DELAY,
          g_param_spec_boolean("low-delay", "Low delay", "Every picture becomes a packet at once",
                               defaults.low_delay, flags));
  install(PROP_PRESET, g_param_spec_enum("preset", "Preset", "Speed against size",
                                         furl_enc_preset_get_type(), defaults.preset, flags));
  install(PROP_THREADS, g_param_spec_uint("threads", "Threads", "Threads, 0: one per CPU", 0, 1024,
                                          static_cast<guint>(defaults.threads), flags));
}

static void furl_enc_class_init(FurlEncClass* klass) {
  GST_DEBUG_CATEGORY_INIT(furl_enc_debug, "furlenc", 0, "furl encoder");
  GObjectClass* object = G_OBJECT_CLASS(klass);
  object->set_property = furl_enc_set_property;
  object->get_property = furl_enc_get_property;
  object->finalize = furl_enc_finalize;
  InstallProperties(object);

  GstElementClass* element = GST_ELEMENT_CLASS(klass);
  gst_element_class_add_static_pad_template(element, &sink_template);
  gst_element_class_add_static_pad_template(element, &src_template);
  gst_element_class_set_static_metadata(element, "furl video encoder", "Codec/Encoder/Video",
                                        "Codes video as furl", "furl");
  gst_type_mark_as_plugin_api(furl_enc_preset_get_type(), static_cast<GstPluginAPIFlags>(0));
  GstVideoEncoderClass* encoder = GST_VIDEO_ENCODER_CLASS(klass);
  encoder->set_format = furl_enc_set_format;
  encoder->handle_frame = furl_enc_handle_frame;
  encoder->finish = furl_enc_finish;
  encoder->flush = furl_enc_flush;
  encoder->stop = furl_enc_stop;
}
