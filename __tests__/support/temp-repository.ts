import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openWriter } from './git-writer.ts';

/** The configuration of an empty repository; nothing runs by itself after a commit. */
const config = `[core]
\trepositoryformatversion = 0
\tbare = false
[user]
\tname = Test
\temail = test@example.com
[maintenance]
\tauto = false
`;

/** A git repository in a temporary directory; disposed of with `using`. */
export class TempRepository {
  readonly root: string;
  readonly #commit: ReturnType<typeof openWriter>;

  constructor() {
    this.root = mkdtempSync(join(tmpdir(), 'imageset-mirror-git-'));
    // These are all files of an empty repository: `git init` would start a process, which is slow beside large tests.
    for (const part of ['objects', 'refs']) {
      mkdirSync(join(this.root, '.git', part), { recursive: true });
    }
    this.write('.git/HEAD', 'ref: refs/heads/main\n');
    this.write('.git/config', config);
    this.#commit = openWriter(this.root);
  }

  git(...words: string[]): string {
    return this.#start('git', words);
  }

  #start(program: string, words: readonly string[]): string {
    return execFileSync(program, words, {
      cwd: this.root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  /** Commits everything that lies there and gives the commit; starts git only where plain files are not all. */
  commit(message = 'change'): string {
    const commit = this.#commit(message);
    if (commit !== undefined) return commit;
    const steps = 'git add --all && git commit --quiet --allow-empty -m "$0" && git rev-parse HEAD';
    return this.#start('sh', ['-c', steps, message]);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A small image set for one additional image. */
export function imageSetText(image = 'quay.io/team/app:1', apiVersion = 'v2alpha1'): string {
  return [
    'kind: ImageSetConfiguration',
    `apiVersion: mirror.openshift.io/${apiVersion}`,
    'mirror:',
    '  additionalImages:',
    `    - name: ${image}`,
    '',
  ].join('\n');
}
