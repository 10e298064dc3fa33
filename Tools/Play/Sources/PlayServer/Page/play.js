'use strict';
// The controls, and what comes from the server.

const RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];
const FACTORS = [0, 0.00001, 0.00003, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1];
const BATCHES = [1, 2, 5, 10, 20, 50, 128, 512, 0];
const CONTROLS = [
  {name: 'data', label: 'Data', groups: {
    'tell classes apart': {spirals: 'spirals', circles: 'circles', moons: 'moons', xor: 'XOR',
      digits: 'digits'},
    'learn a number': {plane: 'plane', hills: 'hills'}, 'your own': {table: 'your CSV'}}},
  {name: 'columnX', label: 'Across', columns: true},
  {name: 'columnY', label: 'Up', columns: true},
  {name: 'noise', label: 'Noise', from: 0, to: 0.5, by: 0.05},
  {name: 'share', label: 'Learned from', from: 10, to: 90, by: 10, told: share => share + ' %'},
  {name: 'features', label: 'Inputs', flags: Object.keys(FEATURES)},
  {name: 'hidden', label: 'Hidden layers', layers: 6},
  {name: 'activation', label: 'Activation', choices: {relu: 'ReLU', tanh: 'tanh',
    sigmoid: 'sigmoid', gelu: 'GELU', none: 'none'}},
  {name: 'bias', label: 'Bias', flag: true},
  {name: 'optimizer', label: 'Optimizer', choices: {sgd: 'SGD', momentum: 'momentum',
    adam: 'Adam', rmsprop: 'RMSprop'}},
  {name: 'rate', label: 'Rate', list: RATES},
  {name: 'batch', label: 'Batch', list: BATCHES, told: batch => batch === 0 ? 'all' : batch},
  {name: 'lasso', label: 'Regularisation (L1)', list: FACTORS},
  {name: 'regularisation', label: 'Regularisation (L2)', list: FACTORS},
  {name: 'speed', label: 'Steps a picture', from: 1, to: 100, by: 1},
  {name: 'seed', label: 'Seed', whole: 999999},
];
const $ = id => document.getElementById(id);
let state = null, frame = null, curve = [], drawn = false;
// Whether the state is being fetched, and whether once more after that.
let loading = false, stale = false;
// The enlarged neuron, where neurons are on the canvas, and the surface that was measured.
let neuron = [0, 0], boxes = [], surface = null, pause = null;
// Whether the address is still to be followed.
let linked = location.hash.length > 1;
// What went wrong with the last thing that was asked for; and the slider that is being moved.
let trouble = '', held = null;
// How many requests have no answer so far.
let underWay = 0;
const GONE = 'blitz play does not answer; is it still running?';

async function ask(path, body) {
  const options = {method: 'POST', headers: {'Content-Type': 'application/json'}};
  if (body) options.body = typeof body === 'string' ? body : JSON.stringify(body);
  underWay += 1;
  try {
    const answer = await fetch(path, options);
    trouble = answer.ok ? '' : (await answer.json()).error;
  } catch {
    trouble = GONE;
  }
  underWay -= 1;
  say();
}

// Says what is wrong until it is not.
function say() {
  const text = trouble || (frame && frame.message) || '';
  if ($('message').textContent !== text) $('message').textContent = text;
}

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const option = (value, text) => element('option', {value}, text);

// What a control is made of: what stands beside its label and below, how its value is read and
// shown, and, for those that are more than one input, whose changes are its own.
function parts(control, id) {
  if (control.choices || control.groups || control.columns) {
    const input = element('select', {id});
    for (const [value, text] of Object.entries(control.choices || {})) input.append(option(value, text));
    for (const [label, choices] of Object.entries(control.groups || {})) {
      input.append(element('optgroup', {label}, ...Object.entries(choices).map(c => option(...c))));
    }
    return {beside: [input], input,
      read: () => control.columns ? +input.value : input.value,
      show: now => {
        if (control.columns && input.length !== state.columns.length) {
          input.replaceChildren(...state.columns.map((name, i) => option(i + 1, name)));
        }
        input.value = now;
      }};
  }
  if (control.flag) {
    const input = element('input', {id, type: 'checkbox'});
    return {beside: [input], input, read: () => input.checked, show: now => { input.checked = now; }};
  }
  if (control.whole) {
    const input = element('input', {id, type: 'number', min: 0, max: control.whole, step: 1});
    return {beside: [input], input, read: () => +input.value, show: now => { input.value = now; }};
  }
  if (control.flags) {
    const flags = control.flags.map(name => element('input', {id: `${id}-${name}`, type: 'checkbox'}));
    const below = element('div', {class: 'many', role: 'group', 'aria-label': control.label},
      ...flags.map((flag, i) => element('label', {}, flag, FEATURES[control.flags[i]][0])));
    return {beside: [], below, input: below,
      read: () => control.flags.filter((_, i) => flags[i].checked).join(','),
      show: now => flags.forEach((flag, i) => {
        flag.checked = now.split(',').includes(control.flags[i]);
      })};
  }
  if (control.layers) return layerParts(control, id);
  const list = control.list;
  const input = element('input', list ? {id, type: 'range', min: 0, max: list.length - 1, step: 1}
    : {id, type: 'range', min: control.from, max: control.to, step: control.by});
  const output = element('output', {for: id}), told = control.told || String;
  const read = () => list ? list[+input.value] : +input.value;
  // A value that was set from outside may lie between the slider's stops: it is told as it is.
  const tell = (now = read()) => {
    output.textContent = told(now);
    input.setAttribute('aria-valuetext', told(now));
  };
  return {beside: [output], below: input, input, read, tell,
    show: now => {
      input.value = !list ? now : list.includes(now) ? list.indexOf(now) : list.reduce((best, v, i) =>
        Math.abs(v - now) < Math.abs(list[best] - now) ? i : best, 0);
      tell(now);
    }};
}

// A number for each hidden layer, and buttons for more and fewer of them.
function layerParts(control, id) {
  const below = element('div', {class: 'many', role: 'group', 'aria-label': control.label});
  const inputs = () => [...below.querySelectorAll('input')];
  const read = () => inputs().map(input => input.value).join(',');
  const button = (name, label, change) => {
    const made = element('button', {type: 'button', id: `${id}-${name}`, 'aria-label': label},
      name === 'more' ? '+' : '\u2212');
    made.addEventListener('click', () => ask('settings', {[control.name]: change(read())}));
    return made;
  };
  const more = button('more', 'Add a hidden layer', now => now ? now + ',8' : '8');
  const fewer = button('fewer', 'Remove the last hidden layer', now =>
    now.split(',').slice(0, -1).join(','));
  below.append(fewer, more);
  return {beside: [], below, input: below, read,
    show: now => {
      const sizes = now ? now.split(',') : [];
      const old = inputs();
      if (old.length === sizes.length && old.includes(document.activeElement)) return;
      for (let i = old.length; i < sizes.length; i++) {
        fewer.before(element('label', {}, `${i + 1}:`,
          element('input', {id: `${id}-${i}`, type: 'number', min: 1, max: 24, step: 1,
            'aria-label': `Neurons of hidden layer ${i + 1}`})));
      }
      for (const input of old.slice(sizes.length)) input.parentElement.remove();
      inputs().forEach((input, i) => { input.value = sizes[i]; });
      more.disabled = sizes.length === control.layers;
      fewer.disabled = sizes.length === 0;
    }};
}

function makeControl(control) {
  const id = 'control-' + control.name;
  const part = parts(control, id), input = part.input;
  const label = part.below === input && !control.from && !control.list && control.from !== 0
    ? element('span', {class: 'label'}, control.label) : element('label', {for: id}, control.label);
  const code = element('code', {});
  const copy = element('button', {type: 'button', class: 'copy',
    'aria-label': `Copy the Swift for ${control.label}`}, 'Copy');
  const panel = element('div', {class: 'code', id: id + '-code', hidden: ''},
    element('pre', {tabindex: 0, 'aria-label': `Swift for ${control.label}`}, code), copy);
  const show = element('button', {type: 'button', class: 'show', 'aria-expanded': 'false',
    'aria-controls': id + '-code', 'aria-label': `Swift for ${control.label}`}, 'Swift');
  show.addEventListener('click', () => {
    panel.hidden = !panel.hidden;
    show.setAttribute('aria-expanded', String(!panel.hidden));
  });
  copy.addEventListener('click', () => copyText(copy, code));
  const row = element('div', {class: 'row'}, label, ...part.beside, show);
  const whole = element('div', {class: 'control'}, row, ...(part.below ? [part.below] : []), panel);
  if (control.name === 'data') whole.append(tableChooser());
  // A slider is followed while it moves, one request at a time.
  let asking = false, again = false;
  const send = async () => {
    again = asking;
    if (asking) return;
    do {
      asking = true;
      again = false;
      await ask('settings', {[control.name]: part.read()});
      asking = false;
    } while (again);
    // What was refused is not there.
    if (trouble && state) control.set(state.settings[control.name]);
  };
  input.addEventListener('input', () => {
    if (part.tell) part.tell();
    if (input.type !== 'range') return;
    held = control;
    send();
  });
  input.addEventListener('change', () => {
    held = null;
    if (control.name === 'data' && input.value === 'table' && !state.table) {
      $('table').click();
      control.set(state.settings.data);
      return;
    }
    send();
  });
  // A slider that was moved back to where it was has no change to tell of.
  for (const end of ['pointerup', 'pointercancel', 'keyup', 'blur']) {
    input.addEventListener(end, () => { if (held === control) held = null; });
  }
  control.code = code;
  control.set = now => {
    if (held === control || document.activeElement === input && input.type === 'number') return;
    part.show(now);
    if (control.columns) whole.hidden = state.settings.data !== 'table';
  };
  return whole;
}

// A CSV file of the user's: it goes to this machine's server and nowhere else.
function tableChooser() {
  const input = element('input', {id: 'table', type: 'file', accept: '.csv,.tsv,.txt,text/csv'});
  input.addEventListener('change', async () => {
    const file = input.files[0];
    if (!file) return;
    if (file.size > 65536) {
      trouble = `${file.name} has ${file.size} bytes; a table may have 65536`;
      say();
    } else {
      await ask('table', await file.text());
    }
    input.value = '';
  });
  return element('label', {for: 'table', class: 'note'}, 'Your CSV, to be told: its last column ',
    input);
}

async function copyText(button, code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(code);
    button.textContent = 'Selected';
  }
  setTimeout(() => { button.textContent = 'Copy'; }, 1500);
}

async function load() {
  // Asked for while an answer is on its way, which may be older than what asks.
  if (loading) {
    stale = true;
    return;
  }
  loading = true;
  try {
    do {
      stale = false;
      show(await (await fetch('state')).json());
    } while (stale);
  } catch {
    trouble = GONE;
    say();
  } finally {
    loading = false;
  }
}

// Shows all that the server knows.
function show(new_) {
  state = new_;
  curve = state.curve;
  for (const control of CONTROLS) {
    control.set(state.settings[control.name]);
    control.code.textContent = state.code[control.name];
  }
  $('program').textContent = state.program;
  $('score').textContent = state.classCount == null ? 'test R\u00b2' : 'test accuracy';
  $('boundary-title').textContent = state.classCount == null ? 'Answers' : 'Decision boundary';
  const link = '#' + new URLSearchParams(state.settings);
  if (!linked && location.hash !== link) history.replaceState(null, '', link);
  frame = state.frame;
  chooseNeuron();
  measureSoon();
  $('boundary-note').textContent = state.settings.data === 'digits'
    ? 'The plane in which the digits vary most, a slice of 64 dimensions. Filled points are '
      + 'learned from, rings are held out for the test.'
    : 'Filled points are learned from, rings are held out for the test.';
  take(state.frame);
}

function take(new_) {
  if (!state || new_.version !== state.version) return load();
  const grown = !frame || new_.step > (curve.length ? curve[curve.length - 1][0] : -1);
  if (frame && frame.isTraining && !new_.isTraining) measureSoon();
  frame = new_;
  if (grown && frame.loss[0] !== undefined) curve.push([frame.step, ...frame.loss]);
  if (curve.length > 2000) curve = curve.filter((_, i) => i % 2 === 0);
  const train = $('train');
  const word = frame.isTraining ? 'Pause' : 'Train';
  if (train.textContent !== word) {
    train.textContent = word;
  }
  $('steps').textContent = frame.step;
  $('accuracy').textContent = state.classCount == null ? frame.accuracy[1].toFixed(3)
    : (100 * frame.accuracy[1]).toFixed(1) + ' %';
  showWeights();
  $('loss').textContent = frame.loss[0] == null ? 'none' : frame.loss[0].toPrecision(3);
  say();
  if (!drawn) {
    drawn = true;
    requestAnimationFrame(draw);
  }
}

function draw() {
  drawn = false;
  if (!frame || !state) return;
  drawBoundary($('boundary'), state, frame);
  boxes = drawNetwork($('network'), state, frame);
  drawCurves($('curves'), curve);
  drawNeuron($('neuron'), state, frame, ...neuron);
  if (surface) drawSurface($('surface'), surface);
  const accuracy = (100 * frame.accuracy[1]).toFixed(0);
  describe('boundary', state.classCount == null
    ? `The numbers that the network answers over the plane: R squared ${frame.accuracy[1].toFixed(2)}`
    : `Decision boundary of ${state.classCount} classes: ${accuracy} percent of the test points are `
      + 'on their side');
  describe('network', `A network of ${frame.neurons.map(layer => layer.length).join(', ')} neurons`);
  describe('neuron', `What neuron ${neuron[1] + 1} of layer ${neuron[0] + 1} answers over the plane`);
  describe('curves', frame.loss[0] == null ? 'The loss is not finite'
    : `Loss after ${frame.step} steps: training ${frame.loss[0].toPrecision(2)}, test `
      + frame.loss[1].toPrecision(2));
}

// The neuron that is enlarged, as layer and place; of another network, its first.
function chooseNeuron(layer = neuron[0], place = neuron[1]) {
  const sizes = state.frame.neurons.map(neurons => neurons.length);
  neuron = layer < sizes.length && place < sizes[layer] ? [layer, place] : [0, 0];
  const fill = (id, names, now) => {
    if ($(id).textContent !== names.join('')) $(id).replaceChildren(...names.map((n, i) => option(i, n)));
    $(id).value = now;
  };
  fill('neuron-layer', sizes.map((_, i) => i + 1 < sizes.length ? `hidden ${i + 1}` : 'output'), neuron[0]);
  fill('neuron-number', Array.from({length: sizes[neuron[0]]}, (_, i) => i + 1), neuron[1]);
  showWeights();
  if (!drawn) {
    drawn = true;
    requestAnimationFrame(draw);
  }
}

// The weights into the enlarged neuron, each in a field of its own.
function showWeights() {
  const [layer, place] = neuron;
  const isPixels = layer === 0 && state.settings.data === 'digits';
  const names = layer > 0 ? frame.neurons[layer - 1].map((_, i) => `from ${i + 1}`)
    : isPixels ? [] : inputNames(state).map(name => FEATURES[name][0]);
  const values = names.map((_, i) => frame.weights[layer][place * names.length + i]);
  if (frame.biases[layer] && frame.biases[layer].length) {
    names.push('bias');
    values.push(frame.biases[layer][place]);
  }
  const key = [layer, place, ...names].join();
  if ($('weights').dataset.key !== key) {
    $('weights').dataset.key = key;
    $('weights').replaceChildren(...names.map((name, i) => {
      const input = element('input', {type: 'number', step: 0.1, min: -100, max: 100, id: 'weight-' + i});
      input.addEventListener('change', () => ask('weight', {layer, neuron: place,
        input: name === 'bias' ? -1 : i, value: +input.value}));
      return element('label', {}, name, input);
    }));
    $('weights-note').textContent = isPixels ? 'The weights of the 64 pixels are not shown.'
      : 'Change a number to set the weight; training goes on from there.';
  }
  $('weights').querySelectorAll('input').forEach((input, i) => {
    if (input !== document.activeElement) input.value = +values[i].toFixed(3);
  });
}

// Measures when nothing has moved for a moment: it holds up the training.
function measureSoon() {
  clearTimeout(pause);
  pause = setTimeout(() => { if (!frame.isTraining) measure(); }, 400);
}

async function measure() {
  try {
    surface = await (await fetch('surface')).json();
  } catch {
    return;
  }
  const known = surface.losses.filter(loss => loss != null);
  const middle = surface.losses[(surface.losses.length - 1) / 2];
  const words = loss => loss == null ? 'not finite' : loss.toPrecision(3);
  describe('surface', `The loss around the weights: ${words(middle)} in the middle, from `
    + `${words(Math.min(...known))} to ${words(Math.max(...known))}`);
  $('surface-note').textContent = 'The loss along two random directions of the weights, from '
    + `${words(Math.min(...known))} (light) to ${words(Math.max(...known))} (dark); the ring is where `
    + `they are at step ${frame ? frame.step : 0}.`;
  draw();
}

// Does what the page's address says: settings that somebody sent.
async function follow() {
  const words = new URLSearchParams(location.hash.slice(1));
  const isText = name => ['data', 'features', 'hidden', 'activation', 'optimizer'].includes(name);
  const settings = {};
  for (const [name, word] of words) {
    settings[name] = isText(name) ? word : name === 'bias' ? word === 'true'
      : word.trim() !== '' && isFinite(word) ? +word : word;
  }
  linked = true;
  if (words.size) await ask('settings', settings);
  linked = false;
  await load();
}

function describe(id, text) {
  if ($(id).getAttribute('aria-label') !== text) $(id).setAttribute('aria-label', text);
}

$('controls').append(...CONTROLS.map(makeControl));
$('controls').addEventListener('submit', event => event.preventDefault());
$('train').addEventListener('click', () => ask(frame && frame.isTraining ? 'pause' : 'train'));
$('step').addEventListener('click', () => ask('step'));
$('reset').addEventListener('click', () => ask('reset'));
$('measure').addEventListener('click', measure);
$('neuron-layer').addEventListener('change', () => chooseNeuron(+$('neuron-layer').value, 0));
$('neuron-number').addEventListener('change', () => chooseNeuron(neuron[0], +$('neuron-number').value));
$('network').addEventListener('click', event => {
  const hit = boxes.find(([, , x, y, side]) => event.offsetX >= x && event.offsetX <= x + side
    && event.offsetY >= y && event.offsetY <= y + side);
  if (hit) chooseNeuron(hit[0], hit[1]);
});
$('link').addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(location.href);
    $('link').textContent = 'Copied';
  } catch {
    $('link').textContent = 'It is the address';
  }
  setTimeout(() => { $('link').textContent = 'Copy link'; }, 1500);
});
addEventListener('hashchange', follow);
$('copy-program').addEventListener('click', () => copyText($('copy-program'), $('program')));
addEventListener('resize', draw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
const events = new EventSource('events');
events.addEventListener('message', event => take(JSON.parse(event.data)));
// Again when the connection is there again: it may be another blitz play.
events.addEventListener('open', () => {
  if (trouble === GONE) trouble = '';
  if (linked) follow(); else load();
});
events.addEventListener('error', () => {
  trouble = GONE;
  say();
});
