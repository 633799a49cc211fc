// Builds complete binary trees of many depths, counts their nodes and drops them. Prints the sum.
'use strict';

const LEAST = 4;

class Node {
  constructor(left, right) {
    this.left = left;
    this.right = right;
  }

  count() {
    return this.left === null ? 1 : 1 + this.left.count() + this.right.count();
  }
}

function tree(depth) {
  return depth === 0 ? new Node(null, null) : new Node(tree(depth - 1), tree(depth - 1));
}

function trees(most) {
  let sum = tree(most + 1).count();
  const kept = tree(most);
  for (let depth = LEAST; depth <= most; depth += 2) {
    const rounds = 1 << (most - depth + LEAST);
    for (let i = 0; i < rounds; i++) sum += tree(depth).count();
  }
  return sum + kept.count();
}

const depth = Number(process.argv[2]);
const repeats = Number(process.argv[3]);
for (let i = 0; i < repeats; i++) {
  const begin = process.hrtime.bigint();
  const sum = trees(depth);
  console.log(`${sum} ${process.hrtime.bigint() - begin}`);
}
