#include "session/search/shot_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/sha256.h"

namespace furl::session {
namespace {

using analysis::LatentFrame;
using analysis::ShotFormat;
using analysis::ShotMaker;
using analysis::SketchMaker;
using SketchMakers = std::map<std::string, std::unique_ptr<SketchMaker>>;

// Makes shots of what it is shown.
class ShotVisitor : public LatentVisitor {
 public:
  // `sketches` keeps what is made for it.
  ShotVisitor(const VideoPart& part, SketchMakers* sketches) : part_(part), sketches_(sketches) {}

  Result<bool> Takes(const FamilyPtr& family, const model::ModelId& model) override {
    const auto [place, added] = sketches_->try_emplace(ToHex(model));
    if (added) {
      auto made = SketchMaker::Create(*family);
      if (made.ok()) {
        place->second = std::make_unique<SketchMaker>(std::move(*made));
      } else if (made.status().code() != StatusCode::kUnsupported) {
        sketches_->erase(place);
        return made.status();
      }
    }
    return place->second != nullptr;
  }

  Status Begin(const LatentStream& stream) override {
    ShotFormat format;
    format.seconds_per_tick = stream.format.time_base.value();
    format.frames_per_second = std::clamp(stream.format.frame_rate.value(), 0.001, 1000.0);
    format.gop_length = stream.gop_length;
    // What is encoded on the fly is the part alone.
    if (part_.start > 0 && !stream.encoded) format.from = part_.start;
    if (part_.duration > 0 && !stream.encoded) format.to = part_.start + part_.duration;
    shots_.emplace(*sketches_->at(ToHex(stream.model)), format);
    seconds_per_tick_ = format.seconds_per_tick;
    end_ = format.to;
    before_ = stream.seconds_before;
    result_.color = stream.format.color;
    result_.encoded = stream.encoded;
    return OkStatus();
  }

  Status Visit(const LatentFrame& frame) override {
    if (frame.header.key() && static_cast<double>(frame.tag.pts) * seconds_per_tick_ >= end_) {
      return EndOfStream();
    }
    shots_->Add(frame);
    return OkStatus();
  }

  VideoShots Finish() {
    result_.shots = shots_->Finish();
    for (analysis::Shot& shot : result_.shots) {
      shot.begin += before_;
      shot.end += before_;
      result_.seconds = std::max(result_.seconds, shot.end);
    }
    return std::move(result_);
  }

 private:
  const VideoPart part_;
  SketchMakers* const sketches_;
  std::optional<ShotMaker> shots_;
  double seconds_per_tick_ = 0;
  double end_ = 0;
  double before_ = 0;
  VideoShots result_;
};

LatentVideoOptions OptionsOf(const ShotOptions& shots) {
  LatentVideoOptions options;
  options.model = shots.model;
  options.threads = shots.threads;
  options.max_memory = shots.max_memory;
  options.hooks = shots.hooks;
  options.progress = shots.progress;
  return options;
}

}  // namespace

ShotReader::ShotReader(const ShotOptions& options) : reader_(OptionsOf(options)) {}

Result<VideoShots> ShotReader::Read(const std::string& path, const VideoPart& part) {
  ShotVisitor visitor(part, &sketches_);
  FURL_ASSIGN_OR_RETURN(const int64_t damaged, reader_.Read(path, part, &visitor));
  VideoShots shots = visitor.Finish();
  shots.damaged = damaged;
  if (!shots.shots.empty()) return shots;
  if (!part.whole()) return InvalidArgument(path + ": there is no picture in that part");
  return InvalidStream(path + ": there is no video in it that can be read");
}

}  // namespace furl::session
