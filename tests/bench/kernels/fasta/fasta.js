// A file of DNA: one sequence repeated, and two of letters drawn by their frequency, in lines of 60
// after a title each. Prints the file's length and a checksum.
'use strict';

const LINE = 60;

const ALU = 'GGCCGGGCGCGGTGGCTCACGCCTGTAATCCCAGCACTTTGGGAGGCCGAGGCGGGCGGATCACCTGAGGTCAGGA';

let last;

function random() {
  last = (last * 3877 + 29573) % 139968;
  return last / 139968;
}

class Text {
  constructor(room) {
    this.bytes = Buffer.alloc(room);
    this.length = 0;
  }

  append(piece) {
    this.length += this.bytes.write(piece, this.length, 'latin1');
  }

  put(byte) {
    this.bytes[this.length++] = byte;
  }
}

function repeated(text, title, n) {
  text.append(title);
  let at = 0;
  for (let i = 0; i < n; i++) {
    text.put(ALU.charCodeAt(at++));
    if (at === ALU.length) at = 0;
    if (i % LINE === LINE - 1 || i === n - 1) text.put(10);
  }
}

function drawn(letters, chances) {
  const r = random();
  let i = 0;
  while (r >= chances[i]) i++;
  return letters.charCodeAt(i);
}

// `shares` are the letters' frequencies; the last one gets what is missing to 1.
function randomLetters(text, title, letters, shares, n) {
  const chances = shares.slice();
  for (let i = 1; i < chances.length; i++) chances[i] += chances[i - 1];
  chances[chances.length - 1] = 1;
  text.append(title);
  for (let i = 0; i < n; i++) {
    text.put(drawn(letters, chances));
    if (i % LINE === LINE - 1 || i === n - 1) text.put(10);
  }
}

function file(n) {
  last = 42;
  const text = new Text(10 * n + Math.ceil(10 * n / LINE) + 100);
  repeated(text, '>ONE Homo sapiens alu\n', 2 * n);
  randomLetters(text, '>TWO IUB ambiguity codes\n', 'acgtBDHKMNRSVWY',
    [0.27, 0.12, 0.12, 0.27, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02],
    3 * n);
  randomLetters(text, '>THREE Homo sapiens frequency\n', 'acgt',
    [0.3029549426680, 0.1979883004921, 0.1975473066391, 0.3015094502008], 5 * n);
  return text.bytes.subarray(0, text.length);
}

function checksum(text) {
  let hash = 0;
  for (const byte of text) hash = (hash * 31 + byte) % 1000003;
  return hash;
}

const n = Number(process.argv[2]);
const repeats = Number(process.argv[3]);
for (let i = 0; i < repeats; i++) {
  const begin = process.hrtime.bigint();
  const text = file(n);
  const hash = checksum(text);
  console.log(`${text.length}/${hash} ${process.hrtime.bigint() - begin}`);
}
