#include "codec/common/sample_syntax.h"

namespace furl {
namespace {

struct FrameModels {
  AdaptiveBit any = AdaptiveBit(AdaptiveBit::kOne / 64 * 63);
  std::array<AdaptiveBit, 3> marked = UniformBits<3>();  // by how many of left and above are
  std::array<SampleModels, 3> planes;
};

template <typename Coder>
int CodeStep(Coder& coder, int step) {
  return static_cast<int>(CodeRaw(coder, static_cast<uint32_t>(step) - 1, 4)) + 1;
}

template <typename Coder>
bool CodeMark(Coder& coder, const SampleBlocks& blocks, int col, int row, FrameModels* models) {
  const int near = blocks.At(col - 1, row) + blocks.At(col, row - 1);
  return CodeBit(coder, models->marked[near], blocks.At(col, row));
}

// The samples of a block: those of `blocks`, or into it.
template <typename Coder>
void CodeBlock(Coder& coder, int step, int col, int row, FrameModels* models,
               SampleBlocks* blocks) {
  ForEachSample(
      blocks, col, row, [&](uint16_t& sample, int p, int, int, const SampleSurroundings& around) {
        const SampleScale scale = ScaleOfPlane(p, step, blocks->bit_depth());
        sample = static_cast<uint16_t>(CodeSample(coder, models->planes[p], around, scale, sample));
      });
}

// Whether a sample is known, of those around one in `area`.
struct Known {
  Known(const SampleArea& area, int x, int y)
      : left(x > area.x0 || area.left),
        above(y > area.y0 || area.above),
        above_left(x > area.x0   ? above
                   : y > area.y0 ? area.left
                                 : area.above_left),
        above_right(x + 1 < area.x1 ? above : y == area.y0 && area.above_right),
        second_left(x - 1 > area.x0 || area.left),
        second_above(y - 1 > area.y0 || area.above) {}

  bool left, above, above_left, above_right, second_left, second_above;
};

// How the luma under a chroma sample goes on from its neighbours', and, for V, how U does.
int ChromaContext(const SampleBlocks& blocks, const Known& known, int p, int x, int y) {
  const auto like = [&](int plane, int scale, int dx, int dy) {
    const ConstPlane other = blocks.plane(plane);
    return other.row(scale * y)[scale * x] == other.row(scale * (y + dy))[scale * (x + dx)];
  };
  const bool luma_left = known.left && like(0, 2, -1, 0);
  const bool luma_above = known.above && like(0, 2, 0, -1);
  const bool u_left = p == 2 && known.left && like(1, 1, -1, 0);
  return luma_left | luma_above << 1 | u_left << 2;
}

}  // namespace

SampleArea::SampleArea(const SampleBlocks& blocks, int col, int row, int p)
    : left(blocks.At(col - 1, row)),
      above(blocks.At(col, row - 1)),
      above_left(blocks.At(col - 1, row - 1)),
      above_right(blocks.At(col + 1, row - 1)) {
  const ConstPlane plane = blocks.plane(p);
  const int side = p == 0 ? SampleBlocks::kBlock : SampleBlocks::kBlock / 2;
  x0 = col * side;
  y0 = row * side;
  x1 = std::min(x0 + side, plane.width);
  y1 = std::min(y0 + side, plane.height);
}

SampleSurroundings LookAround(const SampleBlocks& blocks, const SampleArea& area, int p, int x,
                              int y) {
  const ConstPlane plane = blocks.plane(p);
  const Known known(area, x, y);
  const auto at = [&](int dx, int dy) { return int{plane.row(y + dy)[x + dx]}; };
  const int gray = 1 << (blocks.bit_depth() - 1);
  const int left = known.left ? at(-1, 0) : known.above ? at(0, -1) : gray;
  const int above = known.above ? at(0, -1) : left;
  const int above_left = known.above_left ? at(-1, -1) : above;
  const int above_right = known.above_right ? at(1, -1) : above;
  int context = (left == above) | (left == above_left) << 1 | (above == above_left) << 2;
  if (p == 0) {
    const int second_left = known.second_left ? at(-2, 0) : left;
    const int second_above = known.second_above ? at(0, -2) : above;
    context |=
        (above == above_right) << 3 | (left == second_left) << 4 | (above == second_above) << 5;
  } else {
    context |= ChromaContext(blocks, known, p, x, y) << 3;
  }
  return {{left, above, above_left, above_right}, context};
}

void WriteSampleBlocks(int step, SampleBlocks* blocks, RangeEncoder* coder) {
  FrameModels models;
  if (!CodeBit(*coder, models.any, blocks->any())) return;
  CodeStep(*coder, step);
  for (int row = 0; row < blocks->rows(); ++row) {
    for (int col = 0; col < blocks->cols(); ++col) {
      if (CodeMark(*coder, *blocks, col, row, &models)) {
        CodeBlock(*coder, step, col, row, &models, blocks);
      }
    }
  }
}

Status ReadSampleBlocks(RangeDecoder* coder, SampleBlocks* blocks, BitAccount* account) {
  FrameModels models;
  RangeMeter meter(*coder, account);
  blocks->Clear();
  const bool any = CodeBit(*coder, models.any, false);
  const int step = any ? CodeStep(*coder, 1) : 1;
  meter.ChargeWhole();
  if (!any) return OkStatus();
  for (int row = 0; row < blocks->rows(); ++row) {
    for (int col = 0; col < blocks->cols(); ++col) {
      if (CodeMark(*coder, *blocks, col, row, &models)) {
        FURL_RETURN_IF_ERROR(blocks->Mark(col, row));
        CodeBlock(*coder, step, col, row, &models, blocks);
      }
      meter.Charge(col * SampleBlocks::kBlock, row * SampleBlocks::kBlock, SampleBlocks::kBlock);
    }
    if (coder->overrun()) return InvalidStream("sample blocks go on behind the end");
  }
  return OkStatus();
}

}  // namespace furl
