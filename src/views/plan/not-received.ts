import type { KeptImageSet, Plan } from '../../plan/index.ts';
import {
  type Allowance,
  cutLines,
  formatBytes,
  formatCount,
  markdownDetails,
  name,
  type Phrase,
  phraseToMarkdown,
  say,
} from '../text/index.ts';

function describeOne({ name: set, images, bytes, at, commit }: KeptImageSet): Phrase {
  const when = at === undefined ? say`last applied by an older version` : say`last applied ${at}`;
  const where = commit === undefined ? '' : say` at ${name(commit.slice(0, 7))}`;
  return say`${name(set)} keeps ${formatCount(images, 'image')} (${formatBytes(bytes)}), ${when}${where}`;
}

/** Names the image sets that this run was not given, with the images that they keep. */
export function describeNotReceived({ notReceived = [] }: Plan): readonly Phrase[] {
  return notReceived.map(describeOne);
}

/** Explains how to retire an image set whose file was removed. */
export const retireRemedy: Phrase = say`To end one of them, plan it with ${name('imageset-mirror state retire NAME')}.`;

/** Writes the folded list of the image sets that a run was not given. */
export function notReceivedSection(plan: Plan, { lines }: Allowance): string {
  const all = describeNotReceived(plan);
  if (all.length === 0 || lines === 0) return '';
  const items = all.map((line) => `- ${phraseToMarkdown(line)}`);
  const shown = cutLines(items, lines, (rest) => `- … ${rest} more in the report.`);
  const body = [...shown, '', phraseToMarkdown(retireRemedy)].join('\n');
  const title = `${formatCount(all.length, 'image set')} of the target ${all.length === 1 ? 'is' : 'are'} not part of this run`;
  return markdownDetails(title, body);
}
