#include "train/loop/kept_checkpoints.h"

#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <set>
#include <system_error>

namespace furl::train {
namespace {

constexpr char kPrefix[] = "step-";
constexpr char kSuffix[] = ".safetensors";

bool IsKept(const std::string& name) {
  return name.starts_with(kPrefix) && name.ends_with(kSuffix);
}

}  // namespace

Status KeepCheckpoint(const std::string& folder, const std::string& name, int64_t step, int count) {
  namespace fs = std::filesystem;
  char number[32];
  std::snprintf(number, sizeof(number), "%09" PRId64, step);
  std::error_code error;
  // A link to the same bytes: the latest is replaced, never written into.
  const fs::path to = folder + "/" + kPrefix + number + kSuffix;
  fs::remove(to, error);
  fs::create_hard_link(folder + "/" + name, to, error);
  if (error) fs::copy_file(folder + "/" + name, to, error);
  if (error) return IoError("cannot keep a checkpoint as " + to.string());
  std::set<std::string> kept;  // in the order of their steps
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string found = entry.path().filename();
    if (IsKept(found)) kept.insert(found);
  }
  while (kept.size() > static_cast<size_t>(count)) {
    fs::remove(folder + "/" + *kept.begin(), error);
    kept.erase(kept.begin());
  }
  return OkStatus();
}

}  // namespace furl::train
