// Every conformance stream decodes in WebAssembly to the hashes of the native decoder.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { basedNames, models, startInNode, streamNames, streams, wantedHashes } from './node.js';
import { basesOf, hashesOf, readStream } from './streams.js';

const furl = await startInNode();

const opened = new Map();
function modelOf(id) {
  if (!opened.has(id)) {
    opened.set(id, furl.openModel(readFileSync(join(models, `${id}.furlmodel`))));
  }
  return opened.get(id);
}

for (const name of streamNames) {
  test(name, () => {
    const bases = basedNames.includes(name) ? readFileSync(join(streams, basesOf(name))) : null;
    const stream = readStream(furl, readFileSync(join(streams, name)), bases);
    const { modelId } = furl.streamInfo(stream.header);
    const model = modelOf(modelId);
    assert.equal(model.id, modelId);
    assert.deepEqual(hashesOf(furl, model, stream), wantedHashes(name));
  });
}
