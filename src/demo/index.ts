/** Shows the story on registries of its own. */
export async function runDemo(print: (text: string) => void): Promise<number> {
  print('');
  return 0;
}
