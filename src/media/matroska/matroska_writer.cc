#include "media/matroska/matroska_writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/checked_math.h"
#include "media/libav/libav_util.h"
#include "media/matroska/matroska_ids.h"

namespace furl::media {
namespace {

constexpr char kApplication[] = "furl";
// Room for a SeekHead of all sections, patched in at the end.
constexpr size_t kSeekHeadSize = 160;
// Blocks keep their time as 16 bit relative to their cluster.
constexpr int64_t kMaxRelative = 32767;
constexpr size_t kMaxClusterBytes = size_t{4} << 20;
constexpr int64_t kMaxClusterNs = 5000000000;
// Times further from zero (73 years) are refused, so that sums of a few of them fit 64 bits,
// also in nanoseconds.
constexpr int64_t kMaxTimeNs = INT64_MAX / 4;
// Text of the DURATION tag before it is known; same length as after.
constexpr char kNoDuration[] = "00:00:00.000000000";

// The coarsest timestamp unit that still tells ticks of `time_base` apart.
// 100 us, the coarsest, lets blocks reach 3.2 s around their cluster.
int64_t ChooseScale(Rational time_base, bool fine) {
  const double tick = time_base.value() * 1e9;
  for (int64_t scale : {100000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 10}) {
    if (fine && scale > 10000) continue;
    if (static_cast<double>(scale) <= tick * 1.0000001) return scale;
  }
  return 1;
}

Rational Unit(int64_t scale_ns) { return {scale_ns, 1000000000}; }

std::string DurationText(int64_t nanoseconds) {
  const int64_t seconds = nanoseconds / 1000000000;
  return fmt::format("{:02}:{:02}:{:02}.{:09}", std::min<int64_t>(seconds / 3600, 99),
                     seconds / 60 % 60, seconds % 60, nanoseconds % 1000000000);
}

}  // namespace

Result<std::unique_ptr<MatroskaWriter>> MatroskaWriter::Create(std::unique_ptr<OutputFile> file,
                                                               const MediaInfo& info,
                                                               const MatroskaVideoTrack& video,
                                                               const NoticeFn& notice) {
  std::unique_ptr<MatroskaWriter> writer(new MatroskaWriter);
  writer->file_ = std::move(file);
  FURL_RETURN_IF_ERROR(writer->WriteHeaders(info, video, notice));
  return writer;
}

void MatroskaWriter::PlanTracks(const MediaInfo& info, const MatroskaVideoTrack& video,
                                const NoticeFn& notice) {
  scale_ns_ = ChooseScale(info.video.time_base, video.fine_timestamps);
  tracks_.resize(1 + info.streams.size() + (info.base ? 1 : 0));
  codecs_.resize(info.streams.size());
  waiting_.resize(tracks_.size());
  int number = 0;
  if (info.base) {
    base_track_ = static_cast<int>(tracks_.size()) - 1;
    tracks_.back().number = ++number;
    tracks_.back().time_base = info.base->time_base;
  }
  tracks_[0].number = ++number;
  tracks_[0].time_base = info.video.time_base;
  const auto text_budget = std::make_shared<ConversionBudget>();
  for (size_t i = 0; i < info.streams.size(); ++i) {
    const StreamInfo& stream = info.streams[i];
    auto codec = MatroskaCodecOf(stream, text_budget, notice);
    if (!codec.ok()) {
      if (notice) {
        notice(fmt::format("{} stream is left out: {}",
                           stream.kind == StreamKind::kAudio ? "audio" : "subtitle",
                           codec.status().message()));
      }
      continue;
    }
    Track& track = tracks_[i + 1];
    track.number = ++number;
    track.time_base = stream.time_base;
    track.with_duration = stream.kind == StreamKind::kSubtitle;
    if (stream.kind == StreamKind::kAudio) {
      track.sample_rate = stream.params->sample_rate;
      // Samples before time zero: stored later by CodecDelay, which readers
      // subtract again.
      const int64_t early =
          -std::clamp<int64_t>(ToNanoseconds(stream.start, stream.time_base), -kMaxTimeNs / 2, 0);
      const int64_t delay_ns = std::max(codec->delay_ns, early);
      track.delay_ns = delay_ns;
      track.delay = Rescale(delay_ns, {1, 1000000000}, Unit(scale_ns_));
    }
    codecs_[i] = std::move(*codec);
  }
}

Status MatroskaWriter::PlanBase(const MediaInfo& info) {
  const AVCodecParameters& params = *info.base->params;
  FURL_ASSIGN_OR_RETURN(base_.codec_id, MatroskaBaseCodec(*info.base));
  base_.codec_private.assign(params.extradata, params.extradata + params.extradata_size);
  base_.width = params.width;
  base_.height = params.height;
  return OkStatus();
}

int MatroskaWriter::TrackOf(int stream) const {
  if (stream == kVideoStream) return 0;
  return stream == kBaseStream ? base_track_ : stream + 1;
}

Status MatroskaWriter::WriteHeaders(const MediaInfo& info, const MatroskaVideoTrack& video,
                                    const NoticeFn& notice) {
  if (info.base) FURL_RETURN_IF_ERROR(PlanBase(info));
  PlanTracks(info, video, notice);
  FURL_RETURN_IF_ERROR(WriteStart());
  FURL_RETURN_IF_ERROR(WriteInfo(info.tags));
  EbmlBuffer tracks;
  MatroskaVideoTrack shown = video;
  if (info.base) {
    tracks.Master(mkv::kTrackEntry,
                  VideoTrackElements(info.video, base_, tracks_[base_track_].number));
    shown.not_default = true;
  }
  tracks.Master(mkv::kTrackEntry, VideoTrackElements(info.video, shown, tracks_[0].number));
  for (size_t i = 0; i < info.streams.size(); ++i) {
    const Track& track = tracks_[i + 1];
    if (track.number == 0) continue;
    tracks.Master(mkv::kTrackEntry,
                  StreamTrackElements(info.streams[i], codecs_[i], track.delay_ns, track.number));
  }
  FURL_RETURN_IF_ERROR(WriteSection(mkv::kTracks, tracks));
  if (!info.chapters.empty()) {
    FURL_RETURN_IF_ERROR(WriteSection(mkv::kChapters, ChapterElements(info.chapters)));
  }
  if (!info.attachments.empty()) {
    FURL_RETURN_IF_ERROR(WriteSection(mkv::kAttachments, AttachmentElements(info.attachments)));
  }
  return WriteTags(info);
}

// The EBML header, and the Segment as far as it is known.
Status MatroskaWriter::WriteStart() {
  EbmlBuffer ebml;
  ebml.Text(mkv::kDocType, "matroska");
  ebml.Uint(mkv::kDocTypeVersion, 4);
  ebml.Uint(mkv::kDocTypeReadVersion, 2);
  EbmlBuffer start;
  start.CheckedMaster(mkv::kEbml, ebml);
  start.Id(mkv::kSegment);
  start.UnknownSize();
  segment_start_ = static_cast<int64_t>(start.size());
  seek_head_position_ = segment_start_;
  if (file_->seekable()) start.Void(kSeekHeadSize);
  return file_->Write(start.bytes());
}

Status MatroskaWriter::WriteInfo(const Tags& tags) {
  EbmlBuffer head;
  head.Uint(mkv::kTimestampScale, scale_ns_);
  head.Text(mkv::kMuxingApp, kApplication);
  head.Text(mkv::kWritingApp, kApplication);
  const std::string title = FindTag(tags, "title");
  if (!title.empty()) head.Text(mkv::kTitle, title);
  int64_t date = 0;
  if (ParseDate(FindTag(tags, "creation_time"), &date)) head.Int(mkv::kDateUtc, date);
  if (file_->seekable()) head.Float(mkv::kDuration, 0);
  return WritePatchable(mkv::kInfo, std::move(head), &info_section_);
}

Status MatroskaWriter::WriteSection(uint32_t id, const EbmlBuffer& content) {
  seek_entries_.push_back({id, file_->position() - segment_start_});
  EbmlBuffer section;
  section.CheckedMaster(id, content);
  return file_->Write(section.bytes());
}

Status MatroskaWriter::WritePatchable(uint32_t id, EbmlBuffer content, Patchable* section) {
  *section = {id, file_->position(), std::move(content)};
  return WriteSection(id, section->content);
}

Status MatroskaWriter::WriteAgain(const Patchable& section) {
  EbmlBuffer bytes;
  bytes.CheckedMaster(section.id, section.content);
  FURL_RETURN_IF_ERROR(file_->Seek(section.position));
  return file_->Write(bytes.bytes());
}

Status MatroskaWriter::WriteTags(const MediaInfo& info) {
  EbmlBuffer content;
  const auto append = [&content](const Tags& tags, uint32_t target_id, uint64_t uid,
                                 const Tags& extra, bool with_duration) {
    EbmlBuffer targets;
    if (uid != 0) targets.Uint(target_id, uid);
    EbmlBuffer tag;
    tag.Master(mkv::kTargets, targets);
    const size_t empty = tag.size();
    for (const auto& [name, value] : tags) {
      if (IsKeptTag(name)) tag.Raw(SimpleTag(name, value).bytes());
    }
    for (const auto& [name, value] : extra) tag.Raw(SimpleTag(name, value).bytes());
    // Last, so that its text ends where the tag does.
    if (with_duration) tag.Raw(SimpleTag("DURATION", kNoDuration).bytes());
    if (tag.size() > empty) content.Master(mkv::kTag, tag);
    return static_cast<int64_t>(content.size() - (sizeof(kNoDuration) - 1));
  };
  append(info.tags, 0, 0, {}, false);
  for (size_t i = 0; i < tracks_.size(); ++i) {
    if (tracks_[i].number == 0) continue;
    const bool copied = i > 0 && static_cast<int>(i) != base_track_;
    const Tags& tags = copied ? info.streams[i - 1].tags : info.video.tags;
    Tags extra;
    // FFmpeg before 6.1 doesn't read the projection's roll.
    if (!copied && info.video.rotation != 0) {
      extra.emplace_back("ROTATE", std::to_string(info.video.rotation));
    }
    const int64_t at = append(tags, mkv::kTagTrackUid, tracks_[i].number, extra, file_->seekable());
    if (file_->seekable()) tracks_[i].duration_field = at;
  }
  for (size_t i = 0; i < info.chapters.size(); ++i) {
    append(info.chapters[i].tags, mkv::kTagChapterUid, i + 1, {}, false);
  }
  if (content.size() == 0) return OkStatus();
  return WritePatchable(mkv::kTags, std::move(content), &tags_section_);
}

// `ticks` of the track in units of the file. kInvalidStream if that is too far away.
Result<int64_t> MatroskaWriter::ToUnits(const Track& track, int64_t ticks) const {
  const int64_t most = kMaxTimeNs / scale_ns_;
  const int64_t time = Rescale(ticks, track.time_base, Unit(scale_ns_));
  if (time < -most || time > most) return InvalidStream("a timestamp is out of Matroska's reach");
  return time;
}

Status MatroskaWriter::WritePacket(const MediaPacket& packet) {
  const int index = TrackOf(packet.stream);
  Track& track = tracks_[index];
  if (track.number == 0 || packet.pts == kNoTimestamp) return OkStatus();
  Block block;
  block.track = index;
  if (packet.stream < 0) {
    block.data = packet.data;
  } else {
    const MatroskaTrackCodec& codec = codecs_[packet.stream];
    block.data = BlockData(codec, packet);
    if (block.data.empty() && codec.change != PacketChange::kNone) return OkStatus();
  }
  block.key = packet.key;
  if (track.sample_rate > 0) {
    block.discard_ns = ToNanoseconds(packet.discard_samples, {1, track.sample_rate});
  }
  FURL_ASSIGN_OR_RETURN(const int64_t time, ToUnits(track, packet.pts));
  const auto end = CheckedAdd(packet.pts, packet.duration);
  const Result<int64_t> end_time = ToUnits(track, end.value_or(kNoTimestamp));
  block.duration = end_time.ok() ? *end_time - time : 0;  // an end out of reach isn't known
  if (index == 0 && !have_shift_) {
    have_shift_ = true;
    if (time < 0) {
      const int64_t ticks = -packet.pts;
      shift_ = Rescale(ticks, track.time_base, Unit(scale_ns_));
    }
  }
  block.time = time + track.delay;
  if (index != 0) {
    waiting_[index].push_back(std::move(block));
    return OkStatus();
  }
  block.time += shift_;
  // Anchors come before the pictures between them; copied packets must not
  // run ahead to the anchor's time. A base's key frame, which begins a cluster, does so before
  // the video's of that time.
  const bool after_base = base_track_ > 0 && block.key;
  FURL_RETURN_IF_ERROR(
      WriteBlocksUntil(after_base ? block.time : std::min(block.time, video_front_)));
  video_front_ = std::max(video_front_, block.time);
  return WriteBlock(block);
}

// Writes waiting blocks of copied streams up to and including `time`.
Status MatroskaWriter::WriteBlocksUntil(int64_t time) {
  for (;;) {
    std::deque<Block>* next = nullptr;
    for (auto& queue : waiting_) {
      if (queue.empty() || queue.front().time + shift_ > time) continue;
      if (next == nullptr || queue.front().time < next->front().time) next = &queue;
    }
    if (next == nullptr) return OkStatus();
    Block block = std::move(next->front());
    next->pop_front();
    block.time = std::max<int64_t>(block.time + shift_, 0);
    FURL_RETURN_IF_ERROR(WriteBlock(block));
  }
}

Status MatroskaWriter::WriteBlock(const Block& block) {
  const int64_t relative = block.time - cluster_time_;
  const bool video_key = block.track == leading_track() && block.key;
  if (!cluster_open_ || video_key || relative > kMaxRelative || relative < -kMaxRelative - 1 ||
      relative * scale_ns_ > kMaxClusterNs || cluster_.size() > kMaxClusterBytes) {
    FURL_RETURN_IF_ERROR(EndCluster());
    FURL_RETURN_IF_ERROR(StartCluster(block));
  }
  Track& track = tracks_[block.track];
  track.end = std::max(track.end, block.time - track.delay + block.duration);
  EbmlBuffer body;
  body.Size(track.number);
  body.Big(static_cast<uint16_t>(block.time - cluster_time_), 2);
  if (!track.with_duration && block.discard_ns == 0) {
    body.Byte(block.key ? 0x80 : 0);
    body.Raw(block.data);
    cluster_.Master(mkv::kSimpleBlock, body);
    return OkStatus();
  }
  body.Byte(0);
  body.Raw(block.data);
  EbmlBuffer group;
  group.Master(mkv::kBlock, body);
  if (track.with_duration) {
    group.Uint(mkv::kBlockDuration, std::max<int64_t>(block.duration, 0));
  }
  if (block.discard_ns != 0) group.Int(mkv::kDiscardPadding, block.discard_ns);
  cluster_.Master(mkv::kBlockGroup, group);
  return OkStatus();
}

Status MatroskaWriter::StartCluster(const Block& block) {
  cluster_open_ = true;
  cluster_time_ = block.time;
  cluster_.Uint(mkv::kTimestamp, cluster_time_);
  if (block.track == leading_track() && block.key) {
    FURL_RETURN_IF_ERROR(file_->EndPart());
    cues_.push_back({block.time, file_->position() - segment_start_});
  }
  return OkStatus();
}

Status MatroskaWriter::EndCluster() {
  if (!cluster_open_) return OkStatus();
  EbmlBuffer element;
  element.CheckedMaster(mkv::kCluster, cluster_);
  FURL_RETURN_IF_ERROR(file_->Write(element.bytes()));
  cluster_.clear();
  cluster_open_ = false;
  return OkStatus();
}

Status MatroskaWriter::Finish() {
  FURL_RETURN_IF_ERROR(WriteBlocksUntil(INT64_MAX));
  FURL_RETURN_IF_ERROR(EndCluster());
  if (file_->seekable()) {
    FURL_RETURN_IF_ERROR(file_->EndPart());
    FURL_RETURN_IF_ERROR(WriteCues());
    FURL_RETURN_IF_ERROR(PatchHeaders());
  }
  return file_->Commit();
}

Status MatroskaWriter::WriteCues() {
  EbmlBuffer content;
  for (const Cue& cue : cues_) {
    EbmlBuffer positions;
    positions.Uint(mkv::kCueTrack, tracks_[leading_track()].number);
    positions.Uint(mkv::kCueClusterPosition, cue.cluster_position);
    EbmlBuffer point;
    point.Uint(mkv::kCueTime, cue.time);
    point.Master(mkv::kCueTrackPositions, positions);
    content.Master(mkv::kCuePoint, point);
  }
  return cues_.empty() ? OkStatus() : WriteSection(mkv::kCues, content);
}

Status MatroskaWriter::PatchHeaders() {
  const int64_t segment_size = file_->size() - segment_start_;
  EbmlBuffer size;
  size.LongSize(segment_size);
  FURL_RETURN_IF_ERROR(file_->Seek(segment_start_ - 8));
  FURL_RETURN_IF_ERROR(file_->Write(size.bytes()));

  FURL_RETURN_IF_ERROR(WriteSeekHead());

  int64_t end = 0;
  for (const Track& track : tracks_) end = std::max(end, track.end);
  EbmlBuffer duration;
  duration.Float(mkv::kDuration, static_cast<double>(end));
  const auto number = std::span(duration.bytes()).last(8);
  info_section_.content.Patch(info_section_.content.size() - number.size(), number);
  FURL_RETURN_IF_ERROR(WriteAgain(info_section_));
  if (tags_section_.id == 0) return OkStatus();
  for (const Track& track : tracks_) {
    if (track.duration_field < 0) continue;
    const std::string text = DurationText(track.end * scale_ns_);
    tags_section_.content.Patch(static_cast<size_t>(track.duration_field),
                                {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  }
  return WriteAgain(tags_section_);
}

Status MatroskaWriter::WriteSeekHead() {
  EbmlBuffer entries;
  for (const SeekEntry& entry : seek_entries_) {
    EbmlBuffer id;
    id.Id(entry.id);
    EbmlBuffer seek;
    seek.Binary(mkv::kSeekId, id.bytes());
    seek.Uint(mkv::kSeekPosition, entry.position);
    entries.Master(mkv::kSeek, seek);
  }
  EbmlBuffer seek_head;
  seek_head.CheckedMaster(mkv::kSeekHead, entries);
  seek_head.Void(kSeekHeadSize - seek_head.size());
  FURL_RETURN_IF_ERROR(file_->Seek(seek_head_position_));
  return file_->Write(seek_head.bytes());
}

}  // namespace furl::media
