// Rows of blocks from a YUV4MPEG2 file, as a camera would deliver them: no picture is held.

#ifndef FURL_CODEC_FAMILIES_SENSE_DEVICE_TOOL_Y4M_ROWS_H_
#define FURL_CODEC_FAMILIES_SENSE_DEVICE_TOOL_Y4M_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/rational.h"
#include "base/status.h"
#include "codec/families/sense/device/tool/y4m_header.h"

namespace furl::sense {

class Y4mRows {
 public:
  // kIo where the file can't be read, kUnsupported where it isn't 8-bit 4:2:0, kInvalidStream where
  // it isn't such a file. A pipe won't do: the planes of a picture are read by turns.
  static Result<Y4mRows> Open(const std::string& path);
  ~Y4mRows();
  Y4mRows(Y4mRows&& other) noexcept;
  Y4mRows& operator=(Y4mRows&&) = delete;

  int width() const { return header_.width; }
  int height() const { return header_.height; }
  Rational frame_rate() const { return header_.frame_rate; }
  int64_t pictures() const { return pictures_; }

  // Reads the 16 luma lines and 8 lines of each chroma plane from line 16 * row on, as far as the
  // picture has them. kInvalidStream where the file got shorter, and in row 0 where the picture's
  // marker is not before it or has parameters, which are not known here.
  Status Read(int64_t picture, int row);
  const uint8_t* plane(int p) const { return lines_[p].data(); }
  int stride(int p) const { return p == 0 ? width() : (width() + 1) / 2; }

 private:
  Y4mRows(std::string path, int file) : path_(std::move(path)), file_(file) {}
  Status ReadHeader();
  Status ReadAt(int64_t offset, void* bytes, size_t count) const;
  Status ReadMarker(int64_t picture, int64_t offset) const;

  std::string path_;
  int file_;  // descriptor, -1: none
  Y4mHeader header_;
  int64_t bytes_ = 0;  // of a picture, its marker included
  int64_t pictures_ = 0;
  std::vector<uint8_t> lines_[3];
};

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_DEVICE_TOOL_Y4M_ROWS_H_
