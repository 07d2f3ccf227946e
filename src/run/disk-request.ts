/** An archive to write, once everything is in the cache. */
export interface ToDisk {
  /** Directory of the cache, `…/.oc-mirror/.cache`. */
  readonly cache: string;
  /** Directory that gets the archive. */
  readonly directory: string;
  /** The beginning of the names of its files; absent: none, as with oc-mirror. */
  readonly prefix?: string;
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
