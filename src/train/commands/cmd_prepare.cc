// `furl-train prepare`: clips -> frame cache. See frame_cache.h.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <sstream>

#include "train/commands/commands.h"
#include "train/data/clip_reader.h"
#include "train/data/frame_cache.h"

namespace furl::train {
namespace {

struct ManifestRow {
  std::string file;
  std::string source;  // repository and path: clips of one source stay together
};

std::vector<std::string> SplitTabs(const std::string& line) {
  std::vector<std::string> cells;
  std::stringstream stream(line);
  for (std::string cell; std::getline(stream, cell, '\t');) cells.push_back(cell);
  return cells;
}

// Rows of manifest.tsv, by the names of its columns.
Result<std::vector<ManifestRow>> ReadManifest(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  if (!std::getline(in, line)) return IoError("cannot read " + path);
  const auto header = SplitTabs(line);
  const auto column = [&](const char* name) {
    return std::find(header.begin(), header.end(), name) - header.begin();
  };
  const size_t file = column("file");
  const size_t repo = column("source_repo");
  const size_t source = column("source_path");
  std::vector<ManifestRow> rows;
  while (std::getline(in, line)) {
    const auto cells = SplitTabs(line);
    if (cells.size() <= std::max({file, repo, source})) continue;
    // Scenes of one film come under several paths: group them by the name's first word too.
    const std::string word = cells[file].substr(0, cells[file].find('_'));
    rows.push_back({cells[file], word.size() < 6 ? word : cells[repo] + ":" + cells[source]});
  }
  return rows;
}

// Every file of a folder, each taken for a clip; what names share before the
// first '_' counts as one source.
Result<std::vector<ManifestRow>> ListClips(const std::string& folder) {
  std::error_code error;
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.is_regular_file()) names.insert(entry.path().filename());
  }
  if (error || names.empty()) return IoError("no clips in " + folder);
  std::vector<ManifestRow> rows;
  for (const std::string& name : names) rows.push_back({name, name.substr(0, name.find('_'))});
  return rows;
}

Result<std::vector<ManifestRow>> FindClips(const std::string& folder) {
  const std::string manifest = folder + "/manifest.tsv";
  return std::filesystem::exists(manifest) ? ReadManifest(manifest) : ListClips(folder);
}

// Whole sources, in random order, until `count` clips are reached.
std::set<std::string> ChooseHeldOut(const std::vector<ManifestRow>& rows, int count,
                                    std::mt19937_64& rng) {
  std::map<std::string, std::vector<std::string>> by_source;
  for (const auto& row : rows) by_source[row.source].push_back(row.file);
  std::vector<std::vector<std::string>> groups;
  for (auto& [source, files] : by_source) {
    if (files.size() <= 3) groups.push_back(files);  // big sources are needed for training
  }
  std::shuffle(groups.begin(), groups.end(), rng);
  std::set<std::string> held_out;
  for (const auto& group : groups) {
    if (static_cast<int>(held_out.size() + group.size()) > count) continue;
    held_out.insert(group.begin(), group.end());
  }
  return held_out;
}

ClipSize DrawSize(ClipSize full, int min_side, std::mt19937_64& rng) {
  std::uniform_real_distribution<double> unit(0, 1);
  double scale = unit(rng) < 0.75 ? 0.5 + 0.2 * unit(rng) : 0.7 + 0.3 * unit(rng);
  const double least = static_cast<double>(min_side) / std::min(full.width, full.height);
  scale = std::min(1.0, std::max(scale, least));
  return {static_cast<int>(std::lround(full.width * scale / 2)) * 2,
          static_cast<int>(std::lround(full.height * scale / 2)) * 2};
}

}  // namespace

Status RunPrepare(const PrepareOptions& options) {
  FURL_ASSIGN_OR_RETURN(const std::vector<ManifestRow> rows, FindClips(options.clips));
  std::filesystem::create_directories(options.output);
  std::ofstream out(options.output + "/frames.bin", std::ios::binary);
  std::mt19937_64 rng(options.seed);
  const auto held_out = ChooseHeldOut(rows, options.held_out, rng);
  constexpr ScaleFilter kFilters[] = {ScaleFilter::kBicubic, ScaleFilter::kBilinear,
                                      ScaleFilter::kLanczos, ScaleFilter::kArea,
                                      ScaleFilter::kSpline};
  auto clips = nlohmann::json::array();
  uint64_t offset = 0;
  for (int version = 0; version < options.versions; ++version) {
    for (const auto& row : rows) {
      const std::string path = options.clips + "/" + row.file;
      FURL_ASSIGN_OR_RETURN(const ClipSize full, ProbeClip(path));
      const ClipSize size = DrawSize(full, options.min_side, rng);
      CachedClip clip{row.file, size.width, size.height, 0, offset, held_out.contains(row.file)};
      FURL_RETURN_IF_ERROR(
          ReadClip(path, size, kFilters[rng() % 5], [&](const PlanarPicture& picture) {
            out.write(reinterpret_cast<const char*>(picture.data()),
                      static_cast<std::streamsize>(picture.size()));
            ++clip.frames;
            return out ? OkStatus() : IoError("cannot write the frame cache");
          }));
      offset += clip.PictureBytes() * clip.frames;
      clips.push_back({{"name", clip.name},
                       {"width", clip.width},
                       {"height", clip.height},
                       {"frames", clip.frames},
                       {"offset", clip.offset},
                       {"held_out", clip.held_out}});
    }
  }
  std::ofstream index(options.output + "/index.json");
  index << nlohmann::json{{"clips", clips}, {"seed", options.seed}}.dump(1) << "\n";
  return index.flush() ? OkStatus() : IoError("cannot write the cache index");
}

}  // namespace furl::train
