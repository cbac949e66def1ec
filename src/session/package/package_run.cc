#include "session/package/package_run.h"

#include <utility>

namespace furl::session {

PackageRun::PackageRun(const PackageRequest& request, std::unique_ptr<media::VideoReader> reader,
                       FamilyEncoderPtr family, PackageHooks hooks)
    : request_(request),
      reader_(std::move(reader)),
      hooks_(std::move(hooks)),
      tracks_(
          request_.stream, reader_->info(), std::move(family),
          [this](const std::string& name, const std::string& ending) {
            return AddList(name, ending);
          },
          hooks_.notice) {}

PackageRun::~PackageRun() {
  if (done_) return;
  for (const auto& list : lists_) list->RemoveAll();
}

hls::SegmentStore* PackageRun::AddList(const std::string& name, const std::string& ending) {
  const hls::SegmentPlace place = {request_.folder, name, ending, request_.overwrite};
  lists_.push_back(std::make_unique<hls::SegmentList>(place));
  return lists_.back().get();
}

Status PackageRun::TakeItem(media::MediaItem item) {
  if (item.packet != nullptr) return tracks_.TakePacket(std::move(item.packet));
  FURL_RETURN_IF_ERROR(hooks_.CheckCancelled("interrupted; nothing was written"));
  if (!tracks_.is_open()) FURL_RETURN_IF_ERROR(tracks_.Open(*item.frame));
  FURL_RETURN_IF_ERROR(tracks_.TakeFrame(item.frame));
  if (hooks_.progress) hooks_.progress(tracks_.frames());
  return OkStatus();
}

Result<PackageOutcome> PackageRun::Run() {
  for (;;) {
    auto item = reader_->Next();
    if (!item.ok() && item.status().code() == StatusCode::kEndOfStream) break;
    if (!item.ok()) return item.status();
    FURL_RETURN_IF_ERROR(TakeItem(std::move(*item)));
  }
  if (tracks_.frames() == 0) return InvalidStream("no picture could be decoded");
  FURL_RETURN_IF_ERROR(Finish());
  return Outcome();
}

Status PackageRun::Finish() {
  FURL_RETURN_IF_ERROR(tracks_.Finish());
  for (const auto& list : lists_) {
    if (list->count() > 0) FURL_RETURN_IF_ERROR(list->Finish());
  }
  FURL_RETURN_IF_ERROR(hls::WriteMasterFile(request_.folder + "/" + kMasterName, tracks_.Master(),
                                            request_.overwrite));
  done_ = true;
  return OkStatus();
}

PackageOutcome PackageRun::Outcome() const {
  PackageOutcome out;
  out.frames = tracks_.frames();
  out.video_seconds = tracks_.end() - tracks_.begin();
  out.segments = static_cast<size_t>(tracks_.videos().front().store->count());
  for (const auto& list : lists_) out.bytes += list->bytes();
  for (const StreamTracks::Video& video : tracks_.videos()) {
    out.variants.push_back({video.store->place().ListName(), video.variant->codec_name(),
                            video.rung, video.store->bytes(), video.store->mean(),
                            video.store->peak()});
  }
  out.sounds = tracks_.sounds();
  out.texts = tracks_.texts();
  return out;
}

}  // namespace furl::session
