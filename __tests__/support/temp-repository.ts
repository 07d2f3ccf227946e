import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A git repository in a temporary directory; disposed of with `using`. */
export class TempRepository {
  readonly root: string;

  constructor() {
    this.root = mkdtempSync(join(tmpdir(), 'imageset-mirror-git-'));
    this.git('init', '--quiet', '--initial-branch=main');
  }

  git(...words: string[]): string {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
    return execFileSync('git', [...identity, ...words], {
      cwd: this.root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  /** Commits everything that lies there and gives the commit. */
  commit(message = 'change'): string {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--message', message);
    return this.git('rev-parse', 'HEAD');
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
