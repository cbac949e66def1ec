// `furl-train prepare`: clips -> frame cache. See frame_cache.h.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "train/commands/commands.h"
#include "train/data/cache_writer.h"
#include "train/loop/recipe_run.h"
#include "train/preprocess/clip_reader.h"
#include "train/preprocess/preparation.h"

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

// One version of a clip.
Status WriteClip(const std::string& path, const PrepareOptions& options, CachedClip clip,
                 std::mt19937_64& rng, CacheWriter& writer) {
  constexpr ScaleFilter kFilters[] = {ScaleFilter::kBicubic, ScaleFilter::kBilinear,
                                      ScaleFilter::kLanczos, ScaleFilter::kArea,
                                      ScaleFilter::kSpline};
  FURL_ASSIGN_OR_RETURN(const ClipSize full, ProbeClip(path));
  const ClipSize size = DrawSize(full, options, rng);
  clip.width = size.width;
  clip.height = size.height;
  writer.Begin(std::move(clip));
  int index = 0;
  const auto add = [&](const PlanarPicture& picture) {
    return index++ % options.every == 0 ? writer.Add(picture) : OkStatus();
  };
  FURL_RETURN_IF_ERROR(ReadClip(path, size, kFilters[rng() % 5], add));
  writer.End();
  return OkStatus();
}

}  // namespace

Status RunPrepare(const PrepareOptions& given) {
  PrepareOptions options = given;
  if (!options.recipe.empty()) FURL_RETURN_IF_ERROR(ApplyPreparation(options.recipe, &options));
  for (const auto& set : options.overrides) set(options);
  FURL_RETURN_IF_ERROR(CheckPreparation(options));
  FURL_ASSIGN_OR_RETURN(const std::vector<ManifestRow> rows, FindClips(options.clips));
  std::filesystem::create_directories(options.output);
  CacheWriter writer(options.output, options.sequence);
  std::mt19937_64 rng(options.seed);
  const auto held_out = ChooseHeldOut(rows, options.held_out, rng);
  for (int version = 0; version < options.versions; ++version) {
    for (const auto& row : rows) {
      CachedClip clip;
      clip.name = row.file;
      clip.held_out = held_out.contains(row.file);
      FURL_RETURN_IF_ERROR(
          WriteClip(options.clips + "/" + row.file, options, std::move(clip), rng, writer));
    }
  }
  return writer.Finish(options.seed);
}

}  // namespace furl::train
