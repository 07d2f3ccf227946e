import { type JsonLimits, jsonLimits, type Limit } from '../base/index.ts';

/** Limits for releases, graphs and signatures. */
export const releaseLimits = {
  payloadFile: {
    most: 32 * 1024 * 1024,
    unit: 'bytes',
    why: 'The list of components of a release has about 100 kB, its largest file a few megabytes.',
  },
  payloadFiles: {
    most: 64 * 1024 * 1024,
    unit: 'bytes of files that are kept',
    why: 'All manifests of a release together have about 20 MB.',
  },
  cachedLayer: {
    most: 64 * 1024 * 1024,
    unit: 'bytes of a layer that is kept in the cache',
    why: 'The layer that lists the components has a few million bytes.',
  },
  graphBytes: {
    most: 16 * 1024 * 1024,
    unit: 'bytes',
    why: 'Update graphs of 2026 have about 1 MB.',
  },
  graphData: {
    most: 64 * 1024 * 1024,
    unit: 'bytes',
    why: 'The data of all update graphs have less than 1 MB as they are downloaded.',
  },
  graphDataFile: {
    most: 16 * 1024 * 1024,
    unit: 'bytes',
    why: 'The largest file of the graph data has about 100 kB.',
  },
  graphDataFiles: {
    most: 128 * 1024 * 1024,
    unit: 'bytes of files',
    why: 'The graph data have about 2 MB when they are unpacked.',
  },
  graphDataEntries: {
    most: 50_000,
    unit: 'entries',
    why: 'The graph data have about 2,000 files.',
  },
  graphNodes: {
    most: 20_000,
    unit: 'nodes',
    why: 'A channel has a few hundred releases.',
  },
  graphEdges: {
    most: 400_000,
    unit: 'edges',
    why: 'A channel has some ten thousand updates.',
  },
} as const satisfies Record<string, Limit>;

/** A graph has few values for each node and edge. */
export const graphJson: JsonLimits = {
  ...jsonLimits,
  values: { ...jsonLimits.values, most: 2_500_000 },
};
