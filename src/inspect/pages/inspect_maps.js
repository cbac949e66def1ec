// furl inspect: numbers of blocks, and the maps that are drawn of them over a picture.
"use strict";

const inspectData = JSON.parse(byId("data").textContent);

// Arrays of numbers as the page has them: base64, little-endian.
function unpack(text, Kind) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return new Kind(bytes.buffer);
}

const blockCols = Math.ceil(inspectData.width / 16);
const blockRows = Math.ceil(inspectData.height / 16);

// Everything about the blocks of one frame, unpacked when it is first looked at.
const unpacked = new Map();
function blocksOf(detail) {
  if (unpacked.has(detail.number)) return unpacked.get(detail.number);
  const blocks = {
    accounts: detail.accounts.map((a) => ({ kind: a.kind, name: a.name,
      bits: unpack(a.bits, Uint16Array),
      expected: a.expected ? unpack(a.expected, Uint16Array) : null })),
    qp: unpack(detail.qp, Int8Array),
    samples: detail.samples ? unpack(detail.samples, Uint8Array) : null,
    motion: detail.motion ? unpack(detail.motion, Int16Array) : null,
    fired: detail.fired ? unpack(detail.fired, Int32Array) : null,
    distances: detail.distances || [1, 1],
  };
  unpacked.set(detail.number, blocks);
  return blocks;
}

// Sums over accounts that `wanted` takes, in bits; `what` is "bits" or "expected".
function sumMap(blocks, what, wanted) {
  const sum = new Float64Array(blockCols * blockRows);
  for (const account of blocks.accounts) {
    if (!wanted(account) || !account[what]) continue;
    for (let i = 0; i < sum.length; i++) sum[i] += account[what][i] / 16;
  }
  return sum;
}

// The value that only a hundredth of what is not 0 goes beyond: one dear block alone would leave
// all others dark.
function scaleEnd(map) {
  const some = Array.from(map, Math.abs).filter((v) => v > 0).sort((a, b) => a - b);
  return some.length ? some[Math.floor(0.99 * (some.length - 1))] : 1;
}

// Blue: cheaper than expected, red: dearer; clear where both agree.
function surpriseColor(t) {
  const strength = Math.min(Math.abs(t), 1);
  return t < 0 ? [40, 120, 255, 210 * strength] : [255, 50, 30, 210 * strength];
}
function heatColor(t) { return [...rampColor(t), t <= 0 ? 0 : 60 + 160 * Math.min(t, 1)]; }

// One pixel per block; the canvas is stretched over the picture.
function paintBlocks(canvas, map, color) {
  canvas.width = blockCols;
  canvas.height = blockRows;
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(blockCols, blockRows);
  for (let i = 0; i < map.length; i++) pixels.data.set(color(map[i]), 4 * i);
  context.putImageData(pixels, 0, 0);
}

// Block borders, and vectors from each block's middle; blue to the first reference, orange to the
// second. Vectors are as long as they are.
function paintMotion(canvas, motion) {
  const scale = Math.min(3, Math.max(1, 1600 / inspectData.width));
  canvas.width = inspectData.width * scale;
  canvas.height = inspectData.height * scale;
  const g = canvas.getContext("2d");
  g.scale(scale, scale);
  for (let i = 0; motion && i < motion.length; i += 9) {
    const size = 1 << motion[i + 2];
    const x = 8 * motion[i];
    const y = 8 * motion[i + 1];
    g.strokeStyle = motion[i + 8] ? "rgba(255,255,255,.35)" : "rgba(255,255,120,.75)";
    g.lineWidth = 1 / scale;
    g.strokeRect(x, y, size, size);
    for (const r of [0, 1]) {
      if (!((motion[i + 3] >> r) & 1)) continue;
      const [vx, vy] = [motion[i + 4 + 2 * r] / 4, motion[i + 5 + 2 * r] / 4];
      g.strokeStyle = g.fillStyle = r === 0 ? "#39b6ff" : "#ff9d2e";
      g.lineWidth = 1.6 / scale;
      g.beginPath();
      g.moveTo(x + size / 2, y + size / 2);
      g.lineTo(x + size / 2 + vx, y + size / 2 + vy);
      g.stroke();
      g.fillRect(x + size / 2 - 1 / scale, y + size / 2 - 1 / scale, 2 / scale, 2 / scale);
    }
  }
}

// The block of motion that covers a 16x16 block's first samples, and how many begin in it.
function motionAt(motion, col, row) {
  let found = null;
  let inside = 0;
  for (let i = 0; motion && i < motion.length; i += 9) {
    const cells = 1 << (motion[i + 2] - 3);
    const [x, y] = [motion[i], motion[i + 1]];
    if (x <= 2 * col && 2 * col < x + cells && y <= 2 * row && 2 * row < y + cells) found = i;
    if (x >> 1 === col && y >> 1 === row && cells === 1) inside++;
  }
  if (found === null) return null;
  return { size: 1 << motion[found + 2], refs: motion[found + 3], merged: motion[found + 8] !== 0,
           vectors: [[motion[found + 4], motion[found + 5]], [motion[found + 6], motion[found + 7]]],
           inside };
}

// Latents that fired in a block, dearest first.
function firedIn(fired, block) {
  const found = [];
  for (let i = 0; fired && i < fired.length; i += 4) {
    if (fired[i] === block) {
      found.push({ latent: fired[i + 1], symbol: fired[i + 2], bits: fired[i + 3] / 256 });
    }
  }
  return found;
}
