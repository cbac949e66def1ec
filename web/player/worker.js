// The player's worker: reads, demultiplexes and decodes, all ahead of what is shown.
//
// From the page:                           To the page:
//   {open: {what, models, threads, types}}   {info}: see describe(); {ready}, {failed}
//   {play: {serial, time, credit}}           {picture, serial}: its samples are transferred
//   {credit}: pictures there is room for     {sound, serial}: bytes of a fragment
//                                            {texts, serial}: a cue of a subtitle track
//                                            {soundOver, serial}: that was the last
//                                            {duration}, {ended, serial}
//                                            {edge, farthest, serial}: live, the latest time that was
//                                            read and how far behind playback may be
// `play` begins anew at a time, or, Infinity, where a live stream is now; what is under way for an
// earlier serial is dropped.

import { openBase } from './base.js';
import { FurlError, startFurl } from './decoder.js';
import { openDemuxer } from './demux.js';
import { HlsDemuxer } from './hls.js';
import { forgetModel, loadModel } from './models.js';
import { Mp4Audio, mp4Type } from './mp4_audio.js';
import { LIVE_AHEAD } from './segments.js';
import { openSource } from './source.js';
import { WebmAudio, webmType } from './webm_audio.js';

const READ_AHEAD = 3;         // seconds of video packets
const SOUND_FRAGMENT = 0.5;   // seconds
const SOUND_MS = 150;         // longest that a packet of sound waits for others

// Lets messages of the page in. Timers would wait.
const channel = new MessageChannel();
const turns = [];
channel.port1.onmessage = () => turns.shift()();
const turn = () => new Promise((resolve) => {
  turns.push(resolve);
  channel.port2.postMessage(0);
});

// Something to wait for that is signalled from elsewhere.
class Signal {
  constructor() {
    this.waiting = [];
  }
  wait() {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
  raise() {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

// What the page has sent: a variant of an HLS package, or a file.
async function openAny(what, furl) {
  if (!what.hls) return openDemuxer(openSource(what), furl);
  const demuxer = new HlsDemuxer(what.hls, what.sound?.url);
  await demuxer.open();
  return demuxer;
}

class Session {
  constructor() {
    this.serial = 0;
    this.credit = 0;
    this.passed = null;  // a picture before the place that was asked for
    this.exact = false;  // some picture was decoded, not just another one shown in its place
    this.changed = new Signal();
  }

  async open({ what, models, threads, types }) {
    this.threads = threads;
    const name = threads > 1 ? './furl-decoder-threads.js' : './furl-decoder.js';
    const { default: create } = await import(name);
    this.furl = await startFurl(create, { threads });
    this.demuxer = await openAny(what, this.furl);
    this.info = this.furl.streamInfo(this.demuxer.header);
    this.openSound(types, what);
    postMessage({ info: this.describe() });
    this.model = await this.openModel(this.info.modelId, models);
  }

  // A file may be anything: a page of the server's instead of an error, or cut off.
  async openModel(id, folders) {
    try {
      const model = this.furl.openModel(await loadModel(id, folders));
      if (model.id === id) return model;
      throw new FurlError(`the file of model ${id} holds ${model.id}`, 'wrong_model');
    } catch (error) {
      await forgetModel(id, folders);
      throw error;
    }
  }

  openSound(types, what) {
    const { audio } = this.demuxer;
    if (this.demuxer.rendition) this.soundType = what.sound.type;
    if (!audio) return;
    this.soundType = [webmType(audio), mp4Type(audio)].find((t) => types.includes(t));
    if (this.soundType) {
      this.sound = this.soundType.startsWith('audio/webm') ? new WebmAudio(audio)
                                                           : new Mp4Audio(audio);
    }
  }

  describe() {
    const { demuxer, info } = this;
    return {
      ...info, duration: demuxer.duration, live: demuxer.live ?? false, threads: this.threads, sound: this.soundType ?? null,
      silent: demuxer.audio !== null && !this.soundType ? demuxer.audio.codec : null,
      aspect: demuxer.video?.aspect || (info.width * info.sampleAspect) / info.height,
      turn: demuxer.video?.turn ?? 0,
      texts: demuxer.texts.map(({ language, name }) => ({ language, name })),
    };
  }

  async play({ serial, time, credit }) {
    this.serial = serial;
    this.credit = credit;
    this.changed.raise();
    if (this.started) this.demuxer.stop();  // what is being fetched is for another place
    await this.stopped;
    if (this.serial !== serial) return;  // another has come in the meantime
    this.stopped = this.run(serial, time);
    await this.stopped;
  }

  async run(serial, time) {
    this.queue = [];
    this.readEnd = false;
    this.sounds = [];
    if (this.started || time > 0 || this.demuxer.live) await this.demuxer.seek(time);
    this.started = true;
    if (this.sound) this.post({ sound: this.sound.init(), serial });
    if (this.demuxer.rendition) this.post({ sound: [this.demuxer.soundInit], serial });
    try {
      await Promise.all([this.read(serial), this.readRendition(serial),
                         this.decode(serial, Number.isFinite(time) ? time : 0)]);
    } finally {
      await this.useDecoder(null);
    }
  }

  // What decodes packets of the stream with this header; null: nothing does.
  async useDecoder(header) {
    if (this.decoder) {
      this.decoder.close();
      await turn();  // threads go back to their pool
    }
    this.base?.close();
    this.decoder = this.base = null;
    this.decoderHeader = header;
    if (header === null) return;
    this.info = this.furl.streamInfo(header);
    if (this.info.modelId !== this.model.id) {
      throw new FurlError(`another model from here on: ${this.info.modelId}`, 'wrong_model');
    }
    if (this.info.base) this.base = await this.openBase();
    this.decoder = this.furl.openDecoder(this.model, header,
                                         { threads: this.threads, conceal: true });
  }

  async openBase() {
    const { base } = this.demuxer;
    const decoder = base && await openBase(base, this.info.base);
    if (decoder) return decoder;
    throw new FurlError(base ? `this browser can't decode ${base.codec} for furl to add to`
                             : 'the base that furl adds to is missing', 'unsupported');
  }

  current(serial) {
    return this.serial === serial;
  }

  async read(serial) {
    while (this.current(serial)) {
      const ahead = this.queue.length > 1 ? this.queue.at(-1).time - this.queue[0].time : 0;
      if (ahead > READ_AHEAD + (this.demuxer.live ? this.demuxer.usual : 0)) {
        this.sendSounds(serial);
        await this.changed.wait();
        continue;
      }
      const packet = await this.nextPacket(serial);
      if (!this.current(serial)) return;
      if (packet === null) break;
      this.sort(packet, serial);
    }
    this.sendSounds(serial);
    if (!this.demuxer.rendition) this.post({ soundOver: true, serial });
    this.readEnd = true;
    this.post({ duration: this.demuxer.duration });  // of bare streams it is known only now
    this.changed.raise();
  }

  // Null at the end, or where reading was stopped.
  async nextPacket(serial) {
    try {
      return await this.demuxer.next();
    } catch (error) {
      if (this.current(serial)) throw error;
      return null;
    }
  }

  async readRendition(serial) {
    if (!this.demuxer.rendition) return;
    while (this.current(serial)) {
      const parts = await this.demuxer.nextSound();
      if (!this.current(serial)) return;
      if (parts) this.post({ sound: parts, soundEnd: this.demuxer.soundEnd, serial });
      else if (this.readEnd) break;
      else await new Promise((resolve) => { setTimeout(resolve, SOUND_MS); });
    }
    this.post({ soundOver: true, serial });
  }

  sort(packet, serial) {
    if (packet.kind === 'video' || packet.kind === 'base') {
      // Behind a seek the container may lead to a cluster that begins before its key frame.
      if (this.queue.length > 0 || packet.key || this.decoding) this.queue.push(packet);
      if (this.demuxer.live) {
        this.post({ edge: packet.time, farthest: LIVE_AHEAD + this.demuxer.usual, serial });
      }
      this.changed.raise();
    } else if (packet.kind === 'audio' && this.sound) {
      this.sounds.push(packet);
      if (packet.time - this.sounds[0].time > SOUND_FRAGMENT) this.sendSounds(serial);
      // Where the next packets are slow to come, or live, these may be what playback waits for.
      else if (this.sounds.length === 1) setTimeout(() => this.sendSounds(serial), SOUND_MS);
    } else if (packet.kind === 'text') {
      const { track, time, duration, data } = packet;
      this.post({ texts: { track, time, duration, text: new TextDecoder().decode(data) }, serial });
    }
  }

  sendSounds(serial) {
    if (this.sounds.length === 0 || !this.current(serial)) return;
    const end = this.sounds.at(-1).time + (this.sounds.at(-1).duration || 0);
    this.post({ sound: this.sound.fragment(this.sounds), soundEnd: end, serial });
    this.sounds = [];
  }

  async decode(serial, from) {
    this.decoding = false;
    this.passed = null;
    while (this.current(serial)) {
      if (this.queue.length === 0 && this.readEnd) break;
      if (this.queue.length === 0 || this.credit <= 0) {
        await this.changed.wait();
        continue;
      }
      const packet = this.queue.shift();
      this.decoding = true;
      this.changed.raise();
      if (packet.header !== this.decoderHeader) {
        await this.finish(serial, from);
        await this.useDecoder(packet.header);
      }
      await this.send(packet, serial, from);
      await turn();
    }
    if (!this.current(serial)) return;
    await this.finish(serial, from);
    if (this.passed) this.postPicture(this.passed, serial);  // behind the end: the last one
    if (!this.exact) {
      throw new FurlError('no picture of this video could be decoded', 'invalid_stream');
    }
    this.post({ ended: true, serial });
  }

  // Of the stream or of its base, whose pictures come when the browser has them.
  async send({ kind, data, time, duration, key }, serial, from) {
    const { timeBase } = this.info;
    const packet = { data, time, key, pts: Math.round(time / timeBase),
                     duration: Math.round((duration || 0) / timeBase) };
    if (kind === 'base') await this.base?.decode(packet);
    else while (!this.decoder.send(packet)) this.show(this.decoder.receive(), serial, from);
    await this.sendBases(serial, from);
    this.showAll(serial, from);
  }

  async sendBases(serial, from) {
    for (const picture of await this.base?.take() ?? []) {
      while (!this.decoder.sendBase(picture)) this.show(this.decoder.receive(), serial, from);
    }
  }

  showAll(serial, from) {
    for (let picture; (picture = this.decoder.receive());) this.show(picture, serial, from);
  }

  async finish(serial, from) {
    if (!this.decoder) return;
    await this.base?.flush();
    await this.sendBases(serial, from);
    this.decoder.flush();
    this.showAll(serial, from);
  }

  show(picture, serial, from) {
    const { timeBase, frameRate } = this.info;
    const time = picture.pts * timeBase;
    const duration = picture.duration * timeBase || 1 / frameRate;
    const { width, height, bytesPerSample, samples } = picture;
    this.exact ||= !picture.concealed;
    const shown = { time, duration, width, height, bytesPerSample, samples };
    const passed = time + duration <= from + 1e-6;
    this.passed = passed ? shown : null;
    if (!passed) this.postPicture(shown, serial);
  }

  postPicture(picture, serial) {
    --this.credit;
    this.post({ picture, serial }, [picture.samples.buffer]);
  }

  post(message, transfer = []) {
    postMessage(message, transfer);
  }
}

const session = new Session();

// Of a hybrid file any browser may show the base, whatever is wrong with what furl adds.
function fail(error) {
  const code = error instanceof FurlError ? error.code : error.name;
  postMessage({ failed: { message: error.message, code,
                          base: session.demuxer?.base?.codec ?? null } });
}

self.onmessage = ({ data }) => {
  if (data.open) session.open(data.open).then(() => postMessage({ ready: true }), fail);
  if (data.play) session.play(data.play).catch(fail);
  if (data.credit) {
    session.credit += data.credit;
    session.changed.raise();
  }
};
