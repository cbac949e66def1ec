// What the name of an input says: a file, an address, or a list of other files.

#ifndef FURL_MEDIA_INPUT_PATH_H_
#define FURL_MEDIA_INPUT_PATH_H_

#include <string>

namespace furl::media {

// Something is there by that name: a file, a pipe, a device.
bool IsFile(const std::string& path);

// A file that can be read again: no pipe and no device.
bool IsRegularFile(const std::string& path);

// An address ("https://...") that the user wants opened, not a file whose name looks like one.
bool IsAddress(const std::string& path);

// By its name a playlist or another list of files (".m3u8"): it may open what it names. Under any
// other name it may not, whatever it holds.
bool IsListOfFiles(const std::string& path);

// The folder that `path` is in; "." if it names none.
std::string FolderOf(const std::string& path);

}  // namespace furl::media

#endif  // FURL_MEDIA_INPUT_PATH_H_
