#include "train/data/cache_writer.h"

#include <cstdlib>
#include <utility>

namespace furl::train {
namespace {

// Mean difference of the luma between two frames, in 8-bit values, that only cuts and flashes have.
constexpr int64_t kCut = 30;

bool IsCut(const std::vector<uint8_t>& a, const std::vector<uint8_t>& b, const CachedClip& clip) {
  const int64_t luma = int64_t{clip.width} * clip.height;
  int64_t sum = 0;
  for (int64_t i = 0; i < luma; ++i) sum += std::abs(a[i] - b[i]);
  return sum > kCut * luma;
}

}  // namespace

CacheWriter::CacheWriter(std::string folder, int sequence)
    : folder_(std::move(folder)),
      sequence_(sequence),
      out_(folder_ + "/frames.bin", std::ios::binary) {}

void CacheWriter::Begin(CachedClip clip) {
  clip_ = std::move(clip);
  clip_.frames = 0;
  clip_.offset = offset_;
  clip_.sequence = sequence_;
  run_.clear();
}

Status CacheWriter::Add(const std::vector<uint8_t>& picture) {
  if (sequence_ == 0) return Write(picture);
  if (!run_.empty() && IsCut(run_.back(), picture, clip_)) run_.clear();
  run_.push_back(picture);
  if (run_.size() < static_cast<size_t>(sequence_)) return OkStatus();
  for (const auto& kept : run_) FURL_RETURN_IF_ERROR(Write(kept));
  run_.clear();
  return OkStatus();
}

Status CacheWriter::Write(const std::vector<uint8_t>& picture) {
  out_.write(reinterpret_cast<const char*>(picture.data()),
             static_cast<std::streamsize>(picture.size()));
  ++clip_.frames;
  return out_ ? OkStatus() : IoError("cannot write the frame cache");
}

void CacheWriter::End() {
  if (clip_.frames == 0) return;
  offset_ += clip_.PictureBytes() * clip_.frames;
  nlohmann::json clip = {{"name", clip_.name},     {"width", clip_.width},
                         {"height", clip_.height}, {"frames", clip_.frames},
                         {"offset", clip_.offset}, {"held_out", clip_.held_out}};
  if (sequence_ > 0) clip["sequence"] = sequence_;
  clips_.push_back(std::move(clip));
}

Status CacheWriter::Finish(uint64_t seed) {
  std::ofstream index(folder_ + "/index.json");
  index << nlohmann::json{{"clips", clips_}, {"seed", seed}}.dump(1) << "\n";
  return index.flush() ? OkStatus() : IoError("cannot write the cache index");
}

}  // namespace furl::train
