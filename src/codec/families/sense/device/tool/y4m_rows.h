// Rows of blocks from a YUV4MPEG2 file, as a camera would deliver them: no picture is held.

#ifndef FURL_CODEC_FAMILIES_SENSE_DEVICE_TOOL_Y4M_ROWS_H_
#define FURL_CODEC_FAMILIES_SENSE_DEVICE_TOOL_Y4M_ROWS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/rational.h"
#include "base/status.h"

namespace furl::sense {

class Y4mRows {
 public:
  // kIo where the file can't be read, kUnsupported where it isn't 8-bit 4:2:0, kInvalidStream where
  // it isn't such a file. A pipe won't do: the planes of a picture are read by turns.
  static Result<Y4mRows> Open(const std::string& path);
  ~Y4mRows();
  Y4mRows(Y4mRows&& other) noexcept;
  Y4mRows& operator=(Y4mRows&&) = delete;

  int width() const { return width_; }
  int height() const { return height_; }
  Rational frame_rate() const { return frame_rate_; }
  int64_t pictures() const { return pictures_; }

  // Reads the 16 luma lines and 8 lines of each chroma plane from line 16 * row on, as far as the
  // picture has them.
  Status Read(int64_t picture, int row);
  const uint8_t* plane(int p) const { return lines_[p].data(); }
  int stride(int p) const { return p == 0 ? width_ : (width_ + 1) / 2; }

 private:
  Y4mRows(std::string path, int file) : path_(std::move(path)), file_(file) {}
  Status ReadHeader();
  Status ParseHeader(const std::string& line);

  std::string path_;
  int file_;  // descriptor, -1: none
  int width_ = 0;
  int height_ = 0;
  Rational frame_rate_ = {25, 1};
  int64_t first_ = 0;  // byte of the first picture's samples
  int64_t bytes_ = 0;  // of a picture, its marker included
  int64_t pictures_ = 0;
  std::vector<uint8_t> lines_[3];
};

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_DEVICE_TOOL_Y4M_ROWS_H_
