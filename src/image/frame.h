// Plane and Frame: decoded pictures, always planar YUV 4:2:0 in 16-bit samples.

#ifndef FURL_IMAGE_FRAME_H_
#define FURL_IMAGE_FRAME_H_

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "base/aligned_buffer.h"
#include "base/status.h"
#include "image/coding_scales.h"

namespace furl {

// Colour description with the code points of ITU-T H.273; 2 is "unspecified".
struct ColorTags {
  uint8_t primaries = 2;
  uint8_t transfer = 2;
  uint8_t matrix = 2;
  bool full_range = false;
  // Chroma sample location as in H.273 ChromaSampleLocType (0 left, 1 center,
  // 2 top left, ...); 255 is unspecified.
  uint8_t chroma_location = 255;

  bool operator==(const ColorTags&) const = default;
};

// A rectangle of samples inside somebody else's memory. `stride` counts
// samples. Sample (x, y) is data[y * stride + x]; x and y may reach `border`
// samples outside [0, width) x [0, height) where the owner has such a border.
template <typename Sample>
struct PlaneView {
  Sample* data = nullptr;
  ptrdiff_t stride = 0;
  int width = 0;
  int height = 0;

  Sample* row(int y) const { return data + y * stride; }
  operator PlaneView<const Sample>() const { return {data, stride, width, height}; }
};

using Plane = PlaneView<uint16_t>;
using ConstPlane = PlaneView<const uint16_t>;

// Dimensions of plane `p` (0 Y, 1 U, 2 V) of a 4:2:0 picture; odd sizes round
// chroma up.
constexpr int PlaneWidth(int luma_width, int p) {
  return p == 0 ? luma_width : (luma_width + 1) / 2;
}
constexpr int PlaneHeight(int luma_height, int p) {
  return p == 0 ? luma_height : (luma_height + 1) / 2;
}

// When a picture is shown, and what the caller of a codec attached to it: all that goes with it
// from frame to packet and from packet to frame.
struct FrameTag {
  int64_t pts = 0;  // in ticks of the stream's time base
  int64_t duration = 0;
  void* user_data = nullptr;  // of the caller, who alone looks at it
};

// Where frames get the memory of their samples from, if not from the library's own. Several
// threads may call at once, and a frame may return its memory long after it was made.
class FrameAllocator {
 public:
  virtual ~FrameAllocator() = default;
  // `bytes` bytes at a multiple of `alignment`, or null where there are none.
  virtual void* Allocate(size_t bytes, size_t alignment) = 0;
  // Takes back what Allocate gave, once.
  virtual void Release(void* memory, size_t bytes) = 0;
};

using FrameAllocatorPtr = std::shared_ptr<FrameAllocator>;

// A picture that owns its samples. Values are in [0, 2^bit_depth).
class Frame {
 public:
  // A zero picture. `border` luma samples (half of it in chroma) around each
  // plane are addressable; must be even. Sizes 1..16384, bit_depth 8, 10 or 12. The samples
  // are one block of memory, of `allocator` unless that is null: kOutOfMemory where it gives
  // none, kInvalidArgument where what it gives is not aligned.
  static Result<std::shared_ptr<Frame>> Create(int width, int height, int bit_depth, int border = 0,
                                               FrameAllocatorPtr allocator = nullptr);

  // Bytes that such a picture takes; the size is one that Create accepts.
  static size_t BytesOf(int width, int height, int border);

  // A picture in the place of another one: the samples of `picture`, which it keeps, not a copy
  // of them, with this tag, and `concealed`.
  static std::shared_ptr<const Frame> StandIn(std::shared_ptr<const Frame> picture,
                                              const FrameTag& tag);

  // The same samples and tag, without a border, from the same allocator.
  Result<std::shared_ptr<Frame>> Copy() const;

  int width() const { return width_; }
  int height() const { return height_; }
  int bit_depth() const { return bit_depth_; }
  int border() const { return border_; }

  Plane plane(int p) { return planes_[p]; }
  ConstPlane plane(int p) const { return planes_[p]; }

  // Copies the edge samples of every plane into its border.
  void ExtendBorder();

  // Presentation time in ticks of the stream's time base, and how long.
  int64_t pts = 0;
  int64_t duration = 0;
  void* user_data = nullptr;  // as in FrameTag

  // What a decoder knows of the picture it shows:
  int qp = kNoQp;          // of the picture's packet; kNoQp where it is of none
  bool concealed = false;  // stands in for a picture that is damaged or missing

  FrameTag tag() const { return {pts, duration, user_data}; }
  void set_tag(const FrameTag& tag) {
    pts = tag.pts;
    duration = tag.duration;
    user_data = tag.user_data;
  }

 private:
  Frame() = default;
  // Sets the planes but for `data`, whose distance from the first sample goes to `offsets`.
  // Returns the number of samples.
  static size_t LayOut(int width, int height, int border, std::array<Plane, 3>* planes,
                       std::array<size_t, 3>* offsets);
  // Zero samples, from the allocator if there is one.
  Result<uint16_t*> MakeStorage(size_t samples);

  int width_ = 0;
  int height_ = 0;
  int bit_depth_ = 8;
  int border_ = 0;
  std::array<Plane, 3> planes_;
  FrameAllocatorPtr allocator_;
  AlignedBuffer<uint16_t> storage_;     // without an allocator
  std::shared_ptr<void> lent_;          // with one
  std::shared_ptr<const Frame> shows_;  // whose samples they are, in a stand-in
};

using FramePtr = std::shared_ptr<Frame>;
using ConstFramePtr = std::shared_ptr<const Frame>;

// CRC-32C over the visible samples, plane after plane, row after row, as
// little-endian bytes (one byte per sample at 8 bit, else two). The frame hash
// of the bitstream.
uint32_t FrameHash(const Frame& frame);

}  // namespace furl

#endif  // FURL_IMAGE_FRAME_H_
