// Element ids of RFC 8794 (EBML) and RFC 9559 (Matroska) that furl writes.

#ifndef FURL_MEDIA_MATROSKA_MATROSKA_IDS_H_
#define FURL_MEDIA_MATROSKA_MATROSKA_IDS_H_

#include <cstdint>

namespace furl::media::mkv {

inline constexpr uint32_t kEbml = 0x1A45DFA3;
inline constexpr uint32_t kVoid = 0xEC;
inline constexpr uint32_t kCrc32 = 0xBF;
inline constexpr uint32_t kDocType = 0x4282;
inline constexpr uint32_t kDocTypeVersion = 0x4287;
inline constexpr uint32_t kDocTypeReadVersion = 0x4285;
inline constexpr uint32_t kSegment = 0x18538067;
inline constexpr uint32_t kSeekHead = 0x114D9B74;
inline constexpr uint32_t kSeek = 0x4DBB;
inline constexpr uint32_t kSeekId = 0x53AB;
inline constexpr uint32_t kSeekPosition = 0x53AC;

inline constexpr uint32_t kInfo = 0x1549A966;
inline constexpr uint32_t kTimestampScale = 0x2AD7B1;
inline constexpr uint32_t kDuration = 0x4489;
inline constexpr uint32_t kDateUtc = 0x4461;
inline constexpr uint32_t kTitle = 0x7BA9;
inline constexpr uint32_t kMuxingApp = 0x4D80;
inline constexpr uint32_t kWritingApp = 0x5741;

inline constexpr uint32_t kTracks = 0x1654AE6B;
inline constexpr uint32_t kTrackEntry = 0xAE;
inline constexpr uint32_t kTrackNumber = 0xD7;
inline constexpr uint32_t kTrackUid = 0x73C5;
inline constexpr uint32_t kTrackType = 0x83;
inline constexpr uint32_t kFlagDefault = 0x88;
inline constexpr uint32_t kFlagForced = 0x55AA;
inline constexpr uint32_t kFlagHearingImpaired = 0x55AB;
inline constexpr uint32_t kFlagVisualImpaired = 0x55AC;
inline constexpr uint32_t kFlagOriginal = 0x55AE;
inline constexpr uint32_t kFlagCommentary = 0x55AF;
inline constexpr uint32_t kFlagLacing = 0x9C;
inline constexpr uint32_t kDefaultDuration = 0x23E383;
inline constexpr uint32_t kName = 0x536E;
inline constexpr uint32_t kLanguage = 0x22B59C;
inline constexpr uint32_t kCodecId = 0x86;
inline constexpr uint32_t kCodecPrivate = 0x63A2;
inline constexpr uint32_t kCodecDelay = 0x56AA;
inline constexpr uint32_t kSeekPreRoll = 0x56BB;

inline constexpr uint32_t kVideo = 0xE0;
inline constexpr uint32_t kFlagInterlaced = 0x9A;
inline constexpr uint32_t kFieldOrder = 0x9D;
inline constexpr uint32_t kPixelWidth = 0xB0;
inline constexpr uint32_t kPixelHeight = 0xBA;
inline constexpr uint32_t kPixelCropBottom = 0x54AA;
inline constexpr uint32_t kPixelCropRight = 0x54DD;
inline constexpr uint32_t kDisplayWidth = 0x54B0;
inline constexpr uint32_t kDisplayHeight = 0x54BA;
inline constexpr uint32_t kDisplayUnit = 0x54B2;
inline constexpr uint32_t kColour = 0x55B0;
inline constexpr uint32_t kMatrixCoefficients = 0x55B1;
inline constexpr uint32_t kBitsPerChannel = 0x55B2;
inline constexpr uint32_t kChromaSubsamplingHorz = 0x55B3;
inline constexpr uint32_t kChromaSubsamplingVert = 0x55B4;
inline constexpr uint32_t kChromaSitingHorz = 0x55B7;
inline constexpr uint32_t kChromaSitingVert = 0x55B8;
inline constexpr uint32_t kRange = 0x55B9;
inline constexpr uint32_t kTransferCharacteristics = 0x55BA;
inline constexpr uint32_t kPrimaries = 0x55BB;
inline constexpr uint32_t kMaxCll = 0x55BC;
inline constexpr uint32_t kMaxFall = 0x55BD;
inline constexpr uint32_t kMasteringMetadata = 0x55D0;
inline constexpr uint32_t kPrimaryRX = 0x55D1;  // R y, G x, G y, B x, B y follow
inline constexpr uint32_t kWhitePointX = 0x55D7;
inline constexpr uint32_t kWhitePointY = 0x55D8;
inline constexpr uint32_t kLuminanceMax = 0x55D9;
inline constexpr uint32_t kLuminanceMin = 0x55DA;
inline constexpr uint32_t kProjection = 0x7670;
inline constexpr uint32_t kProjectionType = 0x7671;
inline constexpr uint32_t kProjectionPoseRoll = 0x7675;

inline constexpr uint32_t kAudio = 0xE1;
inline constexpr uint32_t kSamplingFrequency = 0xB5;
inline constexpr uint32_t kChannels = 0x9F;
inline constexpr uint32_t kBitDepth = 0x6264;

inline constexpr uint32_t kChapters = 0x1043A770;
inline constexpr uint32_t kEditionEntry = 0x45B9;
inline constexpr uint32_t kChapterAtom = 0xB6;
inline constexpr uint32_t kChapterUid = 0x73C4;
inline constexpr uint32_t kChapterTimeStart = 0x91;
inline constexpr uint32_t kChapterTimeEnd = 0x92;
inline constexpr uint32_t kChapterDisplay = 0x80;
inline constexpr uint32_t kChapString = 0x85;
inline constexpr uint32_t kChapLanguage = 0x437C;

inline constexpr uint32_t kAttachments = 0x1941A469;
inline constexpr uint32_t kAttachedFile = 0x61A7;
inline constexpr uint32_t kFileDescription = 0x467E;
inline constexpr uint32_t kFileName = 0x466E;
inline constexpr uint32_t kFileMimeType = 0x4660;
inline constexpr uint32_t kFileData = 0x465C;
inline constexpr uint32_t kFileUid = 0x46AE;

inline constexpr uint32_t kTags = 0x1254C367;
inline constexpr uint32_t kTag = 0x7373;
inline constexpr uint32_t kTargets = 0x63C0;
inline constexpr uint32_t kTagTrackUid = 0x63C5;
inline constexpr uint32_t kTagChapterUid = 0x63C4;
inline constexpr uint32_t kSimpleTag = 0x67C8;
inline constexpr uint32_t kTagName = 0x45A3;
inline constexpr uint32_t kTagString = 0x4487;

inline constexpr uint32_t kCluster = 0x1F43B675;
inline constexpr uint32_t kTimestamp = 0xE7;
inline constexpr uint32_t kPosition = 0xA7;
inline constexpr uint32_t kPrevSize = 0xAB;
inline constexpr uint32_t kSimpleBlock = 0xA3;
inline constexpr uint32_t kBlockGroup = 0xA0;
inline constexpr uint32_t kBlock = 0xA1;
inline constexpr uint32_t kBlockDuration = 0x9B;
inline constexpr uint32_t kDiscardPadding = 0x75A2;

inline constexpr uint32_t kCues = 0x1C53BB6B;
inline constexpr uint32_t kCuePoint = 0xBB;
inline constexpr uint32_t kCueTime = 0xB3;
inline constexpr uint32_t kCueTrackPositions = 0xB7;
inline constexpr uint32_t kCueTrack = 0xF7;
inline constexpr uint32_t kCueClusterPosition = 0xF1;

}  // namespace furl::media::mkv

#endif  // FURL_MEDIA_MATROSKA_MATROSKA_IDS_H_
