/** An archive to write, once everything is in the cache. */
export interface ToDisk {
  /** Directory of the cache, `…/.oc-mirror/.cache`. */
  readonly cache: string;
  /** Directory that gets the archive. */
  readonly directory: string;
  /** `stream`: names of files begin with the stream and the generation; absent: as with oc-mirror. */
  readonly naming?: 'stream' | undefined;
  /** Bytes that a file may have at most, whatever `archiveSize` says. */
  readonly most?: number | undefined;
  /** The name of the sequence of archives that this one continues. */
  readonly stream: string;
  /** `yyyy-MM-dd` */
  readonly since?: string;
  /** A file that is larger than `archiveSize`. */
  readonly large: 'refuse' | 'alone';
}

/** An archive to load, before its images are mirrored. */
export interface FromDisk {
  readonly cache: string;
  /** Directory that has the archive. */
  readonly directory: string;
}
