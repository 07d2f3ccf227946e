import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonFlags, deleteFlags, mirrorFlags } from '../../src/cli/flag-tables.ts';
import { parseFlags } from '../../src/cli/flags.ts';

const parse = (...argv: string[]) => parseFlags(mirrorFlags, argv);

describe('flags', () => {
  it('have oc-mirror’s defaults', () => {
    expect(parse().values).toMatchObject({
      config: [],
      'cache-dir': '',
      'log-level': 'info',
      workspace: '',
      port: 55_000,
      'parallel-images': 4,
      'parallel-layers': 5,
      'retry-times': 5,
      'retry-delay': 0,
      'src-tls-verify': true,
      'dest-tls-verify': true,
      'max-nested-paths': 0,
      'remove-signatures': false,
      'dry-run': false,
    });
  });

  it.each([[['-c', 'x']], [['-cx']], [['-c=x']], [['--config', 'x']], [['--config=x']]])(
    'take a value as %j',
    (argv) => {
      expect(parse(...argv)).toMatchObject({ values: { config: ['x'] }, words: [] });
    },
  );

  it.each(['--dest-tls-verify=false', '--dest-tls-verify=0', '--dest-tls-verify=F'])(
    'are switched off by %s',
    (argument) => {
      expect(parse(argument).values['dest-tls-verify']).toBe(false);
    },
  );

  it('never give the next word to a boolean', () => {
    const { values, words } = parseFlags(deleteFlags, [
      '--force-cache-delete',
      'true',
      'docker://r',
    ]);
    expect(values['force-cache-delete']).toBe(true);
    expect(words).toEqual(['true', 'docker://r']);
  });

  it('take a word that looks like a flag where a value is due', () => {
    expect(parse('--config', '--dry-run').values).toMatchObject({
      config: ['--dry-run'],
      'dry-run': false,
    });
  });

  it('may stand before, between and after words', () => {
    expect(parse('--v2', 'a', '-p', '5000', 'b', '--dry-run')).toMatchObject({
      values: { v2: true, port: 5000, 'dry-run': true },
      words: ['a', 'b'],
    });
  });

  it('end at two dashes', () => {
    expect(parse('--', '--dry-run').words).toEqual(['--dry-run']);
  });

  it('switch off a boolean by its letter', () => {
    expect(parse('-q=false').values.quiet).toBe(false);
    expect(parse('-qc', 'x').values).toMatchObject({ quiet: true, config: ['x'] });
  });

  it('let the last one win, but for those that gather', () => {
    const { values } = parse('--from=a', '--from=b', '-c', 'a', '-c', 'b');
    expect(values.from).toBe('b');
    expect(values.config).toEqual(['a', 'b']);
  });

  it('tell what was written from what is a default', () => {
    expect([...parse('--src-tls-verify=true').given]).toEqual(['src-tls-verify']);
  });

  it.each([
    ['--nope', 'unknown flag: --nope'],
    ['--nope=1', 'unknown flag: --nope'],
    ['--toString', 'unknown flag: --toString'],
    ['-x', "unknown shorthand flag: 'x' in -x"],
    ['--config', 'flag needs an argument: --config'],
    ['-c', "flag needs an argument: 'c' in -c"],
    [
      '--dry-run=yes',
      'invalid argument "yes" for "--dry-run" flag: strconv.ParseBool: parsing "yes": invalid syntax',
    ],
    [
      '--port=65536',
      'invalid argument "65536" for "-p, --port" flag: strconv.ParseUint: parsing "65536": value out of range',
    ],
    [
      '--retry-times=many',
      'invalid argument "many" for "--retry-times" flag: strconv.ParseInt: parsing "many": invalid syntax',
    ],
    [
      '--retry-delay=5',
      'invalid argument "5" for "--retry-delay" flag: time: missing unit in duration "5"',
    ],
  ])('refuse %s', (argument, message) => {
    expect(() => parse(argument)).toThrow(message);
  });

  it('of mirroring are unknown to other commands', () => {
    expect(() => parseFlags(deleteFlags, ['--dry-run'])).toThrow('unknown flag: --dry-run');
  });

  it('keep any value as it was written', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseFlags(commonFlags, [`--policy=${text}`]).values.policy).toBe(text);
        expect(parseFlags(commonFlags, ['--policy', text]).values.policy).toBe(text);
      }),
    );
  });

  it('and words keep their order however they are mixed', () => {
    const word = fc.stringMatching(/^[a-z:/]{1,8}$/);
    const piece = fc.oneof(
      word.map((text) => ({ argv: [text], words: [text] })),
      fc.constant({ argv: ['--v2'], words: [] }),
      word.map((text) => ({ argv: ['--policy', text], words: [] })),
      fc.constant({ argv: ['--src-tls-verify=false'], words: [] }),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const { words } = parseFlags(
          commonFlags,
          pieces.flatMap((one) => one.argv),
        );
        expect(words).toEqual(pieces.flatMap((one) => one.words));
      }),
    );
  });
});
