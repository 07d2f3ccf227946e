import { describe, expect, it } from 'vitest';
import { parseJsonPath } from '../../src/base/index.ts';
import { findRenderedImages } from '../../src/helm/index.ts';

function pod(image: string): string {
  return `{containers: [{image: "${image}"}]}`;
}

const kinds: readonly (readonly [string, string])[] = [
  ['Pod', `spec: ${pod('a:1')}`],
  ['Deployment', `spec: {template: {spec: ${pod('a:1')}}}`],
  ['CronJob', `spec: {jobTemplate: {spec: {template: {spec: ${pod('a:1')}}}}}`],
  ['PodTemplate', `template: {spec: ${pod('a:1')}}`],
  ['List', `items: [{kind: Pod, spec: ${pod('a:1')}}]`],
  ['Rollout', `spec: {template: {spec: {initContainers: [{image: "a:1"}]}}}`],
  ['Pod', `spec: {ephemeralContainers: [{image: "a:1"}]}`],
  ['Pod', `spec: {volumes: [{name: v, image: {reference: "a:1"}}, {name: w, emptyDir: {}}]}`],
];

describe('rendered documents', () => {
  it.each(kinds)('of the kind %s give their images: %s', (kind, body) => {
    const rendered = `---\n# Source: app/templates/x.yaml\nkind: ${kind}\n${body}\n`;
    expect(findRenderedImages(rendered, [])).toEqual({
      images: [{ image: 'a:1', template: 'app/templates/x.yaml' }],
      unseen: [],
    });
  });

  it('give images of hooks as of everything else', () => {
    const hook = `---\n# Source: app/templates/hook.yaml\nkind: Job\nmetadata: {annotations: {helm.sh/hook: pre-install}}\nspec: {template: {spec: ${pod('hook:1')}}}\n`;
    expect(findRenderedImages(hook, []).images).toMatchObject([{ image: 'hook:1' }]);
  });

  it('give images at the paths of the configuration, several in one text too', () => {
    const rendered = 'spec:\n  custom:\n  - image: a:1\n  - image: b:1 c:1\n  - image: 7\n';
    const paths = [parseJsonPath('{.spec.custom[*].image}')];
    const { images } = findRenderedImages(rendered, paths);
    expect(images.map(({ image }) => image)).toEqual(['a:1', 'b:1', 'c:1']);
  });

  it('that cannot be read are named, and the others count', () => {
    const rendered = `---\n# Source: app/templates/bad.yaml\nkind: [\n---\n# only a comment\n---\nkind: Pod\nspec: ${pod('a:1')}\n`;
    const { images, unseen } = findRenderedImages(rendered, []);
    expect(images).toHaveLength(1);
    expect(unseen).toMatchObject([{ template: 'app/templates/bad.yaml' }]);
  });
});
