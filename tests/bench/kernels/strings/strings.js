// A text of n lines, put together piece by piece. Prints its length and a checksum of some bytes.
'use strict';

function build(n) {
  let text = '';
  for (let i = 0; i < n; i++) text += `item ${i}: ${i * i % 1000}\n`;
  return text;
}

function checksum(text) {
  let hash = 0;
  for (let i = 0; i < text.length; i += 97) hash = (hash * 31 + text.charCodeAt(i)) % 1000003;
  return hash;
}

const n = Number(process.argv[2]);
const repeats = Number(process.argv[3]);
for (let i = 0; i < repeats; i++) {
  const begin = process.hrtime.bigint();
  const text = build(n);
  const hash = checksum(text);
  console.log(`${text.length}/${hash} ${process.hrtime.bigint() - begin}`);
}
