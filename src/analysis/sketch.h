// Sketch: what the lowest latents of a key frame say about its picture: an eighth of its size in
// luma, a sixteenth in chroma, and how much detail there is in each block. Made by adding up what
// single latents look like (Family::ShowLatents), without networks and without the picture.

#ifndef FURL_ANALYSIS_SKETCH_H_
#define FURL_ANALYSIS_SKETCH_H_

#include <array>
#include <vector>

#include "analysis/latent_reader.h"
#include "base/status.h"
#include "codec/common/family.h"
#include "image/frame.h"

namespace furl::analysis {

// A plane of numbers, row by row, that covers `used_width` x `used_height` of its cells with
// picture; what is behind belongs to the padding.
struct Field {
  Field() = default;
  Field(int w, int h) : width(w), height(h), values(static_cast<size_t>(w) * h) {}

  float& At(int x, int y) { return values[static_cast<size_t>(y) * width + x]; }
  float At(int x, int y) const { return values[static_cast<size_t>(y) * width + x]; }
  // Adds where there is such a cell.
  void Add(int x, int y, float value) {
    if (x >= 0 && y >= 0 && x < width && y < height) At(x, y) += value;
  }

  int width = 0;
  int height = 0;
  double used_width = 0;
  double used_height = 0;
  std::vector<float> values;
};

struct Sketch {
  std::array<Field, 3> planes;  // levels of 8 bits: 8x8 samples of Y, 8x8 of U and V in a cell
  Field detail;                 // of 16x16 blocks: amplitude of what varies within them, in levels

  // The planes as a picture of 8 bits.
  Result<FramePtr> Picture() const;
};

class SketchMaker {
 public:
  // kUnsupported: latents of the family make no picture alone.
  static Result<SketchMaker> Create(const Family& family);

  // `frame` is a key frame.
  Sketch Make(const LatentFrame& frame) const;

 private:
  // What one latent at a block adds per unit to the 3x3 blocks around it.
  struct Response {
    std::array<float, 36> luma;  // 6x6 cells
    std::array<float, 9> chroma[2];
  };

  SketchMaker() = default;
  void AddLatent(const Response& response, int x, int y, float value, Sketch* sketch) const;

  std::vector<Response> responses_;  // by latent
};

}  // namespace furl::analysis

#endif  // FURL_ANALYSIS_SKETCH_H_
