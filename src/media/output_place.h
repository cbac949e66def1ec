// OutputPlace: where an output's bytes go until it is complete, and how it gets its name.
//
// As a rule NAME.furl-part in the same folder, locked while it is written, made and renamed here. A
// process that may not make files itself (src/sandbox) asks another one, by SetOutputHooks.
//
// What a killed process left under that name can be looked at, and is written anew by the next that
// makes NAME. Nothing is written through links of that name.

#ifndef FURL_MEDIA_OUTPUT_PLACE_H_
#define FURL_MEDIA_OUTPUT_PLACE_H_

#include <functional>
#include <memory>
#include <string>

#include "base/status.h"

namespace furl::media {

// Its end, without a Commit, removes what was made.
class OutputPlace {
 public:
  virtual ~OutputPlace() = default;
  // Gives the file its name, once and last, when its bytes are on the disk. kIo.
  virtual Status Commit() = 0;
  // Leaves what was made under its temporary name, for good.
  virtual void Keep() = 0;
};

struct PlaceOptions {
  bool overwrite = false;  // what is there by that name may be replaced
  // What has no Commit stays under its temporary name: recordings, which can't be made again.
  bool keeps_part = false;
  bool makes_folder = false;  // the last one of the path, where it is missing
};

struct OpenedPlace {
  int fd = -1;                         // for writing; the caller's to close
  std::unique_ptr<OutputPlace> place;  // null: a pipe or a device, which has its name already
};

// A file that is replaced hands its permissions on; of a symbolic link the file it leads to is
// replaced. kInvalidArgument if there is one and `overwrite` is false, kIo if it can't be made or
// another process is making it.
Result<OpenedPlace> OpenPlaceHere(const std::string& path, const PlaceOptions& options);

// Opens a file for writing behind what is there, and makes it, and the last folder of its path,
// where they are missing; the caller closes it. kIo.
Result<int> OpenToAppendHere(const std::string& path);

// Removes an output that has its name, as streams do with what is no longer wanted; `with_folder`:
// and the folder that it leaves empty. kIo.
Status RemoveOutputHere(const std::string& path, bool with_folder = false);

// Whom the functions below ask from now on; empty: the ones above. They may be called by several
// threads.
struct OutputHooks {
  std::function<Result<OpenedPlace>(const std::string& path, const PlaceOptions& options)> open;
  std::function<Result<int>(const std::string& path)> open_to_append;
  std::function<Status(const std::string& path, bool with_folder)> remove;
  void (*remove_temporaries)() = nullptr;  // RemoveTemporaries calls it, too
};

// Not while another thread opens or removes an output.
void SetOutputHooks(OutputHooks hooks);
Result<OpenedPlace> OpenPlace(const std::string& path, const PlaceOptions& options);
Result<int> OpenToAppend(const std::string& path);
Status RemoveOutput(const std::string& path, bool with_folder = false);

// Removes the temporary files that this process made, or had made; safe in a signal handler that is
// about to end it.
void RemoveTemporaries();

}  // namespace furl::media

#endif  // FURL_MEDIA_OUTPUT_PLACE_H_
