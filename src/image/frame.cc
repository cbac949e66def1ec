#include "image/frame.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>
#include <vector>

#include "base/checked_math.h"
#include "base/crc32c.h"

namespace furl {
namespace {

constexpr int kMaxSide = 16384;
constexpr int kStrideAlignment = 32;  // samples: 64 bytes

}  // namespace

Result<std::shared_ptr<Frame>> Frame::Create(int width, int height, int bit_depth, int border,
                                             FrameAllocatorPtr allocator) {
  if (width < 1 || height < 1) return InvalidArgument("frame size must be at least 1x1");
  if (width > kMaxSide || height > kMaxSide) return LimitExceeded("frame side above 16384");
  if (bit_depth != 8 && bit_depth != 10 && bit_depth != 12) {
    return Unsupported("bit depth must be 8, 10 or, inside a codec, 12");
  }
  if (border < 0 || border % 2 != 0) return InvalidArgument("frame border must be even");

  std::shared_ptr<Frame> frame(new Frame);
  frame->width_ = width;
  frame->height_ = height;
  frame->bit_depth_ = bit_depth;
  frame->border_ = border;
  frame->allocator_ = std::move(allocator);

  std::array<size_t, 3> offsets;
  const size_t total = LayOut(width, height, border, &frame->planes_, &offsets);
  FURL_ASSIGN_OR_RETURN(uint16_t* const samples, frame->MakeStorage(total));
  for (int p = 0; p < 3; ++p) frame->planes_[p].data = samples + offsets[p];
  return frame;
}

size_t Frame::LayOut(int width, int height, int border, std::array<Plane, 3>* planes,
                     std::array<size_t, 3>* offsets) {
  size_t total = 0;
  for (int p = 0; p < 3; ++p) {
    const int b = p == 0 ? border : border / 2;
    Plane& plane = (*planes)[p];
    plane.width = PlaneWidth(width, p);
    plane.height = PlaneHeight(height, p);
    // The left border is widened so that column 0 of every row is aligned.
    const int left = RoundUp(b, kStrideAlignment);
    plane.stride = left + RoundUp(plane.width + b, kStrideAlignment);
    (*offsets)[p] = total + static_cast<size_t>(b) * plane.stride + left;
    total += static_cast<size_t>(plane.height + 2 * b) * plane.stride;
  }
  return total;
}

size_t Frame::BytesOf(int width, int height, int border) {
  std::array<Plane, 3> planes;
  std::array<size_t, 3> offsets;
  return LayOut(width, height, border, &planes, &offsets) * sizeof(uint16_t) +
         AlignedBuffer<uint16_t>::kReadablePadding;
}

std::shared_ptr<const Frame> Frame::StandIn(std::shared_ptr<const Frame> picture,
                                            const FrameTag& tag) {
  std::shared_ptr<Frame> frame(new Frame);
  frame->width_ = picture->width_;
  frame->height_ = picture->height_;
  frame->bit_depth_ = picture->bit_depth_;
  frame->border_ = picture->border_;
  frame->planes_ = picture->planes_;
  frame->allocator_ = picture->allocator_;
  frame->set_tag(tag);
  frame->concealed = true;
  frame->shows_ = std::move(picture);
  return frame;
}

Result<uint16_t*> Frame::MakeStorage(size_t samples) {
  if (allocator_ == nullptr) {
    FURL_RETURN_IF_ERROR(storage_.Resize(samples));
    return storage_.data();
  }
  // At most 2^30 bytes or so: Create limits the sides. The padding is that of AlignedBuffer.
  const size_t bytes = samples * sizeof(uint16_t) + AlignedBuffer<uint16_t>::kReadablePadding;
  void* const memory = allocator_->Allocate(bytes, kBufferAlignment);
  if (memory == nullptr) {
    return Status(StatusCode::kOutOfMemory, "the picture allocator gave no memory");
  }
  lent_ = std::shared_ptr<void>(
      memory, [allocator = allocator_, bytes](void* m) { allocator->Release(m, bytes); });
  if (reinterpret_cast<uintptr_t>(memory) % kBufferAlignment != 0) {
    return InvalidArgument("the picture allocator gave memory that is not aligned");
  }
  std::memset(memory, 0, bytes);
  return static_cast<uint16_t*>(memory);
}

Result<std::shared_ptr<Frame>> Frame::Copy() const {
  FURL_ASSIGN_OR_RETURN(std::shared_ptr<Frame> copy,
                        Create(width_, height_, bit_depth_, 0, allocator_));
  for (int p = 0; p < 3; ++p) {
    const Plane& from = planes_[p];
    const Plane& to = copy->planes_[p];
    for (int y = 0; y < from.height; ++y) std::copy_n(from.row(y), from.width, to.row(y));
  }
  copy->set_tag(tag());
  return copy;
}

void Frame::ExtendBorder() {
  for (int p = 0; p < 3; ++p) {
    const int b = p == 0 ? border_ : border_ / 2;
    if (b == 0) continue;
    const Plane& plane = planes_[p];
    for (int y = 0; y < plane.height; ++y) {
      uint16_t* row = plane.row(y);
      std::fill(row - b, row, row[0]);
      std::fill(row + plane.width, row + plane.width + b, row[plane.width - 1]);
    }
    const int span = plane.width + 2 * b;
    for (int y = 1; y <= b; ++y) {
      std::copy_n(plane.row(0) - b, span, plane.row(-y) - b);
      std::copy_n(plane.row(plane.height - 1) - b, span, plane.row(plane.height - 1 + y) - b);
    }
  }
}

uint32_t FrameHash(const Frame& frame) {
  uint32_t crc = 0;
  std::vector<uint8_t> bytes;
  for (int p = 0; p < 3; ++p) {
    const ConstPlane plane = frame.plane(p);
    const bool wide = frame.bit_depth() > 8;
    bytes.resize(static_cast<size_t>(plane.width) * (wide ? 2 : 1));
    for (int y = 0; y < plane.height; ++y) {
      const uint16_t* row = plane.row(y);
      for (int x = 0; x < plane.width; ++x) {
        if (wide) {
          bytes[2 * x] = static_cast<uint8_t>(row[x]);
          bytes[2 * x + 1] = static_cast<uint8_t>(row[x] >> 8);
        } else {
          bytes[x] = static_cast<uint8_t>(row[x]);
        }
      }
      crc = Crc32c(bytes, crc);
    }
  }
  return crc;
}

}  // namespace furl
