import { readFile } from 'node:fs/promises';
import type { Lab } from '../support/lab.ts';
import { repositoryOf } from './hands.ts';

/** Times that a log is read before it counts as broken. */
const attempts = 1000;

/** Asks for something that nothing else asks for until it stands in the log: then all before it does so too. */
async function markedLog(lab: Lab, mark: string): Promise<string> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    await repositoryOf(lab, lab.target, `log/${mark}`).tags.list();
    const text = await readFile(lab.target.accessLog ?? '', 'utf8');
    if (text.includes(`/v2/log/${mark}/`)) return text;
  }
  throw new Error('the registry writes no access log');
}

/** Does some work; gives what came of it and the requests that the target answered, `GET /v2/…` each. */
export async function requestsOf<Result>(
  lab: Lab,
  work: () => Promise<Result>,
): Promise<readonly [Result, readonly string[]]> {
  const before = await markedLog(lab, 'begin');
  const result = await work();
  const text = (await markedLog(lab, 'end')).slice(before.length);
  const lines = [...text.matchAll(/"([A-Z]+ \/v2\/[^ "]*) HTTP/g)].flatMap(
    ([, line]) => line ?? [],
  );
  return [result, lines.filter((line) => !line.includes(' /v2/log/'))];
}

/** Gives those requests that could change something. */
export function writesOf(requests: readonly string[]): string[] {
  return requests.filter((line) => !/^(GET|HEAD) /.test(line));
}
