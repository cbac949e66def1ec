// A short clip coded with a small model of the tests, for the plugin's tests: as packets, as a bare
// stream, and as the pictures that the library decodes it to.

#ifndef FURL_TESTS_GSTREAMER_CODED_CLIP_H_
#define FURL_TESTS_GSTREAMER_CODED_CLIP_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "gstreamer/handles.h"

namespace furl::test {

struct CodedPacket {
  std::vector<uint8_t> data;
  int64_t pts = 0;  // in frames
  bool key = false;
};

struct CodedClip {
  int width = 0;
  int height = 0;
  int bit_depth = 8;
  int frames = 0;
  std::vector<uint8_t> header;
  std::vector<CodedPacket> packets;
  std::vector<uint8_t> bare;
  // By pts: the samples of the planes one behind the other, as they lie in I420 without padding.
  std::map<int64_t, std::vector<uint8_t>> pictures;
};

// 25 frames per second, GOPs of 8 frames.
CodedClip MakeCodedClip(int width, int height, int bit_depth, int frames, bool low_delay = false);

// The model file that the clips need.
const std::string& ModelPath();

// Writes a file that lives as long as the program; its path.
std::string WriteFile(const std::string& name, const std::vector<uint8_t>& bytes);

}  // namespace furl::test

#endif  // FURL_TESTS_GSTREAMER_CODED_CLIP_H_
