// What a folder offers to watch, found by names and by the beginnings of playlists.

#ifndef FURL_SERVE_LISTING_H_
#define FURL_SERVE_LISTING_H_

#include <string>
#include <vector>

#include "base/status.h"
#include "serve/served_folder.h"

namespace furl::serve {

struct Playable {
  std::vector<std::string> names;  // of the file, from the folder that is served
  std::string title;               // any bytes
  bool package = false;            // a playlist
};

struct Listing {
  FolderList list;
  std::vector<Playable> playables;  // packages first
};

// Packages are the master playlists of the folder and of the folders in it, or, in a folder without
// one, its other playlists. Videos count where no playlist stands beside them: else they are its
// parts. Errors are those of ServedFolder::List.
Result<Listing> ListFolder(const ServedFolder& root, const std::vector<std::string>& names);

}  // namespace furl::serve

#endif  // FURL_SERVE_LISTING_H_
