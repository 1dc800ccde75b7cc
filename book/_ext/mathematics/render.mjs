// Helper of the build: reads one JSON request a line from standard input, answers one JSON line on standard output.
import { createInterface } from 'node:readline';
import katex from 'katex';

const operations = {
  tex: ({ tex, display, macros }) => katex.renderToString(tex, {
    displayMode: display,
    macros: { ...macros },                 // KaTeX writes into the table that it is given
    output: 'htmlAndMathml',
    strict: 'error',
    throwOnError: true,
    trust: false,
  }),
};

console.log = console.error;               // a stray print must not break the protocol
for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const { operation, ...request } = JSON.parse(line);
    answer = { result: await operations[operation](request) };
  } catch (error) {
    answer = { error: String(error.message ?? error) };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
