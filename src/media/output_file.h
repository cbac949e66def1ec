// OutputFile: a file that exists under its name only when it is complete.
//
// Bytes go to NAME.furl-part in the same folder, locked while it is written; Commit renames it.
// Without Commit the destructor removes it. One that a killed process left can be looked at, and is
// written anew by the next that makes NAME. A file that is replaced hands its permissions
// on; a symbolic link stays, the file it leads to is replaced. Standard output, pipes and devices
// are written directly, and so is what somebody takes in pieces.

#ifndef FURL_MEDIA_OUTPUT_FILE_H_
#define FURL_MEDIA_OUTPUT_FILE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "media/output_place.h"
#include "seal/secret.h"

namespace furl::media {

class SealedOutput;

class OutputFile {
 public:
  // "-" is standard output. kInvalidArgument if the file exists and may not be replaced, kIo if it
  // can't be made.
  static Result<std::unique_ptr<OutputFile>> Open(const std::string& path,
                                                  const PlaceOptions& options);
  static Result<std::unique_ptr<OutputFile>> Open(const std::string& path, bool overwrite) {
    return Open(path, PlaceOptions{.overwrite = overwrite});
  }
  // Counts what is written and keeps none of it.
  static std::unique_ptr<OutputFile> Discard();
  // Hands what is written to `take`, at each Flush and Commit at the latest; not seekable. An error
  // of `take` is the file's.
  using TakeFn = std::function<Status(std::span<const uint8_t> bytes)>;
  static std::unique_ptr<OutputFile> HandOver(TakeFn take);
  // What is written into it, sealed, goes into `file`, which is still empty (docs/encryption.md).
  // Seeking leads only before the first EndPart. kUnsupported in builds without libsodium.
  static Result<std::unique_ptr<OutputFile>> Seal(std::unique_ptr<OutputFile> file,
                                                  const seal::Secret& secret);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  const std::string& path() const { return path_; }
  bool seekable() const { return seekable_; }
  // Where the next byte goes, and the farthest byte written so far.
  int64_t position() const { return position_; }
  int64_t size() const { return size_; }
  // What they take in the file: more where it is sealed.
  int64_t stored() const;

  // kIo with the path and the system's reason; sticky.
  Status Write(std::span<const uint8_t> data);
  Status Write(const std::string& text);
  // Only where seekable().
  Status Seek(int64_t position);
  Status Flush();
  // For sealed files, and nothing else: what was written since the last one is read as one, so that
  // a change of any of it leaves nothing of it to be used.
  Status EndPart();

  // Asked where the disk, or what this user may have of it, is full: whether there is room now, so
  // that writing is tried again.
  void set_make_room(std::function<bool()> make_room);

  // Asked by Commit, with the size in bytes, before the file gets its name: any
  // error leaves nothing and is what Commit returns. Not asked where bytes were
  // written directly.
  void set_accept(std::function<Status(int64_t bytes)> accept);

  // Flushes and gives the file its name. Nothing may be written afterwards.
  Status Commit();

 private:
  OutputFile();
  Status Fail(int error);
  bool MakesRoom(int error) const;

  std::string path_;
  std::unique_ptr<OutputPlace> place_;  // null where bytes are written directly
  int fd_ = -1;
  bool seekable_ = false;
  bool discard_ = false;
  TakeFn take_;                           // empty: bytes go to fd_
  std::unique_ptr<SealedOutput> sealed_;  // takes them if it is set
  std::function<Status(int64_t bytes)> accept_;
  std::function<bool()> make_room_;
  int64_t position_ = 0;
  int64_t size_ = 0;
  std::vector<uint8_t> buffer_;
  Status status_;
};

// Appends a line, without its end, to a file of lines (OpenToAppend) and waits until it is on the
// disk. All of it or nothing: what a kill or a full disk left of a line before goes first. kIo.
Status AppendLine(const std::string& path, std::string line);

// A whole file: under its name when all of it is written. `content`: bytes or text.
template <typename Content>
Status WriteOutput(const std::string& path, const Content& content, bool overwrite) {
  FURL_ASSIGN_OR_RETURN(const auto file, OutputFile::Open(path, overwrite));
  FURL_RETURN_IF_ERROR(file->Write(content));
  return file->Commit();
}

}  // namespace furl::media

#endif  // FURL_MEDIA_OUTPUT_FILE_H_
