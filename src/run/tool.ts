/** The version of this tool, as plans, user agents and annotations name it; the release workflow sets it. */
export const toolVersion = '0.1.0';

/** Name and version of this tool. */
export const toolName = `imageset-mirror/${toolVersion}`;
