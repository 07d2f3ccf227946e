/** Colours of the signs at the beginning of a line. */
const signColours: Readonly<Record<string, number>> = { '+': 32, '~': 36, '-': 31, '!': 33 };

const bold = 1;

function paint(code: number, text: string): string {
  return `\u001b[${code}m${text}\u001b[0m`;
}

/** Paints a line of a plan: titles and signs stand out. Colours repeat the words and add nothing to them. */
export function paintPlanLine(line: string): string {
  const [, blanks = '', sign = '', rest = ''] = /^( {2})([-+~!]) (.*)$/s.exec(line) ?? [];
  const colour = signColours[sign];
  if (colour !== undefined) return `${blanks}${paint(colour, sign)} ${rest}`;
  return /^\S/.test(line) ? paint(bold, line) : line;
}
