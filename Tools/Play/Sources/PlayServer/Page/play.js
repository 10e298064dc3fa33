'use strict';
// The controls, and what comes from the server.

const RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];
const FACTORS = [0, 0.00001, 0.00003, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1];
const CONTROLS = [
  {name: 'data', label: 'Data', choices: {spirals: 'spirals', circles: 'circles', moons: 'moons',
    xor: 'XOR', digits: 'digits'}},
  {name: 'noise', label: 'Noise', from: 0, to: 0.5, by: 0.05},
  {name: 'layers', label: 'Hidden layers', from: 1, to: 3, by: 1},
  {name: 'hidden', label: 'Hidden size', from: 1, to: 24, by: 1},
  {name: 'activation', label: 'Activation', choices: {relu: 'ReLU', tanh: 'tanh',
    sigmoid: 'sigmoid', gelu: 'GELU', none: 'none'}},
  {name: 'bias', label: 'Bias', flag: true},
  {name: 'optimizer', label: 'Optimizer', choices: {sgd: 'SGD', momentum: 'momentum',
    adam: 'Adam', rmsprop: 'RMSprop'}},
  {name: 'rate', label: 'Rate', list: RATES},
  {name: 'regularisation', label: 'Regularisation (L2)', list: FACTORS},
  {name: 'speed', label: 'Steps a picture', from: 1, to: 100, by: 1},
  {name: 'seed', label: 'Seed', whole: 999999},
  {name: 'train', label: 'The button Train', button: true},
  {name: 'pause', label: 'The button Pause', button: true},
  {name: 'step', label: 'The button Step', button: true},
  {name: 'reset', label: 'The button Reset', button: true},
];
const $ = id => document.getElementById(id);
let state = null, frame = null, curve = [], drawn = false, loading = false;
// What went wrong with the last thing that was asked for; and the slider that is being moved.
let trouble = '', held = null;
// How many requests have no answer so far.
let underWay = 0;
const GONE = 'blitz play does not answer; is it still running?';

async function ask(path, body) {
  const options = {method: 'POST', headers: {'Content-Type': 'application/json'}};
  if (body) options.body = JSON.stringify(body);
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

function makeControl(control) {
  const id = 'control-' + control.name;
  const label = control.button ? element('span', {class: 'label'}, control.label)
    : element('label', {for: id}, control.label);
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
  const row = element('div', {class: 'row'}, label), whole = element('div', {class: 'control'}, row);
  if (control.button) {
    row.append(show);
    whole.append(panel);
    control.code = code;
    control.set = () => {};
    return whole;
  }
  let input, output = null;
  if (control.choices) {
    input = element('select', {id}, ...Object.entries(control.choices)
      .map(([value, text]) => element('option', {value}, text)));
    row.append(input, show);
  } else if (control.flag) {
    input = element('input', {id, type: 'checkbox'});
    row.append(input, show);
  } else if (control.whole) {
    input = element('input', {id, type: 'number', min: 0, max: control.whole, step: 1});
    row.append(input, show);
  } else {
    const list = control.list;
    input = element('input', list ? {id, type: 'range', min: 0, max: list.length - 1, step: 1}
      : {id, type: 'range', min: control.from, max: control.to, step: control.by});
    output = element('output', {for: id});
    row.append(output, show);
    whole.append(input);
  }
  whole.append(panel);
  const value = () => control.flag ? input.checked : control.choices ? input.value
    : control.list ? control.list[+input.value] : +input.value;
  // A value that was set from outside may lie between the slider's stops: it is told as it is.
  const tell = (now = value()) => {
    if (!output) return;
    output.textContent = String(now);
    input.setAttribute('aria-valuetext', String(now));
  };
  // A slider is followed while it moves, one request at a time.
  let asking = false, again = false;
  const send = async () => {
    again = asking;
    if (asking) return;
    do {
      asking = true;
      again = false;
      await ask('settings', {[control.name]: value()});
      asking = false;
    } while (again);
  };
  input.addEventListener('input', () => {
    tell();
    if (input.type !== 'range') return;
    held = control;
    send();
  });
  input.addEventListener('change', () => {
    held = null;
    send();
  });
  // A slider that was moved back to where it was has no change to tell of.
  for (const end of ['pointerup', 'pointercancel', 'keyup', 'blur']) {
    input.addEventListener(end, () => { if (held === control) held = null; });
  }
  control.code = code;
  control.set = now => {
    if (held === control || document.activeElement === input && input.type === 'number') return;
    if (control.flag) input.checked = now;
    else if (control.list) {
      input.value = control.list.reduce((best, v, i) =>
        Math.abs(v - now) < Math.abs(control.list[best] - now) ? i : best, 0);
    } else input.value = now;
    tell(now);
  };
  return whole;
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
  if (loading) return;
  loading = true;
  try {
    const new_ = await (await fetch('state')).json();
    state = new_;
    curve = state.curve;
    for (const control of CONTROLS) {
      control.set(state.settings[control.name]);
      control.code.textContent = state.code[control.name];
    }
    $('program').textContent = state.program;
    $('boundary-note').textContent = state.inputSize > 2
      ? 'The plane in which the digits vary most, a slice of 64 dimensions. Filled points are '
        + 'learned from, rings are held out for the test.'
      : 'Filled points are learned from, rings are held out for the test.';
    take(state.frame);
  } catch {
    trouble = GONE;
    say();
  } finally {
    loading = false;
  }
}

function take(new_) {
  if (!state || new_.version !== state.version) return load();
  const grown = !frame || new_.step > (curve.length ? curve[curve.length - 1][0] : -1);
  frame = new_;
  if (grown && frame.loss[0] !== undefined) curve.push([frame.step, ...frame.loss]);
  if (curve.length > 2000) curve = curve.filter((_, i) => i % 2 === 0);
  const train = $('train');
  const word = frame.isTraining ? 'Pause' : 'Train';
  if (train.textContent !== word) {
    train.textContent = word;
  }
  $('steps').textContent = frame.step;
  $('accuracy').textContent = (100 * frame.accuracy[1]).toFixed(1) + ' %';
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
  drawNetwork($('network'), state, frame);
  drawCurves($('curves'), curve);
  const accuracy = (100 * frame.accuracy[1]).toFixed(0);
  describe('boundary', `Decision boundary of ${state.classCount} classes: ${accuracy} percent of `
    + 'the test points are on their side');
  describe('network', `A network of ${frame.neurons.map(layer => layer.length).join(', ')} neurons`);
  describe('curves', frame.loss[0] == null ? 'The loss is not finite'
    : `Loss after ${frame.step} steps: training ${frame.loss[0].toPrecision(2)}, test `
      + frame.loss[1].toPrecision(2));
}

function describe(id, text) {
  if ($(id).getAttribute('aria-label') !== text) $(id).setAttribute('aria-label', text);
}

$('controls').append(...CONTROLS.map(makeControl));
$('controls').addEventListener('submit', event => event.preventDefault());
$('train').addEventListener('click', () => ask(frame && frame.isTraining ? 'pause' : 'train'));
$('step').addEventListener('click', () => ask('step'));
$('reset').addEventListener('click', () => ask('reset'));
$('copy-program').addEventListener('click', () => copyText($('copy-program'), $('program')));
addEventListener('resize', draw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
const events = new EventSource('events');
events.addEventListener('message', event => take(JSON.parse(event.data)));
// Again when the connection is there again: it may be another blitz play.
events.addEventListener('open', () => {
  if (trouble === GONE) trouble = '';
  load();
});
events.addEventListener('error', () => {
  trouble = GONE;
  say();
});
