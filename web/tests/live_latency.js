// How old the pictures are that a player in headless Chromium shows of scripts/live_source.py: the
// clock against the time in the picture, ten times a second. Prints a JSON object.
//
// usage: node web/tests/live_latency.js URL PLAYLIST SECONDS SCREENSHOT
//   URL of furl serve, PLAYLIST in it, SECONDS to look for once it plays

import { openBrowser, until } from './browser.js';

// The time in the picture, in milliseconds modulo 2 ** 24; NaN where the squares can't be read.
const READ_TIME = `(picture) => {
  const bits = 24, side = 16, width = 640;
  const copy = new OffscreenCanvas(width, side).getContext('2d', { willReadFrequently: true });
  const scale = picture.width / width;
  copy.drawImage(picture, 0, 0, picture.width, side * scale, 0, 0, width, side);
  const { data } = copy.getImageData(0, 0, width, side);
  const at = (i) => data[4 * (width * side / 2 + side * i + side / 2)];
  if (at(bits) < 180 || at(bits + 1) > 80) return NaN;
  let time = 0;
  for (let i = 0; i < bits; ++i) time = 2 * time + (at(i) > 128 ? 1 : 0);
  return time;
}`;

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

const [url, playlist, seconds, screenshot] = process.argv.slice(2);
const browser = await openBrowser();
const page = await browser.openPage(`${url}.furl/play/${playlist}`);
await page.setSize(1280, 800);
await page.evaluate("window.player = document.querySelector('furl-player'); 0");
await until(page, 'player.videoWidth > 0', 60);
// On a busy machine it would go on with H.264: here pictures are left out instead.
await page.evaluate('player.tooSlow = () => {}; player.play()');
await until(page, 'player.currentTime > 0 && !player.paused', 60);
await pause(2000);
const ages = [];
let unread = 0;
for (let i = 0; i < 10 * Number(seconds); ++i) {
  const age = await page.evaluate(`(() => {
    const time = (${READ_TIME})(player.shadowRoot.querySelector('canvas'));
    return ((Date.now() - time) % 2 ** 24 + 2 ** 24) % 2 ** 24;
  })()`);
  if (Number.isFinite(age)) ages.push(age / 1000);
  else ++unread;
  await pause(100);
}
await page.screenshot(screenshot);
const told = await page.evaluate(`({ quality: player.qualities[player.quality],
  statistics: player.statistics, error: player.error?.message })`);
ages.sort((a, b) => a - b);
console.log(JSON.stringify({
  seconds: { median: ages[ages.length >> 1], least: ages[0], most: ages.at(-1) },
  looks: ages.length, unread, ...told,
}));
await browser.close();
process.exit(ages.length > 0 ? 0 : 1);
