#include "serve/listing.h"

#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "serve/media_type.h"

namespace furl::serve {
namespace {

using Names = std::vector<std::string>;

// How many folders inside one are looked into.
constexpr size_t kMostFolders = 200;

Names Below(const Names& names, const std::string& name) {
  Names all = names;
  all.push_back(name);
  return all;
}

// A master playlist names its variants right at the start.
bool IsMaster(const ServedFolder& root, const Names& names) {
  const auto file = root.OpenFile(names);
  if (!file.ok() || file->folder) return false;
  char start[16384];
  const ssize_t size = pread(file->descriptor.get(), start, sizeof(start), 0);
  return size > 0 && std::string_view(start, static_cast<size_t>(size)).find("#EXT-X-STREAM-INF") !=
                         std::string_view::npos;
}

Names PlaylistsOf(const FolderList& list) {
  Names playlists;
  for (const FolderEntry& entry : list.entries) {
    if (!entry.folder && entry.name.ends_with(".m3u8")) playlists.push_back(entry.name);
  }
  return playlists;
}

// What to play of the package in a folder; empty where there is none.
Names PackagesOf(const ServedFolder& root, const Names& names, const FolderList& list) {
  const Names playlists = PlaylistsOf(list);
  Names masters;
  std::copy_if(playlists.begin(), playlists.end(), std::back_inserter(masters),
               [&](const std::string& playlist) { return IsMaster(root, Below(names, playlist)); });
  return masters.empty() ? playlists : masters;
}

void AddPackages(const ServedFolder& root, const Names& names, const FolderList& list,
                 const std::string& folder, std::vector<Playable>* playables) {
  const Names packages = PackagesOf(root, names, list);
  for (const std::string& name : packages) {
    const std::string title = folder.empty()         ? name
                              : packages.size() == 1 ? folder
                                                     : folder + "/" + name;
    playables->push_back({Below(names, name), title, true});
  }
}

}  // namespace

Result<Listing> ListFolder(const ServedFolder& root, const Names& names) {
  Listing listing;
  FURL_ASSIGN_OR_RETURN(listing.list, root.List(names));
  AddPackages(root, names, listing.list, "", &listing.playables);
  const bool is_package = !listing.playables.empty();
  size_t looked_into = 0;
  for (const FolderEntry& entry : listing.list.entries) {
    if (!entry.folder || ++looked_into > kMostFolders) break;  // folders come first
    const Names folder = Below(names, entry.name);
    const auto inside = root.List(folder);
    if (inside.ok()) AddPackages(root, folder, *inside, entry.name, &listing.playables);
  }
  for (const FolderEntry& entry : listing.list.entries) {
    if (entry.folder || is_package || KindOf(entry.name) != FileKind::kVideo) continue;
    listing.playables.push_back({Below(names, entry.name), entry.name, false});
  }
  return listing;
}

}  // namespace furl::serve
