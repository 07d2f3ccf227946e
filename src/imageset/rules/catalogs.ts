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
