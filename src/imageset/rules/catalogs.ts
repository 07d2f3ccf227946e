import { listNames } from '../../base/index.ts';
import { below, type Rule } from './finding.ts';

/** Finds a tag that no catalog of Red Hat has: theirs are `v4.16`. */
export const checkCatalogTags: Rule = (imageSet) =>
  (imageSet.mirror.operators ?? []).flatMap(({ catalog }, index) => {
    const [, name, version] =
      /^(registry\.redhat\.io\/redhat\/[\w-]+):(4\.\d+)$/.exec(catalog) ?? [];
    if (version === undefined) return [];
    return {
      severity: 'warning',
      code: 'catalog-tag',
      summary: 'The tag of a catalog lacks its "v".',
      detail: `Red Hat tags its catalogs with the OpenShift version behind a "v"; ${version} most likely does not exist.`,
      fix: `catalog: ${name}:v${version}`,
      text: catalog,
      path: below(imageSet, 'operators', index, 'catalog'),
    };
  });

const compareMinors = (a: string, b: string): number =>
  Number(a.split('.')[1]) - Number(b.split('.')[1]);

const ownCatalog = /^registry\.redhat\.io\/redhat\/[\w-]+:v(4\.\d+)$/;

/** Finds catalogs of Red Hat for other OpenShift versions than the releases beside them, where no catalog is for those. */
export const checkCatalogVersions: Rule = (imageSet) => {
  const { operators = [], platform } = imageSet.mirror;
  if (imageSet.kind === 'DeleteImageSetConfiguration') return [];
  const releases = (platform?.channels ?? []).flatMap(
    ({ name, type }) => (type === 'ocp' && /-(4\.\d+)$/.exec(name)?.[1]) || [],
  );
  const catalogs = operators.flatMap(({ catalog }, index) => {
    const version = ownCatalog.exec(catalog)?.[1];
    return version === undefined ? [] : { catalog, index, version };
  });
  const [first] = catalogs;
  const newest = releases.toSorted(compareMinors).at(-1);
  if (!first || newest === undefined) return [];
  if (catalogs.some(({ version }) => releases.includes(version))) return [];
  return [
    {
      severity: 'notice',
      code: 'catalog-version',
      summary: 'The catalogs are for another OpenShift version than the releases.',
      detail: `The releases are of ${listNames([...new Set(releases)])}, and "${first.catalog}" is made for ${first.version}. Its operators may not run on those releases.`,
      fix: `catalog: ${first.catalog.replace(/v4\.\d+$/, `v${newest}`)}`,
      text: first.catalog,
      path: below(imageSet, 'operators', first.index, 'catalog'),
    },
  ];
};

/** Finds fields of catalogs that oc-mirror accepts and ignores. */
export const checkSkippedDependencies: Rule = (imageSet) =>
  (imageSet.mirror.operators ?? []).flatMap(({ skipDependencies }, index) =>
    skipDependencies
      ? {
          severity: 'notice',
          code: 'unused-field',
          summary: 'The field has no effect.',
          detail:
            'Dependencies are never resolved, so skipDependencies changes nothing. Delete it.',
          text: 'skipDependencies',
          path: below(imageSet, 'operators', index, 'skipDependencies'),
        }
      : [],
  );
