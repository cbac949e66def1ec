// Decoding speed of a bare stream held in memory, pictures thrown away, on one thread:
//   node web/tests/speed.js MODEL.furlmodel CLIP.furl [runs = 3]

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { startInNode } from './node.js';
import { decodeAll, readStream } from './streams.js';

/** Milliseconds and pictures of one run. */
export function timeRun(furl, model, stream, threads = 1) {
  let pictures = 0;
  const start = performance.now();
  decodeAll(furl, model, stream, threads, () => { ++pictures; });
  return { pictures, ms: performance.now() - start };
}

async function main([modelFile, clip, runs = '3']) {
  const furl = await startInNode();
  const model = furl.openModel(readFileSync(modelFile));
  const stream = readStream(furl, readFileSync(clip));
  for (let run = 0; run < Number(runs); ++run) {
    const { pictures, ms } = timeRun(furl, model, stream);
    console.log(`${pictures} pictures, ${(1000 * pictures / ms).toFixed(1)} per second`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv.slice(2));
