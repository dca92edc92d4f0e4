/* Examples for a check: read from and written as text, and found by trying small numbers when a check is new. */

const TOKEN = /\s*(?:(\{[^{}]+\})|(\d+\.\d+|\d+(?!\w))|([A-Za-z0-9_]+)|(==|!=|>=|<=|[-+*/()<>,]))/y;
const RESERVED = new Set(["and", "or", "not", "max", "min", "sum", "abs"]);
const FUNCTIONS = { max: Math.max, min: Math.min, abs: Math.abs, sum: (...all) => all.reduce((a, b) => a + b, 0) };
const COMPARE = {
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  ">=": (a, b) => a >= b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  "<": (a, b) => a < b,
};

/* "09A=40，09=120" ↔ {"09A": 40, "09": 120} */
export function exampleText(example) {
  return Object.entries(example)
    .map(([name, value]) => `${name}=${value}`)
    .join("，");
}
export function readExample(text) {
  const example = {};
  for (const part of text.split(/[,，;；、\s]+/).filter(Boolean)) {
    const at = part.search(/[=＝]/);
    if (at > 0) {
      const value = part.slice(at + 1).trim();
      example[part.slice(0, at).trim()] = /^-?\d{1,15}$/.test(value) ? Number(value) : value;
    }
  }
  return example;
}

function tokens(text, known) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim()) {
    const hit = TOKEN.exec(text);
    if (!hit) return null;
    const [, braced, number, word, sign] = hit;
    if (braced) found.push({ name: braced.slice(1, -1) });
    else if (number !== undefined && !known.has(number)) found.push({ number: Number(number) });
    else if (number !== undefined || (word && !RESERVED.has(word))) found.push({ name: number ?? word });
    else found.push({ sign: word ?? sign });
  }
  return found;
}

/* A function of named numbers for an expression of sums and comparisons; null when it is beyond this small reader. */
export function reader(text, known) {
  const list = tokens(text ?? "", known);
  if (!list?.length) return null;
  let at = 0;
  const peek = () => list[at]?.sign;
  const take = (...signs) => (signs.includes(peek()) ? list[at++].sign : null);
  const chain = (next, signs, join) => () => {
    let left = next();
    for (let sign = take(...signs); sign; sign = take(...signs)) {
      const [a, b, s] = [left, next(), sign];
      left = (v) => join(s, a, b, v);
    }
    return left;
  };
  const atom = () => {
    const token = list[at++];
    if (!token) throw new Error("end");
    if (token.number !== undefined) return () => token.number;
    if (token.name !== undefined) return (values) => values[token.name] ?? 0;
    if (token.sign === "-") {
      const inner = atom();
      return (v) => -inner(v);
    }
    if (token.sign === "(") {
      const inner = either();
      if (!take(")")) throw new Error(")");
      return inner;
    }
    if (FUNCTIONS[token.sign] && take("(")) {
      const args = [either()];
      while (take(",")) args.push(either());
      if (!take(")")) throw new Error(")");
      return (v) => FUNCTIONS[token.sign](...args.map((one) => one(v)));
    }
    throw new Error(token.sign);
  };
  const product = chain(
    () => atom(),
    ["*", "/"],
    (s, a, b, v) => (s === "*" ? a(v) * b(v) : a(v) / b(v)),
  );
  const total = chain(
    () => product(),
    ["+", "-"],
    (s, a, b, v) => (s === "+" ? a(v) + b(v) : a(v) - b(v)),
  );
  const compared = chain(
    () => total(),
    Object.keys(COMPARE),
    (s, a, b, v) => COMPARE[s](a(v), b(v)),
  );
  const negated = () => {
    if (take("not")) {
      const inner = negated();
      return (v) => !inner(v);
    }
    return compared();
  };
  const both = chain(
    () => negated(),
    ["and"],
    (s, a, b, v) => a(v) && b(v),
  );
  const either = chain(
    () => both(),
    ["or"],
    (s, a, b, v) => a(v) || b(v),
  );
  try {
    const run = either();
    return at === list.length
      ? { run, names: [...new Set(list.filter((one) => one.name !== undefined).map((one) => one.name))] }
      : null;
  } catch {
    return null;
  }
}

const TRIED = [0, 1, 2, 3, 5, 8, 10, 12, 20, 30, 50, 100];

/* An example that makes the expression true or false; null when none is found among small numbers. */
export function findExample(text, known, wanted) {
  const read = reader(text, known);
  if (!read?.names.length) return null;
  let seed = 7;
  for (let round = 0; round < 6000; round += 1) {
    const values = {};
    for (const name of read.names) {
      seed = (seed * 48271) % 2147483647;
      values[name] = TRIED[(seed >> 5) % TRIED.length];
    }
    if (round < 3000 && Object.values(values).every((value) => value === 0)) continue;
    if (read.run(values) === wanted) return values;
  }
  return null;
}
