#include "gstreamer/furl_mkv_demux.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "gstreamer/caps.h"
#include "gstreamer/handles.h"
#include "gstreamer/mkv_track.h"
#include "gstreamer/mkv_tracks.h"

GST_DEBUG_CATEGORY_STATIC(furl_mkv_demux_debug);
#define GST_CAT_DEFAULT furl_mkv_demux_debug

namespace {

using Answer = furl::gstreamer::MkvTracks::Answer;

// Asked of sources that can be read anywhere.
constexpr guint kFirstPull = 1 << 16;

struct File {
  std::vector<uint8_t> begin;  // where the source pushes: the first bytes, until `tracks` are known
  furl::gstreamer::MkvTracks tracks;
  bool looked = false;
};

}  // namespace

struct _FurlMkvDemux {
  GstBin parent;
  GstElement* demux;
  GstPad* sink;
  File* file;  // used by the thread that demuxes alone
};

G_DEFINE_TYPE(FurlMkvDemux, furl_mkv_demux, GST_TYPE_BIN)

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE(
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(FURL_MATROSKA_CAPS "; video/x-matroska"));
static GstStaticPadTemplate video_template =
    GST_STATIC_PAD_TEMPLATE("video_%u", GST_PAD_SRC, GST_PAD_SOMETIMES, GST_STATIC_CAPS_ANY);
static GstStaticPadTemplate audio_template =
    GST_STATIC_PAD_TEMPLATE("audio_%u", GST_PAD_SRC, GST_PAD_SOMETIMES, GST_STATIC_CAPS_ANY);
static GstStaticPadTemplate subtitle_template =
    GST_STATIC_PAD_TEMPLATE("subtitle_%u", GST_PAD_SRC, GST_PAD_SOMETIMES, GST_STATIC_CAPS_ANY);

namespace {

void Look(File* file, const uint8_t* data, size_t size) {
  file->tracks = furl::gstreamer::FindMkvTracks({data, size});
  file->looked = file->tracks.answer != Answer::kMore || size >= furl::gstreamer::kMostMkvHead;
}

// Reads the list of tracks from a source that can be read anywhere.
void PullTracks(FurlMkvDemux* self) {
  File* file = self->file;
  for (size_t wanted = kFirstPull; !file->looked; wanted *= 4) {
    GstBuffer* buffer = nullptr;
    if (gst_pad_pull_range(self->sink, 0, static_cast<guint>(wanted), &buffer) != GST_FLOW_OK) {
      return;
    }
    GstMapInfo map;
    if (gst_buffer_map(buffer, &map, GST_MAP_READ)) {
      Look(file, map.data, map.size);
      if (map.size < wanted) file->looked = true;  // that is the whole file
      gst_buffer_unmap(buffer, &map);
    }
    gst_buffer_unref(buffer);
  }
}

// Looks on while the first bytes of a source that pushes go by.
GstPadProbeReturn Watch(GstPad*, GstPadProbeInfo* probe, gpointer opaque) {
  File* file = FURL_MKV_DEMUX(opaque)->file;
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(probe);
  GstMapInfo map;
  if (file->looked || !gst_buffer_map(buffer, &map, GST_MAP_READ)) return GST_PAD_PROBE_OK;
  const size_t room = furl::gstreamer::kMostMkvHead - file->begin.size();
  file->begin.insert(file->begin.end(), map.data, map.data + std::min<size_t>(map.size, room));
  gst_buffer_unmap(buffer, &map);
  Look(file, file->begin.data(), file->begin.size());
  if (file->looked) std::vector<uint8_t>().swap(file->begin);
  return GST_PAD_PROBE_OK;
}

bool IsFurl(GstPad* pad) {
  GstCaps* caps = gst_pad_get_current_caps(pad);
  if (caps == nullptr) return false;
  const GstStructure* s = gst_caps_get_structure(caps, 0);
  const bool is_furl =
      gst_structure_has_name(s, "video/x-unknown") &&
      g_strcmp0(gst_structure_get_string(s, "codec-id"), FURL_MATROSKA_CODEC_ID) == 0;
  gst_caps_unref(caps);
  return is_furl;
}

// The number of the pad's track, which the demuxer puts into the stream's id: ".../001:<uid>".
uint64_t TrackNumber(GstPad* pad) {
  gchar* id = gst_pad_get_stream_id(pad);
  const char* number = id == nullptr ? nullptr : std::strrchr(id, '/');
  const uint64_t track = number == nullptr ? 0 : std::strtoull(number + 1, nullptr, 10);
  g_free(id);
  return track;
}

// The element that names the track. Null after a warning where its header isn't known.
GstElement* TrackOf(FurlMkvDemux* self, GstPad* pad) {
  if (GST_PAD_MODE(self->sink) == GST_PAD_MODE_PULL) PullTracks(self);
  const uint64_t number = TrackNumber(pad);
  for (const furl::gstreamer::MkvTrack& track : self->file->tracks.furl) {
    if (track.number == number) return furl::gstreamer::NewMkvTrack(track.header);
  }
  GST_ELEMENT_WARNING(self, STREAM, FORMAT,
                      ("%s: the header of furl track %" G_GUINT64_FORMAT " was not found",
                       furl::gstreamer::SourceOf(self->sink).c_str(), static_cast<guint64>(number)),
                      (nullptr));
  return nullptr;
}

gboolean SendSticky(GstPad*, GstEvent** event, gpointer sink) {
  gst_pad_send_event(GST_PAD(sink), gst_event_ref(*event));
  return TRUE;
}

gboolean StoreSticky(GstPad*, GstEvent** event, gpointer target) {
  gst_pad_store_sticky_event(GST_PAD(target), *event);
  return TRUE;
}

// Puts the element behind the pad; the pad that then shows the track. Takes `track`.
GstPad* PutBehind(FurlMkvDemux* self, GstElement* track, GstPad* pad) {
  gst_bin_add(GST_BIN(self), track);
  gst_element_sync_state_with_parent(track);
  GstPad* in = gst_element_get_static_pad(track, "sink");
  gst_pad_link(pad, in);
  // What the demuxer has said already, so that whoever looks at the new pad knows it at once.
  gst_pad_sticky_events_foreach(pad, SendSticky, in);
  gst_object_unref(in);
  return gst_element_get_static_pad(track, "src");
}

}  // namespace

static void furl_mkv_demux_pad_added(GstElement*, GstPad* pad, FurlMkvDemux* self) {
  GstPad* shown = GST_PAD(gst_object_ref(pad));
  if (IsFurl(pad)) {
    GstElement* track = TrackOf(self, pad);
    if (track != nullptr) {
      gst_object_unref(shown);
      shown = PutBehind(self, track, pad);
    }
  }
  gchar* name = gst_pad_get_name(pad);
  GstPad* ghost = gst_ghost_pad_new(name, shown);
  g_object_set_data(G_OBJECT(pad), "furl-ghost", ghost);
  gst_pad_set_active(ghost, TRUE);
  gst_pad_sticky_events_foreach(shown, StoreSticky, ghost);
  gst_element_add_pad(GST_ELEMENT(self), ghost);
  g_free(name);
  gst_object_unref(shown);
}

static void furl_mkv_demux_pad_removed(GstElement*, GstPad* pad, FurlMkvDemux* self) {
  auto* ghost = static_cast<GstPad*>(g_object_get_data(G_OBJECT(pad), "furl-ghost"));
  if (ghost == nullptr) return;
  GstPad* target = gst_ghost_pad_get_target(GST_GHOST_PAD(ghost));
  GstElement* owner = target == nullptr ? nullptr : gst_pad_get_parent_element(target);
  gst_pad_set_active(ghost, FALSE);
  gst_element_remove_pad(GST_ELEMENT(self), ghost);
  if (owner != nullptr && FURL_IS_MKV_TRACK(owner)) {
    gst_element_set_state(owner, GST_STATE_NULL);
    gst_bin_remove(GST_BIN(self), owner);
  }
  gst_clear_object(&owner);
  gst_clear_object(&target);
}

// The demuxer inside knows Matroska by one name only.
static gboolean furl_mkv_demux_event(GstPad* pad, GstObject* parent, GstEvent* event) {
  if (GST_EVENT_TYPE(event) == GST_EVENT_CAPS) {
    gst_event_unref(event);
    GstCaps* caps = gst_caps_new_empty_simple("video/x-matroska");
    event = gst_event_new_caps(caps);
    gst_caps_unref(caps);
  }
  return gst_pad_event_default(pad, parent, event);
}

static gboolean furl_mkv_demux_query(GstPad* pad, GstObject* parent, GstQuery* query) {
  switch (GST_QUERY_TYPE(query)) {
    case GST_QUERY_CAPS: {
      GstCaps* filter = nullptr;
      gst_query_parse_caps(query, &filter);
      GstCaps* all = gst_static_pad_template_get_caps(&sink_template);
      GstCaps* caps = filter == nullptr
                          ? gst_caps_ref(all)
                          : gst_caps_intersect_full(filter, all, GST_CAPS_INTERSECT_FIRST);
      gst_query_set_caps_result(query, caps);
      gst_caps_unref(caps);
      gst_caps_unref(all);
      return TRUE;
    }
    case GST_QUERY_ACCEPT_CAPS: {
      GstCaps* caps = nullptr;
      gst_query_parse_accept_caps(query, &caps);
      GstCaps* all = gst_static_pad_template_get_caps(&sink_template);
      gst_query_set_accept_caps_result(query, gst_caps_can_intersect(caps, all));
      gst_caps_unref(all);
      return TRUE;
    }
    default: return gst_pad_query_default(pad, parent, query);
  }
}

static GstStateChangeReturn furl_mkv_demux_change_state(GstElement* element,
                                                        GstStateChange change) {
  FurlMkvDemux* self = FURL_MKV_DEMUX(element);
  if (change == GST_STATE_CHANGE_NULL_TO_READY && self->demux == nullptr) {
    GST_ELEMENT_ERROR(self, CORE, MISSING_PLUGIN,
                      ("matroskademux is missing; it comes with GStreamer's good plugins"),
                      (nullptr));
    return GST_STATE_CHANGE_FAILURE;
  }
  const GstStateChangeReturn result =
      GST_ELEMENT_CLASS(furl_mkv_demux_parent_class)->change_state(element, change);
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY) *self->file = File();
  return result;
}

static void furl_mkv_demux_finalize(GObject* object) {
  delete FURL_MKV_DEMUX(object)->file;
  G_OBJECT_CLASS(furl_mkv_demux_parent_class)->finalize(object);
}

static void furl_mkv_demux_init(FurlMkvDemux* self) {
  self->file = new File;
  GstPadTemplate* pad = gst_static_pad_template_get(&sink_template);
  self->sink = gst_ghost_pad_new_no_target_from_template("sink", pad);
  gst_object_unref(pad);
  self->demux = gst_element_factory_make("matroskademux", nullptr);
  if (self->demux != nullptr) {
    gst_bin_add(GST_BIN(self), self->demux);
    GstPad* target = gst_element_get_static_pad(self->demux, "sink");
    constexpr auto kPushed =
        static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_PUSH | GST_PAD_PROBE_TYPE_BUFFER);
    gst_pad_add_probe(target, kPushed, Watch, self, nullptr);
    gst_ghost_pad_set_target(GST_GHOST_PAD(self->sink), target);
    gst_object_unref(target);
    g_signal_connect(self->demux, "pad-added", G_CALLBACK(furl_mkv_demux_pad_added), self);
    g_signal_connect(self->demux, "pad-removed", G_CALLBACK(furl_mkv_demux_pad_removed), self);
    g_signal_connect_swapped(self->demux, "no-more-pads", G_CALLBACK(gst_element_no_more_pads),
                             self);
  }
  gst_pad_set_event_function(self->sink, furl_mkv_demux_event);
  gst_pad_set_query_function(self->sink, furl_mkv_demux_query);
  gst_element_add_pad(GST_ELEMENT(self), self->sink);
}

static void furl_mkv_demux_class_init(FurlMkvDemuxClass* klass) {
  GST_DEBUG_CATEGORY_INIT(furl_mkv_demux_debug, "furlmkvdemux", 0, "Matroska with furl tracks");
  G_OBJECT_CLASS(klass)->finalize = furl_mkv_demux_finalize;
  GstElementClass* element = GST_ELEMENT_CLASS(klass);
  element->change_state = furl_mkv_demux_change_state;
  for (GstStaticPadTemplate* pad :
       {&sink_template, &video_template, &audio_template, &subtitle_template}) {
    gst_element_class_add_static_pad_template(element, pad);
  }
  gst_element_class_set_static_metadata(element, "Matroska demuxer for furl", "Codec/Demuxer",
                                        "Takes Matroska files with furl video apart", "furl");
}
