#include "gstreamer/furl_parse.h"

#include "gstreamer/caps.h"
#include "gstreamer/handles.h"

GST_DEBUG_CATEGORY_STATIC(furl_parse_debug);
#define GST_CAT_DEFAULT furl_parse_debug

namespace {

// The reader gets each byte of the stream once. The base class holds them too, from `base` on,
// until they are part of a packet.
struct Parser {
  furl::gstreamer::ReaderPtr reader;
  int64_t base = 0;      // where in the stream the base class is
  int64_t appended = 0;  // where the reader's bytes end
  furl_rational time_base{1, 1};
  bool has_caps = false;
};

// A packet has at least a head of two bytes; the reader says when it wants more.
constexpr guint kLeastBytes = 4;

}  // namespace

struct _FurlParse {
  GstBaseParse parent;
  Parser* parser;
};

G_DEFINE_TYPE(FurlParse, furl_parse, GST_TYPE_BASE_PARSE)

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(FURL_BARE_CAPS));
static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(FURL_PACKET_CAPS));

namespace {

// Says what the packets are once the header is known. False after an error message on the bus.
bool SetCaps(FurlParse* self) {
  Parser& p = *self->parser;
  if (p.has_caps) return true;
  const uint8_t* header = nullptr;
  size_t size = 0;
  furl_stream_info info{};
  info.struct_size = sizeof(info);
  if (furl_reader_sequence_header(p.reader.get(), &header, &size) != FURL_OK ||
      furl_read_stream_info(header, size, &info) != FURL_OK) {
    return false;
  }
  p.time_base = info.time_base;
  GstBuffer* data = furl::gstreamer::NewBuffer(header, size);
  GstCaps* caps = gst_caps_from_string(FURL_PACKET_CAPS);
  gst_caps_set_simple(caps, "width", G_TYPE_INT, info.width, "height", G_TYPE_INT, info.height,
                      "framerate", GST_TYPE_FRACTION, static_cast<gint>(info.frame_rate.num),
                      static_cast<gint>(info.frame_rate.den), "codec_data", GST_TYPE_BUFFER, data,
                      nullptr);
  gst_buffer_unref(data);
  p.has_caps = gst_pad_set_caps(GST_BASE_PARSE_SRC_PAD(self), caps) != FALSE;
  gst_caps_unref(caps);
  gst_base_parse_set_frame_rate(GST_BASE_PARSE(self), static_cast<guint>(info.frame_rate.num),
                                static_cast<guint>(info.frame_rate.den), 0, 0);
  return p.has_caps;
}

// Gives the reader what it hasn't got yet of the bytes at the base class's place.
void Append(FurlParse* self, GstBaseParseFrame* frame) {
  Parser& p = *self->parser;
  const auto at = static_cast<int64_t>(GST_BUFFER_OFFSET(frame->buffer));
  if (at != p.base) {  // the base class has jumped
    furl_reader_seek(p.reader.get(), at);
    p.base = p.appended = at;
  }
  GstMapInfo map;
  if (!gst_buffer_map(frame->buffer, &map, GST_MAP_READ)) return;
  const int64_t known = p.appended - p.base;
  if (known < static_cast<int64_t>(map.size)) {
    furl_reader_append(p.reader.get(), map.data + known, map.size - static_cast<size_t>(known));
    p.appended = p.base + static_cast<int64_t>(map.size);
  }
  gst_buffer_unmap(frame->buffer, &map);
  if (GST_BASE_PARSE_DRAINING(self)) furl_reader_finish(p.reader.get());
}

GstClockTime ToTime(int64_t ticks, const furl_rational& base) {
  if (ticks < 0) return 0;
  return gst_util_uint64_scale_round(static_cast<guint64>(ticks),
                                     static_cast<guint64>(base.num) * GST_SECOND,
                                     static_cast<guint64>(base.den));
}

GstFlowReturn Emit(FurlParse* self, GstBaseParseFrame* frame, const furl_packet& packet) {
  Parser& p = *self->parser;
  if (!SetCaps(self)) return GST_FLOW_NOT_NEGOTIATED;
  GstBuffer* buffer = furl::gstreamer::NewBuffer(packet.data, packet.size);
  GST_BUFFER_PTS(buffer) = ToTime(packet.pts, p.time_base);
  GST_BUFFER_DURATION(buffer) = ToTime(packet.duration, p.time_base);
  if (!packet.key) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  frame->out_buffer = buffer;
  const int64_t end = furl_reader_position(p.reader.get());
  const auto size = static_cast<gint>(end - p.base);
  p.base = end;
  return gst_base_parse_finish_frame(GST_BASE_PARSE(self), frame, size);
}

}  // namespace

static GstFlowReturn furl_parse_handle_frame(GstBaseParse* parse, GstBaseParseFrame* frame,
                                             gint* skip) {
  FurlParse* self = FURL_PARSE(parse);
  Parser& p = *self->parser;
  Append(self, frame);
  furl_packet packet{};
  packet.struct_size = sizeof(packet);
  for (;;) {
    const furl_status status = furl_reader_receive(p.reader.get(), &packet);
    switch (status) {
      case FURL_OK: return Emit(self, frame, packet);
      case FURL_NEED_MORE_DATA: return GST_FLOW_OK;  // called again with more
      case FURL_END_OF_STREAM:
        *skip = static_cast<gint>(gst_buffer_get_size(frame->buffer));
        p.base += *skip;
        return GST_FLOW_OK;
      case FURL_ERROR_INVALID_STREAM: {
        const uint8_t* header = nullptr;
        size_t size = 0;
        if (furl_reader_sequence_header(p.reader.get(), &header, &size) == FURL_OK) {
          GST_ELEMENT_WARNING(self, STREAM, DECODE, ("%s", furl_last_error()), (nullptr));
          break;  // reading goes on behind the damage
        }
        [[fallthrough]];
      }
      default:
        GST_ELEMENT_ERROR(
            self, STREAM, FORMAT,
            ("%s can't be read: %s",
             furl::gstreamer::SourceOf(GST_BASE_PARSE_SINK_PAD(parse)).c_str(), furl_last_error()),
            (nullptr));
        return GST_FLOW_ERROR;
    }
  }
}

static gboolean furl_parse_start(GstBaseParse* parse) {
  Parser& p = *FURL_PARSE(parse)->parser;
  p = Parser();
  furl_reader* reader = nullptr;
  if (furl_reader_open(&reader, 0, 0) != FURL_OK) return FALSE;
  p.reader.reset(reader);
  gst_base_parse_set_min_frame_size(parse, kLeastBytes);
  gst_base_parse_set_syncable(parse, TRUE);
  gst_base_parse_set_has_timing_info(parse, TRUE);
  // The stream has all times, in coding order.
  gst_base_parse_set_infer_ts(parse, FALSE);
  gst_base_parse_set_pts_interpolation(parse, FALSE);
  return TRUE;
}

static gboolean furl_parse_stop(GstBaseParse* parse) {
  FURL_PARSE(parse)->parser->reader.reset();
  return TRUE;
}

static void furl_parse_finalize(GObject* object) {
  delete FURL_PARSE(object)->parser;
  G_OBJECT_CLASS(furl_parse_parent_class)->finalize(object);
}

static void furl_parse_init(FurlParse* self) { self->parser = new Parser; }

static void furl_parse_class_init(FurlParseClass* klass) {
  GST_DEBUG_CATEGORY_INIT(furl_parse_debug, "furlparse", 0, "parser of bare furl streams");
  G_OBJECT_CLASS(klass)->finalize = furl_parse_finalize;
  GstElementClass* element = GST_ELEMENT_CLASS(klass);
  gst_element_class_add_static_pad_template(element, &sink_template);
  gst_element_class_add_static_pad_template(element, &src_template);
  gst_element_class_set_static_metadata(element, "furl stream parser", "Codec/Parser/Video",
                                        "Takes bare furl streams apart into packets", "furl");
  GstBaseParseClass* parse = GST_BASE_PARSE_CLASS(klass);
  parse->start = furl_parse_start;
  parse->stop = furl_parse_stop;
  parse->handle_frame = furl_parse_handle_frame;
}
