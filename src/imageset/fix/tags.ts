import { isScalar } from 'yaml';
import type { YamlPath } from '../config.ts';
import { readImageSpec } from '../image-spec.ts';
import type { Meaning } from './meaning.ts';
import type { Mend } from './mend.ts';

/** The catalogs that are published with each OpenShift version, by its tag. */
const redHat = 'registry.redhat.io/redhat/';

function lacksTag(reference: string): boolean {
  return readImageSpec(reference).error?.message.endsWith('tag and digest are empty') ?? false;
}

function only<T>(values: readonly T[]): T | undefined {
  const distinct = [...new Set(values)];
  return distinct.length === 1 ? distinct[0] : undefined;
}

/** Gives the tag of Red Hat's catalogs in this file: that of the others, else that of its releases. */
function versionTag({ mirror }: Meaning): string | undefined {
  const tags = (mirror.operators ?? []).flatMap(({ catalog }) =>
    catalog.startsWith(redHat) ? (/:(v\d+\.\d+)$/.exec(catalog)?.[1] ?? []) : [],
  );
  if (tags.length > 0) return only(tags);
  const versions = (mirror.platform?.channels ?? []).map(
    ({ name }) => /-(\d+\.\d+)$/.exec(name)?.[1],
  );
  const version = only(versions);
  return version === undefined ? undefined : `v${version}`;
}

function appendTag(
  meaning: Meaning,
  path: YamlPath,
  said: readonly [tag: string, why: string],
): Mend[] {
  const node = meaning.nodeAt(path);
  if (!isScalar(node) || !node.range) return [];
  const [start, end] = node.range;
  const source = meaning.text.slice(start, end);
  const isQuoted = /^["']/.test(source);
  const place = isQuoted ? end - 1 : end;
  const [tag, why] = said;
  if (!/^["']?[\w./:-]+["']?$/.test(source)) return [];
  const reason = `${String(node.value)} has the tag ${tag} now: oc-mirror needs one, and ${why}`;
  return [{ start: place, end: place, text: `:${tag}`, at: start, reason }];
}

/** Adds the tags that oc-mirror needs: of Red Hat's catalogs the OpenShift version, else "latest" as v1 read it. */
export function mendTags(meaning: Meaning): Mend[] {
  const { mirror, top } = meaning;
  const version = versionTag(meaning);
  const latest = ['latest', 'without one v1 took latest'] as const;
  const ofFile = version && ([version, 'that is the version of this file'] as const);
  const catalogs = (mirror.operators ?? []).flatMap(({ catalog }, index) => {
    const said = catalog.startsWith(redHat) ? ofFile : latest;
    const path = [top, 'operators', index, 'catalog'];
    return said && lacksTag(catalog) ? appendTag(meaning, path, said) : [];
  });
  const images = (mirror.additionalImages ?? []).flatMap(({ name }, index) =>
    lacksTag(name) ? appendTag(meaning, [top, 'additionalImages', index, 'name'], latest) : [],
  );
  return [...catalogs, ...images];
}
