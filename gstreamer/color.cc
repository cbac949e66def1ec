#include "gstreamer/color.h"

#include <array>

namespace furl::gstreamer {
namespace {

constexpr uint8_t kUnspecified = 2;
constexpr uint8_t kNoLocation = 255;

// GStreamer's names for H.273's ChromaSampleLocType 0 to 5 of 4:2:0.
constexpr std::array<GstVideoChromaSite, 6> kSites = {
    GST_VIDEO_CHROMA_SITE_MPEG2,     GST_VIDEO_CHROMA_SITE_JPEG,     GST_VIDEO_CHROMA_SITE_COSITED,
    GST_VIDEO_CHROMA_SITE_V_COSITED, GST_VIDEO_CHROMA_SITE_ALT_LINE, GST_VIDEO_CHROMA_SITE_UNKNOWN};

}  // namespace

void ApplyColor(const furl_color& color, GstVideoInfo* info) {
  GstVideoColorimetry& c = info->colorimetry;
  if (color.primaries != kUnspecified) {
    c.primaries = gst_video_color_primaries_from_iso(color.primaries);
  }
  if (color.transfer != kUnspecified) {
    c.transfer = gst_video_transfer_function_from_iso(color.transfer);
  }
  if (color.matrix != kUnspecified) c.matrix = gst_video_color_matrix_from_iso(color.matrix);
  c.range = color.full_range != 0 ? GST_VIDEO_COLOR_RANGE_0_255 : GST_VIDEO_COLOR_RANGE_16_235;
  if (color.chroma_location < kSites.size()) info->chroma_site = kSites[color.chroma_location];
}

furl_color ColorOf(const GstVideoInfo& info) {
  // GStreamer's "unknown" is 2 there, too.
  const GstVideoColorimetry& c = info.colorimetry;
  furl_color color{};
  color.primaries = static_cast<uint8_t>(gst_video_color_primaries_to_iso(c.primaries));
  color.transfer = static_cast<uint8_t>(gst_video_transfer_function_to_iso(c.transfer));
  color.matrix = static_cast<uint8_t>(gst_video_color_matrix_to_iso(c.matrix));
  color.full_range = c.range == GST_VIDEO_COLOR_RANGE_0_255 ? 1 : 0;
  color.chroma_location = kNoLocation;
  for (size_t i = 0; i < kSites.size(); ++i) {
    if (info.chroma_site == kSites[i] && kSites[i] != GST_VIDEO_CHROMA_SITE_UNKNOWN) {
      color.chroma_location = static_cast<uint8_t>(i);
    }
  }
  return color;
}

}  // namespace furl::gstreamer
