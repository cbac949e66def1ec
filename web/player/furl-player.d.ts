/** `<furl-player src="video.mkv">`: plays furl files. Importing the module defines the element. */
export class FurlPlayer extends HTMLElement {
  /** The address of a `.furl` stream, a Matroska file or an HLS playlist. */
  src: string;
  /** Plays an address, a File or a Blob instead of what was there. */
  load(what: string | URL | Blob): Promise<void>;
  play(): void;
  pause(): void;
  readonly paused: boolean;
  readonly ended: boolean;
  /** Seconds. Setting it seeks. */
  currentTime: number;
  /** Seconds; NaN as long as it isn't known. */
  readonly duration: number;
  readonly videoWidth: number;
  readonly videoHeight: number;
  /** 0.25 to 4. */
  playbackRate: number;
  /** 0 to 1. */
  volume: number;
  muted: boolean;
  /** What an HLS package has, and the place of what is played among them. Setting it switches. */
  readonly qualities: string[];
  quality: number;
  /** Goes on with the next quality, where there is one. */
  tooSlow(): void;
  /** Whether there is a sound track that plays here. */
  readonly hasSound: boolean;
  /** Where the pictures are and where the sound is; NaN without sound. */
  readonly clocks: { time: number; heard: number };
  /** What went wrong, or null. */
  readonly error: FurlPlayerError | null;
  readonly statistics: FurlPlayerStatistics;
  addEventListener<K extends keyof FurlPlayerEvents>(
    type: K, listener: (this: FurlPlayer, event: FurlPlayerEvents[K]) => void,
    options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject,
                   options?: boolean | AddEventListenerOptions): void;
}

export interface FurlPlayerError {
  message: string;
  /** The name of a furl_status, or of a JavaScript error. */
  code: string;
}

export interface FurlPlayerStatistics {
  /** Pictures that were shown, and those that came too late. */
  shown: number;
  skipped: number;
  /** That decode. */
  threads: number;
}

type Plain = CustomEvent<null>;

export interface FurlPlayerEvents extends HTMLElementEventMap {
  loadedmetadata: Plain;
  durationchange: Plain;
  play: Plain;
  pause: Plain;
  playing: Plain;
  waiting: Plain;
  seeking: Plain;
  seeked: Plain;
  timeupdate: Plain;
  ended: Plain;
  ratechange: Plain;
  /** This machine decodes too slowly. */
  slow: Plain;
}

declare global {
  interface HTMLElementTagNameMap {
    'furl-player': FurlPlayer;
  }
}
