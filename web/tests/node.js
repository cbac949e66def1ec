// What the tests in node share: what was built, and the streams of tests/conformance.
//   FURL_WEB_BUILD    folder of the builds web and web-threads (default build)
//   FURL_WEB_MODELS   folder that furl_make_models (tests/conformance) has filled
//                     (default web/models in that folder)
//   FURL_WEB_STREAMS  folder of other streams (furl_make_streams --wide)

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { startFurl } from '../player/decoder.js';
import { basesOf } from './streams.js';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const build = process.env.FURL_WEB_BUILD ?? join(root, 'build');
export const buildFolder = join(build, 'web', 'web');
export const threadsFolder = join(build, 'web-threads', 'web');
export const models = process.env.FURL_WEB_MODELS ?? join(build, 'web', 'models');

export const streams =
  process.env.FURL_WEB_STREAMS ?? join(root, 'tests', 'conformance', 'streams');
export const streamNames = readdirSync(streams).filter((name) => name.endsWith('.furl'));
/** Those that add to a base. */
export const basedNames = streamNames.filter((name) => existsSync(join(streams, basesOf(name))));

/** The hashes of the native decoder's pictures. */
export function wantedHashes(name) {
  const text = readFileSync(join(streams, name.replace('.furl', '.hashes')), 'utf8');
  return text.trim().split('\n');
}

/** The single-threaded module, as a page without special headers has it. */
export async function startInNode() {
  const { default: create } = await import(pathToFileURL(join(buildFolder, 'furl-decoder.js')));
  const wasmBinary = readFileSync(join(buildFolder, 'furl-decoder.wasm'));
  return startFurl(create, { wasmBinary });
}
