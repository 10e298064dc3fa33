'use strict';
// Pictures of the training, on canvases.

// Class colours that the colour-blind tell apart (after Okabe and Ito), then four more for digits
// that are as far from those and from each other, to protanopes, deuteranopes and tritanopes too.
const CLASSES = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#8822ff',
  '#aacc77', '#663355', '#772200'].map(hex => [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16)));

const color = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
const numbers = hex => [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
const css = rgb => `rgb(${rgb.map(Math.round).join(',')})`;
const mix = (a, b, t) => a.map((v, i) => v + (b[i] - v) * t);
const long = hex => hex.length === 4 ? '#' + [...hex.slice(1)].map(c => c + c).join('') : hex;

function bytes(text) {
  const raw = atob(text), out = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
  return out;
}

// A canvas as large as it is shown, in the screen's own pixels.
function begin(canvas) {
  const ratio = devicePixelRatio || 1, box = canvas.getBoundingClientRect();
  const [w, h] = [Math.round(box.width * ratio), Math.round(box.height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, box.width, box.height);
  return [context, box.width, box.height];
}

const stamps = new Map();
function stamp(key, side, pixel) {
  if (!stamps.has(key)) stamps.set(key, document.createElement('canvas'));
  const canvas = stamps.get(key);
  canvas.width = canvas.height = side;
  const image = new ImageData(side, side);
  for (let i = 0; i < side * side; i++) {
    const [r, g, b] = pixel(i);
    image.data.set([r, g, b, 255], 4 * i);
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}

function drawBoundary(canvas, state, frame) {
  const [context, width, height] = begin(canvas);
  const back = numbers(long(color('card'))), strength = 0.62;
  const classes = bytes(frame.classes), certainty = bytes(frame.certainty);
  const side = Math.sqrt(classes.length);
  const isNumber = state.classCount == null, shade = shades();
  // The color of a class, or of a number from -1 to 1.
  const tone = label => isNumber ? shade(Math.max(-1, Math.min(1, label))) : CLASSES[label];
  context.imageSmoothingEnabled = true;
  context.drawImage(stamp('boundary', side, i => isNumber
    ? mix(back, shade((classes[i] - 128) / 127), 0.8)
    : mix(back, CLASSES[classes[i]], strength * (0.15 + 0.85 * certainty[i] / 255))),
  0, 0, width, height);
  const at = p => [(p[0] / state.reach + 1) / 2 * width, (1 - p[1] / state.reach) / 2 * height];
  const size = Math.max(2.6, width / 115);
  context.lineWidth = 1;
  for (const point of state.trainingPoints) {
    const [x, y] = at(point);
    context.beginPath();
    context.arc(x, y, size, 0, 7);
    context.fillStyle = css(tone(point[2]));
    context.fill();
    context.strokeStyle = color(isNumber ? 'quiet' : 'card');
    context.stroke();
  }
  context.lineWidth = 1.6;
  for (const point of state.testPoints) {
    const [x, y] = at(point);
    context.beginPath();
    context.arc(x, y, size - 0.4, 0, 7);
    context.fillStyle = color('card');
    context.fill();
    context.strokeStyle = css(tone(point[2]));
    context.stroke();
  }
}

// From blue over nothing to orange, for -1 to 1.
function shades() {
  const [back, plus, minus] = ['card', 'plus', 'minus'].map(name => numbers(long(color(name))));
  return v => v >= 0 ? mix(back, plus, v) : mix(back, minus, -v);
}

// What the network sees of a point, by the name in the settings.
const FEATURES = {
  x1: ['x\u2081', (x, y) => x], x2: ['x\u2082', (x, y) => y], x1x1: ['x\u2081\u00b2', x => x * x],
  x2x2: ['x\u2082\u00b2', (x, y) => y * y], x1x2: ['x\u2081x\u2082', (x, y) => x * y],
  sin1: ['sin \u03c0x\u2081', x => Math.sin(Math.PI * x)],
  sin2: ['sin \u03c0x\u2082', (x, y) => Math.sin(Math.PI * y)],
};
const inputNames = state => state.settings.data === 'digits' ? ['pixels']
  : state.settings.features.split(',');

// A neuron's picture: what it returns, or how likely its class is.
function neuronPicture(key, state, frame, layer, i) {
  const values = bytes(frame.neurons[layer][i]), shade = shades();
  const isClass = layer + 1 === frame.neurons.length && state.classCount != null;
  const back = numbers(long(color('card')));
  return stamp(key, Math.sqrt(values.length), j => isClass
    ? mix(back, CLASSES[i], values[j] / 255) : shade((values[j] - 128) / 127));
}

function drawNeuron(canvas, state, frame, layer, i) {
  const [context, width, height] = begin(canvas);
  context.imageSmoothingEnabled = true;
  context.drawImage(neuronPicture('neuron', state, frame, layer, i), 0, 0, width, height);
  for (const point of state.trainingPoints) {
    const [x, y] = [(point[0] / state.reach + 1) / 2 * width, (1 - point[1] / state.reach) / 2 * height];
    context.fillStyle = state.classCount == null ? color('quiet') : css(CLASSES[point[2]]);
    context.globalAlpha = 0.55;
    context.fillRect(x - 1, y - 1, 2, 2);
  }
  context.globalAlpha = 1;
}

// In bands, so that their edges are lines of equal loss; by logarithms, where losses differ much.
function drawSurface(canvas, surface) {
  const [context, width, height] = begin(canvas);
  const back = numbers(long(color('card'))), dark = numbers(long(color('plus')));
  const known = surface.losses.filter(loss => loss != null);
  const scale = Math.min(...known) > 0 ? Math.log : loss => loss;
  const [low, high] = [scale(Math.min(...known)), scale(Math.max(...known))];
  const side = surface.side, fine = 8 * side;
  const at = (row, column) => {
    const loss = surface.losses[row * side + column];
    return loss == null ? 1 : (scale(loss) - low) / Math.max(high - low, 1e-9);
  };
  // Between the points that were measured.
  const between = (y, x) => {
    const [r, c] = [Math.min(Math.floor(y), side - 2), Math.min(Math.floor(x), side - 2)];
    const [v, u] = [y - r, x - c];
    return (1 - v) * ((1 - u) * at(r, c) + u * at(r, c + 1))
      + v * ((1 - u) * at(r + 1, c) + u * at(r + 1, c + 1));
  };
  const step = (side - 1) / (fine - 1);
  context.imageSmoothingEnabled = false;
  context.drawImage(stamp('surface', fine, j => mix(back, dark,
    Math.floor(between(Math.floor(j / fine) * step, j % fine * step) * 15.999) / 15)), 0, 0, width, height);
  context.beginPath();
  context.arc(width / 2, height / 2, 6, 0, 7);
  context.lineWidth = 3;
  context.strokeStyle = color('card');
  context.stroke();
  context.lineWidth = 1.5;
  context.strokeStyle = color('text');
  context.stroke();
}

function drawNetwork(canvas, state, frame) {
  const [context, width, height] = begin(canvas);
  const [back, plus, minus] = ['card', 'plus', 'minus'].map(name => numbers(long(color(name))));
  const inputs = inputNames(state);
  const sizes = [inputs.length, ...frame.neurons.map(layer => layer.length)];
  const last = sizes.length - 1, foot = 18;
  const box = (layer, i) => {
    const count = sizes[layer], room = (height - foot) / count;
    const side = Math.min(48, width / (sizes.length * 1.7), room * 0.84);
    const x = sizes.length < 2 ? 0 : layer / last * (width - 50) + 25;
    return [x - side / 2, (i + 0.5) * room - side / 2, side];
  };
  frame.weights.forEach((weights, layer) => {
    const [from, to] = [sizes[layer], sizes[layer + 1]];
    const largest = Math.max(1e-6, ...weights.map(Math.abs));
    for (let i = 0; i < weights.length; i++) {
      const w = weights[i] / largest;
      if (Math.abs(w) < 0.02) continue;
      const [x0, y0, s0] = box(layer, i % from), [x1, y1, s1] = box(layer + 1, Math.floor(i / from));
      const [a, b, c, d] = [x0 + s0, y0 + s0 / 2, x1, y1 + s1 / 2];
      context.beginPath();
      context.moveTo(a, b);
      context.bezierCurveTo((a + c) / 2, b, (a + c) / 2, d, c, d);
      context.lineWidth = 0.3 + Math.abs(w) * Math.min(4.5, 60 / Math.max(from, to));
      context.strokeStyle = css(w > 0 ? plus : minus);
      context.globalAlpha = 0.2 + 0.65 * Math.abs(w);
      context.stroke();
    }
  });
  context.globalAlpha = 1;
  context.imageSmoothingEnabled = true;
  const picture = (layer, i, image) => {
    const [x, y, side] = box(layer, i);
    context.drawImage(image, x, y, side, side);
    context.strokeStyle = color('quiet');
    context.lineWidth = 1;
    context.strokeRect(x, y, side, side);
  };
  const shade = shades();
  inputs.forEach((name, i) => {
    const along = j => FEATURES[name][1](2 * (j % 16) / 15 - 1, 1 - 2 * Math.floor(j / 16) / 15);
    picture(0, i, stamp('input ' + name, 16, j => name !== 'pixels' ? shade(along(j))
      : mix(back, plus, ((j >> 1) + (j >> 5)) % 2 * 0.35)));
  });
  const boxes = [];
  frame.neurons.forEach((layer, l) => layer.forEach((text, i) => {
    picture(l + 1, i, neuronPicture(`${l} ${i}`, state, frame, l, i));
    boxes.push([l, i, ...box(l + 1, i)]);
  }));
  context.fillStyle = color('quiet');
  context.font = '12px system-ui, sans-serif';
  for (let layer = 0; layer <= last; layer++) {
    context.textAlign = layer === 0 ? 'left' : layer === last ? 'right' : 'center';
    const x = layer === 0 ? 0 : layer === last ? width : layer / last * (width - 50) + 25;
    const name = layer === 0 ? (inputs[0] === 'pixels' ? '64 pixels' : `${inputs.length} inputs`)
      : layer === last ? (state.classCount == null ? 'number' : 'classes')
        : sizes[layer] === 1 ? '1 neuron' : `${sizes[layer]} neurons`;
    context.fillText(name, x, height - 3);
  }
  return boxes;
}

// Marks from below the least loss to above the largest, and where a loss is between them. Losses
// that span more than a factor of 50 are shown by their logarithms, as BlitzPlot does.
function lossAxis(low, high) {
  if (low > 0 && high / low > 50) {
    const first = Math.floor(Math.log10(low)), last = Math.ceil(Math.log10(high));
    const by = Math.ceil((last - first) / 5);
    const ticks = [];
    for (let power = first; power <= last; power += by) ticks.push(10 ** power);
    return {ticks, share: loss => (Math.log10(loss) - first) / (last - first)};
  }
  const unit = 10 ** Math.floor(Math.log10(high));
  const tick = [0.2, 0.5, 1, 2].map(f => f * unit).find(t => high / t <= 5) || 2 * unit;
  const count = Math.ceil(high / tick);
  return {ticks: Array.from({length: count + 1}, (_, i) => i * tick),
    share: loss => loss / (count * tick)};
}

function drawCurves(canvas, curve) {
  const [context, width, height] = begin(canvas);
  const [left, bottom, top] = [42, 20, 8];
  const rows = curve.filter(row => row[1] !== null && row[2] !== null);
  const losses = rows.flatMap(row => [row[1], row[2]]);
  const end = Math.max(10, ...rows.map(row => row[0]));
  const {ticks, share} = lossAxis(Math.min(...losses), Math.max(0.05, ...losses));
  const x = step => left + step / end * (width - left - 6);
  const y = loss => height - bottom - share(loss) * (height - bottom - top);
  context.font = '11px system-ui, sans-serif';
  context.fillStyle = color('quiet');
  context.strokeStyle = color('line');
  context.lineWidth = 1;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const value of ticks) {
    context.beginPath();
    context.moveTo(left, y(value));
    context.lineTo(width, y(value));
    context.stroke();
    context.fillText(+value.toPrecision(3), left - 6, y(value));
  }
  context.textBaseline = 'alphabetic';
  context.fillText(`${end} steps`, width, height - 4);
  context.textAlign = 'left';
  context.fillText('0', left, height - 4);
  for (const [column, name] of [[1, 'training'], [2, 'test']]) {
    context.beginPath();
    rows.forEach((row, i) => context[i ? 'lineTo' : 'moveTo'](x(row[0]), y(row[column])));
    context.strokeStyle = color(name);
    context.lineWidth = 2;
    context.setLineDash(name === 'test' ? [6, 3] : []);
    context.stroke();
  }
  context.setLineDash([]);
}
