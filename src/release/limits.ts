import { atMost, type JsonLimits, jsonLimits, mebibyte } from '../base/index.ts';

/** Limits for releases, graphs and signatures. */
export const releaseLimits = {
  payloadFile: atMost(
    32 * mebibyte,
    'bytes',
    'The list of components of a release has about 100 kB, its largest file a few megabytes.',
  ),
  payloadFiles: atMost(
    64 * mebibyte,
    'bytes of files that are kept',
    'All manifests of a release together have about 20 MB.',
  ),
  cachedLayer: atMost(
    64 * mebibyte,
    'bytes of a layer that is kept in the cache',
    'The layer that lists the components has a few million bytes.',
  ),
  graphBytes: atMost(16 * mebibyte, 'bytes', 'Update graphs of 2026 have about 1 MB.'),
  graphData: atMost(
    64 * mebibyte,
    'bytes',
    'The data of all update graphs have less than 1 MB as they are downloaded.',
  ),
  graphDataFile: atMost(
    16 * mebibyte,
    'bytes',
    'The largest file of the graph data has about 100 kB.',
  ),
  graphDataFiles: atMost(
    128 * mebibyte,
    'bytes of files',
    'The graph data have about 2 MB when they are unpacked.',
  ),
  graphDataEntries: atMost(50_000, 'entries', 'The graph data have about 2,000 files.'),
  graphNodes: atMost(20_000, 'nodes', 'A channel has a few hundred releases.'),
  graphEdges: atMost(400_000, 'edges', 'A channel has some ten thousand updates.'),
  graphRisks: atMost(5_000, 'risks of updates', 'A channel has less than a hundred.'),
  riskText: atMost(
    2_000,
    'characters of a text of a risk that are kept',
    'The longest message has some 400 characters.',
  ),
};

/** A graph has few values for each node and edge. */
export const graphJson: JsonLimits = {
  ...jsonLimits,
  values: { ...jsonLimits.values, most: 2_500_000 },
};
