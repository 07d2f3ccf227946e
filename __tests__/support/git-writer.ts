import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';

/** A file of a commit. */
interface Tracked {
  readonly path: string;
  /** Octal digits of `100644`, `100755`, `120000`. */
  readonly mode: string;
  readonly id: string;
}

/** Files that make git's answer other than the plain content of a directory. */
const beyond = ['.gitignore', '.gitattributes', '.gitmodules', '.git'];

function hash(bytes: Uint8Array): Buffer {
  return createHash('sha1').update(bytes).digest();
}

/** Stores an object and gives its name. */
function store(root: string, kind: string, content: Buffer): string {
  const bytes = Buffer.concat([Buffer.from(`${kind} ${content.length}\0`), content]);
  const id = hash(bytes).toString('hex');
  const path = join(root, '.git/objects', id.slice(0, 2), id.slice(2));
  if (existsSync(path)) return id;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, deflateSync(bytes, { level: 1 }));
  return id;
}

/** Lists files and links below a directory; `undefined` where only git knows what a commit has of them. */
function list(root: string, below = ''): string[] | undefined {
  const paths: string[] = [];
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (path === '.git') continue;
    if (beyond.includes(entry.name)) return undefined;
    const found = entry.isDirectory() ? list(root, path) : [path];
    if (found === undefined) return undefined;
    paths.push(...found);
  }
  return paths;
}

function track(root: string, path: string): Tracked {
  const file = lstatSync(join(root, path));
  const isLink = file.isSymbolicLink();
  const content = isLink
    ? Buffer.from(readlinkSync(join(root, path)))
    : readFileSync(join(root, path));
  const mode = isLink ? '120000' : file.mode & 0o100 ? '100755' : '100644';
  return { path, mode, id: store(root, 'blob', content) };
}

/** Stores the tree of files whose paths begin with a prefix. */
function storeTree(root: string, files: readonly Tracked[], prefix = ''): string {
  const entries = new Map<string, Buffer>();
  for (const { path, mode, id } of files) {
    const [name = '', ...rest] = path.slice(prefix.length).split('/');
    const line = (kind: string, of: string) =>
      Buffer.concat([Buffer.from(`${kind} ${name}\0`), Buffer.from(of, 'hex')]);
    if (rest.length === 0) entries.set(name, line(mode, id));
    else if (!entries.has(`${name}/`)) {
      const inside = files.filter((file) => file.path.startsWith(`${prefix}${name}/`));
      entries.set(`${name}/`, line('40000', storeTree(root, inside, `${prefix}${name}/`)));
    }
  }
  const sorted = [...entries].sort(([one], [other]) =>
    Buffer.compare(Buffer.from(one), Buffer.from(other)),
  );
  return store(root, 'tree', Buffer.concat(sorted.map(([, line]) => line)));
}

/** Encodes an index of version 2; without times of files, so that git compares their contents. */
function encodeIndex(files: readonly Tracked[]): Buffer {
  const head = Buffer.from('DIRC\0\0\0\x02\0\0\0\0');
  head.writeUInt32BE(files.length, 8);
  const entries = files.map(({ path, mode, id }) => {
    const name = Buffer.from(path);
    const entry = Buffer.alloc(Math.ceil((62 + name.length + 1) / 8) * 8);
    entry.writeUInt32BE(Number.parseInt(mode, 8), 24);
    entry.write(id, 40, 'hex');
    entry.writeUInt16BE(Math.min(name.length, 0xfff), 60);
    name.copy(entry, 62);
    return entry;
  });
  const bytes = Buffer.concat([head, ...entries]);
  return Buffer.concat([bytes, hash(bytes)]);
}

/** Makes the function that commits everything in a repository and gives the commit; `undefined` leaves that to git. */
export function openWriter(root: string): (message: string) => string | undefined {
  const index = join(root, '.git/index');
  let written: Buffer | undefined;
  return (message) => {
    const now = existsSync(index) ? readFileSync(index) : undefined;
    const isOurs = now === undefined ? written === undefined : written?.equals(now) === true;
    const [, ref] =
      /^ref: (refs\/heads\/\S+)\n$/.exec(readFileSync(join(root, '.git/HEAD'), 'utf8')) ?? [];
    const isPacked = existsSync(join(root, '.git/packed-refs'));
    const paths = isOurs && !isPacked ? list(root) : undefined;
    if (ref === undefined || paths === undefined) return undefined;
    const sorted = paths.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    const files = sorted.map((path) => track(root, path));
    const branch = join(root, '.git', ref);
    const parent = existsSync(branch) ? `parent ${readFileSync(branch, 'utf8')}` : '';
    const author = `Test <test@example.com> ${Math.floor(Date.now() / 1000)} +0000`;
    const lines = `tree ${storeTree(root, files)}\n${parent}author ${author}\ncommitter ${author}\n\n${message}\n`;
    const commit = store(root, 'commit', Buffer.from(lines));
    written = encodeIndex(files);
    writeFileSync(index, written);
    mkdirSync(dirname(branch), { recursive: true });
    writeFileSync(branch, `${commit}\n`);
    return commit;
  };
}
