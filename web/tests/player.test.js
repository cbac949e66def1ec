// The player in Chromium: it plays, seeks, shows the right pixels, and says what is wrong.
//   FURL_WEB_SHOTS   folder for screenshots at desktop and phone width (default none)

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { conversionOf, sitingOf } from '../player/color.js';
import { planesOf } from '../player/renderer.js';
import { findChromium, hasFfmpeg } from './browser.js';
import { makeMatroska, parseMatroska } from './make_matroska.js';
import { models, root, startInNode, streams } from './node.js';
import { startPlayers } from './player_page.js';
import { decodeAll, readStream } from './streams.js';

const LONG = 'long_gop_64x48';           // 70 frames, 2.8 s
const DEEP = 'ten_bit_97x65';
const shots = process.env.FURL_WEB_SHOTS;

const furl = await startInNode();

function open(name) {
  const stream = readStream(furl, readFileSync(join(streams, `${name}.furl`)));
  return { stream, info: furl.streamInfo(stream.header) };
}

// The pictures of a stream.
function picturesOf(name) {
  const { stream, info } = open(name);
  const model = furl.openModel(readFileSync(join(models, `${info.modelId}.furlmodel`)));
  const pictures = [];
  decodeAll(furl, model, stream, 1, (picture) => pictures.push(picture));
  model.close();
  return { info, pictures };
}

// What the player should show of a picture: chroma between its samples, or the nearest one's.
function rgbAt(info, picture, x, y, smooth) {
  const [luma, ...chroma] = planesOf(picture);
  const { matrix: m, offset: o } = conversionOf(info);
  const siting = sitingOf(info.color);
  const top = 2 ** info.bitDepth - 1;
  const [u, v] = chroma.map((plane) => {
    const cx = (x + 0.5 - siting[0]) / 2 - 0.5;
    const cy = (y + 0.5 - siting[1]) / 2 - 0.5;
    const at = (i, j) => plane.data[Math.min(Math.max(j, 0), plane.height - 1) * plane.width
                                    + Math.min(Math.max(i, 0), plane.width - 1)];
    const [i, j] = [Math.floor(cx), Math.floor(cy)];
    if (!smooth) return at(x >> 1, y >> 1);
    const mix = (a, b, part) => a * (1 - part) + b * part;
    return mix(mix(at(i, j), at(i + 1, j), cx - i), mix(at(i, j + 1), at(i + 1, j + 1), cx - i),
               cy - j);
  });
  const l = luma.data[y * luma.width + x];
  return [0, 3, 6].map((r) => Math.min(255, Math.max(0,
    255 * ((m[r] * l + m[r + 1] * u + m[r + 2] * v) / top + o[r / 3]))));
}

// The largest difference of any sample.
function distance(info, picture, pixels, smooth = true) {
  let most = 0;
  for (let y = 0; y < info.height; ++y) {
    for (let x = 0; x < info.width; ++x) {
      rgbAt(info, picture, x, y, smooth).forEach((value, c) => {
        most = Math.max(most, Math.abs(value - pixels[4 * (y * info.width + x) + c]));
      });
    }
  }
  return most;
}

describe('the player in Chromium', { skip: !findChromium() && 'there is no chromium' }, () => {
  let players;
  before(async () => {
    players = await startPlayers();
    const { stream, info } = open(LONG);
    const bunny = parseMatroska(readFileSync(join(root, 'assets', 'bunny.mkv')));
    writeFileSync(join(players.clips, 'clip.mkv'), makeMatroska(stream, info, bunny));
    writeFileSync(join(players.clips, 'text.furl'), 'no video');
    for (const packet of stream.packets) packet.data = packet.data.map((byte) => byte ^ 2);
    writeFileSync(join(players.clips, 'damaged.mkv'), makeMatroska(stream, info));
  });
  after(() => players.close());

  test('a Matroska file plays to its end, with its sound as the clock', async () => {
    const page = await players.openPlayer();
    await page.setSize(960, 720);
    await page.evaluate("until('seeked', () => { player.src = '/clips/clip.mkv'; })");
    assert.equal(await page.evaluate('player.hasSound'), true);
    await page.evaluate("until('ended', () => player.play())");
    const { time, duration, statistics } = await page.evaluate(
      '({ time: player.currentTime, duration: player.duration, statistics: player.statistics })');
    assert.ok(Math.abs(duration - 2.8) < 0.01 && time > 2.7, `${time} of ${duration}`);
    assert.ok(statistics.shown + statistics.skipped >= 69, JSON.stringify(statistics));
    assert.deepEqual(page.errors, []);
  });

  test('sound and pictures run together', async () => {
    const page = await players.openPlayer();
    await page.evaluate("until('seeked', () => { player.src = '/clips/clip.mkv'; })");
    await page.evaluate("until('playing', () => player.play())");
    const apart = await page.evaluate(`new Promise((resolve) => {
      const worst = []; const look = () => {
        const { heard, time } = player.clocks;
        if (heard > 0.3) worst.push(Math.abs(heard - time));
        if (worst.length < 15 && !player.ended) setTimeout(look, 50); else resolve(worst);
      }; look(); })`);
    assert.ok(apart.length > 0 && Math.max(...apart) < 0.1, apart.join(' '));
  });

  for (const name of [LONG, DEEP]) {
    test(`the pixels of ${name} after seeks`, async () => {
      const { info, pictures } = picturesOf(name);
      const page = await players.openPlayer();
      await page.evaluate(`until('seeked', () => { player.src = '/streams/${name}.furl'; })`);
      for (const index of [0, pictures.length - 1, 4]) {
        const time = (pictures[index].pts + 0.5) * info.timeBase;
        await page.evaluate(`until('seeked', () => { player.currentTime = ${time}; })`);
        const pixels = await page.evaluate('pixels()');
        assert.ok(distance(info, pictures[index], pixels) < 2, `frame ${index}`);
      }
    });
  }

  test('the same pixels with threads, and without WebGL', async () => {
    const { info, pictures } = picturesOf(LONG);
    const page = await players.openPlayer({ threads: '2' });
    await page.evaluate(`until('seeked', () => { player.src = '/streams/${LONG}.furl'; })`);
    assert.equal(await page.evaluate('player.statistics.threads'), 2);
    await page.evaluate("until('seeked', () => { player.currentTime = 1; })");
    const pixels = await page.evaluate('pixels()');
    assert.ok(distance(info, pictures[25], pixels) < 2);
    await page.evaluate(`HTMLCanvasElement.prototype.getContext = ((old) =>
      function (kind, ...rest) { return kind === 'webgl2' ? null : old.call(this, kind, ...rest); }
    )(HTMLCanvasElement.prototype.getContext)`);
    await page.evaluate(`until('seeked', () => player.load('/streams/${LONG}.furl'))`);
    const plain = await page.evaluate('pixels()');
    assert.ok(distance(info, pictures[0], plain, false) < 2);
  });

  test('a file of this machine, captions, keys, rate', async () => {
    const page = await players.openPlayer();
    await page.evaluate(`(async () => {
      const bytes = await (await fetch('/clips/clip.mkv')).blob();
      await until('seeked', () => player.load(bytes)); })()`);
    const press = (key) => page.evaluate(
      `player.dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', bubbles: true }))`);
    await press('c');
    await page.evaluate("until('seeked', () => { player.currentTime = 1; })");
    await page.evaluate("until('ended', () => { player.playbackRate = 2; player.play(); })");
    await page.evaluate("until('seeked', () => { player.currentTime = 1.0; })");
    await page.evaluate("player.controls.update('')");
    const words = await page.evaluate("player.shadowRoot.querySelector('.captions').textContent");
    assert.notEqual(words, '');
    await Promise.all([page.evaluate("until('play', () => {})"), press(' ')]);
    assert.equal(await page.evaluate('player.paused'), false);
    await press('k');
    await press('m');
    assert.deepEqual(await page.evaluate('[player.paused, player.muted]'), [true, true]);
    await Promise.all([page.evaluate("until('seeked', () => {})"), press('0')]);
    assert.ok(await page.evaluate('player.currentTime') < 0.05);
  });

  test('AAC, put into MP4', { skip: !hasFfmpeg() && 'there is no ffmpeg' }, async () => {
    const { stream, info } = open(LONG);
    const sound = join(players.clips, 'sound.mkv');
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=440:d=3', '-c:a', 'aac',
                            '-ac', '2', sound]);
    const file = makeMatroska(stream, info, parseMatroska(readFileSync(sound)));
    writeFileSync(join(players.clips, 'aac.mkv'), file);
    const page = await players.openPlayer();
    await page.evaluate("until('seeked', () => { player.src = '/clips/aac.mkv'; })");
    assert.equal(await page.evaluate('player.hasSound'), true);
    await page.evaluate("until('ended', () => { player.currentTime = 1; player.play(); })");
    assert.ok(await page.evaluate('player.clocks.heard') > 2);
    assert.deepEqual(page.errors, []);
  });

  test('a model is fetched once, and one that is another is not kept', async () => {
    const { info } = open(LONG);
    const fetched = () => players.requests.filter((url) => url.includes(info.modelId)).length;
    const page = await players.openPlayer({ models: '/models' });
    const play = `until('seeked', () => { player.load('/streams/${LONG}.furl'); })`;
    await page.evaluate(play);
    const before = fetched();
    await page.evaluate(play);
    assert.equal(fetched(), before);
    const other = readdirSync(models).find((name) => !name.startsWith(info.modelId));
    mkdirSync(join(players.clips, 'wrong'));
    const wrong = join(players.clips, 'wrong', `${info.modelId}.furlmodel`);
    copyFileSync(join(models, other), wrong);
    await page.evaluate("player.setAttribute('models', '/clips/wrong/')");
    await page.evaluate(play.replace('seeked', 'error'));
    assert.match(await page.evaluate('player.error.message'), /^the file of model .* holds /);
    copyFileSync(join(models, `${info.modelId}.furlmodel`), wrong);
    await page.evaluate(play);
  });

  test('what is wrong is said', async () => {
    for (const [source, folder, words] of [
      ['/clips/text.furl', '/models/', /neither a .furl stream nor a Matroska file/],
      ['/clips/damaged.mkv', '/models/', /no picture of this video could be decoded/],
      ['/clips/none.furl', '/models/', /cannot fetch .*none.furl: 404/],
      ['/assets/bunny.mkv', '/models/', /no furl video in this file \(V_MPEG4/],
      [`/streams/${LONG}.furl`, '/nowhere/', /the model [0-9a-f]{32} of this video/],
    ]) {
      const page = await players.openPlayer({ models: folder, autoplay: '' });
      await page.evaluate(`until('error', () => { player.src = '${source}'; })`);
      assert.match(await page.evaluate("player.shadowRoot.querySelector('.message').textContent"),
                   words);
    }
  });

  test('screenshots', { skip: !shots && 'FURL_WEB_SHOTS is not set' }, async () => {
    const page = await players.openPlayer();
    await page.setSize(1280, 800);
    await page.evaluate("until('seeked', () => { player.src = '/clips/clip.mkv'; })");
    await page.screenshot(join(shots, 'desktop.png'));
    await page.evaluate("until('seeked', () => { player.currentTime = 1; })");
    await page.setSize(390, 700, true);
    await page.screenshot(join(shots, 'phone.png'));
  });
});
