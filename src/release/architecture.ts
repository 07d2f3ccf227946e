/** Architectures of the update service, and the words that release tags use for them. */
const tagWords: ReadonlyMap<string, string> = new Map([
  ['amd64', 'x86_64'],
  ['arm64', 'aarch64'],
]);

/** Gives the word for an architecture in a release tag: `amd64` is `x86_64`, `ppc64le` is itself. */
export function architectureTagWord(architecture: string): string {
  return tagWords.get(architecture) ?? architecture;
}

/** Gives the tag under which a release is published: `4.16.5-x86_64`. Build metadata's `+` cannot stand in a tag. */
export function releaseTag(version: string, architecture: string): string {
  return `${version.replaceAll('+', '_')}-${architectureTagWord(architecture)}`;
}

/** Gives the architecture that a release tag ends in, `amd64` for `4.16.5-x86_64`; `undefined` when it names none. */
export function architectureOfTag(tag: string): string | undefined {
  const known = ['amd64', 'arm64', 'ppc64le', 's390x', 'multi'];
  return known.find((architecture) => tag.endsWith(`-${architectureTagWord(architecture)}`));
}
