import { createOnce } from '../../base/index.ts';
import { type Collector, emptyPart } from '../collector.ts';
import type { HelmCollectorOptions } from './helm.ts';
import { chartEntries } from './helm-entry.ts';

/** Collects the images of Helm charts. The code for charts is loaded with the first image set that names one. */
export function createHelmCollector(options: HelmCollectorOptions): Collector {
  const loaded = createOnce<Collector>();
  const load = async (): Promise<Collector> => {
    const { createChartCollector } = await import('./helm.ts');
    return createChartCollector(options);
  };
  return {
    kind: 'helm',
    async collect(imageSet, prefix) {
      if (chartEntries(imageSet).length === 0) return emptyPart;
      return await (await loaded.run('helm', load)).collect(imageSet, prefix);
    },
  };
}
