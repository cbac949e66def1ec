// Pictures onto a canvas: by WebGL 2, or sample by sample where there is none.
//
//   const renderer = createRenderer(canvas, info);
//   renderer.draw(picture);
//
// The canvas gets the size of the pictures; how large it is shown is its style's matter.

import { conversionOf, sitingOf } from './color.js';

const VERTEX = `#version 300 es
void main() {
  vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  gl_Position = vec4(corner, 0.0, 1.0);
}`;

// 8-bit samples are filtered by the textures' own hardware. Those of 10 bits are integers, which
// it can't filter: chroma is weighed by hand.
const FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
#ifdef DEEP
precision highp usampler2D;
#define PLANE usampler2D
#else
precision highp sampler2D;
#define PLANE sampler2D
#endif
uniform PLANE planeY, planeU, planeV;
uniform ivec2 size;
uniform vec2 siting;
uniform mat3 matrix;
uniform vec3 offset;
out vec4 color;

#ifdef DEEP
const float kTop = 1023.0;
float sampleAt(PLANE plane, ivec2 at) {
  return float(texelFetch(plane, clamp(at, ivec2(0), textureSize(plane, 0) - 1), 0).r);
}
float lumaAt(ivec2 at) { return sampleAt(planeY, at) / kTop; }
float chromaAt(PLANE plane, vec2 at) {
  vec2 base = floor(at - 0.5);
  vec2 part = at - 0.5 - base;
  ivec2 i = ivec2(base);
  float top = mix(sampleAt(plane, i), sampleAt(plane, i + ivec2(1, 0)), part.x);
  float bottom = mix(sampleAt(plane, i + ivec2(0, 1)), sampleAt(plane, i + ivec2(1, 1)), part.x);
  return mix(top, bottom, part.y) / kTop;
}
#else
float lumaAt(ivec2 at) { return texelFetch(planeY, at, 0).r; }
float chromaAt(PLANE plane, vec2 at) {
  return texture(plane, at / vec2(textureSize(plane, 0))).r;
}
#endif

void main() {
  ivec2 at = ivec2(int(gl_FragCoord.x), size.y - 1 - int(gl_FragCoord.y));
  vec2 chroma = (vec2(at) + 0.5 - siting) / 2.0;
  vec3 yuv = vec3(lumaAt(at), chromaAt(planeU, chroma), chromaAt(planeV, chroma));
  color = vec4(yuv * matrix + offset, 1.0);
}`;

/** Views of the planes of a picture: {data, width, height} each. */
export function planesOf({ width, height, bytesPerSample, samples }) {
  const type = bytesPerSample === 2 ? Uint16Array : Uint8Array;
  const all = new type(samples.buffer, samples.byteOffset, samples.byteLength / bytesPerSample);
  const half = { width: (width + 1) >> 1, height: (height + 1) >> 1 };
  const luma = width * height;
  const chroma = half.width * half.height;
  return [
    { data: all.subarray(0, luma), width, height },
    { data: all.subarray(luma, luma + chroma), ...half },
    { data: all.subarray(luma + chroma), ...half },
  ];
}

const sizeOf = ({ width, height }) => ({ width, height });

// Gives `canvas` the picture's size, which may change in a live stream. False: it has it already.
function fit(canvas, { width, height }) {
  if (canvas.width === width && canvas.height === height) return false;
  canvas.width = width;
  canvas.height = height;
  return true;
}

class WebGlRenderer {
  constructor(gl, info) {
    this.gl = gl;
    this.info = info;
    this.size = sizeOf(gl.canvas);
    this.deep = info.bitDepth > 8;
    this.textures = [];
    this.setUp();
    gl.canvas.addEventListener('webglcontextlost', (event) => event.preventDefault());
    gl.canvas.addEventListener('webglcontextrestored', () => this.setUp());
  }

  setUp() {
    const { gl, info } = this;
    const program = this.link();
    gl.useProgram(program);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    const place = (name) => gl.getUniformLocation(program, name);
    const { matrix, offset } = conversionOf(info);
    ['planeY', 'planeU', 'planeV'].forEach((name, i) => gl.uniform1i(place(name), i));
    this.sizePlace = place('size');
    gl.uniform2fv(place('siting'), sitingOf(info.color));
    gl.uniformMatrix3fv(place('matrix'), false, matrix);  // its columns are our rows: yuv * matrix
    gl.uniform3fv(place('offset'), offset);
    this.makeTextures();
  }

  makeTextures() {
    this.textures.forEach((texture) => this.gl.deleteTexture(texture));
    this.gl.uniform2i(this.sizePlace, this.size.width, this.size.height);
    this.textures = [0, 1, 2].map((i) => this.makeTexture(i));
  }

  link() {
    const { gl } = this;
    const program = gl.createProgram();
    const define = this.deep ? '#version 300 es\n#define DEEP' : '#version 300 es';
    const sources = [[gl.VERTEX_SHADER, VERTEX],
                     [gl.FRAGMENT_SHADER, FRAGMENT.replace('#version 300 es', define)]];
    for (const [kind, source] of sources) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
      throw new Error(`WebGL: ${gl.getProgramInfoLog(program)}`);
    }
    return program;
  }

  makeTexture(unit) {
    const { gl } = this;
    const half = unit === 0 ? 0 : 1;
    const width = (this.size.width + half) >> half;
    const height = (this.size.height + half) >> half;
    const texture = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, this.deep ? gl.R16UI : gl.R8, width, height);
    const filter = this.deep ? gl.NEAREST : gl.LINEAR;
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, filter);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    return texture;
  }

  resize(picture) {
    this.size = sizeOf(picture);
    this.makeTextures();
  }

  draw(picture) {
    const { gl } = this;
    if (fit(gl.canvas, picture)) this.resize(picture);
    const format = this.deep ? gl.RED_INTEGER : gl.RED;
    const type = this.deep ? gl.UNSIGNED_SHORT : gl.UNSIGNED_BYTE;
    planesOf(picture).forEach(({ data, width, height }, unit) => {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, format, type, data);
    });
    gl.viewport(0, 0, this.size.width, this.size.height);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }
}

// Chroma is taken from the nearest sample.
class CanvasRenderer {
  constructor(context, info) {
    this.context = context;
    this.image = context.createImageData(info.width, info.height);
    this.top = 2 ** info.bitDepth - 1;
    this.conversion = conversionOf(info);
  }

  draw(picture) {
    if (fit(this.context.canvas, picture)) {
      this.image = this.context.createImageData(picture.width, picture.height);
    }
    const [luma, u, v] = planesOf(picture);
    const { matrix: m, offset: o } = this.conversion;
    const out = this.image.data;
    const scale = 255 / this.top;
    for (let y = 0, at = 0; y < luma.height; ++y) {
      for (let x = 0; x < luma.width; ++x, at += 4) {
        const chroma = (y >> 1) * u.width + (x >> 1);
        const l = luma.data[y * luma.width + x] * scale;
        const cb = u.data[chroma] * scale;
        const cr = v.data[chroma] * scale;
        out[at] = m[0] * l + m[1] * cb + m[2] * cr + 255 * o[0];
        out[at + 1] = m[3] * l + m[4] * cb + m[5] * cr + 255 * o[1];
        out[at + 2] = m[6] * l + m[7] * cb + m[8] * cr + 255 * o[2];
        out[at + 3] = 255;
      }
    }
    this.context.putImageData(this.image, 0, 0);
  }
}

/** `info` is what decoder.js says of a stream. */
export function createRenderer(canvas, info) {
  fit(canvas, info);
  const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false,
                                           preserveDrawingBuffer: true });
  return gl ? new WebGlRenderer(gl, info) : new CanvasRenderer(canvas.getContext('2d'), info);
}
