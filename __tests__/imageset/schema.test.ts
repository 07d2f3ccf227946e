import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImageSetKind, loadImageSet } from '../../src/imageset/index.ts';
import { fieldsNamed, jsonSchema, schemas } from '../../src/imageset/schema/index.ts';
import { effort } from '../support/effort.ts';

const files: Record<ImageSetKind, string> = {
  ImageSetConfiguration: 'imageset-config.schema.json',
  DeleteImageSetConfiguration: 'delete-imageset-config.schema.json',
};

/** As the formatter of this repository writes JSON: short lists on one line. */
function formatted(json: unknown): string {
  return JSON.stringify(json, null, 2).replaceAll(/\[[^[\]{}]*\]/g, (list) =>
    list.replaceAll(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']'),
  );
}

describe.each(Object.entries(files) as [ImageSetKind, string][])(
  'the JSON Schema of %s',
  (kind, file) => {
    it('in the repository is the one that the loader goes by', async () => {
      const text = `${formatted(jsonSchema(kind))}\n`;
      await expect(text).toMatchFileSnapshot(`../../.github/schemas/${file}`);
    });

    it('judges names and types as the loader does', () => {
      const valid = new Ajv2020({ allowUnionTypes: true }).compile(jsonSchema(kind));
      const root = kind === 'ImageSetConfiguration' ? 'mirror' : 'delete';
      const scalar = fc.oneof(fc.boolean(), fc.constantFrom('ocp', 'a/b:1', 4, null));
      const key = fc.constantFrom(
        'name',
        'type',
        'graph',
        'channels',
        'platforms',
        'os',
        'catalog',
        'packages',
        'full',
        'charts',
        'foo',
        'targetTag',
      );
      const { node } = fc.letrec((tie) => ({
        node: fc.oneof(
          { maxDepth: 4 },
          scalar,
          fc.array(tie('node'), { maxLength: 2 }),
          fc.dictionary(key, tie('node'), { maxKeys: 3 }),
        ),
      }));
      const section = fc.constantFrom(
        'platform',
        'operators',
        'additionalImages',
        'helm',
        'samples',
      );
      fc.assert(
        fc.property(section, node, (name, value) => {
          const document = { kind, [root]: { [name]: value } };
          const { refusal } = loadImageSet({ name: 'x', text: JSON.stringify(document) }, kind);
          expect(valid(document)).toBe(!refusal?.startsWith('decode '));
        }),
        { numRuns: effort.runs(500) },
      );
    });
  },
);

describe('a field', () => {
  it('is known by the places where it stands', () => {
    expect(fieldsNamed('Packages', schemas.ImageSetConfiguration).map(({ path }) => path)).toEqual([
      'mirror.operators[].packages',
    ]);
  });
});
