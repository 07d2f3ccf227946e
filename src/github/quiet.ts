/** The commands that a client may give to the runner while it works. */
const passed = /^::(?:add-mask|debug)(?: [^:]*)?::/;

/** A failure that a client tells only as an annotation. */
const failure = /^::(?:warning|error)(?: [^:]*)?::(.*)$/;

/** Takes what a workflow command stands for out of its escapes. */
function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

/**
 * Runs a client of GitHub's toolkit without its log. Those clients tell each step, and swallow failures into annotations
 * of their own words; here a step is for debugging, and a failure is thrown.
 *
 * Effects: takes over the output of the process until the work ends.
 * @throws Error with the words of the first annotation; whatever the work throws
 */
export async function quietly<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  const { stdout } = process;
  const { write } = process.stdout;
  const failures: string[] = [];
  const show = (line: string): void => {
    const [, told] = failure.exec(line) ?? [];
    if (told !== undefined) failures.push(unescapeData(told));
    else if (line !== '') write.call(stdout, `${passed.test(line) ? line : `::debug::${line}`}\n`);
  };
  stdout.write = (chunk: string | Uint8Array, ...rest: readonly unknown[]) => {
    for (const line of Buffer.from(chunk).toString().split(/\r?\n/)) show(line);
    // A writer may wait for its callback.
    const done = rest.at(-1);
    if (typeof done === 'function') queueMicrotask(() => done());
    return true;
  };
  try {
    const answer = await work();
    if (failures[0] !== undefined) throw new Error(failures[0]);
    return answer;
  } finally {
    stdout.write = write;
  }
}
