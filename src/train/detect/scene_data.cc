#include "train/detect/scene_data.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <utility>

#include "analysis/detect/velocity_map.h"
#include "analysis/latent_reader.h"
#include "codec/enc/code_frame.h"
#include "codec/enc/encoder.h"
#include "codec/enc/encoders.h"
#include "train/network/safetensors.h"

namespace furl::train {
namespace {

using analysis::LatentFrame;
using analysis::LatentReader;
using analysis::VelocityMap;

// Frames behind a labelled one whose motion counts.
constexpr int kFollowers = 3;

Result<std::shared_ptr<Frame>> FrameOf(const PlanarPicture& picture, ClipSize size, int64_t pts) {
  FURL_ASSIGN_OR_RETURN(auto frame, Frame::Create(size.width, size.height, 8));
  const uint8_t* from = picture.data();
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y, from += plane.width) {
      std::copy(from, from + plane.width, plane.row(y));
    }
  }
  frame->pts = pts;
  frame->duration = 1;
  return frame;
}

std::vector<BlockVelocity> BlocksOf(const VelocityMap& map) {
  const analysis::Velocity camera = map.Camera();
  std::vector<BlockVelocity> blocks;
  for (int row = 0; row < map.rows(); ++row) {
    for (int col = 0; col < map.cols(); ++col) {
      BlockVelocity& block = blocks.emplace_back();
      if (!map.Known(col, row)) continue;
      const analysis::Velocity relative = map.At(col, row) - camera;
      block = {static_cast<float>(relative.x), static_cast<float>(relative.y), 1};
    }
  }
  return blocks;
}

// Codes a clip with a key frame at each labelled one, and keeps these frames with their motion.
class ClipCoder {
 public:
  static Result<std::unique_ptr<ClipCoder>> Create(ClipSize size, const FamilyEncoderPtr& family,
                                                   int threads) {
    EncoderSettings settings;
    settings.width = size.width;
    settings.height = size.height;
    settings.preset = Preset::kFast;
    settings.threads = threads;
    FURL_ASSIGN_OR_RETURN(auto encoder, Encoder::Create(settings, family));
    FURL_ASSIGN_OR_RETURN(const SequenceHeader header,
                          ParseSequenceHeader(encoder->sequence_header()));
    FURL_ASSIGN_OR_RETURN(auto reader,
                          LatentReader::Create(header, family->family(), {.threads = threads}));
    return std::make_unique<ClipCoder>(size, std::move(encoder), std::move(reader));
  }
  ClipCoder(ClipSize size, std::unique_ptr<Encoder> encoder, std::unique_ptr<LatentReader> reader)
      : size_(size), encoder_(std::move(encoder)), reader_(std::move(reader)) {}

  Status Send(const PlanarPicture& picture, bool labelled) {
    FURL_ASSIGN_OR_RETURN(const ConstFramePtr frame, FrameOf(picture, size_, sent_++));
    if (labelled) maps_.emplace(frame->pts, VelocityMap(size_.width, size_.height));
    return Code(frame, {nullptr, labelled});
  }
  Status Finish() { return Code(nullptr, {}); }
  std::vector<BlockVelocity> VelocitiesAt(int64_t frame) const { return BlocksOf(maps_.at(frame)); }

 private:
  Status Code(const ConstFramePtr& frame, const Encoder::BaseInput& base) {
    return CodeFrame(encoder_.get(), frame, base, [this](const EncodedPacket& packet) -> Status {
      FURL_ASSIGN_OR_RETURN(const PacketView view, ParsePacket(packet.data));
      FURL_ASSIGN_OR_RETURN(const LatentFrame seen,
                            reader_->Read(view, {packet.pts, packet.duration}));
      const auto behind = maps_.upper_bound(packet.pts);
      if (seen.motion == nullptr || behind == maps_.begin()) return OkStatus();
      const auto map = std::prev(behind);
      if (packet.pts - map->first <= kFollowers) map->second.Add(*seen.motion);
      return OkStatus();
    });
  }

  const ClipSize size_;
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<LatentReader> reader_;
  int64_t sent_ = 0;
  std::map<int64_t, VelocityMap> maps_;  // by the labelled frame
};

Status CodeClip(const std::string& path, const std::vector<LabelledFrame>& labels,
                const FamilyEncoderPtr& family, int threads, std::vector<Scene>* scenes) {
  const ClipSize size = {labels[0].width, labels[0].height};
  FURL_ASSIGN_OR_RETURN(auto coder, ClipCoder::Create(size, family, threads));
  const size_t first = scenes->size();
  auto label = labels.begin();
  int frame = 0;
  FURL_RETURN_IF_ERROR(ReadClip(path, size, ScaleFilter::kBicubic, [&](const PlanarPicture& p) {
    const bool labelled = label != labels.end() && label->frame == frame;
    ++frame;
    if (labelled) {
      scenes->push_back({std::filesystem::path(path).filename(), *label++, p, {}});
    }
    return coder->Send(p, labelled);
  }));
  FURL_RETURN_IF_ERROR(coder->Finish());
  for (size_t i = first; i < scenes->size(); ++i) {
    (*scenes)[i].velocities = coder->VelocitiesAt((*scenes)[i].label.frame);
  }
  return OkStatus();
}

std::string NameOf(const Scene& scene) {
  return scene.clip + ":" + std::to_string(scene.label.frame);
}

}  // namespace

Result<std::vector<Scene>> CodeScenes(
    const std::string& folder, const Labels& labels, model::ModelPtr model, int threads,
    const std::function<void(const std::string& clip)>& progress) {
  FURL_ASSIGN_OR_RETURN(const FamilyEncoderPtr family, CreateFamilyEncoder(std::move(model)));
  std::vector<Scene> scenes;
  for (const auto& [clip, frames] : labels) {
    const std::string path = folder + "/" + clip;
    if (!std::filesystem::exists(path)) continue;
    const Status status = CodeClip(path, frames, family, threads, &scenes);
    if (!status.ok()) return status.WithContext(path);
    progress(clip);
  }
  return scenes;
}

Status SaveScenes(const std::vector<Scene>& scenes, const std::string& path) {
  TensorFile file;
  for (const Scene& scene : scenes) {
    const auto pixels = static_cast<int64_t>(scene.picture.size());
    file.tensors[NameOf(scene) + ":picture"] = RawTensor::Of("U8", {pixels}, scene.picture);
    file.tensors[NameOf(scene) + ":motion"] =
        RawTensor::Of("F32", {scene.rows(), scene.cols(), 3}, scene.velocities);
  }
  return WriteTensorFile(path, file);
}

Result<std::vector<Scene>> LoadScenes(const std::string& path, const Labels& labels) {
  FURL_ASSIGN_OR_RETURN(const TensorFile file, ReadTensorFile(path));
  std::vector<Scene> scenes;
  for (const auto& [clip, frames] : labels) {
    for (const LabelledFrame& label : frames) {
      Scene scene = {clip, label, {}, {}};
      if (!file.tensors.contains(NameOf(scene) + ":picture")) continue;
      scene.picture = Values<uint8_t>(file, NameOf(scene) + ":picture");
      scene.velocities = Values<BlockVelocity>(file, NameOf(scene) + ":motion");
      scenes.push_back(std::move(scene));
    }
  }
  if (scenes.empty()) return InvalidArgument(path + ": has no picture that is labelled");
  return scenes;
}

}  // namespace furl::train
