#include "codec/common/pack.h"

#include <algorithm>
#include <vector>

#include "base/checked_math.h"

namespace furl {
namespace {

// Where plane p sits in a packed position.
struct BlockLayout {
  int first_channel;
  int side;
};
constexpr BlockLayout kLayout[3] = {{0, 8}, {64, 4}, {80, 4}};

// Calls body(p, by, y, channel, side) for every row of samples of every packed row `by`:
// y is its row in plane p, `channel` that of its first sample, and a packed position holds
// `side` of its samples, in the channels from there on.
template <typename RowBody>
void ForEachPackedRow(int packed_rows, ThreadPool* pool, const RowBody& body) {
  ParallelFor(pool, packed_rows, [&](int by) {
    for (int p = 0; p < 3; ++p) {
      const BlockLayout& layout = kLayout[p];
      for (int dy = 0; dy < layout.side; ++dy) {
        body(p, by, by * layout.side + dy, layout.first_channel + dy * layout.side, layout.side);
      }
    }
  });
}

// Writes convert(row[x]) for a row of `columns` packed positions.
template <typename T, typename Convert>
void PackRow(const uint16_t* row, int columns, int side, ptrdiff_t stride, T* out,
             const Convert& convert) {
  for (int bx = 0; bx < columns; ++bx) {
    for (int dx = 0; dx < side; ++dx) out[dx] = convert(row[dx]);
    row += side;
    out += stride;
  }
}

// Row y of a plane, clamped, extended to `width` samples by repeating the last.
const uint16_t* ExtendedRow(const ConstPlane& plane, int y, int width,
                            std::vector<uint16_t>* buffer) {
  const uint16_t* row = plane.row(std::min(y, plane.height - 1));
  if (plane.width >= width) return row;
  buffer->resize(width);
  std::copy_n(row, plane.width, buffer->begin());
  std::fill(buffer->begin() + plane.width, buffer->end(), row[plane.width - 1]);
  return buffer->data();
}

}  // namespace

void PackResidual(const Frame& frame, const PlaneTriple* prediction12, ThreadPool* pool,
                  nn::Tensor* out) {
  const int up = kSampleBits - frame.bit_depth();
  const int columns = out->width();
  ForEachPackedRow(out->height(), pool, [&](int p, int by, int y, int channel, int side) {
    std::vector<uint16_t> buffer;
    const uint16_t* row = ExtendedRow(frame.plane(p), y, columns * side, &buffer);
    int16_t* to = out->S16(by, 0) + channel;
    if (prediction12 == nullptr) {
      PackRow(row, columns, side, kPackedChannels, to,
              [up](uint16_t v) { return static_cast<int16_t>((v << up) - kGray12); });
      return;
    }
    const uint16_t* predicted = (*prediction12)[p].row(y);
    for (int bx = 0; bx < columns; ++bx) {
      for (int dx = 0; dx < side; ++dx) {
        const int x = bx * side + dx;
        to[dx] = static_cast<int16_t>((row[x] << up) - predicted[x]);
      }
      to += kPackedChannels;
    }
  });
}

void PackSamples(const PlaneTriple& planes12, ThreadPool* pool, nn::Tensor* out) {
  ForEachPackedRow(out->height(), pool, [&](int p, int by, int y, int channel, int side) {
    PackRow(planes12[p].row(y), out->width(), side, kPackedChannels, out->S16(by, 0) + channel,
            [](uint16_t v) { return static_cast<int16_t>(v); });
  });
}

void PackShifted(const PlaneTriple& planes12, int shift, ThreadPool* pool, nn::Tensor* out) {
  ForEachPackedRow(out->height(), pool, [&](int p, int by, int y, int channel, int side) {
    PackRow(planes12[p].row(y), out->width(), side, kPackedChannels, out->U7(by, 0) + channel,
            [shift](uint16_t v) { return static_cast<uint8_t>(std::min(v >> shift, 127)); });
  });
}

void UnpackPicture(const nn::Tensor& packed, ThreadPool* pool, Frame* frame) {
  const int down = kSampleBits - frame->bit_depth();
  const int round = (1 << down) >> 1;
  const int max = (1 << frame->bit_depth()) - 1;
  ForEachPackedRow(packed.height(), pool, [&](int p, int by, int y, int channel, int side) {
    const Plane plane = frame->plane(p);
    if (y >= plane.height) return;
    uint16_t* row = plane.row(y);
    const int16_t* from = packed.S16(by, 0) + channel;
    for (int x = 0; x < plane.width; x += side, from += kPackedChannels) {
      const int n = std::min(side, plane.width - x);
      for (int dx = 0; dx < n; ++dx) {
        row[x + dx] = static_cast<uint16_t>(Clamp((from[dx] + round) >> down, 0, max));
      }
    }
  });
}

}  // namespace furl
