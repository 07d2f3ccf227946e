import { nameProgram, runCommandLine, type Screen, type UseCases } from './cli/index.ts';
import { runProcess } from './main.ts';
import * as run from './run/index.ts';

/** Shows a stream; its width is asked each time, since a terminal may be resized. */
function screenOf(stream: NodeJS.WriteStream): Screen {
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.columns ?? 80;
    },
    get rows() {
      return stream.rows ?? 24;
    },
    onTick(work) {
      const timer = setInterval(work, 200).unref();
      stream.on('resize', work);
      return () => {
        clearInterval(timer);
        stream.off('resize', work);
      };
    },
  };
}

/** A reader of the output may stop early (`| head`). That must not crash the program, nor leave a mirror half done. */
function survivesReader(stream: NodeJS.WriteStream): void {
  stream.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EPIPE') throw cause;
  });
}

survivesReader(process.stdout);
survivesReader(process.stderr);
await runProcess((world) => {
  const jobs: UseCases = {
    ...run,
    async demo(print) {
      const { runDemo } = await import('./demo/index.ts');
      return await runDemo({ clock: world.clock, print });
    },
  };
  return runCommandLine(process.argv.slice(2), {
    ...world,
    jobs,
    program: nameProgram(process.argv0, process.argv[1] ?? 'imageset-mirror', process.cwd()),
    version: run.toolVersion,
    stdout: screenOf(process.stdout),
    stderr: screenOf(process.stderr),
    directory: process.cwd(),
  });
});
