#include "media/matroska/matroska_elements.h"

#include <strings.h>

#include <algorithm>
#include <ctime>
#include <numeric>

#include "media/libav/libav_util.h"
#include "media/matroska/matroska_ids.h"

namespace furl::media {
namespace {

constexpr int kTypeVideo = 1;
constexpr int kTypeAudio = 2;
constexpr int kTypeSubtitle = 17;
constexpr int kDisplayUnitAspect = 3;

void AppendCommon(EbmlBuffer* out, int number, int type, const Tags& tags, int disposition) {
  out->Uint(mkv::kTrackNumber, number);
  out->Uint(mkv::kTrackUid, number);
  out->Uint(mkv::kTrackType, type);
  out->Uint(mkv::kFlagLacing, 0);
  out->Uint(mkv::kFlagDefault, (disposition & AV_DISPOSITION_DEFAULT) != 0);
  struct Flag {
    int disposition;
    uint32_t id;
  };
  static constexpr Flag kFlags[] = {{AV_DISPOSITION_FORCED, mkv::kFlagForced},
                                    {AV_DISPOSITION_HEARING_IMPAIRED, mkv::kFlagHearingImpaired},
                                    {AV_DISPOSITION_VISUAL_IMPAIRED, mkv::kFlagVisualImpaired},
                                    {AV_DISPOSITION_ORIGINAL, mkv::kFlagOriginal},
                                    {AV_DISPOSITION_COMMENT, mkv::kFlagCommentary}};
  for (const Flag& flag : kFlags) {
    if ((disposition & flag.disposition) != 0) out->Uint(flag.id, 1);
  }
  const std::string language = FindTag(tags, "language");
  out->Text(mkv::kLanguage, language.empty() ? "und" : language);
  const std::string name = FindTag(tags, "title");
  if (!name.empty()) out->Text(mkv::kName, name);
}

// Display size as pixels where the aspect allows whole ones, else as a ratio.
void AppendDisplaySize(EbmlBuffer* out, int width, int height, Rational aspect) {
  if (aspect.num <= 0 || aspect.den <= 0) aspect = {1, 1};
  if (width * aspect.num % aspect.den == 0) {
    out->Uint(mkv::kDisplayWidth, width * aspect.num / aspect.den);
    out->Uint(mkv::kDisplayHeight, height);
    return;
  }
  const int64_t x = width * aspect.num;
  const int64_t y = height * aspect.den;
  const int64_t divisor = std::gcd(x, y);
  out->Uint(mkv::kDisplayWidth, x / divisor);
  out->Uint(mkv::kDisplayHeight, y / divisor);
  out->Uint(mkv::kDisplayUnit, kDisplayUnitAspect);
}

EbmlBuffer MasteringElements(const MasteringDisplay& mastering) {
  EbmlBuffer out;
  if (mastering.has_primaries) {
    for (int i = 0; i < 6; ++i) {
      out.Float(mkv::kPrimaryRX + i, mastering.primaries[i / 2][i % 2]);
    }
    out.Float(mkv::kWhitePointX, mastering.white_point[0]);
    out.Float(mkv::kWhitePointY, mastering.white_point[1]);
  }
  if (mastering.has_luminance) {
    out.Float(mkv::kLuminanceMax, mastering.max_luminance);
    out.Float(mkv::kLuminanceMin, mastering.min_luminance);
  }
  return out;
}

EbmlBuffer ColourElements(const VideoInfo& video) {
  EbmlBuffer out;
  const ColorTags& color = video.color;
  out.Uint(mkv::kMatrixCoefficients, color.matrix);
  out.Uint(mkv::kBitsPerChannel, video.bit_depth);
  out.Uint(mkv::kChromaSubsamplingHorz, 1);
  out.Uint(mkv::kChromaSubsamplingVert, 1);
  // Matroska knows edge (1) and half (2) for each direction: left, center, top
  // left and top of H.273.
  if (color.chroma_location <= 3) {
    const bool centered = color.chroma_location == 1 || color.chroma_location == 3;
    out.Uint(mkv::kChromaSitingHorz, centered ? 2 : 1);
    out.Uint(mkv::kChromaSitingVert, color.chroma_location >= 2 ? 1 : 2);
  }
  out.Uint(mkv::kRange, color.full_range ? 2 : 1);
  out.Uint(mkv::kTransferCharacteristics, color.transfer);
  out.Uint(mkv::kPrimaries, color.primaries);
  if (video.light) {
    out.Uint(mkv::kMaxCll, video.light->max_cll);
    out.Uint(mkv::kMaxFall, video.light->max_fall);
  }
  if (video.mastering) out.Master(mkv::kMasteringMetadata, MasteringElements(*video.mastering));
  return out;
}

int PcmBits(const AVCodecParameters& params) {
  if (params.bits_per_raw_sample > 0) return params.bits_per_raw_sample;
  return params.bits_per_coded_sample;
}

}  // namespace

EbmlBuffer VideoTrackElements(const VideoInfo& video, const MatroskaVideoTrack& track, int number) {
  EbmlBuffer out;
  const int disposition = track.not_default ? video.disposition & ~AV_DISPOSITION_DEFAULT
                                            : video.disposition | AV_DISPOSITION_DEFAULT;
  AppendCommon(&out, number, kTypeVideo, video.tags, disposition);
  if (video.constant_frame_rate && video.frame_rate.num > 0) {
    out.Uint(mkv::kDefaultDuration, ToNanoseconds(1, {video.frame_rate.den, video.frame_rate.num}));
  }
  out.Text(mkv::kCodecId, track.codec_id);
  if (!track.codec_private.empty()) out.Binary(mkv::kCodecPrivate, track.codec_private);
  EbmlBuffer picture;
  const bool progressive = video.field_order == FieldOrder::kProgressive;
  picture.Uint(mkv::kFlagInterlaced, progressive ? 2 : 1);
  // As mkvmerge has it: 1 and 6, the upper or the lower field first.
  if (!progressive) {
    picture.Uint(mkv::kFieldOrder, video.field_order == FieldOrder::kTopFirst ? 1 : 6);
  }
  const int width = track.width > 0 ? track.width : video.width;
  const int height = track.height > 0 ? track.height : video.height;
  picture.Uint(mkv::kPixelWidth, width + track.crop_right);
  picture.Uint(mkv::kPixelHeight, height + track.crop_bottom);
  if (track.crop_right > 0) picture.Uint(mkv::kPixelCropRight, track.crop_right);
  if (track.crop_bottom > 0) picture.Uint(mkv::kPixelCropBottom, track.crop_bottom);
  AppendDisplaySize(&picture, video.width, video.height, video.sample_aspect);
  picture.Master(mkv::kColour, ColourElements(video));
  if (video.rotation != 0) {
    // Roll counts counterclockwise, in (-180, 180].
    const int roll = video.rotation <= 180 ? -video.rotation : 360 - video.rotation;
    EbmlBuffer projection;
    projection.Uint(mkv::kProjectionType, 0);
    projection.Float(mkv::kProjectionPoseRoll, roll == -180 ? 180 : roll);
    picture.Master(mkv::kProjection, projection);
  }
  out.Master(mkv::kVideo, picture);
  return out;
}

EbmlBuffer StreamTrackElements(const StreamInfo& stream, const MatroskaTrackCodec& codec,
                               int64_t delay_ns, int number) {
  EbmlBuffer out;
  const bool audio = stream.kind == StreamKind::kAudio;
  AppendCommon(&out, number, audio ? kTypeAudio : kTypeSubtitle, stream.tags, stream.disposition);
  out.Text(mkv::kCodecId, codec.id);
  if (!codec.private_data.empty()) out.Binary(mkv::kCodecPrivate, codec.private_data);
  if (delay_ns > 0) out.Uint(mkv::kCodecDelay, delay_ns);
  if (codec.seek_preroll_ns > 0) out.Uint(mkv::kSeekPreRoll, codec.seek_preroll_ns);
  if (audio) {
    const AVCodecParameters& params = *stream.params;
    EbmlBuffer sound;
    sound.Float(mkv::kSamplingFrequency, params.sample_rate);
    sound.Uint(mkv::kChannels, std::max(params.ch_layout.nb_channels, 1));
    if (PcmBits(params) > 0) sound.Uint(mkv::kBitDepth, PcmBits(params));
    out.Master(mkv::kAudio, sound);
  }
  return out;
}

EbmlBuffer ChapterElements(const std::vector<Chapter>& chapters) {
  EbmlBuffer edition;
  for (size_t i = 0; i < chapters.size(); ++i) {
    EbmlBuffer atom;
    atom.Uint(mkv::kChapterUid, i + 1);
    atom.Uint(mkv::kChapterTimeStart, std::max<int64_t>(chapters[i].start_ns, 0));
    atom.Uint(mkv::kChapterTimeEnd, std::max<int64_t>(chapters[i].end_ns, 0));
    const std::string title = FindTag(chapters[i].tags, "title");
    if (!title.empty()) {
      EbmlBuffer display;
      display.Text(mkv::kChapString, title);
      display.Text(mkv::kChapLanguage, "und");
      atom.Master(mkv::kChapterDisplay, display);
    }
    edition.Master(mkv::kChapterAtom, atom);
  }
  EbmlBuffer out;
  out.Master(mkv::kEditionEntry, edition);
  return out;
}

EbmlBuffer AttachmentElements(const std::vector<Attachment>& attachments) {
  EbmlBuffer out;
  for (size_t i = 0; i < attachments.size(); ++i) {
    const Attachment& attachment = attachments[i];
    EbmlBuffer file;
    if (!attachment.description.empty()) {
      file.Text(mkv::kFileDescription, attachment.description);
    }
    file.Text(mkv::kFileName, attachment.file_name);
    file.Text(mkv::kFileMimeType, attachment.mime_type);
    file.Binary(mkv::kFileData, *attachment.data);
    file.Uint(mkv::kFileUid, i + 1);
    out.Master(mkv::kAttachedFile, file);
  }
  return out;
}

EbmlBuffer SimpleTag(const std::string& name, const std::string& value) {
  EbmlBuffer content;
  content.Text(mkv::kTagName, name);
  content.Text(mkv::kTagString, value);
  EbmlBuffer out;
  out.Master(mkv::kSimpleTag, content);
  return out;
}

bool IsKeptTag(const std::string& name) {
  static constexpr const char* kDropped[] = {
      // Elements of their own.
      "title", "language", "creation_time", "filename", "mimetype", "rotate",
      // The source file's, not the work's.
      "encoder", "major_brand", "minor_version", "compatible_brands", "handler_name", "vendor_id",
      "DURATION", "BPS", "NUMBER_OF_FRAMES", "NUMBER_OF_BYTES"};
  for (const char* dropped : kDropped) {
    if (strcasecmp(name.c_str(), dropped) == 0) return false;
  }
  for (const char* prefix : {"_STATISTICS_", "BPS-", "DURATION-", "NUMBER_OF_"}) {
    if (name.starts_with(prefix)) return false;
  }
  return true;
}

bool ParseDate(const std::string& text, int64_t* nanoseconds) {
  std::tm time = {};
  const char* rest = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &time);
  if (rest == nullptr) rest = strptime(text.c_str(), "%Y-%m-%d %H:%M:%S", &time);
  if (rest == nullptr) return false;
  constexpr int64_t kMatroskaEpoch = 978307200;             // 2001-01-01 in Unix seconds
  constexpr int64_t kMostSeconds = INT64_MAX / 1000000000;  // 292 years
  const int64_t seconds = static_cast<int64_t>(timegm(&time)) - kMatroskaEpoch;
  if (seconds < -kMostSeconds || seconds >= kMostSeconds) return false;
  *nanoseconds = seconds * 1000000000;
  if (*rest == '.') {
    int64_t unit = 100000000;
    for (++rest; *rest >= '0' && *rest <= '9'; ++rest, unit /= 10) {
      *nanoseconds += (*rest - '0') * unit;
    }
  }
  return true;
}

}  // namespace furl::media
