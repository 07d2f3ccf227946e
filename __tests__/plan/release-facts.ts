import type { PinnedPlacement, ReleaseId } from '../../src/imageset/index.ts';
import type { ContentNode, PlanInput } from '../../src/plan/index.ts';
import { digest, image, mirrored, observe, wish } from './facts.ts';

const channel = 'mirror.platform.channels[0]';

/** Components that every release has with the same content, and those that each builds anew. */
const components = {
  shared: ['cli', 'etcd', 'pause'],
  own: ['agent', 'console', 'installer', 'oauth', 'tests'],
};

/** A release by version. */
export function releaseId(version: string, architecture = 'amd64'): ReleaseId {
  return {
    version,
    architecture,
    channel: 'stable-4.16',
    digest: digest(`release ${version} ${architecture}`),
  };
}

/** The content of one component, or of the release image. */
export function contentOf(version: string, component: string): ContentNode {
  const isShared = components.shared.includes(component);
  const name = isShared ? component : `${component} ${version}`;
  return image(name, { blobs: ['base layer', `layer of ${name}`] });
}

/** The images that a release asks for: its own and eight components, three of which all releases share. */
export function release(version: string, by: readonly string[] = ['a.yaml']): PinnedPlacement[] {
  const tag = `${version}-x86_64`;
  const common = { by, path: channel, release: releaseId(version) };
  const content = [...components.shared, ...components.own].map((component) =>
    wish(`openshift/release:${tag}-${component}`, contentOf(version, component), {
      ...common,
      component,
      kind: 'ocpReleaseContent',
      origin: `quay.io/openshift-release-dev/ocp-v4.0-art-dev@${contentOf(version, component).descriptor.digest}`,
    }),
  );
  const self = image(`release ${version} amd64`, { blobs: ['base layer'] });
  const origin = `quay.io/openshift-release-dev/ocp-release:${tag}`;
  const place = `openshift/release-images:${tag}`;
  return [wish(place, self, { ...common, kind: 'ocpRelease', origin }), ...content];
}

function contentsOf(placements: readonly PinnedPlacement[]): readonly ContentNode[] {
  return placements.map(({ content, component, release: id }) =>
    component
      ? contentOf(id?.version ?? '', component)
      : {
          ...image(`release ${id?.version} amd64`, { blobs: ['base layer'] }),
          descriptor: content,
        },
  );
}

/** Facts of a target that holds releases, and of a change from some to others. */
export function releaseChange(
  before: readonly PinnedPlacement[],
  after: readonly PinnedPlacement[],
): Pick<PlanInput, 'before' | 'after' | 'state' | 'observation'> {
  const contents = contentsOf(before);
  const keys = before.map(({ target }) => `${target.repository}:${target.tag}`);
  const tags = Object.fromEntries(keys.map((key, number) => [key, contents[number]]));
  const state = before.flatMap((placement, number) => {
    const [content, key] = [contents[number], keys[number]];
    const by = placement.causes.map(({ imageSet }) => imageSet);
    const { kind, release: id, component } = placement;
    const more = { by, kind, ...(id && { release: id }), ...(component && { component }) };
    return content && key ? [mirrored(key, content, more)] : [];
  });
  return { before, after, state, observation: observe(tags, contentsOf(after)) };
}
