// A package that `furl serve` serves, played in a headless Chromium by furl's player on the
// server's page, and by hls.js on a page of another site. Prints a JSON object, ends with 1 unless
// both show moving pictures, and leaves screenshots.
//
// usage: node web/tests/streaming_demo.js URL PACKAGE FOLDER [HLS_JS [LIVE]]
//   URL       of the server, PACKAGE its playlist, FOLDER for the screenshots
//   HLS_JS    the folder dist of the package hls.js; without it only furl's player is tried
//   LIVE      the playlist of a live stream, which hls.js plays as well

import assert from 'node:assert/strict';
import { join } from 'node:path';

import { openBrowser, startServer, until } from './browser.js';

// Small and gray: enough to see whether a picture is one, and another one.
const THUMBNAIL = `(picture) => {
  const copy = new OffscreenCanvas(32, 18).getContext('2d');
  copy.drawImage(picture, 0, 0, 32, 18);
  const { data } = copy.getImageData(0, 0, 32, 18);
  return Array.from({ length: data.length / 4 }, (_, i) => data[4 * i + 1]);
}`;

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const difference = (a, b) => mean(a.map((value, i) => Math.abs(value - b[i])));
const contrast = (a) => mean(a.map((value) => Math.abs(value - mean(a))));

// Two screenshots of `picture`, a second and more after the clock of `media` began to run, and what
// was seen in them. A live stream begins at any time.
async function watch(page, media, picture, name) {
  await until(page, `${media}.currentTime > 0`);
  const start = await page.evaluate(`${media}.currentTime`);
  const looks = [];
  for (const seconds of [0.6, 1.6]) {
    await until(page, `${media}.currentTime > ${start + seconds}`);
    looks.push(await page.evaluate(`({ time: ${media}.currentTime,
                                       thumbnail: (${THUMBNAIL})(${picture}) })`));
    await page.screenshot(`${name}-${looks.length}.png`);
  }
  const [first, second] = looks;
  const seen = {
    seconds: [first.time, second.time],
    contrast: looks.map(({ thumbnail }) => contrast(thumbnail)),
    change: difference(first.thumbnail, second.thumbnail),
  };
  assert.ok(Math.min(...seen.contrast) > 5, `${name}: no picture`);
  assert.ok(seen.change > 0.5, `${name}: the picture stands still`);
  return seen;
}

async function playFurl(browser, url, playlist, folder) {
  const page = await browser.openPage(`${url}.furl/play/${playlist}`);
  await page.setSize(1280, 800);
  await page.evaluate(`window.player = document.querySelector('furl-player'); 0`);
  await until(page, 'player.duration > 0');
  // On a busy machine it would go on with H.264: here pictures are left out instead.
  await page.evaluate('player.tooSlow = () => {}; player.play()');
  const picture = "player.shadowRoot.querySelector('canvas')";
  const seen = await watch(page, 'player', picture, join(folder, 'furl-player'));
  const told = await page.evaluate(`({ isolated: crossOriginIsolated,
    quality: player.qualities[player.quality], qualities: player.qualities,
    sound_seconds: player.clocks.heard, statistics: player.statistics,
    error: player.error?.message })`);
  assert.ok(!/H\.264/.test(told.quality), 'it is not furl that is shown');
  assert.ok(told.sound_seconds > 1, 'the clock of the sound stands still');
  assert.ok(told.isolated, 'the page is not isolated');
  assert.deepEqual(page.errors, []);
  return { ...seen, ...told };
}

async function playForeign(browser, url, playlist, hlsJs, name) {
  const site = await startServer({ mounts: { 'hls.js': hlsJs } });
  const page = await browser.openPage(
    `${site.origin}/web/tests/hls_js.html?src=${encodeURIComponent(url + playlist)}`);
  await page.setSize(1280, 800);
  await page.evaluate(`window.video = document.querySelector('video'); 0`);
  const seen = await watch(page, 'video', 'video', name);
  const told = await page.evaluate(`({ version: Hls.version, levels, failures,
    live: hls.levels.some((level) => level.details?.live), width: video.videoWidth, frames: video.getVideoPlaybackQuality().totalVideoFrames })`);
  assert.ok(told.levels.every((codec) => codec.startsWith('avc1')), `levels ${told.levels}`);
  assert.deepEqual(told.failures, []);
  site.close();
  return { ...seen, ...told };
}

const [url, playlist, folder, hlsJs, live] = process.argv.slice(2);
const browser = await openBrowser();
try {
  const report = { furl_player: await playFurl(browser, url, playlist, folder) };
  const foreign = (list, name) => playForeign(browser, url, list, hlsJs, join(folder, name));
  if (hlsJs) report.hls_js = await foreign(playlist, 'hls.js');
  if (live) {
    report.hls_js_live = await foreign(live, 'hls.js-live');
    assert.ok(report.hls_js_live.live, 'hls.js takes it for a film');
  }
  console.log(JSON.stringify(report));
} finally {
  await browser.close();
}
process.exit(0);
