// From samples to R'G'B': the matrices of ITU-T H.273, as 3x3 rows over (Y', Cb, Cr) and an offset.

// Kr and Kb by MatrixCoefficients.
const WEIGHTS = {
  1: [0.2126, 0.0722], 4: [0.30, 0.11], 5: [0.299, 0.114], 6: [0.299, 0.114],
  7: [0.212, 0.087], 9: [0.2627, 0.0593], 10: [0.2627, 0.0593],
};
const UNSPECIFIED = 2;

/** Kr and Kb of a video. What isn't said is guessed as players do: by size. */
export function weightsOf(color, width, height) {
  const known = WEIGHTS[color.matrix];
  if (known) return known;
  const large = width >= 1280 || height > 576;
  return WEIGHTS[color.matrix === UNSPECIFIED && !large ? 6 : 1];
}

/**
 * {matrix, offset}: rgb = matrix * yuv + offset, for samples that are divided by the largest
 * number of their depth; `matrix` is 9 numbers row by row.
 */
export function conversionOf({ color, width, height, bitDepth }) {
  const [kr, kb] = weightsOf(color, width, height);
  const kg = 1 - kr - kb;
  const top = 2 ** bitDepth - 1;
  const unit = 2 ** (bitDepth - 8);
  const full = color.fullRange;
  const luma = full ? 1 : top / (219 * unit);
  const chroma = full ? 1 : top / (224 * unit);
  const black = full ? 0 : (16 * unit) / top;
  const middle = (128 * unit) / top;
  const matrix = [
    luma, 0, 2 * (1 - kr) * chroma,
    luma, (-2 * (1 - kb) * kb / kg) * chroma, (-2 * (1 - kr) * kr / kg) * chroma,
    luma, 2 * (1 - kb) * chroma, 0,
  ];
  const row = (i) => -(matrix[i] * black + (matrix[i + 1] + matrix[i + 2]) * middle);
  return { matrix, offset: [row(0), row(3), row(6)] };
}

/** Where chroma samples lie, in luma samples from the centre of their 2x2: [x, y]. */
export function sitingOf({ chromaLocation }) {
  const places = { 0: [-0.5, 0], 1: [0, 0], 2: [-0.5, -0.5], 3: [0, -0.5], 4: [-0.5, 0.5],
                   5: [0, 0.5] };
  return places[chromaLocation] ?? places[0];
}
