#include "session/record/event_log.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "hls/playlist.h"
#include "media/filter/frame_scaler.h"
#include "media/frame_writer.h"
#include "media/output_file.h"
#include "media/timed_name.h"
#include "session/record/wall_times.h"

namespace furl::session {
namespace {

constexpr int kThumbnailWidth = 480;

double Rounded(double value) { return std::round(value * 1000) / 1000; }

Status WriteJpeg(const std::string& path, const ConstFramePtr& picture, media::VideoInfo video) {
  const double part = std::min(1.0, static_cast<double>(kThumbnailWidth) / picture->width());
  const auto side = [part](int full) {
    return std::max(2, 2 * static_cast<int>(std::lround(full * part / 2)));
  };
  video.width = side(picture->width());
  video.height = side(picture->height());
  video.frame_count = 1;
  media::FrameScaler scaler(video.width, video.height);
  FURL_ASSIGN_OR_RETURN(const ConstFramePtr small, scaler.Scale(picture));
  media::MediaInfo info;
  info.video = video;
  FURL_ASSIGN_OR_RETURN(const auto writer, media::OpenFrameWriter(path, info, {}));
  FURL_RETURN_IF_ERROR(writer->WriteFrame(*small, 1));
  return writer->Finish();
}

}  // namespace

std::string EventLine(const RecordedEvent& event) {
  nlohmann::ordered_json line = {
      {"camera", event.camera},
      {"begin", hls::DateTimeText(UnixMsOf(event.begin))},
      {"end", hls::DateTimeText(UnixMsOf(event.end))},
      {"seconds", Rounded(static_cast<double>(event.end - event.begin) / kWallTicks)},
      {"peak", Rounded(event.peak)},
      {"zones", event.zones}};
  if (!event.file.empty()) {
    line["file"] = event.file;
    line["offset"] = Rounded(event.offset);
  }
  if (!event.thumbnail.empty()) line["thumbnail"] = event.thumbnail;
  return line.dump(-1, ' ', /*ensure_ascii=*/true,
                   nlohmann::ordered_json::error_handler_t::replace);
}

void EventLog::Notice(const Status& status) const {
  if (!status.ok() && notice_) notice_(status.message());
}

std::string EventLog::Relative(const std::string& path) const {
  return path.substr(place_.folder.size() + 1);
}

void EventLog::Add(RecordedEvent event, const ConstFramePtr& picture,
                   const media::VideoInfo& video) {
  event.camera = camera_;
  if (picture != nullptr) event.thumbnail = WriteThumbnail(event.begin, picture, video);
  waiting_.push_back(std::move(event));
}

std::string EventLog::WriteThumbnail(int64_t time, const ConstFramePtr& picture,
                                     const media::VideoInfo& video) {
  const auto name = media::TimedName::Parse(place_.Thumbnails());
  if (!name.ok()) return "";
  const std::string path = name->Name(UnixMsOf(time));
  const Status status = WriteJpeg(path, picture, video);
  Notice(status);
  if (!status.ok()) return "";
  archive_->Add(camera_, path, UnixMsOf(time));
  return Relative(path);
}

void EventLog::Settle(const PacketRecorder& recorder, bool all) {
  while (!waiting_.empty() && (all || waiting_.front().begin < recorder.front())) {
    Write(std::move(waiting_.front()), recorder);
    waiting_.pop_front();
  }
}

void EventLog::Write(RecordedEvent event, const PacketRecorder& recorder) {
  if (const auto place = recorder.Find(event.begin)) {
    event.file = Relative(place->path);
    event.offset = place->seconds;
  }
  const auto name = media::TimedName::Parse(place_.Events());
  if (!name.ok()) return Notice(name.status());
  const std::string path = name->Name(UnixMsOf(event.begin));
  const Status status = media::AppendLine(path, EventLine(event));
  Notice(status);
  if (status.ok()) archive_->Add(camera_, path, UnixMsOf(event.begin));
  if (event_) event_(event);
}

}  // namespace furl::session
