#include "media/filter/filter_steps.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <fmt/format.h>

#include "media/filter/filter_graph.h"

namespace furl::media {
namespace {

// swscale's name of a matrix. Input and output use the same one unless the
// input is RGB, so that "unspecified" costs nothing.
const char* SwscaleMatrix(AVColorSpace matrix) {
  switch (matrix) {
    case AVCOL_SPC_FCC: return "fcc";
    case AVCOL_SPC_BT470BG: return "bt470";
    case AVCOL_SPC_SMPTE170M: return "smpte170m";
    case AVCOL_SPC_SMPTE240M: return "smpte240m";
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL: return "bt2020";
    default: return "bt709";
  }
}

Status CheckFilter(const char* name) {
  if (HasFilter(name)) return OkStatus();
  return Unsupported(fmt::format("this FFmpeg has no filter {}", name));
}

Result<std::string> CropStep(const CropRect& crop, const AVFrame& picture) {
  if (crop.width <= 0) return std::string();
  const int x = crop.x >= 0 ? crop.x : (picture.width - crop.width) / 2;
  const int y = crop.y >= 0 ? crop.y : (picture.height - crop.height) / 2;
  if (x < 0 || y < 0 || crop.width > picture.width - x || crop.height > picture.height - y) {
    return InvalidArgument(fmt::format("crop {}x{}+{}+{} reaches outside the {}x{} picture",
                                       crop.width, crop.height, x, y, picture.width,
                                       picture.height));
  }
  return fmt::format("crop={}:{}:{}:{}:exact=1,", crop.width, crop.height, x, y);
}

// HandBrake's strengths of the same filter.
Result<std::string> DenoiseStep(Denoise denoise) {
  if (denoise == Denoise::kNo) return std::string();
  FURL_RETURN_IF_ERROR(CheckFilter("hqdn3d"));
  switch (denoise) {
    case Denoise::kLight: return std::string("hqdn3d=2:1:2:3,");
    case Denoise::kMedium: return std::string("hqdn3d=3:2:2:3,");
    default: return std::string("hqdn3d=7:7:5:5,");
  }
}

// To linear light, where 100 cd/m^2 is SDR's white, compressed by Hable's curve, and back.
Result<std::string> ToneMapStep(const AVFrame& picture) {
  for (const char* name : {"zscale", "tonemap"}) FURL_RETURN_IF_ERROR(CheckFilter(name));
  const auto* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(picture.format));
  const char* target = format->comp[0].depth > 8 ? "yuv420p10" : "yuv420p";
  return fmt::format(
      "zscale=transfer=linear:npl=100,format=gbrpf32le,zscale=primaries=bt709,"
      "tonemap=hable:desat=0,zscale=transfer=bt709:matrix=bt709:range=limited,format={},",
      target);
}

std::string TurnStep(int degrees) {
  switch (degrees) {
    case 90: return "transpose=clock,";
    case 180: return "hflip,vflip,";
    case 270: return "transpose=cclock,";
    default: return "";
  }
}

}  // namespace

bool IsInterlaced(const AVFrame& picture) {
#ifdef AV_FRAME_FLAG_INTERLACED
  return (picture.flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
  return picture.interlaced_frame != 0;
#endif
}

FieldOrder FieldOrderOf(const AVFrame& picture) {
  if (!IsInterlaced(picture)) return FieldOrder::kProgressive;
#ifdef AV_FRAME_FLAG_TOP_FIELD_FIRST
  const bool top = (picture.flags & AV_FRAME_FLAG_TOP_FIELD_FIRST) != 0;
#else
  const bool top = picture.top_field_first != 0;
#endif
  return top ? FieldOrder::kTopFirst : FieldOrder::kBottomFirst;
}

void SetFieldOrder(FieldOrder order, AVFrame* picture) {
  const bool interlaced = order != FieldOrder::kProgressive;
  const bool top = order == FieldOrder::kTopFirst;
#ifdef AV_FRAME_FLAG_INTERLACED
  if (interlaced) picture->flags |= AV_FRAME_FLAG_INTERLACED;
  if (top) picture->flags |= AV_FRAME_FLAG_TOP_FIELD_FIRST;
#else
  picture->interlaced_frame = interlaced ? 1 : 0;
  picture->top_field_first = top ? 1 : 0;
#endif
}

bool IsHdr(const AVFrame& picture) {
  return picture.color_trc == AVCOL_TRC_SMPTE2084 || picture.color_trc == AVCOL_TRC_ARIB_STD_B67;
}

Result<std::string> ChangeSteps(const FilterOptions& options, const AVFrame& picture,
                                bool deinterlacing) {
  std::string steps;
  if (deinterlacing) {
    FURL_RETURN_IF_ERROR(CheckFilter("bwdif"));
    const bool fields = options.deinterlace == Deinterlace::kFields;
    steps += fmt::format("bwdif=mode={}:deint=interlaced,", fields ? "send_field" : "send_frame");
  }
  FURL_ASSIGN_OR_RETURN(const std::string crop, CropStep(options.crop, picture));
  FURL_ASSIGN_OR_RETURN(const std::string denoise, DenoiseStep(options.denoise));
  steps += crop;
  if (!options.graph.empty()) steps += options.graph + ",";
  steps += denoise;
  if (options.tone_map && IsHdr(picture)) {
    FURL_ASSIGN_OR_RETURN(const std::string tone_map, ToneMapStep(picture));
    steps += tone_map;
  }
  steps += TurnStep(options.turn);
  if (!steps.empty()) steps.pop_back();  // the last comma
  return steps;
}

std::string ScaleStep(const AVFrame& picture, AVPixelFormat target, int width, int height) {
  const ColorModel model = ColorModelOf(static_cast<AVPixelFormat>(picture.format));
  const bool full_in = model != ColorModel::kYuv || IsFullRange(picture);
  const bool full_out = model == ColorModel::kYuv && full_in;
  const char* target_name = av_get_pix_fmt_name(target);
  // zimg wants sizes that its chroma subsampling divides, and no gray input.
  const bool even = ((picture.width | picture.height | width | height) & 1) == 0;
  if (even && model != ColorModel::kGray && HasFilter("zscale")) {
    const char* matrix = model == ColorModel::kRgb ? ":matrix=709" : "";
    return fmt::format(
        "zscale=w={}:h={}:filter=bicubic:dither=none:rangein={}:range={}{},format={},", width,
        height, full_in ? "full" : "limited", full_out ? "full" : "limited", matrix, target_name);
  }
  const char* matrix = model == ColorModel::kYuv ? SwscaleMatrix(picture.colorspace) : "bt709";
  return fmt::format(
      "scale=w={}:h={}:in_range={}:out_range={}:in_color_matrix={}:out_color_matrix={}:"
      "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,format={},",
      width, height, full_in ? "full" : "limited", full_out ? "full" : "limited", matrix, matrix,
      target_name);
}

std::string FormatStep(const AVFrame& picture, AVPixelFormat target) {
  const bool full = ColorModelOf(target) == ColorModel::kRgb || target == AV_PIX_FMT_YUVJ420P;
  const char* range_in = IsFullRange(picture) ? "full" : "limited";
  const char* matrix = SwscaleMatrix(picture.colorspace);
  return fmt::format(
      "scale=in_range={}:out_range={}:in_color_matrix={}:out_color_matrix={}:"
      "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,format={}",
      range_in, full ? "full" : range_in, matrix, matrix, av_get_pix_fmt_name(target));
}

ColorModel ColorModelOf(AVPixelFormat pixel_format) {
  const AVPixFmtDescriptor& format = *av_pix_fmt_desc_get(pixel_format);
  if ((format.flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0) return ColorModel::kRgb;
  return format.nb_components < 3 ? ColorModel::kGray : ColorModel::kYuv;
}

bool IsFullRange(const AVFrame& picture) {
  switch (picture.format) {
    case AV_PIX_FMT_YUVJ411P:
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ444P: return true;
    default: return picture.color_range == AVCOL_RANGE_JPEG;
  }
}

}  // namespace furl::media
