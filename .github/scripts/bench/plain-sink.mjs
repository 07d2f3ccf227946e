// Puts content into a registry by plain requests, so that nothing that is measured prepares the measurement.

async function send(method, url, { body, type, status }) {
  const headers = type === undefined ? {} : { 'content-type': type };
  const answer = await fetch(url, { method, headers, body });
  if (answer.status !== status) {
    throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  }
  await answer.arrayBuffer();
  return answer;
}

/** Opens an upload; gives where the blob of this digest has to be put. */
export async function openUpload(host, repository, digest) {
  const start = await send('POST', `http://${host}/v2/${repository}/blobs/uploads/`, {
    status: 202,
  });
  const place = new URL(start.headers.get('location'), `http://${host}`);
  place.searchParams.set('digest', digest);
  return place;
}

/** Gives what an upstream can be filled into. */
export function plainSink(host) {
  return {
    async putBlob(repository, { descriptor, bytes }) {
      const place = await openUpload(host, repository, descriptor.digest);
      const type = 'application/octet-stream';
      await send('PUT', place, { body: bytes(), type, status: 201 });
    },
    async putManifest(repository, { descriptor, raw }, tag = descriptor.digest) {
      const url = `http://${host}/v2/${repository}/manifests/${tag}`;
      await send('PUT', url, { body: raw, type: descriptor.mediaType, status: 201 });
    },
  };
}
